#!/bin/bash
# Makes the Debian that tests/rootfs imports: the smallest that debootstrap makes, without its pages to read; once.
#
#   debian.sh OUT    leaves OUT/debian.tar; does nothing if it is there
#
# About 40 MB to download. Needs root, as the tests do that use it.
set -euo pipefail

out=$(mkdir -p "${1:?usage: debian.sh OUT}" && cd "$1" && pwd)
if [ -s "$out/debian.tar" ]; then
    exit 0
fi
begun=$out/debian.begun.tar
root=$(mktemp -d)
trap 'rm -rf "$begun" "$root"' EXIT
debootstrap --variant=minbase bookworm "$root" >"$out/debootstrap.log" || {
    tail -n 20 "$out/debootstrap.log" >&2
    exit 1
}
rm -rf "$root"/usr/share/{doc,man,locale,zoneinfo} "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
tar --numeric-owner --xattrs --xattrs-include='*' -C "$root" -cf "$begun" .
mv "$begun" "$out/debian.tar"
