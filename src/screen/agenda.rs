//! The agenda: the lessons, how far one is, and what this machine can do.
//!
//! ```text
//!    done     0  nothing   a process and nothing more             4 min
//!  ▸ 3/6      1  uts       a name of its own                      5 min
//! ```

use ratatui::layout::Rect;

use super::layout::{Panes, centred};
use super::pen::{Pen, columns, wrap};
use super::{bottom, words};
use crate::course::lesson::{Lesson, Step};
use crate::course::talk::{Route, Talk, View};
use crate::course::text::Lang;

/// The widest that the page gets; on a larger screen it stands in the middle.
const WIDTH: u16 = 100;
/// Rows of the page besides the lessons.
const ROWS: u16 = 13;

/// Draws the agenda with this lesson chosen.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk, chosen: usize) {
    top(pen, panes.top);
    bottom_line(pen, panes.bottom, talk, chosen);
    let lessons = u16::try_from(talk.lessons.len()).unwrap_or(u16::MAX);
    let body = panes.body;
    let area =
        if body.height > 30 { centred(body, WIDTH, lessons + ROWS + 6) } else { centred(body, WIDTH, body.height) };
    let mut spare = area.height.saturating_sub(lessons + ROWS - 4);
    let mut air = || {
        let taken = spare.min(1);
        spare -= taken;
        taken
    };
    let [before_route, before_machine, before_list, before_thanks] = [air(), air(), air(), air()];
    let strong = pen.look.strong();
    let motto = pen.pick(
        "A container is a process. Build one, piece by piece.",
        "Um contêiner é um processo. Monte um, peça por peça.",
    );
    pen.put(area, 0, 1, motto, strong);
    let row = list(pen, area, 1 + before_list + air(), talk, chosen) + before_route;
    route(pen, area, row, talk);
    let row = machine(pen, area, row + 1 + before_machine, talk);
    thanks(pen, area, row + before_thanks);
}

fn top(pen: &mut Pen, area: Rect) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let column = pen.put(area, 0, 1, "unha", strong);
    let title = pen.pick("Linux containers by hand", "Linux contêineres na unha");
    let column = pen.put(area, 0, column, &format!(" · {title}"), text);
    pen.put_right(area, 0, column, pen.pick("L Português   F1 help", "L English   F1 ajuda"), dim);
    pen.rule(area, 1, "─", dim);
}

/// The steps of a lesson that the route walks.
fn walked(lesson: &Lesson, route: Route) -> impl Iterator<Item = &Step> {
    lesson.steps.iter().filter(move |step| route == Route::Full || step.must)
}

fn is_done(talk: &Talk, lesson: &Lesson, step: &Step) -> bool {
    talk.done.contains(&(lesson.id.clone(), step.id.clone()))
}

/// The step at which a lesson goes on, and of how many; `None` when all are done.
fn goes_on(talk: &Talk, lesson: &Lesson) -> Option<(usize, usize)> {
    let undone = walked(lesson, talk.route).position(|step| !is_done(talk, lesson, step))?;
    Some((undone + 1, walked(lesson, talk.route).count()))
}

fn is_begun(talk: &Talk, lesson: &Lesson) -> bool {
    walked(lesson, talk.route).any(|step| is_done(talk, lesson, step))
}

fn list(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, chosen: usize) -> u16 {
    // With more lessons than rows the list follows the chosen one.
    let rows = usize::from(area.height.saturating_sub(row + 4)).clamp(1, talk.lessons.len().max(1));
    let first = (chosen + 1).saturating_sub(rows).min(talk.lessons.len() - rows);
    let mut row = row;
    for (index, lesson) in talk.lessons.iter().enumerate().skip(first).take(rows) {
        draw_lesson(pen, area, row, talk, index, index == chosen);
        let _ = lesson;
        row += 1;
    }
    row
}

fn draw_lesson(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, index: usize, here: bool) {
    let lang = talk.lang;
    let lesson = &talk.lessons[index];
    let state = match goes_on(talk, lesson) {
        None => words::done(lang).to_lowercase(),
        Some((step, of)) if is_begun(talk, lesson) => format!("{step}/{of}"),
        Some(_) => String::new(),
    };
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let style = if here { strong } else { text };
    if here {
        pen.put(area, row, 1, "▸", strong);
    }
    pen.put(area, row, 3, &state, if here { strong } else { dim });
    pen.put(area, row, 12, &format!("{index}"), style);
    pen.put(area, row, 15, lesson.title.get(lang), style);
    let minutes = format!("{} min", minutes(walked(lesson, talk.route)));
    let room = Rect { width: area.width.saturating_sub(columns(&minutes) + 3), ..area };
    pen.put(room, row, 25, lesson.summary.get(lang), style);
    pen.put_right(area, row, room.width, &minutes, if here { strong } else { dim });
}

