#!/bin/sh
# What a person types who has done it before: nothing is asked, checked or kept from going wrong.
# deploy.sh FILES ARCHIVE RELEASE PROGRAM SSH...
set -eu
here=$(dirname "$0") files=$1 archive=$2 release=$3 program=$4
shift 4
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cp -r "$files" "$folder/files"
cp "$archive" "$folder/code.tar.gz"
sed "s/\"RELEASE\"/\"$release\"/" "$program" > "$folder/program.conf"
cp "$here/server.sh" "$here/release.sh" "$folder"
tar -C "$folder" -cf - . |
    "$@" "rm -rf /root/by-hand && mkdir /root/by-hand && tar -xf - -C /root/by-hand &&
        cd /root/by-hand && { [ -e /home/fooproject ] || sh server.sh; } && sh release.sh $release"
