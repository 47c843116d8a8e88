//! The extended header of pax(1): `LENGTH KEY=VALUE\n`, over and over, before the entry that it is about.
//!
//! It carries what the old header has no room for: long names, large sizes, fractions of seconds, extended attributes.
//! Values may hold any byte, a newline too: only the length says where one ends.

use std::collections::{BTreeMap, HashMap};

/// What an extended header says. What comes later wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pax {
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
}

const XATTR: &[u8] = b"SCHILY.xattr.";

impl Pax {
    /// Reads the content of one; nothing when it does not read as one.
    pub fn read(mut text: &[u8]) -> Option<Self> {
        let mut pairs = vec![];
        while !text.is_empty() && text[0] != 0 {
            let space = text.iter().take(20).position(|&byte| byte == b' ')?;
            let length: usize = std::str::from_utf8(&text[..space]).ok()?.parse().ok()?;
            let record = text.get(space + 1..length)?;
            let (b'\n', record) = record.split_last()? else { return None };
            let equals = record.iter().position(|&byte| byte == b'=')?;
            pairs.push((record[..equals].to_vec(), record[equals + 1..].to_vec()));
            text = &text[length..];
        }
        Some(Self { pairs })
    }

    /// What headers say that follow each other: a key takes back what earlier ones say of it, but not what its own does.
    pub fn together<'a>(headers: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let mut last: HashMap<&[u8], usize> = HashMap::new();
        for (at, header) in headers.clone().enumerate() {
            last.extend(header.pairs.iter().map(|(key, _)| (key.as_slice(), at)));
        }
        let mut pairs = vec![];
        for (at, header) in headers.enumerate() {
            let stays = header.pairs.iter().filter(|(key, _)| last.get(key.as_slice()) == Some(&at));
            pairs.extend(stays.cloned());
        }
        Self { pairs }
    }

    /// The value of a key. An empty one takes back what was said before.
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        let found = self.pairs.iter().rev().find(|(name, _)| name == key.as_bytes());
        found.map(|(_, value)| value.as_slice()).filter(|value| !value.is_empty())
    }

    /// A value that is a number; `Err` when it is none.
    pub fn number(&self, key: &str) -> Result<Option<u64>, ()> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let text = std::str::from_utf8(value).map_err(|_| ())?;
        text.parse().map(Some).map_err(|_| ())
    }

    /// Every value of a key or of one of two keys, in order: the oldest kind of sparse file repeats them.
    pub fn all<'a>(&'a self, keys: [&'a str; 2]) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let wanted = move |key: &[u8]| keys.iter().any(|name| name.as_bytes() == key);
        self.pairs.iter().filter(move |(key, _)| wanted(key)).map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    /// The extended attributes.
    pub fn xattrs(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = BTreeMap::new();
        for (key, value) in &self.pairs {
            if let Some(name) = key.strip_prefix(XATTR) {
                found.insert(name.to_vec(), value.clone());
            }
        }
        found.into_iter().collect()
    }

    /// A time with a fraction, as seconds and nanoseconds. Before 1970 the nanoseconds still count forwards.
    pub fn time(&self, key: &str) -> Result<Option<(i64, u32)>, ()> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let text = std::str::from_utf8(value).map_err(|_| ())?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(());
        }
        let seconds: i64 = whole.parse().map_err(|_| ())?;
        let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
        let nanos: u32 = digits.parse().map_err(|_| ())?;
        Ok(Some(if whole.starts_with('-') && nanos > 0 {
            (seconds.checked_sub(1).ok_or(())?, 1_000_000_000 - nanos)
        } else {
            (seconds, nanos)
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn record(key: &str, value: &[u8]) -> Vec<u8> {
        let rest = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
        let mut length = rest.len();
        while length != rest.len() + length.to_string().len() {
            length = rest.len() + length.to_string().len();
        }
        [length.to_string().as_bytes(), &rest].concat()
    }

    #[test]
    fn a_value_may_hold_a_newline() {
        let text =
            [record("SCHILY.xattr.user.a", b"x\ny=\0z"), record("path", b"one"), record("path", b"two")].concat();
        let pax = Pax::read(&text).unwrap();
        assert_eq!(pax.xattrs(), [(b"user.a".to_vec(), b"x\ny=\0z".to_vec())]);
        assert_eq!(pax.get("path"), Some(b"two".as_slice()));
        assert_eq!(pax.get("linkpath"), None);
    }

    #[test]
    fn a_later_header_takes_back_what_an_earlier_one_says() {
        let read = |records: &[(&str, &str)]| {
            let text: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value.as_bytes())).collect();
            Pax::read(&text).unwrap()
        };
        let globals = read(&[("path", "one"), ("a", "0"), ("SCHILY.xattr.user.x", "1")]);
        let first = read(&[("a", "1"), ("b", "2"), ("path", "two")]);
        let second = read(&[("a", "3"), ("a", "4"), ("SCHILY.xattr.user.x", "2"), ("SCHILY.xattr.user.x", "3")]);
        let all = Pax::together([&globals, &first, &second].into_iter());
        let said: Vec<&[u8]> = all.all(["a", "b"]).map(|(_, value)| value).collect();
        assert_eq!(said, [b"2", b"3", b"4"], "within one header they repeat");
        assert_eq!(all.get("path"), Some(b"two".as_slice()));
        assert_eq!(all.xattrs(), [(b"user.x".to_vec(), b"3".to_vec())]);
    }

    /// As many keys as fit into two headers, each held against each other, would take a minute.
    #[test]
    fn many_keys_take_no_time() {
        let header = |name: &str| {
            let text: Vec<u8> =
                (0..30_000).flat_map(|number| record(&format!("SCHILY.xattr.{name}{number}"), b"x")).collect();
            Pax::read(&text).unwrap()
        };
        let (one, two) = (header("a"), header("b"));
        let start = Instant::now();
        assert_eq!(Pax::together([&one, &two].into_iter()).xattrs().len(), 60_000);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[test]
    fn times_have_fractions() {
        for (text, time) in [
            ("1", Some((1, 0))),
            ("1.5", Some((1, 500_000_000))),
            ("1.0000000019", Some((1, 1))),
            ("-1.25", Some((-2, 750_000_000))),
            ("-0.5", Some((-1, 500_000_000))),
            ("1.x", None),
            ("", None),
            ("1e5", None),
        ] {
            let pax = Pax::read(&record("mtime", text.as_bytes())).unwrap();
            assert_eq!(pax.time("mtime").ok().flatten(), time, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_header_is_none() {
        for text in ["1", "5 a=b", "99 a=b\n", "7 a=bcd\n", "0 a=b\n", "3 \n", "-6 a=b\n", "18446744073709551615 a=b\n"]
        {
            assert_eq!(Pax::read(text.as_bytes()), None, "{text:?}");
        }
        assert!(Pax::read(b"6 a=b\n\0\0\0").is_some());
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(key in "[a-zA-Z.]{1,20}", value in proptest::collection::vec(any::<u8>(), 1..200)) {
            let pax = Pax::read(&record(&key, &value)).unwrap();
            prop_assert_eq!(pax.get(&key), Some(value.as_slice()));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Pax::read(&text);
        }
    }
}
