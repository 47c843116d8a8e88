//! Root inside, nobody special outside.

use unha::kernel::fact::{Fact, Value};
use unha::kernel::feature::{Feature, FeatureSet};

use crate::outside::{Bench, value};
use crate::part::{UID, both};

#[test]
fn uid_0_inside_is_ours_outside() {
    both(|here| {
        let ours = nix::unistd::geteuid().as_raw();
        let facts = here.facts("--user");
        assert_eq!(facts.inside(Fact::Uid), 0);
        assert_eq!(facts.outside(Fact::Uid), ours);
        assert_ne!(facts.inside(Fact::NsUser), facts.outside(Fact::NsUser));
        let map = here.run("--user").command(["cat", "/proc/self/uid_map"]).says();
        assert_eq!(map.split_whitespace().collect::<Vec<_>>(), ["0", &ours.to_string(), "1"]);
        assert!(here.root || ours == UID);
    });
}

#[test]
fn off_it_changes_nobody() {
    both(|here| {
        let facts = here.facts("");
        let ours = nix::unistd::geteuid().as_raw();
        assert_eq!((facts.inside(Fact::Uid), facts.outside(Fact::Uid)), (&ours.into(), &ours.into()));
        assert_eq!(facts.inside(Fact::NsUser), facts.outside(Fact::NsUser));
    });
}

#[test]
fn it_is_made_just_where_another_feature_needs_it() {
    both(|here| {
        let facts = here.facts("--uts");
        assert_eq!(facts.inside(Fact::NsUser) == facts.outside(Fact::NsUser), here.root);
        assert_eq!(facts.inside(Fact::Uid), 0);
    });
}

#[test]
fn root_inside_is_not_root_over_what_is_outside() {
    both(|here| {
        let said = here.run("--user --uts").sh("mknod /tmp/never c 1 3 2>&1; hostname caixa && hostname").done();
        assert!(said.out.contains("Operation not permitted") && said.out.ends_with("caixa\n"), "{said:?}");
        // Without a host name of its own, the name is the machine's.
        let said = here.run("--user").sh("hostname never 2>&1").done();
        assert!(said.code != 0 && said.out.contains("you must be root"), "{said:?}");
    });
}

#[test]
fn both_sides_read_their_own_maps() {
    both(|here| {
        let ours = nix::unistd::geteuid().as_raw();
        let facts = here.facts("--user");
        assert_eq!(facts.inside(Fact::UidMap), &serde_json::json!([format!("0 {ours} 1")]));
        assert_eq!(facts.inside(Fact::GidMap), &serde_json::json!([format!("0 {} 1", nix::unistd::getegid())]));
        assert_ne!(facts.outside(Fact::UidMap), facts.inside(Fact::UidMap));
        let off = here.facts("");
        assert_eq!(off.outside(Fact::UidMap), off.inside(Fact::UidMap));
    });
}

#[test]
fn whoever_could_drop_a_group_may_not() {
    both(|here| {
        assert_eq!(here.run("--user").command(["cat", "/proc/self/setgroups"]).says(), "deny");
        assert_eq!(here.run("").command(["cat", "/proc/self/setgroups"]).says(), "allow");
    });
}

/// Everything but limits, which not everybody can have.
fn all() -> FeatureSet {
    Feature::ALL.into_iter().filter(|feature| *feature != Feature::Cgroup).collect()
}

#[test]
fn on_a_bench_its_root_owns_its_files() {
    both(|here| {
        let mut bench = Bench::of(here);
        let root = bench.standing.ids.map_or(0, |range| range.uid);
        // Files outlive the box: what it writes first without a user namespace of its own changes hands, and back again.
        let write = "echo new > /etc/made && chmod 4755 /etc/made && rm /etc/issue && mkdir /srv";
        let look =
            "stat -c %u:%g /etc/made /etc /usr/bin/env; cat /etc/made; test -u /etc/made && echo setuid; ls /etc/issue";
        let there = "0:0\n0:0\n0:0\nnew\nsetuid\nls: cannot access '/etc/issue': No such file or directory";
        assert_eq!(bench.inside(all().without(Feature::User), write).unwrap(), "");
        for own_ids in [true, false, true] {
            bench.own_ids = own_ids;
            let features = if own_ids { all() } else { all().without(Feature::User) };
            assert_eq!(bench.inside(features, look).unwrap(), there, "{own_ids}");
            let upper = bench.standing.place.join("upper/etc/made");
            let owner = bench.outside(&format!("stat -c %u {}", upper.display()));
            assert_eq!(owner, if own_ids { root } else { 0 }.to_string());
        }
        // Copied up, owned, given to another of its users, and thrown away.
        // Before Linux 6.6 a tmpfs has no user.* attributes, and overlayfs says EIO for some folders that it removes.
        let script = "echo x >> /etc/passwd && chown 5:6 /etc/passwd && stat -c %u:%g /etc/passwd; \
             rm -r /usr/share 2> /dev/null; id -u";
        if bench.standing.ids.is_some() {
            assert_eq!(bench.inside(all(), script).unwrap(), "5:6\n0");
        }
    });
}

#[test]
fn on_a_bench_it_is_the_box_that_it_is_without() {
    both(|here| {
        let mut bench = Bench::of(here);
        bench.own_ids = true;
        // Docker's capabilities have none for the name.
        let named = all().without(Feature::Capabilities);
        let said =
            bench.inside(named, "echo $$; set -- $(ps -e -o pid=); echo $#; hostname caixa && hostname; tty").unwrap();
        assert_eq!(said, "1\n2\ncaixa\n/dev/pts/0");
        let (outside, inside) = bench.facts(all());
        let number = |number: u32| Value::Number(number.into());
        let range = bench.standing.ids.map_or((0, 1), |range| (range.uid, 65536));
        assert_eq!((value(&inside, Fact::Uid), value(&outside, Fact::Uid)), (&number(0), &number(range.0)));
        let map = Value::List(vec![format!("0 {} {}", range.0, range.1)]);
        assert_eq!(value(&inside, Fact::UidMap), &map);
        assert_ne!(value(&outside, Fact::UidMap), &map);
        assert_ne!(value(&outside, Fact::NsUser), value(&inside, Fact::NsUser));
    });
}
