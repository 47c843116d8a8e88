//! No more rights by executing a program.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::both;

#[test]
fn the_bit_is_set_inside_alone() {
    both(|here| here.on_and_off(Feature::NoNewPrivs, &[Fact::NoNewPrivs]));
}

#[test]
fn it_takes_no_root_and_no_user_namespace() {
    both(|here| {
        let facts = here.facts("--no-new-privs");
        assert_eq!(facts.inside(Fact::NsUser), facts.outside(Fact::NsUser));
        assert_eq!(facts.inside(Fact::NoNewPrivs), 1);
    });
}

#[test]
fn a_setuid_program_no_longer_is() {
    both(|here| {
        if !here.root {
            // It takes root to make one that is root's.
            return;
        }
        let copy = here.dir.join("id-of-root");
        fs::copy("/usr/bin/id", &copy).unwrap();
        fs::set_permissions(&copy, Permissions::from_mode(0o4755)).unwrap();
        let as_user = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];
        let effective = |options: &str| {
            let words = as_user.into_iter().chain([copy.to_str().unwrap(), "-u"]);
            here.run(options).command(["--"]).command(words).says()
        };
        assert_eq!(effective("--ipc"), "0");
        assert_eq!(effective("--ipc --no-new-privs"), "1000");
        fs::remove_file(copy).unwrap();
    });
}
