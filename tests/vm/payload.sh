#!/bin/bash
# What the guest does, as root: check.sh copies it to the payload as run.sh, with the static programs beside it.
#
# Each part says how it ended; the exit code is 0 only if all ended well. `safety` comes last: if unha is wrong there,
# nothing is left to go on with.
set -u
cd /payload || exit

export LANG=C.UTF-8 HOME=/root UNHA_NO_SKIP=1
unha=/payload/unha
failed=0

part() {
    local name=$1 began=$SECONDS verdict=good
    shift
    echo "=== $name"
    "$@" || { verdict="FAILED ($?)" && failed=1; }
    echo "=== $name: $verdict, $((SECONDS - began)) s"
}

# Whether a group of parts was asked for; all are if none is named.
wanted() {
    [ ! -s wanted ] || grep -qx "$1" wanted
}

# The ordinary user who is logged in; and the same in a cgroup that systemd has handed over to them.
as_student() {
    setpriv --reuid 1000 --regid 1000 --init-groups env -i LANG=C.UTF-8 PATH=/usr/bin:/bin:/usr/sbin:/sbin \
        HOME=/home/student USER=student XDG_RUNTIME_DIR=/run/user/1000 \
        DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus UNHA_NO_SKIP="$UNHA_NO_SKIP" "$@"
}
delegated() {
    # It ends with the last login.
    systemctl start user@1000.service
    as_student systemd-run --user --scope --quiet -p Delegate=yes "$@"
}
# The same for programs that make cgroups beside themselves: a cgroup that hands controllers on has no processes.
divided() {
    # shellcheck disable=SC2016  # the student expands it
    delegated sh -c 'own=/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)
        mkdir "$own/unha-self" && echo $$ > "$own/unha-self/cgroup.procs" && exec "$@"' sh "$@"
}

# The same at a login of their own (pam_systemd(8)): a session and a user's systemd, but no cgroup that was handed over.
logged_in() {
    systemd-run --quiet --wait --pipe --collect -p User=student -p PAMName=login -p WorkingDirectory=/payload \
        -p TimeoutStopSec=5 -E LANG=C.UTF-8 -E PATH=/usr/bin:/bin:/usr/sbin:/sbin -E UNHA_NO_SKIP="$UNHA_NO_SKIP" "${@//\$/\$\$}"
}

# Every cgroup, and what it hands on.
cgroups() {
    find /sys/fs/cgroup -type d | sort
    grep -r --include=cgroup.subtree_control . /sys/fs/cgroup | sort
}

# Waits until the cgroups are what they were: systemd takes a scope away soon after its last process, not at once.
same_cgroups() {
    local tries
    for tries in $(seq 100); do
        [ "$(cgroups)" != "$1" ] || return 0
        sleep 0.1
    done
    diff <(echo "$1") <(cgroups)
    return 1
}

