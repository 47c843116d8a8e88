//! Seeing network links.
//!
//! `network_namespaces(7)`, `proc_pid_net(5)`. `/proc/PID/net` is the network as that process has it, so nobody needs
//! to go there. The learner sees the machine's network cards on one side and a lonely `lo` on the other.

use std::net::IpAddr;
use std::time::Instant;

use super::place::{Place, Unread};
use super::visit::visit;
use crate::kernel::fact::Value;
use crate::kernel::netlink::{Bucket, Link, Netlink};

/// The names of its links, in the kernel's order.
pub(super) fn links(place: &Place<'_>) -> Result<Value, Unread> {
    let table = place.read("net/dev")?;
    // Two lines of headings, then `  eth0: 123 …`.
    let names = table.lines().skip(2).filter_map(|line| line.split_once(':'));
    Ok(Value::List(names.map(|(name, _)| name.trim().to_owned()).collect()))
}

/// Which network namespace it is.
pub(super) fn namespace(place: &Place<'_>) -> Result<Value, Unread> {
    place.namespace("net").map(Value::Number)
}

/// Those of them that are up.
pub(super) fn up(place: &Place<'_>) -> Result<Value, Unread> {
    let network = place.network()?;
    Ok(Value::List(network.links.iter().filter(|link| link.up).map(|link| link.name.clone()).collect()))
}

/// Its addresses, with the links that have them.
pub(super) fn addresses(place: &Place<'_>) -> Result<Value, Unread> {
    let Network { links, addresses } = place.network()?;
    let name = |index| links.iter().find(|link| link.index == index).map_or("?", |link| &link.name);
    let given = |address: &IpAddr| !matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local());
    let given = addresses.iter().filter(|(_, address, _)| given(address));
    Ok(Value::List(given.map(|(link, address, bits)| format!("{} {address}/{bits}", name(*link))).collect()))
}

/// How many bits per second whoever looks lets through to it: what holds them back is on the viewer's side.
pub(super) fn rate(place: &Place<'_>) -> Result<Value, Unread> {
    Ok(place.bucket()?.map_or_else(|| Value::Text("max".to_owned()), |bucket| Value::Number(bucket.rate)))
}

/// How many packets were dropped there.
pub(super) fn dropped(place: &Place<'_>) -> Result<Value, Unread> {
    Ok(Value::Number(place.bucket()?.map_or(0, |bucket| bucket.dropped)))
}

/// What a network namespace tells whoever is in it.
#[derive(Debug, Clone)]
pub(super) struct Network {
    links: Vec<Link>,
    /// The number of the link, the address, the bits of it that are the network's.
    addresses: Vec<(u32, IpAddr, u8)>,
}

impl Network {
    /// Asks in the place's.
    pub(super) fn of(place: &Place<'_>) -> Result<Self, Unread> {
        visit(place, "net", || {
            let line = Netlink::open()?;
            Ok(Self { links: line.links()?, addresses: line.addresses()? })
        })
    }
}

/// What holds back what the viewer sends to the place.
pub(super) fn bucket(place: &Place<'_>) -> Result<Option<Bucket>, Unread> {
    own(place)?;
    let pid = place.name.parse().map_err(|_| Unread::words("no number"))?;
    // The viewer's links first: a namespace has a number here once somebody has seen that a link leads there.
    let links = &place.viewer().network()?.links;
    let line = Netlink::open()?;
    let number = line.number_of(pid)?;
    let end = links.iter().find(|link| number.is_some() && link.other_end == number);
    let end = end.ok_or_else(|| Unread::words("no cable leads to its network"))?;
    Ok(line.bucket(end.index)?)
}

/// Makes sure that its network is not the viewer's.
fn own(place: &Place<'_>) -> Result<(), Unread> {
    if place.namespace("net")? == place.viewer().namespace("net")? {
        return Err(Unread::words("it has no network of its own"));
    }
    Ok(())
}

/// How much comes in: the difference of two looks at a counter that only counts up.
#[derive(Debug, Default)]
pub(super) struct Meter {
    last: Option<(u64, u64, Instant)>,
}

impl Meter {
    /// Bits per second since the last look at the same network.
    pub(super) fn bits(&mut self, place: &Place<'_>) -> Result<Value, Unread> {
        own(place)?;
        let table = place.read("net/dev")?;
        let links = table.lines().skip(2).filter_map(|line| line.split_once(':'));
        // The first number is of bytes received.
        let bytes = links
            .filter(|(name, _)| name.trim() != "lo")
            .filter_map(|(_, numbers)| numbers.split_ascii_whitespace().next()?.parse::<u64>().ok());
        let now = (place.namespace("net")?, bytes.sum::<u64>(), Instant::now());
        let last = self.last.replace(now).filter(|last| last.0 == now.0);
        let last = last.ok_or_else(|| Unread::words("it takes a second look"))?;
        let elapsed = now.2.duration_since(last.2).as_millis().max(1);
        let per_second = u128::from(now.1.saturating_sub(last.1)) * 8000 / elapsed;
        Ok(Value::Number(u64::try_from(per_second).unwrap_or(u64::MAX)))
    }
}
