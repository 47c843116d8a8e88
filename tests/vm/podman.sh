#!/bin/bash
# Builds what `unha vm podman` prints, with Debian's podman, and runs `unha check` in it with both of the recipe's commands: as
# root with all there is, and as an ordinary user without --privileged, where the limits alone cannot be had. A minute.
#
#   tests/vm/podman.sh [UNHA]    UNHA: a static program; else it is built
#
# Needs, from Debian's packages: podman crun catatonit mmdebstrap musl-tools, and root. Without them it says SKIP and succeeds;
# with UNHA_NO_SKIP=1 it fails. Images, containers and volumes are in a folder of its own, which is removed.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() {
    echo "SKIP tests/vm/podman.sh: $1" >&2
    [ "${UNHA_NO_SKIP:-}" != 1 ] || exit 1
    exit 0
}

for tool in podman crun mmdebstrap; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
[ -x /usr/libexec/podman/catatonit ] || [ -x /usr/bin/catatonit ] || skip "catatonit is not installed"
[ "$(id -u)" = 0 ] || skip "only root can run podman so"

unha=${1:-}
if [ -z "$unha" ]; then
    command -v musl-gcc >/dev/null || skip "musl-gcc is not installed"
    target=$(uname -m)-unknown-linux-musl
    cargo build --quiet --profile guest --target "$target"
    unha=${CARGO_TARGET_DIR:-$PWD/target}/$target/guest/unha
fi

work=$(mktemp -d /tmp/unha-podman-XXXXXX)
# A machine's root may be without CAP_SYS_RESOURCE, as in CI: then no limit can be raised to podman's own.
printf '[containers]\ndefault_ulimits = ["nofile=1024:4096", "nproc=1024:4096"]\n' > "$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf WORK=$work

# In mounts of its own, where nothing hides: crun takes no cgroups of which some are version 1 and some version 2.
pod() {
    unshare --mount sh -c '
        if [ -d /sys/fs/cgroup/unified ]; then mount -t tmpfs none /sys/fs/cgroup/unified; fi
        exec podman --root "$WORK/graph" --runroot "$WORK/runroot" --tmpdir "$WORK/tmp" --cgroup-manager cgroupfs "$@"' podman "$@"
}
parents() {
    find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*'
}
before=$(parents)
clear_up() {
    # podman leaves the cgroup above its containers; it goes if it was not there before.
    [ -n "$before" ] || parents | xargs -r rmdir
    rm -rf "$work"
}
trap clear_up EXIT

# No registry is asked: the base is a Debian made here, with what the recipe would install.
mmdebstrap --quiet --mode=root --variant=minbase --include=procps,iproute2 \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$work/base.tar"
pod import --quiet "$work/base.tar" localhost/debian:12-slim > /dev/null

failed=0
for lang in en pt-BR; do
    "$unha" vm podman --lang "$lang" --program "$unha" > "$work/Dockerfile"
    pod build --quiet --network=none --build-arg BASE=localhost/debian:12-slim -t unha - < "$work/Dockerfile" > /dev/null
done

said=$(pod run --rm --network=none --init --privileged --cgroupns=private -v unha:/root unha check --lang en) || failed=1
echo "$said" | grep -v '^PASS' | sed 's/^/privileged: /'
[[ $said == *" passed, 0 failed, 0 skipped" ]] || failed=1

said=$(pod run --rm --network=none --init --user 1000 --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
    --security-opt unmask=ALL -v unha-student:/home/student unha check --lang en) || failed=1
echo "$said" | grep -v '^PASS' | sed 's/^/unconfined: /'
# What is skipped is of the lesson on limits.
[[ $said == *" passed, 0 failed, "* ]] || failed=1
! grep '^SKIP' <<< "$said" | grep -v '^SKIP cgroup ' || failed=1
exit $failed