/// The planned time of steps, in whole minutes.
fn minutes<'a>(steps: impl Iterator<Item = &'a Step>) -> u32 {
    steps.map(|step| step.seconds).sum::<u32>().div_ceil(60)
}

fn route(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) {
    let (dim, text) = (pen.look.dim(), pen.look.text());
    let all = |route| minutes(talk.lessons.iter().flat_map(|lesson| walked(lesson, route)));
    let named = |route, name: &str| {
        let shown = format!("{name} {} min", all(route));
        if talk.route == route { format!("[{shown}]") } else { format!(" {shown} ") }
    };
    let full = named(Route::Full, pen.pick("full", "completa"));
    let short = named(Route::Short, pen.pick("short", "curta"));
    let column = pen.put(area, row, 3, pen.pick("route ", "trilha "), dim);
    let column = pen.put(area, row, column, &format!("{full} {short}"), text);
    let undone = |lesson: &'_ Lesson| {
        walked(lesson, talk.route).filter(|step| !is_done(talk, lesson, step)).map(|step| step.seconds).sum::<u32>()
    };
    let left = talk.lessons.iter().map(undone).sum::<u32>().div_ceil(60);
    let left = match talk.lang {
        _ if talk.done.is_empty() => String::new(),
        Lang::En => format!("about {left} min to go"),
        Lang::PtBr => format!("faltam uns {left} min"),
    };
    pen.put_right(area, row, column + 1, &left, text);
}

/// What this machine can do: yes or no, and why not.
fn machine(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) -> u16 {
    let lang = talk.lang;
    let machine = &talk.machine;
    let cgroup = match machine.cgroup {
        Ok(version) => format!("cgroup v{version}"),
        Err(_) => "cgroup".to_owned(),
    };
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let mut column = pen.put(area, row, 1, lang.pick("This machine", "Esta máquina"), dim);
    let can = [
        ("root", machine.root),
        ("namespaces", machine.namespaces.is_ok()),
        (cgroup.as_str(), machine.cgroup.is_ok()),
        ("rootfs", machine.rootfs.is_ok()),
    ];
    for (name, can) in can {
        let word = if can { words::yes(lang) } else { words::no(lang) };
        column = pen.put(area, row, column + 3, word, if can { text } else { strong });
        column = pen.put(area, row, column, &format!(" {name}"), text);
    }
    let mut row = row + 1;
    let why = [machine.namespaces.as_ref().err(), machine.cgroup.as_ref().err(), machine.rootfs.as_ref().err()];
    for why in why.into_iter().flatten().take(2) {
        pen.put(area, row, 3, why, text);
        row += 1;
    }
    let bench = lang
        .pick("Outside is the bench: what you break stays there.", "Fora é a bancada: o que você quebrar fica nela.");
    pen.put(area, row, 1, bench, text);
    row + 1
}

fn thanks(pen: &mut Pen, area: Rect, row: u16) {
    let dim = pen.look.dim();
    let thanks = pen.pick(
        "From the talk by Wellington F. Silva (TDC 2019); thanks to Liz Rice and Julian Friedman.",
        "Da palestra de Wellington F. Silva (TDC 2019); graças a Liz Rice e Julian Friedman.",
    );
    let lines = wrap(thanks, area.width.saturating_sub(2).min(76));
    pen.put_lines(area, row, 1, &lines, dim);
}

fn bottom_line(pen: &mut Pen, area: Rect, talk: &Talk, chosen: usize) {
    bottom::draw(pen, area, talk);
    debug_assert!(matches!(talk.view, View::Agenda { .. }));
    let lang = talk.lang;
    let Some(lesson) = talk.lessons.get(chosen) else { return };
    let name = format!("{chosen} {}", lesson.title.get(lang));
    let does = match goes_on(talk, lesson) {
        Some((step, _)) if is_begun(talk, lesson) => {
            format!("{}: {name}, {} {step}", lang.pick("go on", "continua"), words::step(lang))
        }
        Some(_) => format!("{}: {name}", lang.pick("begin", "começa")),
        None => format!("{}: {name}", lang.pick("once more", "de novo")),
    };
    let right = lang.pick("↑↓ choose   T route   q leave", "↑↓ escolhe   T trilha   q sair");
    bottom::promise(pen, area, 1, "Enter", &does, right);
}
