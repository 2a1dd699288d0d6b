# shellcheck shell=sh
# Makes a symlink of the user's in one step, as him. What stands in its place is kept beside it: where
# root puts things aside, he cannot write.
#
# $1 where it leads, $2 its path.
if [ -e "$2" ] && [ ! -L "$2" ]; then mv -T "$2" "$2.replaced-$(date +%s)"; fi
ln -sfn "$1" "$2.new"
mv -fT "$2.new" "$2"
