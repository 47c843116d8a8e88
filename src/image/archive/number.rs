//! Numbers in the headers of tar(5): octal digits since 1979, and binary since files grew beyond 8 GiB.
//!
//! A learner sees them with `tar -c x | head -c 512 | hexdump -C`.

/// A number in a header: octal digits with blanks or NULs around them, or binary if the first bit is set.
pub(super) fn number(field: &[u8]) -> Option<i128> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        let start = if first & 0x40 == 0 { i128::from(first & 0x3f) } else { i128::from(first) - 0x100 };
        return rest.iter().try_fold(start, |sum, &byte| Some(sum.checked_mul(256)? + i128::from(byte)));
    }
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    let text = std::str::from_utf8(&field[..end]).ok()?.trim_matches(' ');
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok().map(i128::from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary() {
        for (field, value) in [
            (b"0000644\0".as_slice(), Some(0o644)),
            (b"   644 \0", Some(0o644)),
            (b"\0\0\0", Some(0)),
            (b"        ", Some(0)),
            (b"-1\0", None),
            (b"9\0", None),
            (b"\x80\0\0\0\0\0\x01\0", Some(256)),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff", Some(-1)),
            (b"77777777777", Some(0o77_777_777_777)),
        ] {
            assert_eq!(number(field), value, "{field:?}");
        }
    }
}
