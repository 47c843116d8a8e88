#!/bin/bash
# Boots the guest, runs a folder's run.sh in it as root, and exits with its code.
#
#   run.sh OUT PAYLOAD_DIR    OUT as filled by build.sh; the folder is /payload in the guest
#
# Nothing that happens in there stays: the disk's changes go to a temporary file. VM_TIMEOUT (seconds, 3600) ends a
# guest that hangs; the exit code is 125 when it never said one.
set -uo pipefail

out=${1:?usage: run.sh OUT PAYLOAD_DIR}
payload=${2:?usage: run.sh OUT PAYLOAD_DIR}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The payload is a disk with a tar file on it: no network, no shared folder. A disk is whole sectors.
tar -C "$payload" -cf "$work/payload.tar" .
truncate -s %4096 "$work/payload.tar"

# Emulated (-accel tcg), so that it also runs where /dev/kvm is missing or boots no ordinary kernel.
# `no_timer_check`: where this machine is busy, the kernel would find the emulated timer broken, and panic.
# `tsc=reliable`: any other clock is an emulated device, asked at every look at the time. `rcu_expedited`: what mounts
# and namespaces wait for before they go comes at once.
# `panic=-1` with -no-reboot: a guest that crashes or reboots ends here and now, without an exit code of its own.
boot() {
    timeout --foreground "${VM_TIMEOUT:-3600}" qemu-system-x86_64 \
        -machine q35 -accel tcg,thread=multi,tb-size=256 -cpu max -smp 2 -m 1536 \
        -nodefaults -no-user-config -nographic -no-reboot -monitor none -serial stdio \
        -kernel "$out/vmlinuz" -initrd "$out/initrd.gz" \
        -drive if=none,id=root,format=raw,snapshot=on,file="$out/root.ext4" -device virtio-blk-pci,drive=root \
        -drive if=none,id=payload,format=raw,readonly=on,file="$work/payload.tar" -device virtio-blk-pci,drive=payload \
        -append "console=ttyS0 quiet panic=-1 reboot=t tsc=reliable rcupdate.rcu_expedited=1 no_timer_check mitigations=off random.trust_cpu=on \
unha.guest systemd.unit=payload.target systemd.show_status=0 systemd.log_level=err" \
        </dev/null 2>&1 | sed -u 's|\r||g' | tee "$work/log" | grep --line-buffered -av '^@@exit'
}

# A guest whose kernel has mistaken the speed of its clock says so first of all (guest/init), and is booted again.
for _ in $(seq 20); do
    boot
    grep -aq '@@clock' "$work/log" || break
done

code=$(sed -n 's/^@@exit \([0-9]*\)$/\1/p' "$work/log" | tail -n 1)
[ -n "$code" ] || echo "run.sh: the guest ended without an exit code" >&2
exit "${code:-125}"
