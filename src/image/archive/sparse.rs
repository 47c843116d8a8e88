//! Sparse files in a tar: only what is no hole is stored, and a map says where it belongs.
//!
//! GNU tar has written the map in four ways over the years: in the header, in two kinds of pax keys, and before the
//! content. A map is somebody's word too: pieces that overlap, or that together are not what is stored, are refused.

use super::pax::Pax;

/// Offset and length of each piece.
pub(super) type Pieces = Vec<(u64, u64)>;

/// More than this many pieces in a file are a bomb: 16 bytes of memory each.
pub(super) const MOST: usize = 1 << 17;

/// A sparse file as the keys describe it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Described {
    /// It is none.
    No,
    /// Its size and its map.
    Map(u64, Pieces),
    /// Its size; the map stands before the content.
    Ahead(u64),
}

/// What the pax keys say of it. `Err` when they say nonsense.
pub(super) fn described(pax: &Pax) -> Result<Described, ()> {
    if let Some(major) = pax.number("GNU.sparse.major")? {
        let real = pax.number("GNU.sparse.realsize")?;
        return if major == 1 { real.map(Described::Ahead).ok_or(()) } else { Err(()) };
    }
    let Some(size) = pax.number("GNU.sparse.size")? else { return Ok(Described::No) };
    let numbers: Vec<u64> = if let Some(map) = pax.get("GNU.sparse.map") {
        let text = std::str::from_utf8(map).map_err(|_| ())?;
        text.split(',').map(|number| number.parse().map_err(|_| ())).collect::<Result<_, _>>()?
    } else {
        let keys = ["GNU.sparse.offset", "GNU.sparse.numbytes"];
        let mut numbers = vec![];
        for (key, value) in pax.all(keys) {
            if key != keys[numbers.len() % 2].as_bytes() {
                return Err(());
            }
            numbers.push(std::str::from_utf8(value).map_err(|_| ())?.parse().map_err(|_| ())?);
        }
        numbers
    };
    let pieces = numbers.chunks(2).map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect::<Option<_>>();
    Ok(Described::Map(size, pieces.ok_or(())?))
}

/// Whether the pieces follow each other within the file and are together what is stored.
pub(super) fn fits(size: u64, stored: u64, pieces: &[(u64, u64)]) -> bool {
    let mut end = 0_u64;
    let mut sum = 0_u64;
    for &(offset, length) in pieces {
        let Some(next) = offset.checked_add(length) else { return false };
        if offset < end || next > size {
            return false;
        }
        end = next;
        sum += length; // each within the file, none over another: no more than `size`
    }
    sum == stored && pieces.len() <= MOST && i64::try_from(size).is_ok()
}

/// Reads the map that stands before the content: lines of decimal numbers, the first says how many pieces.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    number: Option<u64>,
    count: Option<u64>,
    numbers: Vec<u64>,
}

impl Ahead {
    /// Takes a block; gives the pieces once they are whole. What is left of the last block is padding.
    pub fn take(&mut self, block: &[u8]) -> Result<Option<Pieces>, ()> {
        for &byte in block {
            match byte {
                b'0'..=b'9' => {
                    let so_far = self.number.unwrap_or(0);
                    let longer = so_far.checked_mul(10).and_then(|ten| ten.checked_add(u64::from(byte - b'0')));
                    self.number = Some(longer.ok_or(())?);
                }
                b'\n' => {
                    let number = self.number.take().ok_or(())?;
                    match self.count {
                        None if number > MOST as u64 => return Err(()),
                        None => self.count = Some(number),
                        Some(_) => self.numbers.push(number),
                    }
                    if self.count.is_some_and(|count| self.numbers.len() as u64 == 2 * count) {
                        return Ok(Some(self.numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()));
                    }
                }
                _ => return Err(()),
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_held_against_what_is_stored() {
        for (size, stored, pieces, good) in [
            (10, 0, vec![], true),
            (10, 4, vec![(0, 2), (8, 2)], true),
            (10, 0, vec![(10, 0)], true),
            (10, 4, vec![(0, 2), (1, 2)], false),
            (10, 4, vec![(8, 2), (0, 2)], false),
            (10, 4, vec![(8, 4)], false),
            (10, 5, vec![(0, 4)], false),
            (10, 4, vec![(u64::MAX, 4)], false),
            (u64::MAX, 0, vec![], false),
        ] {
            assert_eq!(fits(size, stored, &pieces), good, "{size} {stored} {pieces:?}");
        }
    }

    #[test]
    fn a_map_before_the_content_is_read_piecewise() {
        let mut ahead = Ahead::default();
        assert_eq!(ahead.take(b"2\n0\n51"), Ok(None));
        assert_eq!(ahead.take(b"2\n1024\n5\n\0\0"), Ok(Some(vec![(0, 512), (1024, 5)])));
        assert_eq!(Ahead::default().take(b"0\n"), Ok(Some(vec![])));
        for bad in ["x", "\n", "99999999999\n", "1\n-5\n", "99999999999999999999999"] {
            assert_eq!(Ahead::default().take(bad.as_bytes()), Err(()), "{bad:?}");
        }
    }
}
