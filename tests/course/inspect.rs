//! Looking around: what is chosen stays chosen, what has ended stays in its place, what was typed finds.

use std::collections::BTreeMap;

use proptest::prelude::*;
use unha::course::holes::Severity;
use unha::course::inspect::{Inspection, Look, Overlay, Subject, Touch, View, Wish, age, elsewhere, name};
use unha::course::text::Lang;
use unha::course::{Container, Engine, Group, Kind, Namespaces, Process, Tree};

/// A group by a number, below another one.
pub fn group(number: u64, parent: Option<usize>, depth: usize, name: &str) -> Group {
    let pid = 4000 + u32::try_from(number).expect("a small number");
    let first = Process {
        pid,
        started: number,
        since: 1_000_000,
        parent: 1,
        name: name.to_owned(),
        command: format!("/bin/{name} --number {number}"),
        uid: 0,
        pid_inside: 1,
        cgroup: "/".to_owned(),
    };
    Group {
        namespaces: Namespaces([number; 8]),
        apart: vec![Kind::Uts, Kind::Pid],
        parent,
        depth,
        first,
        ancestors: vec![1],
        pids: vec![pid],
        zombies: 0,
        shares: BTreeMap::new(),
        container: None,
    }
}

fn tree(groups: Vec<Group>) -> Tree {
    Tree { groups, processes: 99, ..Tree::default() }
}

fn of(numbers: &[u64]) -> Tree {
    tree(numbers.iter().map(|number| group(*number, None, 0, &format!("c{number}"))).collect())
}

fn on(tree: Tree) -> Inspection {
    let mut on = Inspection::new(Lang::En);
    on.seen(tree);
    on
}

fn names(on: &Inspection) -> Vec<String> {
    on.rows().iter().map(|row| if row.ended { format!("{} ended", name(row.group)) } else { name(row.group) }).collect()
}

#[test]
fn what_is_chosen_stays_chosen_wherever_it_moves_to() {
    let mut on = on(of(&[1, 2, 3]));
    on.touch(Touch::Move(1));
    assert_eq!(on.title(), "c2");
    on.seen(of(&[7, 8, 1, 9, 2, 3]));
    assert_eq!((on.title().as_str(), on.row()), ("c2", 4));
    on.touch(Touch::End(true));
    on.touch(Touch::Move(-1));
    assert_eq!(on.title(), "c7");
    on.touch(Touch::End(false));
    assert_eq!(on.title(), "c3");
}

#[test]
fn what_has_ended_stays_in_its_place_until_another_is_chosen() {
    let mut on = on(of(&[1, 2, 3]));
    on.touch(Touch::Move(1));
    on.touch(Touch::Next);
    assert_eq!(on.view, View::Portrait);
    on.seen(of(&[1, 3]));
    assert!(on.has_ended());
    assert_eq!((on.title().as_str(), names(&on)), ("c2", vec!["c1".to_owned(), "c2 ended".into(), "c3".into()]));
    assert_eq!(on.subject(), Some(Subject { pid: 4002, started: 2 }));
    // The last of all ends too: there is still what was last seen.
    on.seen(of(&[]));
    assert_eq!(names(&on), ["c2 ended"]);
    on.seen(of(&[1, 3]));
    on.touch(Touch::Back);
    on.touch(Touch::Move(1));
    assert_eq!((on.title().as_str(), names(&on)), ("c3", vec!["c1".to_owned(), "c3".into()]));
}

