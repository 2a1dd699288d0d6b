# shellcheck shell=sh
# Has a swap file of a size in use, now and after a boot. Its unit's file is in place.
#
# $1 the file, $2 its bytes, $3 its unit.
file=$1 size=$2 unit=$3

make() {
  rm -f "$file.new"
  (umask 077 && : > "$file.new")
  # Where files are copied on write, as Btrfs does, none of them can be swapped to.
  chattr +C "$file.new" 2> /dev/null || :
  case $1 in
    fallocate) fallocate -l "$size" "$file.new" 2> /dev/null || return 0 ;;
    dd) dd if=/dev/zero of="$file.new" bs=1M count="$((size / 1048576))" status=none ;;
  esac
  mkswap "$file.new" > /dev/null
  mv -fT "$file.new" "$file"
}
start() { [ -f "$file" ] && told=$(systemctl start "$unit" 2>&1); }

systemctl unmask -q "$unit"
systemctl daemon-reload
if [ -f "$file" ] && [ "$(stat -c '%s %U %a' "$file")" = "$size root 600" ] && start; then
  systemctl enable -q "$unit"
  exit
fi
mkdir -p "${file%/*}"
chmod 700 "${file%/*}"
# The one of before makes room for its successor.
before=0
[ ! -f "$file" ] || before=$(($(stat -c '%b * %B' "$file")))
free=$(($(df --output=avail -B 1 "${file%/*}" | tail -n 1) + before))
# What runs here needs some room too.
if [ "$free" -lt "$((size + 100000000))" ]; then
  echo "There is no room for the swap file: $((free / 1000000)) MB are free in ${file%/*}." >&2
  exit 1
fi
swap_off "$file"
trap 'rm -f "$file.new"' EXIT
for way in fallocate dd; do
  make "$way"
  # Where fallocate leaves holes, the kernel takes no such file.
  if start; then
    systemctl enable -q "$unit"
    exit
  fi
done
why=$(swapon "$file" 2>&1) || :
swapoff "$file" 2> /dev/null || :
rm -f "$file"
echo "This host does not swap to $file: ${why:-$told}" >&2
exit 1
