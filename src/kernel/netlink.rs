//! Network links, addresses and queues, as the kernel tells and takes them: by messages over a socket.
//!
//! netlink(7), rtnetlink(7), veth(4), tc-tbf(8). A socket is of the network namespace in which it was opened. What changes
//! something goes into the journal as the message that it is.

mod bucket;

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsRawFd, BorrowedFd};

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage,
    NetlinkPayload,
};
use netlink_packet_route::address::{AddressAttribute, AddressMessage};
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoVeth, LinkAttribute, LinkExtentMask, LinkFlags, LinkInfo, LinkMessage,
};
use netlink_packet_route::nsid::{NsidAttribute, NsidMessage};
use netlink_packet_route::tc::{TcAttribute, TcHandle, TcMessage};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage as Message};
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};
use nix::errno::Errno;

pub use self::bucket::Bucket;
use super::sys::{self, SysError};

/// A link of this network namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// Whether it is up.
    pub up: bool,
    /// Whether it is one end of a pair.
    pub paired: bool,
    /// The number by which this namespace knows the one in which its other end is, if that is another.
    pub other_end: Option<i32>,
}

/// A line to the kernel.
pub struct Netlink(Socket);

impl Netlink {
    /// Opens one into the network namespace of this thread.
    ///
    /// # Errors
    /// What socket(2) or bind(2) says.
    pub fn open() -> Result<Self, SysError> {
        let opened = || {
            let mut socket = Socket::new(NETLINK_ROUTE)?;
            socket.bind_auto()?;
            socket.connect(&SocketAddr::new(0, 0))?;
            Ok(socket)
        };
        let errno = |error: io::Error| sys::refused("socket", &["NETLINK_ROUTE"], errno_of(&error));
        opened().map(Self).map_err(errno)
    }