#[test]
fn what_stands_below_is_folded_away_and_counted() {
    let nested = || {
        let named = |number, parent, depth| group(number, parent, depth, &format!("c{number}"));
        tree(vec![named(1, None, 0), named(2, Some(0), 1), named(3, Some(1), 2), named(4, None, 0)])
    };
    let mut on = on(nested());
    on.touch(Touch::Fold(true));
    assert_eq!((names(&on), on.rows()[0].hidden), (vec!["c1".to_owned(), "c4".into()], 2));
    // It stays folded from one look to the next, and is found all the same.
    on.seen(nested());
    assert_eq!(names(&on), ["c1", "c4"]);
    on.touch(Touch::Find);
    "c3".chars().for_each(|letter| drop(on.touch(Touch::Letter(Some(letter)))));
    assert_eq!(names(&on), ["c1", "c2", "c3"]);
    assert_eq!(on.rows().iter().map(|row| row.fits).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(on.title(), "c3", "who only says where it stands is not chosen");
    on.touch(Touch::End(true));
    on.touch(Touch::Close);
    on.touch(Touch::Fold(false));
    assert_eq!(names(&on), ["c1", "c2", "c3", "c4"]);
    // Where there is nothing to fold it is the one above.
    on.touch(Touch::Move(2));
    on.touch(Touch::Fold(true));
    assert_eq!(on.title(), "c2");
}

#[test]
fn what_is_typed_finds_names_commands_numbers_without_accents_or_capitals() {
    let mut web = group(2, None, 0, "nginx");
    let docker = Container {
        engine: Engine::Docker,
        name: "Página".to_owned(),
        id: Some("c0ffee".to_owned()),
        pid: Some(4002),
        image: None,
    };
    web.container = Some(docker);
    let all = tree(vec![group(1, None, 0, "sh"), web]);
    for (typed, wanted) in [
        ("pagina", "docker:Página"),
        ("DOCKER", "docker:Página"),
        ("c0ff", "docker:Página"),
        ("4001", "sh"),
        ("number 1", "sh"),
    ] {
        let mut on = on(all.clone());
        on.touch(Touch::Find);
        typed.chars().for_each(|letter| drop(on.touch(Touch::Letter(Some(letter)))));
        assert_eq!(names(&on), [wanted], "{typed}");
        // Enter goes to what was found.
        on.touch(Touch::Next);
        assert_eq!((on.view, on.typing, on.title().as_str()), (View::Portrait, false, wanted));
    }
    let mut on = on(all);
    on.touch(Touch::Find);
    on.touch(Touch::Letter(Some('ø')));
    assert!(names(&on).is_empty() && on.subject().is_none());
    assert_eq!(on.touch(Touch::Next), None);
    assert_eq!(on.view, View::Tree, "there is nothing to look into");
    on.touch(Touch::Letter(None));
    on.touch(Touch::Letter(None));
    assert_eq!((names(&on).len(), on.typing), (2, false));
}

#[test]
fn a_shell_is_asked_for_once_and_opened_by_enter_alone() {
    let mut on = on(of(&[1]));
    for way_out in [Touch::Close, Touch::Help] {
        assert_eq!(on.touch(Touch::Shell), None);
        assert_eq!(on.overlay, Some(Overlay::Shell));
        // Nothing below the question moves.
        assert_eq!((on.touch(Touch::Move(1)), on.touch(Touch::Shell)), (None, None));
        on.touch(way_out);
        on.overlay = None;
    }
    assert_eq!(on.touch(Touch::Type(b"rm -rf /\r".to_vec())), None, "there is no shell to type into");
    on.touch(Touch::Shell);
    assert_eq!(on.touch(Touch::Next), Some(Wish::Shell(Subject { pid: 4001, started: 1 })));
    assert_eq!(on.touch(Touch::Leave), Some(Wish::Leave));
}

#[test]
fn who_was_asked_for_is_shown_though_it_is_in_no_group() {
    let asked = Subject { pid: 77, started: 5 };
    let mut on = Inspection::of(asked, Lang::En);
    on.seen(of(&[1, 2]));
    assert_eq!((on.subject(), on.title().as_str(), on.home()), (Some(asked), "PID 77", None));
    on.looked(Look::Ended(asked));
    assert!(on.shown().is_some_and(|portrait| portrait.ended));
    on.touch(Touch::Back);
    assert_eq!((on.view, on.title().as_str()), (View::Tree, "c1"));
}

#[test]
fn who_was_asked_for_keeps_the_name_of_its_group_when_that_ends() {
    let mut on = Inspection::of(Subject { pid: 4002, started: 2 }, Lang::En);
    on.seen(of(&[1, 2]));
    assert_eq!(on.title(), "c2");
    on.seen(of(&[1]));
    assert_eq!((on.title().as_str(), on.subject()), ("c2", Some(Subject { pid: 4002, started: 2 })));
}

#[test]
fn a_look_at_another_comes_too_late() {
    let mut on = on(of(&[1, 2]));
    on.looked(Look::Refused(Subject { pid: 4002, started: 2 }, "readlink(…) = EACCES".to_owned()));
    assert_eq!(on.shown(), None);
    on.touch(Touch::Move(1));
    on.looked(Look::Refused(Subject { pid: 4002, started: 2 }, "readlink(…) = EACCES".to_owned()));
    assert!(on.shown().is_some_and(|portrait| portrait.refused.is_some()));
}

#[test]
fn ages_are_said_in_the_largest_unit() {
    let said = [0, 59, 60, 3599, 3600, 86_399, 86_400, 900_000].map(|seconds| age(100, 100 + seconds));
    assert_eq!(said, ["0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "1 d", "10 d"]);
    assert_eq!(age(100, 50), "0 s", "a clock that was set back");
    assert!(Severity::High > Severity::Low);
}

fn touches() -> impl Strategy<Value = Touch> {
    prop_oneof![
        Just(Touch::Next),
        Just(Touch::Back),
        (-9..9).prop_map(Touch::Move),
        (-2..2).prop_map(Touch::Page),
        any::<bool>().prop_map(Touch::End),
        any::<bool>().prop_map(Touch::Fold),
        Just(Touch::Find),
        "[c0-9]".prop_map(|letter| Touch::Letter(letter.chars().next())),
        Just(Touch::Letter(None)),
        Just(Touch::Close),
        Just(Touch::Help),
        Just(Touch::Keyboard),
    ]
}

/// What comes between two looks: keys, and then whoever is there.
fn day() -> impl Strategy<Value = Vec<(Vec<Touch>, Vec<u64>)>> {
    let groups = proptest::collection::btree_set(1_u64..30, 0..12).prop_map(|set| set.into_iter().collect());
    proptest::collection::vec((proptest::collection::vec(touches(), 0..6), groups), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is pressed and whoever comes and goes: what is chosen is a line, and a look alone never chooses another
    /// while that one is there and can be seen.
    #[test]
    fn the_choice_is_always_a_line(day in day()) {
        let mut on = on(of(&[1, 2, 3]));
        for (touches, numbers) in day {
            for touch in touches {
                on.touch(touch);
            }
            let before = on.chosen.filter(|chosen| numbers.contains(&chosen.of(Kind::Uts)));
            on.seen(of(&numbers));
            let rows = on.rows();
            prop_assert!(rows.iter().filter(|row| row.ended).count() <= 1);
            prop_assert_eq!(on.chosen.is_some(), !rows.is_empty());
            prop_assert!(rows.is_empty() || Some(rows[on.row()].group.namespaces) == on.chosen);
            if let Some(before) = before.filter(|_| on.filter.is_none()) {
                prop_assert_eq!(on.chosen, Some(before));
            }
        }
    }
}

#[test]
fn a_starter_is_told_where_its_child_is() {
    let mut child = group(2, None, 0, "sleep");
    (child.first.parent, child.ancestors) = (70, vec![70, 60, 1]);
    let one = tree(vec![group(1, None, 0, "other"), child.clone()]);
    let said = |pid, tree: &Tree, lang| elsewhere(pid, tree, false, lang);
    assert_eq!(
        said(70, &one, Lang::En).as_deref(),
        Some(
            "PID 70 is in no container: all its namespaces are this machine's.\nIts child is in namespaces of its own: `unha inspect 4002` (sleep)"
        )
    );
    assert!(said(60, &one, Lang::PtBr).is_some_and(|said| {
        said.contains("\nUm descendente dele tem namespaces só seus: `unha inspect 4002` (sleep)")
    }));
    assert!(said(50, &one, Lang::En).is_some_and(|said| said.ends_with("are this machine's.")));
    assert_eq!(said(4002, &one, Lang::En), None);
    assert!(elsewhere(4002, &one, true, Lang::PtBr).is_some_and(|said| said.contains("fora do PID namespace")));
    let mut second = group(3, None, 0, "cat");
    second.ancestors = vec![70, 60, 1];
    let two = tree(vec![child, second]);
    let both = said(70, &two, Lang::En).expect("both");
    assert!(both.ends_with("`unha inspect 4002` (sleep), `unha inspect 4003` (cat)"), "{both}");
}

#[test]
fn no_shell_is_opened_in_what_has_ended() {
    let mut on = on(of(&[1, 2]));
    on.touch(Touch::Next);
    on.touch(Touch::Shell);
    // It ends while the question stands there.
    on.seen(of(&[2]));
    assert!(on.is_over());
    assert_eq!((on.touch(Touch::Next), on.overlay), (None, None));
    on.touch(Touch::Shell);
    assert_eq!((on.touch(Touch::Next), on.overlay, on.has_shell()), (None, None, false));
    on.touch(Touch::Back);
    on.touch(Touch::Move(1));
    on.touch(Touch::Shell);
    assert!(matches!(on.touch(Touch::Next), Some(Wish::Shell(subject)) if subject.pid == 4002));
}
