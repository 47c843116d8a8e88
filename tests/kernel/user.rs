//! Root inside, nobody special outside.

use unha::kernel::fact::Fact;

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
