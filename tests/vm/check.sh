#!/bin/bash
# Tests unha on a real distribution: Debian 12 with systemd and cgroup v2, in a virtual machine, as root and as an ordinary
# user, and what would be too dangerous anywhere else. Some fifteen minutes, for the machine is emulated.
#
#   tests/vm/check.sh                all of it
#   tests/vm/check.sh limits safety  some of it: limits, check, walk, probe, kernel, inspect, safety
#
# Needs, from Debian's packages: qemu-system-x86 mmdebstrap busybox-static cpio kmod e2fsprogs musl-tools, the Rust target
# x86_64-unknown-linux-musl, and root to build the guest. Without them it says SKIP and succeeds; with UNHA_NO_SKIP=1 it
# fails. The guest is kept in target/vm, or in the folder that UNHA_VM names.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() {
    echo "SKIP tests/vm: $1" >&2
    [ "${UNHA_NO_SKIP:-}" != 1 ] || exit 1
    exit 0
}

for tool in qemu-system-x86_64 mmdebstrap busybox cpio depmod mke2fs musl-gcc; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
[ "$(id -u)" = 0 ] || skip "only root can build the guest"
[ "$(uname -m)" = x86_64 ] || skip "the guest is an x86_64 one"

target=x86_64-unknown-linux-musl
rustc --print target-libdir --target "$target" | xargs test -d || skip "rustup target add $target"

vm=${UNHA_VM:-target/vm}
tests/vm/build.sh "$vm"

# Static programs, for the guest has other libraries. Cargo says where it put them; the test programs have hashes in
# their names.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
payload=$work/payload
mkdir "$payload"
tests=(probe kernel safety walk inspect)
cargo test --no-run --profile guest --target "$target" "${tests[@]/#/--test=}" 2>&1 | tee "$work/said"
for test in "${tests[@]}"; do
    cp "$(sed -n "s|.*Executable tests/$test.rs (\(.*\))|\1|p" "$work/said")" "$payload/$test"
done
program=${CARGO_TARGET_DIR:-$PWD/target}/$target/guest/unha
cp "$program" "$payload/unha"
echo "$program" > "$payload/built-at"
cp -r lessons "$payload/lessons"
echo "$PWD" > "$payload/written-at"
cp tests/vm/payload.sh "$payload/run.sh"

# Runs these parts in a guest of their own, which yields the processors to whoever else has work here.
guest() {
    cp -rl "$payload" "$work/$1"
    printf '%s\n' "$@" > "$work/$1/wanted"
    nice -n 10 tests/vm/run.sh "$vm" "$work/$1"
}

if [ $# -gt 0 ]; then
    guest "$@"
    exit
fi
# Hardly anything in there keeps two processors busy, so three guests take hardly longer than one; these three take about as
# long. Each is a process group of its own, so that an interrupted check ends them whole.
groups=("probe kernel" "check" "limits walk inspect safety")
guests=()
set -m
for group in "${groups[@]}"; do
    # shellcheck disable=SC2086  # the parts are words
    guest $group > "$work/${group// /-}.log" 2>&1 &
    guests+=($!)
done
set +m
trap 'for guest in "${guests[@]}"; do kill -- "-$guest" 2> /dev/null || true; done; rm -rf "$work"' EXIT
failed=0
for at in "${!groups[@]}"; do
    wait "${guests[at]}" || failed=1
    echo "=== the guest for ${groups[at]}"
    cat "$work/${groups[at]// /-}.log"
done
exit $failed
