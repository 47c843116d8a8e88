//! Network links of its own.

use std::io::Read;
use std::net::TcpListener;
use std::process::Command;

use nix::sched::{CloneFlags, unshare};
use serde_json::json;
use unha::kernel::bench::protocol::{Report, Request};
use unha::kernel::container::cgroup::Limits;
use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, all_of, value};
use crate::part::{Here, both, until};
use crate::skip::{Why, skip};

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

#[test]
fn lo_is_up_where_that_is_asked_for() {
    both(|here| {
        let facts = here.facts("--net");
        assert_eq!((facts.inside(Fact::LinksUp), facts.inside(Fact::Addresses)), (&json!([]), &json!([])));
        let mut bench = Bench::of(here);
        bench.cable = true;
        let said = bench.inside(FeatureSet::NONE.with(Feature::Net), "ip -o link show lo").unwrap();
        assert!(said.contains("LOOPBACK,UP"), "{said}");
    });
}

#[test]
fn a_cable_leads_to_the_machine_and_goes_with_the_box() {
    both(|here| {
        if !here.root {
            let done = here.run("--veth").command(["true"]).done();
            assert!(done.code == 125 && done.err.contains("only root"), "{done:?}");
            return;
        }
        // What stands for the machine here is a network of this test's own.
        unshare(CloneFlags::CLONE_NEWNET).unwrap();
        let links = || Command::new("ip").args(["-o", "link"]).output().map(|it| String::from_utf8(it.stdout)).unwrap();
        let before = links();
        let mut running = here
            .run("--net-rate 4mbit")
            .command(["bash", "-c", "read port; echo hi > /dev/tcp/10.77.0.1/$port"])
            .start();
        until("the cable is there", || links().unwrap().contains("unha-") && links().unwrap().contains("LOWER_UP"));
        let listener = TcpListener::bind("10.77.0.1:0").unwrap();
        running.tell(&listener.local_addr().unwrap().port().to_string());
        let (mut stream, from) = listener.accept().unwrap();
        assert_eq!(from.ip().to_string(), "10.77.0.2");
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert_eq!((said.as_str(), running.end().0), ("hi\n", 0));
        assert_eq!(links(), before);
        let facts = here.facts("--net-rate 4mbit");
        assert_eq!(facts.inside(Fact::Links), &json!(["lo", "eth0"]));
        assert_eq!(facts.inside(Fact::LinksUp), &json!(["lo", "eth0"]));
        assert!(facts.inside(Fact::Addresses).as_array().unwrap().contains(&json!("eth0 10.77.0.2/30")), "{facts:?}");
        assert_eq!(facts.outside(Fact::NetRate), 4_000_000);
        assert_eq!(here.facts("--veth").outside(Fact::NetRate), "max");
        // What another has already is left to it.
        let mut first = here.run("--veth").sh("echo ready; read line").start();
        assert_eq!(first.line(), "ready");
        let second = here.run("--veth").command(["true"]).done();
        assert!(second.code == 125 && second.err.contains("taken already"), "{second:?}");
        first.kill_9();
        until("the kernel has taken it away", || links() == before);
        // Its name is still in the record.
        assert!(here.unha("clean").says().contains("unha-"));
    });
}

/// The box's, with a cable.
fn wired() -> FeatureSet {
    FeatureSet::NONE.with(Feature::Net).with(Feature::Pid).with(Feature::Mount)
}

fn has_busybox(here: &Here) -> bool {
    let has = Command::new("busybox").arg("true").status().is_ok_and(|status| status.success());
    if !has {
        skip(&format!("{}: busybox", here.name), Why::Tool);
    }
    has
}

#[test]
fn on_a_bench_each_box_has_its_own() {
    both(|here| {
        let mut bench = Bench::of(here);
        bench.cable = true;
        for own_ids in [false, true, false] {
            bench.own_ids = own_ids;
            let (outside, inside) = bench.facts(wired());
            let list = |name: &str| Value::List(vec!["lo".to_owned(), name.to_owned()]);
            assert_eq!((value(&outside, Fact::Links), value(&inside, Fact::Links)), (&list("to-box"), &list("eth0")));
            let addresses = [&outside, &inside].map(|side| value(side, Fact::Addresses).to_string());
            assert!(addresses[0].contains("to-box 10.77.0.1/30") && addresses[1].contains("eth0 10.77.0.2/30"));
            assert_eq!(value(&outside, Fact::NetRate), &Value::Text("max".to_owned()));
        }
        assert!(!bench.outside("ip -o link").contains("to-box"));
        bench.cable = false;
        let (outside, _) = bench.facts(FeatureSet::NONE);
        assert!(outside[&Fact::NetRate].value().is_none() && outside[&Fact::NetNow].value().is_none(), "{outside:?}");
    });
}

#[test]
fn what_is_sent_arrives_and_no_more_than_is_let_in() {
    both(|here| {
        let mut bench = Bench::of(here);
        bench.cable = true;
        if !has_busybox(here) {
            return;
        }
        let files = bench.start_with(wired(), Limits::default(), "busybox nc -l -p 8080 | wc -c").unwrap();
        let send = "until head -c 100000 /dev/zero | busybox nc 10.77.0.2 8080 2> /dev/null; do :; done";
        assert_eq!(bench.outside(send), "");
        assert_eq!(all_of(files), "100000");

        let narrow = Limits { rate: Some(1_000_000), ..Limits::default() };
        let files = bench.start_with(wired(), narrow, "while :; do busybox nc -u -l -p 9 > /dev/null; done").unwrap();
        let dropped = |bench: &Bench| {
            bench.ask(&Request::Look);
            let (Report::Seen { outside, .. }, _) = bench.next() else { panic!("it did not look") };
            assert_eq!(value(&outside, Fact::NetRate), &Value::Number(1_000_000));
            let Value::Number(dropped) = value(&outside, Fact::NetDropped) else { panic!("{outside:?}") };
            *dropped
        };
        assert_eq!(dropped(&bench), 0);
        until("it is too much", || {
            bench.outside("bash -c 'head -c 1000000 /dev/zero > /dev/udp/10.77.0.2/9' 2>/dev/null");
            dropped(&bench) > 0
        });
        bench.ask(&Request::Limit(Limits { rate: Some(4_000_000), ..Limits::default() }));
        let (Report::Limits(done), _) = bench.next() else { panic!("no limits") };
        assert_eq!(done.unwrap().rate, Some(4_000_000));
        bench.ask(&Request::Stop);
        drop(files);
    });
}

#[test]
fn both_sides_have_every_port() {
    both(|here| {
        let mut bench = Bench::of(here);
        if !has_busybox(here) {
            return;
        }
        for (features, taken) in [(FeatureSet::NONE, true), (wired(), false)] {
            bench.cable = !taken;
            let _terminal = bench.start_with(features, Limits::default(), "busybox nc -l -p 8080").unwrap();
            let bound = |table: &str| format!("until grep -q ':1F90 ' {table}; do :; done");
            let pid = "$(pgrep -n -x busybox)";
            bench.outside(&bound(&format!("/proc/{pid}/net/tcp /proc/{pid}/net/tcp6")));
            let said = bench.outside(if taken {
                "timeout 60 busybox nc -l -p 8080; echo $?"
            } else {
                "busybox nc -l -p 8080 & while kill -0 $! && ! grep -q ':1F90 ' /proc/net/tcp /proc/net/tcp6; do :; done; \
                 kill $!; echo $?"
            });
            assert_eq!(said.contains("in use"), taken, "{said}");
            bench.ask(&Request::Stop);
        }
    });
}
