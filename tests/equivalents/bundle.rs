//! `unha export oci`: the folder is whole or not there, and its config.json is the specification's.

use std::fs;

use oci_spec::runtime::Spec;

use crate::cases::{AS_ROOT, words};
use crate::part::{Here, both};
use crate::program::Done;

/// Exports a bundle with these options.
fn export(here: &Here, folder: &str, options: &str) -> Done {
    here.unha("--lang en export oci").command([folder]).command(words(options)).command(["--", "true"]).done()
}

#[test]
fn what_is_written_is_what_the_specification_reads() {
    both(|here| {
        if !here.root {
            return;
        }
        for (at, options) in AS_ROOT.iter().enumerate() {
            // The root itself is copied once; what is judged here is the text.
            let folder = here.dir.join("tmp").join(format!("bundle-{at}"));
            let flags = if at == 0 { "--rootfs unha" } else { options };
            if at != 0 && crate::cases::has_root(flags) {
                continue;
            }
            let done = export(here, folder.to_str().unwrap(), flags);
            assert_eq!(done.code, 0, "{flags}: {done:?}");
            let file = folder.join("config.json");
            let text = fs::read_to_string(&file).unwrap();
            let spec = Spec::load(&file).unwrap();
            // Nothing in it that the specification does not know: it is the same again when it is written anew.
            let again = serde_json::to_value(&spec).unwrap();
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(sorted(again), sorted(read), "{flags}");
            assert_eq!(folder.join("rootfs/bin").exists(), at == 0, "{flags}");
            fs::remove_dir_all(folder).unwrap();
        }
    });
}

/// With every list of names in one order.
fn sorted(mut value: serde_json::Value) -> serde_json::Value {
    let sets = value.pointer_mut("/process/capabilities").and_then(serde_json::Value::as_object_mut);
    for names in sets.into_iter().flat_map(|sets| sets.values_mut()).filter_map(serde_json::Value::as_array_mut) {
        names.sort_by_key(ToString::to_string);
    }
    value
}

#[test]
fn a_bundle_is_whole_or_not_there() {
    both(|here| {
        let place = here.dir.join("tmp");
        let at = |name: &str| place.join(name).to_str().unwrap().to_owned();
        // An empty folder is taken, with the mode that a new one has.
        fs::create_dir(place.join("empty")).unwrap();
        let done = export(here, &at("empty"), "--uts");
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("runc run --bundle"), "{done:?}");
        // One with something in it is not, and what is in it stays.
        let done = export(here, &at("empty"), "--uts");
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{done:?}");
        assert!(done.err.contains("not empty") && done.err.contains("Next: "), "{done:?}");
        // A file, a folder that is not there, a root that is none.
        fs::write(place.join("file"), "").unwrap();
        for (folder, options, said) in [
            ("file", "--uts", "ENOTDIR"),
            ("gone/bundle", "--uts", "ENOENT"),
            ("new", "--rootfs gone", "neither a folder nor the name"),
        ] {
            let done = export(here, &at(folder), options);
            assert_ne!(done.code, 0, "{folder}: {done:?}");
            assert!(done.err.contains(said), "{folder}: {done:?}");
        }
        let mut left: Vec<_> = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["empty", "file"]);
        fs::remove_dir_all(place.join("empty")).unwrap();
        fs::remove_file(place.join("file")).unwrap();
    });
}

#[test]
fn a_mistake_is_told_in_both_languages() {
    both(|here| {
        let cases = [
            ("export oci", "there is no DIR", "faltou a PASTA"),
            ("export shell --utz", "did you mean `--uts`?", "você quis dizer `--uts`?"),
            ("export podmam", "did you mean `podman`?", "você quis dizer `podman`?"),
            ("export bwrap --memory lots -- sh", "expected bytes", "esperado: bytes"),
        ];
        for (line, en, pt_br) in cases {
            for (lang, said) in [("en", en), ("pt-BR", pt_br)] {
                let done = here.unha(&format!("--lang {lang} {line}")).done();
                assert_eq!((done.code, done.out.as_str()), (2, ""), "{line}: {done:?}");
                assert!(done.err.contains(said), "{line}: {done:?}");
            }
        }
        if !here.root {
            let done = here.unha("--lang en export shell --veth").done();
            assert!(done.code == 1 && done.err.contains("a cable needs an end on this machine"), "{done:?}");
        }
    });
}
