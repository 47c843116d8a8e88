//! The part of the script that makes the network: lo, and a veth(4) to this machine, plugged in from outside.

use super::Script;
use crate::equivalent::Wanted;
use crate::kernel::container::net::{INSIDE, OUTSIDE, PREFIX};

/// Outside: what waits for the box to have its network, and then plugs the cable in. Whether there is one.
pub(super) fn make(wanted: &Wanted, script: &mut Script) -> bool {
    let Some(cable) = &wanted.spec.cable else { return false };
    script.say(
        "The cable: only outside may one be plugged in, as soon as the box says which process it is.",
        "O cabo: só de fora se pode ligar um, assim que a caixa diz que processo ela é.",
    );
    script.code("place=$(mktemp -d)");
    script.code("mkfifo \"$place/pid\" \"$place/done\"");
    let rate = cable.rate.or(wanted.limits.rate).map(|rate| {
        // The engine's own: 16 KiB at once, and what waits does so for 200 ms at most.
        format!("\n    tc qdisc add dev \"$link\" root tbf rate {rate}bit burst 16kb latency 200ms")
    });
    script.code(&format!(
        "link=box$$\n\
         {{\n    \
             read -r pid <\"$place/pid\"\n    \
             ip link add \"$link\" type veth peer name eth0 netns \"$pid\"\n    \
             ip addr add {OUTSIDE}/{PREFIX} dev \"$link\"{}\n    \
             ip link set \"$link\" up\n    \
             echo >\"$place/done\"\n\
         }} </dev/null &",
        rate.unwrap_or_default()
    ));
    let unplug = "ip link del \"$link\" 2>/dev/null || :; rm -rf \"$place\"";
    script.code(&if wanted.has_cgroup() {
        format!("unplug() {{ {unplug}; }}\ntrap 'unplug; tidy' EXIT")
    } else {
        format!("unplug() {{ kill $! 2>/dev/null || :; {unplug}; }}\ntrap unplug EXIT\ntrap 'exit 130' INT; trap 'exit 143' TERM")
    });
    true
}

/// Inside: tells who it is, waits for the cable, and switches on what shall be on.
pub(super) fn inside(wanted: &Wanted, script: &mut Script) {
    if wanted.has_cable() {
        script.say("The old /proc still has our number outside.", "O /proc antigo ainda tem o nosso número de fora.");
        script.code("read -r pid rest </proc/self/stat; echo \"$pid\" >\"$place/pid\"; read -r rest <\"$place/done\"");
        script.code(&format!("ip addr add {INSIDE}/{PREFIX} dev eth0; ip link set eth0 up"));
    }
    if wanted.spec.lo && wanted.has(crate::kernel::feature::Feature::Net) {
        script.code("ip link set lo up");
    }
}
