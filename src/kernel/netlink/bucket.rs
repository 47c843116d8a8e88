//! A token bucket: what a link may send, and what did not fit.
//!
//! tc-tbf(8), linux/pkt_sched.h. The crate of rtnetlink(7) messages does not know this queue, so its options are put
//! together and taken apart here.

use netlink_packet_core::{DefaultNla, Nla, NlasIterator};
use netlink_packet_route::tc::{TcAttribute, TcMessage, TcOption, TcStats2};

/// What a token bucket on a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Bits per second that it lets out.
    pub rate: u64,
    /// Packets that it has dropped.
    pub dropped: u64,
}

/// The attributes of a token bucket, of linux/pkt_sched.h.
const TCA_TBF_PARMS: u16 = 1;
const TCA_TBF_BURST: u16 = 6;

/// How many bytes may come at once: more than one of the largest packets that a link passes on whole.
const BURST: u32 = 16 * 1024;

/// How long a packet may wait for its turn before there is no room for it, in milliseconds.
const LATENCY: u64 = 200;

/// `struct tc_tbf_qopt`: two of `struct tc_ratespec` (of which the second, the peak rate, is not used), then the room
/// for what waits, in bytes; and beside it the burst, likewise.
pub(super) fn options(rate: u64) -> Vec<TcOption> {
    let bytes = rate / 8;
    let room = u32::try_from(u64::from(BURST) + bytes * LATENCY / 1000).unwrap_or(u32::MAX);
    let mut parms = vec![0_u8; 36];
    // Of Ethernet: then the kernel needs no table of how long each length takes.
    parms[1] = 1;
    parms[8..12].copy_from_slice(&u32::try_from(bytes).unwrap_or(u32::MAX).to_ne_bytes());
    parms[24..28].copy_from_slice(&room.to_ne_bytes());
    let option = |kind, value| TcOption::Other(DefaultNla::new(kind, value));
    vec![option(TCA_TBF_PARMS, parms), option(TCA_TBF_BURST, BURST.to_ne_bytes().to_vec())]
}

/// What a queue says of itself, if it is a token bucket.
pub(super) fn read(queue: &TcMessage) -> Option<Bucket> {
    let (mut of_its_kind, mut rate, mut dropped) = (false, 0, 0);
    for attribute in &queue.attributes {
        match attribute {
            TcAttribute::Kind(kind) => of_its_kind = kind == "tbf",
            TcAttribute::Options(options) => {
                // A queue that the crate does not know is told whole: the parts are still to be told apart.
                for whole in options {
                    let mut bytes = vec![0; whole.value_len()];
                    whole.emit_value(&mut bytes);
                    let parts = NlasIterator::new(&bytes[..]).filter_map(Result::ok);
                    for parms in parts.filter(|part| part.kind() == TCA_TBF_PARMS) {
                        let per_second = parms.value().get(8..12).and_then(|four| four.try_into().ok());
                        rate = per_second.map_or(0, |four| u64::from(u32::from_ne_bytes(four)) * 8);
                    }
                }
            }
            TcAttribute::Stats2(parts) => {
                for part in parts {
                    if let TcStats2::Queue(counts) = part {
                        dropped = u64::from(counts.drops);
                    }
                }
            }
            _ => {}
        }
    }
    of_its_kind.then_some(Bucket { rate, dropped })
}
