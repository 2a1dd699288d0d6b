# shellcheck shell=sh
# Takes a swap file away, where what is swapped out to it has room in memory, and says so where not.
#
# $1 the file.
swap_off() {
  used=$(awk -v file="$1" '$1 == file { print $4 }' /proc/swaps)
  if [ -n "$used" ]; then
    free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    if [ "$used" -gt "$free" ]; then
      echo "$((used / 1024)) MB are swapped out to $1, and $((free / 1024)) MB of memory are" \
        "free: it stays until what takes the memory is restarted, say." >&2
      return 1
    fi
    swapoff "$1"
  fi
  rm -f "$1"
}
