# shellcheck shell=sh
# Removes what the project's user has filled, which may be as much, and as deep, as he likes, and to
# which he may add meanwhile: what takes long is removed by and by, and nobody waits for it. The switch
# does so as well (clearing.py).
seconds_later=86400

# Renames into a folder of root's what is in the folder that this is in: nobody finds it there any
# more. What cannot be renamed, since it is on another disk or one is mounted in it, stays.
# shellcheck disable=SC2016 # Perl's, which every Debian has
_set_aside='
  use Cwd "getcwd";
  my ($gone, $here, $count) = (shift, getcwd(), 0);
  open my $table, "<", "/proc/self/mountinfo" or exit 1;
  my @mounted = map { my $at = (split)[4]; $at =~ s/\\([0-7]{3})/chr oct $1/ge; $at } <$table>;
  for my $name (@ARGV) {
    (my $path = "$here/$name") =~ s{/\./|//}{/}g;
    next if grep { $_ eq $path or index($_, "$path/") == 0 } @mounted;
    rename $name, sprintf "%s/%d-%d", $gone, $$, ++$count;
  }
'

# $1 root's folder for it, then what is there to be removed, from the folder that this is in.
set_aside() {
  _make_aside "$1"
  shift
  perl -e "$_set_aside" "$gone" "$@"
}

# As it, of all in the folder that this is in but for some names.
#
# $1 root's folder for it, $2 a pattern of names that stay.
set_aside_all_but() {
  _make_aside "$1"
  timeout -k 1 10 find . -mindepth 1 -maxdepth 1 ! -name "$2" \
    -exec perl -e "$_set_aside" "$gone" {} + || :
}

# One that is just being removed may take this one along: then all stays, and is removed where it is.
_make_aside() {
  gone=$1/$(date +%s%N)
  (umask 077 && mkdir -p "$gone") || :
}

# Removes root's folder with what was set aside, and what a removal has left that was cut.
#
# $1 the folder, $2 how many seconds it is waited for.
remove_aside() {
  timeout -k 1 "$2" rm -rf --one-file-system -- "$1" 2> /dev/null || :
  [ ! -e "$1" ] || (cd / && _go_on rm -rf --one-file-system -- "$1")
}

# Runs what removes something in the folder that this is in; fails where that fails by itself.
#
# $1 how many seconds it is waited for, then a program and its words.
remove_here() {
  seconds=$1 code=0
  shift
  timeout -k 1 "$seconds" "$@" || code=$?
  case $code in
    124 | 137) _go_on "$@" ;;
    *) return "$code" ;;
  esac
}

# Removes a home, in a minute; says so and fails where that is not done by then.
#
# $1 root's folder for what is being removed, $2 the home.
remove_home() {
  cd "${2%/*}" || return 1
  set_aside "$1" "./${2##*/}"
  remove_aside "$1" 60
  remove_here 60 rm -rf --one-file-system -- "./${2##*/}" || :
  [ -e "$2" ] || return 0
  echo "$2 could not be removed completely; is another file system mounted in it?" >&2
  return 1
}

# The folder is looked at anew: it may be another by then.
_go_on() {
  unit=clearing-$(date +%s%N).service
  # shellcheck disable=SC2016 # for the shell that runs it
  systemd-run --quiet --collect --no-block --unit="$unit" --property=Nice=19 \
    --property=IOSchedulingClass=idle --property=RuntimeMaxSec="$seconds_later" \
    sh -euc 'cd "$1"; [ "$(pwd -P)" = "$1" ]; shift; exec "$@"' sh "$(pwd -P)" "$@"
  echo "There is much to remove, which takes a while: $unit goes on with it."
}
