#!/bin/bash
# Makes the Debian that tests/rootfs imports: the smallest that mmdebstrap or debootstrap makes, once.
#
#   debian.sh OUT    leaves OUT/debian.tar; does nothing if it is there
#
# About 35 MB to download. Needs root, as the tests do that use it.
set -euo pipefail

out=$(mkdir -p "${1:?usage: debian.sh OUT}" && cd "$1" && pwd)
if [ -s "$out/debian.tar" ]; then
    exit 0
fi
begun=$out/debian.begun.tar
trap 'rm -rf "$begun" "${root:-$begun}"' EXIT
if command -v mmdebstrap >/dev/null; then
    mmdebstrap --quiet --mode=root --variant=essential \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/zoneinfo/*' \
        bookworm "$begun"
else
    root=$(mktemp -d)
    debootstrap --variant=minbase bookworm "$root" >&2
    tar --numeric-owner --xattrs --xattrs-include='*' -C "$root" -cf "$begun" .
fi
mv "$begun" "$out/debian.tar"