# Runs a box with limits behind the given words: they read back from within, and no cgroup is left or changed.
limits() {
    local before seen
    before=$(cgroups)
    # shellcheck disable=SC2016  # the box expands it
    seen=$("$@" "$unha" run --memory 32M --pids-limit 15 --cpus 0.2 -- sh -c '
        cd "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)" && pwd >&2 &&
        cat memory.max memory.swap.max pids.max cpu.max') || return
    echo "read back: ${seen//$'\n'/ }"
    [ "${seen//$'\n'/ }" = "33554432 0 15 20000 100000" ] || return
    same_cgroups "$before"
}

# The script that `unha export shell` prints makes the box that `unha run` makes, here with cgroup version 2: what both
# report of themselves is the same, and no cgroup is left.
scripts() {
    local before flags report ours theirs
    before=$(cgroups)
    # shellcheck disable=SC2016  # the box expands it
    report='cat /proc/sys/kernel/hostname /proc/self/uid_map; id -u; echo $$; ip -br link
        grep -E "^(Cap|NoNewPrivs)" /proc/self/status
        grep -oE " /(proc|sys|dev)?[a-z/]* [a-z,]* - [a-z0-9]* " /proc/self/mountinfo
        cd "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)" && cat memory.max memory.swap.max pids.max cpu.max cpu.weight
        true'
    for flags in "--pids-limit 64 --memory 64M --cpus 0.5 --cpu-shares 512 --pid --net" "--all --hostname box"; do
        # One round is enough for the ordinary user, whose part is the cgroup.
        [ $# = 0 ] || [[ $flags != --all* ]] || continue
        # shellcheck disable=SC2086  # the flags are words
        ours=$("$@" "$unha" run $flags -- sh -c "$report" 2>&1) || { echo "$ours"; return 1; }
        # shellcheck disable=SC2086
        "$@" "$unha" export shell $flags -- sh -c "$report" 2> /dev/null > /tmp/box.sh || return
        chmod a+r /tmp/box.sh
        theirs=$("$@" dash /tmp/box.sh 2>&1) || { echo "$theirs"; return 1; }
        diff <(echo "$ours") <(echo "$theirs") || return
        echo "$(wc -l <<< "$ours") lines alike: $flags"
    done
    same_cgroups "$before"
}

# A run of root's that is killed can clear nothing away: `unha clean` does, and gives back what was switched on for it.
killed() {
    local before
    before=$(cgroups)
    "$unha" run --pids-limit 15 --cpus 0.2 -- sleep 1000 &
    timeout 60 sh -c 'until pgrep -x sleep > /dev/null; do :; done' || return
    kill -9 $!
    wait $! 2> /dev/null
    "$unha" clean
    same_cgroups "$before"
}

# What goes through the second start as it is: exit code, words with anything in them, environment; and no scope is left.
asked_again() {
    local said left
    said=$(logged_in env X='a b' "$unha" run --pids-limit 15 -- sh -c 'echo "$1|$X|${UNHA_SCOPE-none}|$XDG_RUNTIME_DIR"; exit 7' \
        sh '$HOME %n "q"')
    [ $? = 7 ] || return
    echo "$said"
    [ "$said" = '$HOME %n "q"|a b|none|/run/user/1000' ] || return
    for _ in $(seq 100); do
        left=$(as_student systemctl --user list-units --all --plain --no-legend --type=scope | grep run-)
        [ -n "$left" ] || return 0
        sleep 0.1
    done
    echo "$left"
    return 1
}

# systemd hands an ordinary user no limits on disks, and the kernel no word on devices: these two lessons alone are not whole.
lacks_two() {
    local said stopped
    said=$(logged_in "$unha" doctor --json)
    [ $? = 1 ] || return
    stopped=$(grep -o '"lesson":"[a-z-]*","runs":false' <<< "$said" | cut -d '"' -f 4 | sort | tr '\n' ' ')
    echo "not whole: $stopped"
    [ "$stopped" = "devices io " ]
}
skips_two() {
    local said
    said=$(logged_in timeout 1500 "$unha" check --lang pt-BR) || true
    echo "$said"
    ! grep '^FAIL' <<< "$said" && ! grep '^SKIP' <<< "$said" | grep -vE '^SKIP (io|devices) ' &&
        tail -n 1 <<< "$said" | grep -q ' passed, 0 failed, '
}

# An ordinary user to whom nothing was handed over, and whom no systemd helps, is told what to do.
told() {
    local said
    said=$(as_student "$unha" run --memory 32M -- true 2>&1) && return 1
    echo "$said"
    [[ $said == *"cannot be reached"* && $said == *"log in as yourself"* ]]
}

chmod -R a+rX /payload
# The test programs look for unha where cargo has built it.
mkdir -p "$(dirname "$(cat built-at)")"
ln -s "$unha" "$(cat built-at)"
ln -s /payload/lessons "$(cat written-at)/lessons"
# As on any machine: swap, a network link beside lo, and the overlay file system was used before.
dd if=/dev/zero of=/swap bs=1M count=16 status=none && chmod 600 /swap && mkswap -q /swap && swapon /swap
ip link add machine0 type dummy
modprobe overlay

if wanted limits; then
    part "limits of root, where nobody is logged in" limits
    part "killed with limits" killed
    part "the script of a box, as root" scripts
    part "limits of student, whose systemd does not run" told
fi
systemctl start user@1000.service
if wanted limits; then
    part "limits of root" limits
    part "limits of student, delegated" limits delegated
    part "the script of a box, as student, delegated" scripts delegated
    part "limits of student, not delegated" limits as_student
    # The first login leaves a user's slice behind that was not there before.
    logged_in true
    part "limits of student at a login" limits logged_in
    part "exit code and words of a command that unha starts again for" asked_again
fi
if wanted check; then
    part "doctor, as root" "$unha" doctor --lang en
    part "doctor, as student at a login" lacks_two
    part "check, as root" timeout 1500 "$unha" check --lang en
    part "check, as student at a login" skips_two
fi
# A lesson as a person at a terminal walks through it: the one on limits, which are read from other files here.
if wanted walk; then
    walk="/payload/walk --ignored --exact lessons::the_one_on_limits"
    part "a lesson on the screen, as root" $walk
    part "a lesson on the screen, as student at a login" logged_in env UNHA_NO_SKIP=1 $walk
fi
# Each half of a test is run by whom it is for: the user with a cgroup, and root.
# How long a look takes says nothing on a machine that is emulated.
for tests in probe kernel; do
    if wanted $tests; then
        # root comes last: what it mounts of cgroup version 1 to try a way out by, the kernel is slow to forget.
        part "$tests, as student, delegated" \
            divided env UNHA_MAY_SKIP=root ./$tests --test-threads=1 --skip a_look_is_cheap
        part "$tests, as root" env UNHA_TEST_AS=root ./$tests --test-threads=1 --skip a_look_is_cheap
    fi
done
# Units of systemd's by their names, for root and for a user, and the tree on a machine where process 1 is systemd.
if wanted inspect; then
    some="names::a_unit_of_systemds_has_its_name tree::one_foreign_namespace_is_enough tree::a_zombie_is_counted_where_it_was"
    # shellcheck disable=SC2086  # the names are words
    part "inspect, as root" ./inspect --exact --test-threads=1 $some tree::what_is_closed_to_a_user_is_counted_and_said
    # shellcheck disable=SC2086
    part "inspect, as student at a login" logged_in env UNHA_NO_SKIP=1 ./inspect --exact --test-threads=1 $some
fi
if wanted safety; then
    # What a login leaves goes some seconds after it: not while the machine is watched.
    systemctl stop user-1000.slice
    for _ in $(seq 200); do
        [ -d /sys/fs/cgroup/user.slice/user-1000.slice ] || [ -e /run/systemd/users/1000 ] || break
        sleep 0.1
    done
    part "safety" ./safety --ignored --test-threads=1 --nocapture
fi
exit $failed
