//! A host name of its own.

use unha::kernel::fact::Fact;
use unha::kernel::feature::Feature;

use crate::part::both;

#[test]
fn only_uts_gives_a_namespace_of_its_own() {
    both(|here| here.on_and_off(Feature::Uts, &[Fact::NsUts]));
}

#[test]
fn renaming_inside_leaves_the_outside_alone() {
    both(|here| {
        let before = nix::unistd::gethostname().unwrap();
        let facts = here.facts_after("--uts", "hostname caixa");
        assert_eq!(facts.inside(Fact::Hostname), "caixa");
        assert_eq!(facts.outside(Fact::Hostname), before.to_str().unwrap());
        assert_eq!(nix::unistd::gethostname().unwrap(), before);
    });
}

#[test]
fn the_name_is_a_copy_at_first() {
    both(|here| {
        let facts = here.facts("--uts");
        assert_eq!(facts.inside(Fact::Hostname), facts.outside(Fact::Hostname));
    });
}

#[test]
fn a_name_that_is_asked_for_is_there_before_the_command() {
    both(|here| {
        assert_eq!(here.run("--hostname caixa").command(["hostname"]).says(), "caixa");
        assert_eq!(here.run("--rootfs unha --hostname caixa").command(["hostname"]).says(), "caixa");
    });
}
