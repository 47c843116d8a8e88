//! The row `call`: the call that a step is about, and none where no call has to do with it.

use unha::course::Call;
use unha::course::event::Event;
use unha::course::lesson::Code;
use unha::course::text::Text;

use crate::person::Room;

fn call(name: &str, args: &[&str]) -> Call {
    Call { name: name.to_owned(), args: args.iter().map(|arg| (*arg).to_owned()).collect(), result: Ok(0) }
}

fn code(file: &str, anchor: &str, call: Option<&str>) -> Code {
    let (file, anchor, call) = (file.to_owned(), anchor.to_owned(), call.map(ToOwned::to_owned));
    Code { file, anchor, note: Text::both("", ""), call }
}

/// The calls that start a box.
fn built() -> [Call; 4] {
    [
        call("unshare", &["CLONE_NEWUTS"]),
        call("sethostname", &["\"caixa\""]),
        call("sendto", &["NETLINK_ROUTE", "RTM_NEWLINK", "\"veth\""]),
        call("execve", &["\"/bin/sh\""]),
    ]
}

fn told(calls: &[Call], code: Option<Code>) -> Option<String> {
    let mut room = Room::at("on");
    let at = room.talk.at;
    room.talk.lessons[at.lesson].steps[at.step].code = code;
    room.talk.journal_from = room.talk.journal.len();
    for call in calls {
        room.talk.update(Event::Journal(call.clone()));
    }
    room.talk.telling().map(|call| call.name.clone())
}

#[test]
fn a_box_built_anew_shows_the_call_that_the_step_is_about_or_none() {
    let about = |code| told(&built(), Some(code));
    assert_eq!(about(code("uts.rs", "unshare(CloneFlags::CLONE_NEWUTS)", None)).as_deref(), Some("unshare"));
    assert_eq!(about(code("stage.rs", "uts::set_hostname(name)?;", None)).as_deref(), Some("sethostname"));
    assert_eq!(about(code("net.rs", "outside.pair(&cable.name, END, there)?;", None)), None);
    let cable = code("net.rs", "outside.pair(&cable.name, END, there)?;", Some("sendto RTM_NEWLINK veth"));
    assert_eq!(about(cable).as_deref(), Some("sendto"));
    assert_eq!(about(code("seccomp.json", "whoever may unshare(CLONE_NEWUTS)", None)), None, "a list makes no call");
    assert_eq!(told(&built(), None), None);
}

#[test]
fn a_limit_that_was_set_is_shown_and_so_is_what_was_refused() {
    assert_eq!(told(&[call("write", &["\"pids.max\"", "\"15\""])], None).as_deref(), Some("write"));
    assert_eq!(told(&[call("umount2", &["\".\"", "MNT_DETACH"])], None), None, "a box's last call, heard of late");
    let mut calls = built();
    calls[0].result = Err("EPERM".to_owned());
    assert_eq!(told(&calls, None).as_deref(), Some("unshare"));
}
