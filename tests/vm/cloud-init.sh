#!/bin/bash
# Boots what `unha vm cloud-init` prints: a Debian 12 with cloud-init and nothing of unha's, and beside it a seed with the
# recipe as its user-data. Then `unha check` runs in there, with the program that cloud-init has unpacked. Some ten minutes.
#
#   tests/vm/cloud-init.sh [UNHA]    UNHA: a static program; else it is built
#
# Needs, from Debian's packages: qemu-system-x86 mmdebstrap busybox-static cpio kmod e2fsprogs genisoimage musl-tools, and
# root. Without them it says SKIP and succeeds; with UNHA_NO_SKIP=1 it fails. The guest is kept in target/vm, or in the
# folder that UNHA_VM names, beside that of check.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() {
    echo "SKIP tests/vm/cloud-init.sh: $1" >&2
    [ "${UNHA_NO_SKIP:-}" != 1 ] || exit 1
    exit 0
}

for tool in qemu-system-x86_64 mmdebstrap busybox cpio depmod mke2fs genisoimage; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
[ "$(id -u)" = 0 ] || skip "only root can build the guest"
[ "$(uname -m)" = x86_64 ] || skip "the guest is an x86_64 one"

unha=${1:-}
if [ -z "$unha" ]; then
    command -v musl-gcc >/dev/null || skip "musl-gcc is not installed"
    target=x86_64-unknown-linux-musl
    cargo build --quiet --profile guest --target "$target"
    unha=${CARGO_TARGET_DIR:-$PWD/target}/$target/guest/unha
fi

vm=${UNHA_VM:-target/vm}
# The kernel and the disk's drivers are those of the other guest.
tests/vm/build.sh "$vm"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

stamp=$(cat "$0" tests/vm/guest/* | sha256sum | cut -d' ' -f1)
if [ "$(cat "$vm/cloud-init.stamp" 2>/dev/null)" != "$stamp" ]; then
    echo "guest: Debian 12 with cloud-init" >&2
    # Of the furnishing of the other guest it keeps the kernel's modules; udev it needs to find its seed, and isofs (with cdrom) to read it.
    cat > "$work/hook" <<'END'
#!/bin/bash
set -euo pipefail
rm -f "$1"/etc/systemd/system/{systemd-udev*,payload.*}
from=$(echo "$WORK"/kernel/lib/modules/*)
cd "$from"
cp -r --parents kernel/fs/isofs kernel/drivers/cdrom "$1/usr/lib/modules/$(basename "$from")/"
depmod -b "$1" "$(basename "$from")"
echo 'datasource_list: [NoCloud]' > "$1/etc/cloud/cloud.cfg.d/90-seed.cfg"
END
    chmod +x "$work/hook"
    WORK=$work mmdebstrap --quiet --mode=root --variant=minbase \
        --include=systemd,systemd-sysv,udev,dbus,libpam-systemd,kmod,iproute2,procps,hostname,util-linux,cloud-init \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/zoneinfo/*' \
        --customize-hook="$PWD/tests/vm/guest/furnish" --customize-hook="$work/hook" \
        bookworm "$work/root"
    rm -f "$vm/cloud-init.ext4"
    mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work/root" "$vm/cloud-init.ext4" 800M
    rm -rf "$work/root" "$work/kernel"
    echo "$stamp" > "$vm/cloud-init.stamp"
fi

# The recipe as a person gets it. What the test adds is the vendor's data, which cloud-init keeps apart from the user's.
seed=$work/seed
mkdir "$seed"
"$unha" vm cloud-init --lang en --program "$unha" > "$seed/user-data"
echo 'instance-id: recipe' > "$seed/meta-data"
cat > "$seed/vendor-data" <<END
#cloud-config
runcmd:
  - [sh, -c, 'exec > /dev/ttyS0 2>&1; stty -opost; cd /; echo "$(sha256sum < "$unha" | cut -d" " -f1)  /usr/local/bin/unha" | sha256sum -c && stat -c "%a %U" /usr/local/bin/unha && HOME=/root LANG=C.UTF-8 timeout 1200 unha check --lang en; echo "@@exit \$?"; systemctl poweroff -ff']
END
genisoimage -quiet -o "$work/seed.iso" -V cidata -r -J "$seed"

code=0
timeout --foreground "${VM_TIMEOUT:-1800}" qemu-system-x86_64 \
    -machine q35 -accel tcg,thread=multi,tb-size=256 -cpu max -smp 2 -m 1536 \
    -nodefaults -no-user-config -nographic -no-reboot -monitor none -serial stdio \
    -kernel "$vm/vmlinuz" -initrd "$vm/initrd.gz" \
    -drive if=none,id=root,format=raw,snapshot=on,file="$vm/cloud-init.ext4" -device virtio-blk-pci,drive=root \
    -drive if=none,id=seed,format=raw,readonly=on,file="$work/seed.iso" -device virtio-blk-pci,drive=seed \
    -append "console=ttyS0 quiet panic=-1 reboot=t tsc=unstable mitigations=off random.trust_cpu=on systemd.log_level=err" \
    </dev/null 2>&1 | sed -u 's|\r||g' | tee "$work/log" | grep --line-buffered -av '^@@exit' || code=$?

code=$(sed -n 's/^@@exit \([0-9]*\)$/\1/p' "$work/log" | tail -n 1)
[ -n "$code" ] || echo "cloud-init.sh: the guest ended without an exit code" >&2
exit "${code:-125}"