    /// Makes a pair of links, `name` here and `other` in the network namespace that `there` stands for: what goes into one
    /// comes out of the other. It goes with either of the namespaces.
    ///
    /// # Errors
    /// EEXIST; EPERM without CAP_NET_ADMIN in both; EOPNOTSUPP where the kernel has no veth.
    pub fn pair(&self, name: &str, other: &str, there: BorrowedFd<'_>) -> Result<(), SysError> {
        let mut end = LinkMessage::default();
        end.attributes = vec![LinkAttribute::IfName(other.to_owned()), LinkAttribute::NetNsFd(there.as_raw_fd())];
        let info = vec![LinkInfo::Kind(InfoKind::Veth), LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(end)))];
        let mut link = LinkMessage::default();
        // A number that the other end has not got: the kernel takes ends with the same one for no pair when it tells that
        // they are up, and takes up to a second for it (`linkwatch_urgent_event`).
        link.header.index = self.links()?.iter().map(|link| link.index).fold(9, u32::max) + 1;
        link.attributes = vec![LinkAttribute::IfName(name.to_owned()), LinkAttribute::LinkInfo(info)];
        self.tell(Message::NewLink(link), NLM_F_CREATE | NLM_F_EXCL, "RTM_NEWLINK", &["veth", name, other])
    }

    /// Switches a link on.
    ///
    /// # Errors
    /// ENODEV; EPERM.
    pub fn up(&self, name: &str) -> Result<(), SysError> {
        let mut link = LinkMessage::default();
        link.header.index = self.index(name)?;
        link.header.flags = LinkFlags::Up;
        link.header.change_mask = LinkFlags::Up;
        self.tell(Message::SetLink(link), 0, "RTM_SETLINK", &[name, "up"])
    }

    /// Gives a link an address and, with it, a way to the others of the same network.
    ///
    /// # Errors
    /// ENODEV; EEXIST; EPERM.
    pub fn give_address(&self, name: &str, address: Ipv4Addr, prefix: u8) -> Result<(), SysError> {
        let mut message = AddressMessage::default();
        message.header.family = AddressFamily::Inet;
        message.header.prefix_len = prefix;
        message.header.index = self.index(name)?;
        message.attributes = vec![AddressAttribute::Local(address.into()), AddressAttribute::Address(address.into())];
        let words = [name, &format!("{address}/{prefix}")];
        self.tell(Message::NewAddress(message), NLM_F_CREATE | NLM_F_EXCL, "RTM_NEWADDR", &words)
    }

    /// Lets a link send so many bits per second, in place of what it was allowed before; `None` is all that it can.
    ///
    /// # Errors
    /// ENODEV; EPERM; ENOENT where the kernel has no tbf.
    pub fn limit(&self, name: &str, rate: Option<u64>) -> Result<(), SysError> {
        let mut message = TcMessage::default();
        message.header.index = self.index(name)?.cast_signed();
        message.header.parent = TcHandle::ROOT;
        let Some(rate) = rate else {
            return match self.tell(Message::DelQueueDiscipline(message), 0, "RTM_DELQDISC", &[name]) {
                // There was none.
                Err(error) if matches!(error.errno, Errno::ENOENT | Errno::EINVAL) => Ok(()),
                done => done,
            };
        };
        message.attributes = vec![TcAttribute::Kind("tbf".to_owned()), TcAttribute::Options(bucket::options(rate))];
        let words = [name, "tbf", &format!("rate {rate}bit")];
        self.tell(Message::NewQueueDiscipline(message), NLM_F_CREATE | NLM_F_REPLACE, "RTM_NEWQDISC", &words)
    }

    /// Removes a link that is one end of a pair, and with it the other; if there is none of that name, nothing.
    ///
    /// # Errors
    /// EPERM.
    pub fn remove(&self, name: &str) -> Result<(), SysError> {
        let Some(found) = self.links()?.into_iter().find(|link| link.name == name && link.paired) else {
            return Ok(());
        };
        let mut link = LinkMessage::default();
        link.header.index = found.index;
        self.tell(Message::DelLink(link), 0, "RTM_DELLINK", &[name])
    }

    /// The links, in the kernel's order.
    ///
    /// # Errors
    /// What the socket says.
    pub fn links(&self) -> Result<Vec<Link>, SysError> {
        let mut question = LinkMessage::default();
        // The counters are most of an answer, and nobody reads them here.
        question.attributes = vec![LinkAttribute::ExtMask(vec![LinkExtentMask::SkipStats])];
        let told = self.ask(Message::GetLink(question), NLM_F_DUMP, "RTM_GETLINK")?;
        Ok(told
            .into_iter()
            .filter_map(|message| if let Message::NewLink(link) = message { Some(link) } else { None })
            .map(read_link)
            .collect())
    }

    /// The addresses: the number of the link that has it, the address, and how many bits of it are the network's.
    ///
    /// # Errors
    /// What the socket says.
    pub fn addresses(&self) -> Result<Vec<(u32, IpAddr, u8)>, SysError> {
        let told = self.ask(Message::GetAddress(AddressMessage::default()), NLM_F_DUMP, "RTM_GETADDR")?;
        let address = |message| {
            let Message::NewAddress(message) = message else { return None };
            let address = message.attributes.iter().find_map(|attribute| match attribute {
                AddressAttribute::Address(address) => Some(*address),
                _ => None,
            });
            Some((message.header.index, address?, message.header.prefix_len))
        };
        Ok(told.into_iter().filter_map(address).collect())
    }

    /// The number by which this network namespace knows that of the process `pid`: it has one once a link that leads there
    /// was seen.
    ///
    /// # Errors
    /// What the socket says; ESRCH.
    pub fn number_of(&self, pid: u32) -> Result<Option<i32>, SysError> {
        let mut question = NsidMessage::default();
        question.attributes = vec![NsidAttribute::Pid(pid)];
        let told = self.ask(Message::GetNsId(question), 0, "RTM_GETNSID")?;
        let number = told.iter().find_map(|message| {
            let Message::NewNsId(message) = message else { return None };
            message.attributes.iter().find_map(|attribute| match attribute {
                NsidAttribute::Id(number) => Some(*number),
                _ => None,
            })
        });
        Ok(number.filter(|number| *number >= 0))
    }

    /// The token bucket on the link with this number, if there is one.
    ///
    /// # Errors
    /// What the socket says.
    pub fn bucket(&self, index: u32) -> Result<Option<Bucket>, SysError> {
        let mut question = TcMessage::default();
        question.header.index = index.cast_signed();
        let told = self.ask(Message::GetQueueDiscipline(question), NLM_F_DUMP, "RTM_GETQDISC")?;
        let of_it = |message| match message {
            Message::NewQueueDiscipline(queue) if queue.header.index == index.cast_signed() => bucket::read(&queue),
            _ => None,
        };
        Ok(told.into_iter().find_map(of_it))
    }

    fn index(&self, name: &str) -> Result<u32, SysError> {
        let found = self.links()?.into_iter().find(|link| link.name == name);
        found.map(|link| link.index).ok_or_else(|| sys::refused("sendto", &["RTM_GETLINK", name], Errno::ENODEV))
    }

    /// Sends what changes something, and tells the journal.
    fn tell(&self, message: Message, flags: u16, name: &str, words: &[&str]) -> Result<(), SysError> {
        let done = self.exchange(message, NLM_F_ACK | flags).map(drop);
        sys::told(name, words, done)
    }

    fn ask(&self, message: Message, flags: u16, name: &str) -> Result<Vec<Message>, SysError> {
        self.exchange(message, flags).map_err(|errno| sys::refused("sendto", &[name], errno))
    }

    /// One message there, and all that is answered.
    fn exchange(&self, message: Message, flags: u16) -> nix::Result<Vec<Message>> {
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | flags;
        let mut request = NetlinkMessage::new(header, NetlinkPayload::from(message));
        request.finalize();
        let mut bytes = vec![0; request.buffer_len()];
        request.serialize(&mut bytes);
        self.0.send(&bytes, 0).map_err(|error| errno_of(&error))?;
        let mut answers = vec![];
        // As much as the kernel puts into one message at most.
        let mut buffer = vec![0; 32 * 1024];
        loop {
            let length = self.0.recv(&mut &mut buffer[..], 0).map_err(|error| errno_of(&error))?;
            let mut rest = &buffer[..length];
            while !rest.is_empty() {
                let answer = NetlinkMessage::<Message>::deserialize(rest).map_err(|_| Errno::EBADMSG)?;
                // Each begins where a multiple of four ends.
                let length = (answer.header.length as usize).next_multiple_of(4);
                rest = rest.get(length..).unwrap_or_default();
                match answer.payload {
                    NetlinkPayload::Done(_) => return Ok(answers),
                    NetlinkPayload::Error(error) => {
                        return error.code.map_or(Ok(answers), |code| Err(Errno::from_raw(-code.get())));
                    }
                    NetlinkPayload::InnerMessage(message) => answers.push(message),
                    _ => {}
                }
            }
            if flags & (NLM_F_DUMP | NLM_F_ACK) == 0 {
                return Ok(answers);
            }
        }
    }
}

fn errno_of(error: &io::Error) -> Errno {
    Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO))
}

fn read_link(message: LinkMessage) -> Link {
    let mut link = Link {
        index: message.header.index,
        name: String::new(),
        up: message.header.flags.contains(LinkFlags::Up),
        paired: false,
        other_end: None,
    };
    for attribute in message.attributes {
        match attribute {
            LinkAttribute::IfName(name) => link.name = name,
            LinkAttribute::LinkNetNsId(number) => link.other_end = Some(number),
            LinkAttribute::LinkInfo(info) => link.paired = info.contains(&LinkInfo::Kind(InfoKind::Veth)),
            _ => {}
        }
    }
    link
}
