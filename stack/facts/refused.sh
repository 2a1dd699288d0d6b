# shellcheck shell=sh
# Tells why Nginx cannot read its files, in its own words, and nothing when it can. To try them Nginx
# makes what it would need and is not there, such as its pid file and logs: it is given a view of its
# own of those folders, of which nothing stays. Where no such view may be made, in some containers, it
# is asked only with a pid file, which most likely goes with the rest. Of the logs that view has the
# folders alone: a file that is opened for writing is copied into the memory, however large it is.
# shellcheck disable=SC2016 # the other shell's
apart='
  mount -t tmpfs none /tmp
  mkdir /tmp/log
  cd /var/log
  find . -type d -print0 | (cd /tmp/log && xargs -0 mkdir -p)
  find . -type l -exec cp -P --parents -t /tmp/log {} +
  cd /
  mount --bind /tmp/log /var/log
  for folder in /run /var/lib/nginx; do
    [ -d "$folder" ] || continue
    mkdir -p "/tmp/new$folder" "/tmp/work$folder"
    mount -t overlay none "$folder" \
      -o "lowerdir=$folder,upperdir=/tmp/new$folder,workdir=/tmp/work$folder"
  done
'
ask='nginx -t -q 2>&1 || echo "Nginx cannot read its files."'
# It fails where there is no such view alone.
unshare -m sh -euc "$apart$ask" 2> /dev/null || [ ! -e /run/nginx.pid ] || sh -euc "$ask"
