# shellcheck shell=sh disable=SC2034 # the scripts have the variable
# What gives Nginx a view of its own of the folders in which it makes what it would need and is not
# there, such as its pid file and logs: nothing of it stays. Of the logs that view has the folders
# alone: a file that is opened for writing is copied into the memory, however large it is.
# shellcheck disable=SC2016 # the other shell's
apart='
  mount -t tmpfs none /tmp
  mkdir /tmp/log
  cd /var/log
  find . -type d -print0 | (cd /tmp/log && xargs -0 mkdir -p)
  find . -type l -exec cp -P --parents -t /tmp/log {} +
  cd /
  mount --bind /tmp/log /var/log
  view() {
    mkdir -p "/tmp/new$1" "/tmp/work$1"
    mount -t overlay apart "$1" -o "lowerdir=$1,upperdir=/tmp/new$1,workdir=/tmp/work$1"
  }
  for folder in /run /var/lib/nginx; do
    [ ! -d "$folder" ] || view "$folder"
  done
'
