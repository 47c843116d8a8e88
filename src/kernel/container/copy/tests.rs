use super::*;

#[test]
fn a_copy_has_the_modes_and_the_owners_of_what_was_copied() {
    let place = tempfile::tempdir().unwrap();
    let [from, to] = ["from", "to"].map(|name| place.path().join(name));
    fs::create_dir_all(from.join("srv/kept")).unwrap();
    fs::create_dir(&to).unwrap();
    fs::write(from.join("srv/su"), "su").unwrap();
    symlink("su", from.join("srv/link")).unwrap();
    // An ordinary user has but their own to give.
    let other = if nix::unistd::geteuid().is_root() { Some(1234) } else { None };
    for name in ["srv", "srv/su", "srv/link"] {
        lchown(from.join(name), other, other).unwrap();
    }
    fs::set_permissions(from.join("srv/su"), fs::Permissions::from_mode(0o4755)).unwrap();
    fs::set_permissions(from.join("srv"), fs::Permissions::from_mode(0o2550)).unwrap();
    tree(&from, &to).unwrap();
    for name in ["srv", "srv/kept", "srv/su", "srv/link"] {
        let of = |place: &Path| fs::symlink_metadata(place.join(name)).map(|m| (m.uid(), m.gid(), m.mode())).unwrap();
        assert_eq!(of(&to), of(&from), "{name}");
    }
    // Else nobody but root could clear it away.
    for place in [&from, &to] {
        fs::set_permissions(place.join("srv"), fs::Permissions::from_mode(0o755)).unwrap();
    }
}
