#!/bin/bash
# Builds the guest in which the dangerous tests run: Debian 12 with systemd, cgroup v2 alone, and ordinary users.
#
#   build.sh OUT    fills the folder OUT with vmlinuz, initrd.gz and root.ext4; does nothing if they are there
#
# Needs, from Debian's packages: qemu-system-x86 mmdebstrap busybox-static cpio kmod e2fsprogs; and root, which
# mmdebstrap would not need, but the test machines are root's anyway. Half a minute, about 130 MB to download.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "${1:?usage: build.sh OUT}" && cd "$1" && pwd)

# What was built by another version of this folder's scripts is built again.
stamp=$(cat "$here/build.sh" "$here"/guest/* | sha256sum | cut -d' ' -f1)
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

for tool in mmdebstrap busybox cpio depmod mke2fs; do
    command -v "$tool" >/dev/null || { echo "build.sh: $tool is missing" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "guest: the packages of Debian 12" >&2
# `student` gets processes and a cgroup of their own from systemd, by way of PAM and D-Bus, as on any desktop.
WORK=$work mmdebstrap --quiet --mode=root --variant=minbase \
    --include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,kmod,iproute2,procps,hostname,util-linux,strace,uidmap,iputils-ping,netcat-openbsd,busybox \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/zoneinfo/*' \
    --customize-hook="$here/guest/furnish" \
    bookworm "$work/root"

# Unpacked into a file system without becoming a loop device: the machine that builds is left alone.
rm -f "$out/root.ext4"
mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work/root" "$out/root.ext4" 600M
cp "$work"/kernel/boot/vmlinuz-* "$out/vmlinuz"

# ---- the initramfs: the drivers of the disk, and on to the real root
modules=$(echo "$work"/kernel/lib/modules/*/kernel)
ramdisk=$work/ramdisk
mkdir -p "$ramdisk"/{bin,proc,dev,root}
cp "$(command -v busybox)" "$ramdisk/bin/busybox"
cp "$modules"/drivers/virtio/{virtio,virtio_ring,virtio_pci,virtio_pci_modern_dev,virtio_pci_legacy_dev}.ko \
    "$modules/drivers/block/virtio_blk.ko" "$ramdisk/"
install -m 755 "$here/guest/init" "$ramdisk/init"
(cd "$ramdisk" && find . | cpio -o -H newc --quiet -R 0:0) | gzip -1 > "$out/initrd.gz"

echo "$stamp" > "$out/stamp"
