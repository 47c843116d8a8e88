# What the guest does: it is copied to the payload as run.sh, with the static programs beside it, and runs as root.
#
# Each part says its name and how it ended; the exit code is 0 only if all ended well. safety comes last, for
# if unha is wrong there, nothing is left to go on with.
set -u

export LANG=C.UTF-8 HOME=/root UNHA_EXE=/payload/unha UNHA_NO_SKIP=1
chmod -R a+rX /payload
failed=0

part() {
    local name=$1 began=$SECONDS
    shift
    echo "=== $name"
    if "$@"; then
        echo "=== $name: good, $((SECONDS - began)) s"
    else
        echo "=== $name: FAILED ($?), $((SECONDS - began)) s"
        failed=1
    fi
}

# As the ordinary user who is logged in, and in a cgroup that systemd has handed over to them.
as_student() {
    setpriv --reuid 1000 --regid 1000 --init-groups env -i LANG=C.UTF-8 PATH=/usr/bin:/bin:/usr/sbin:/sbin \
        HOME=/home/student USER=student XDG_RUNTIME_DIR=/run/user/1000 \
        DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus UNHA_EXE="$UNHA_EXE" UNHA_NO_SKIP=1 "$@"
}
delegated() {
    as_student systemd-run --user --scope --quiet -p Delegate=yes "$@"
}

part "swap" sh -c 'dd if=/dev/zero of=/swap bs=1M count=16 status=none && chmod 600 /swap && mkswap -q /swap && swapon /swap'
part "overlay is loaded, as on any machine that once used it" modprobe overlay
part "student's session" systemctl start user@1000.service
[ ! -e safety ] || part "safety" ./safety --ignored --test-threads=1 --nocapture
exit $failed
