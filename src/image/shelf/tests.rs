//! Names are given and taken whole, whatever comes between.

use super::*;
use crate::image::archive::{Config, Kind};
use crate::image::unpack::But;

fn label() -> Label {
    Label {
        schema: 1,
        source: "/tmp/x.tar".to_owned(),
        kind: Kind::Tar,
        made: 0,
        owners_kept: true,
        size: 3,
        entries: 1,
        layers: vec![],
        but: But::default(),
        config: Config::default(),
        settled: Settled::Yes,
    }
}

fn filled(shelf: &Shelf, text: &str) -> Aside {
    let draft = shelf.draft().unwrap();
    fs::create_dir(draft.folder().join(ROOT)).unwrap();
    fs::write(draft.folder().join(ROOT).join("file"), text).unwrap();
    draft
}

#[test]
fn a_name_is_whole_or_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::at(dir.path());
    let draft = filled(&shelf, "one");
    assert_eq!(fs::metadata(draft.folder()).unwrap().mode() & 0o777, 0o700, "for nobody else");
    assert!(shelf.names().is_empty());
    assert!(shelf.left(false).is_empty(), "it is locked: somebody works on it");
    let (held, old) = shelf.publish(draft, "debian", &label(), false).unwrap();
    assert!(old.is_none());
    assert_eq!(shelf.names(), ["debian"]);
    assert_eq!(fs::read_to_string(held.root.join("file")).unwrap(), "one");
    assert_eq!(held.label.source, "/tmp/x.tar");
    assert!(matches!(shelf.take("debian"), Err(ShelfError::InUse(_))));
    let second = filled(&shelf, "two");
    assert!(matches!(shelf.publish(second, "debian", &label(), false), Err(ShelfError::Taken(_))));
    drop(held);
    let (held, old) = shelf.publish(filled(&shelf, "three"), "debian", &label(), true).unwrap();
    assert_eq!(fs::read_to_string(held.root.join("file")).unwrap(), "three");
    old.unwrap().remove().unwrap();
    drop(held);
    shelf.take("debian").unwrap().remove().unwrap();
    assert!(matches!(shelf.hold("debian"), Err(ShelfError::Unknown(_))));
    // The refused draft went out of sight unremoved: its lock is free, and so it is swept.
    let left = shelf.left(false);
    assert_eq!(left.len(), 1);
    for aside in left {
        aside.remove().unwrap();
    }
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["lock"]);
}

#[test]
fn what_a_power_cut_took_a_part_of_has_no_name_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::at(dir.path());
    for (name, text) in [("whole", "all of it"), ("cut", "")] {
        let (held, _) = shelf.publish(filled(&shelf, "all of it"), name, &label(), false).unwrap();
        fs::write(held.root.join("file"), text).unwrap();
        // As if the machine had been started anew since.
        let path = dir.path().join(name).join("label.json");
        let Settled::Since { boot, .. } = Label::read(&dir.path().join(name)).unwrap().settled else { panic!() };
        fs::write(&path, fs::read_to_string(&path).unwrap().replace(&boot, "another")).unwrap();
    }
    assert!(matches!(shelf.hold("cut"), Err(ShelfError::Unknown(_))));
    assert_eq!(shelf.hold("whole").unwrap().label.settled, Settled::Yes);
    let left = shelf.left(false);
    assert_eq!((left.len(), shelf.names()), (1, vec!["whole".to_owned()]));
    for aside in left {
        aside.remove().unwrap();
    }
}

#[test]
fn what_is_in_use_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::at(dir.path());
    let (held, _) = shelf.publish(filled(&shelf, "one"), "a", &label(), false).unwrap();
    let draft = filled(&shelf, "two");
    assert!(matches!(shelf.publish(draft, "a", &label(), true), Err(ShelfError::InUse(_))));
    assert_eq!(fs::read_to_string(held.root.join("file")).unwrap(), "one");
}
