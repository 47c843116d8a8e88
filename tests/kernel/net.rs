//! Network links of its own.

use serde_json::json;
use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::both;

#[test]
fn only_net_gives_links_of_its_own() {
    both(|here| here.on_and_off(Feature::Net, &[Fact::NsNet]));
}

#[test]
fn there_is_only_lo_and_it_is_down() {
    both(|here| {
        assert_eq!(here.facts("--net").inside(Fact::Links), &json!(["lo"]));
        let said = here.run("--net").command(["ip", "-o", "link"]).says();
        assert!(said.lines().count() == 1 && said.contains("lo: <LOOPBACK>"), "{said}");
        let up = here.run("--net").sh("ip link set lo up && ip -o link").says();
        assert!(up.contains("LOOPBACK,UP"), "{up}");
    });
}
