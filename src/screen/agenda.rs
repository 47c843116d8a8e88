//! The agenda: the lessons, how far one is, and what this machine can do.
//!
//! ```text
//!    done     0  nothing   a process and nothing more             4 min
//!  ▸ 3/6      1  uts       a name of its own                      5 min
//! ```

use ratatui::layout::Rect;

use super::layout::{Panes, centred, split_at};
use super::pen::{Pen, columns, wrap};
use super::{bottom, words};
use crate::course::Because;
use crate::course::lesson::{Lesson, Step};
use crate::course::mend::helps;
use crate::course::reason::why;
use crate::course::talk::{Route, Talk};
use crate::course::text::Lang;

/// The widest that the page gets; on a larger screen it stands in the middle.
const WIDTH: u16 = 84;
/// From this height on the page stands in the middle below a wordmark, its lessons a row apart.
const ROOMY: u16 = 36;
/// Rows of the page besides lessons and air: motto, route, machine, bench, thanks.
const ROWS: u16 = 6;

/// The columns that a lesson's minutes take, with air.
const MINUTES: u16 = 7;

const WORDMARK: [&str; 5] = [
    "██   ██  ██▄  ██  ██   ██   ▄███▄",
    "██   ██  ████ ██  ██   ██  ██   ██",
    "██   ██  ██ ▀███  ███████  ███████",
    "██   ██  ██   ██  ██   ██  ██   ██",
    " ▀███▀   ██   ██  ██   ██  ██   ██",
];

/// Draws the agenda with this lesson chosen.
pub fn draw(pen: &mut Pen, panes: &Panes, talk: &Talk, chosen: usize) {
    top(pen, panes.top, talk);
    let right = pen.pick("↑↓ choose   T route   q leave", "↑↓ escolhe   T trilha   q sair");
    bottom::draw_with(pen, panes.bottom, talk, right);
    let body = panes.body;
    if body.height < ROOMY {
        page(pen, centred(body, WIDTH, body.height), talk, chosen, 1);
        return;
    }
    let wanted = list_rows(talk).saturating_mul(2).saturating_add(ROWS + 17);
    let apart = if wanted <= body.height { 2 } else { 1 };
    let area = centred(body, WIDTH, wanted);
    let strong = pen.look.strong();
    for (row, line) in (1..).zip(WORDMARK) {
        pen.put(area, row, 3, line, strong);
    }
    let (_, below) = split_at(area, 7);
    page(pen, below, talk, chosen, apart);
}

/// How many rows the list has without air: the lessons, and the words over the parts of the course.
fn list_rows(talk: &Talk) -> u16 {
    let headings = talk.lessons.iter().filter(|lesson| lesson.begins_part.is_some()).count();
    u16::try_from(talk.lessons.len() + headings).unwrap_or(u16::MAX)
}

/// The page itself, its lessons so many rows apart; what rows are left are air, where it is needed most first.
fn page(pen: &mut Pen, area: Rect, talk: &Talk, chosen: usize, apart: u16) {
    let lessons = list_rows(talk).saturating_mul(apart);
    let whys = u16::try_from(reasons(talk).len()).unwrap_or(0);
    let mut spare = area.height.saturating_sub(lessons.saturating_add(ROWS + whys));
    let mut air = || {
        let taken = spare.min(1);
        spare -= taken;
        taken
    };
    let [list_at, route_at, machine_at, thanks_at, top, list_at_2, route_at_2, machine_at_2, bench] =
        [(); 9].map(|()| air());
    let strong = pen.look.strong();
    let motto = pen.pick(
        "A container is a process. Build one, piece by piece.",
        "Um contêiner é um processo. Monte um, peça por peça.",
    );
    pen.put(area, top, 3, motto, strong);
    let row = list(pen, area, top + 1 + list_at + list_at_2, talk, chosen, apart) + route_at + route_at_2;
    route(pen, area, row, talk);
    let row = machine(pen, area, row + 1 + machine_at + machine_at_2, talk, bench);
    if roots(pen, area, row + thanks_at, talk, chosen).is_none() {
        thanks(pen, area, row + thanks_at);
    }
}

/// At the lesson on it: the root file systems that its boxes could have, and where more come from.
fn roots(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, chosen: usize) -> Option<()> {
    let lines = words::roots(talk, talk.lessons.get(chosen)?)?;
    let (text, dim) = (pen.look.text(), pen.look.dim());
    pen.put(area, row, 3, wrap(&lines[0], WIDTH - 4).first()?, text);
    pen.put(area, row + 1, 3, &lines[1], dim);
    Some(())
}

/// Draws the top line of the pages that are no lesson's.
pub fn top(pen: &mut Pen, area: Rect, talk: &Talk) {
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let column = pen.put(area, 0, 1, "unha", strong);
    let title = pen.pick("Linux containers by hand", "Linux contêineres na unha");
    let mut column = pen.put(area, 0, column, &format!(" · {title}"), text);
    if talk.made().is_some() {
        column = pen.put(area, 0, column + 2, &words::recorded_chip(pen.lang), pen.look.chip());
    } else if talk.host {
        let danger = pen.look.danger();
        column = pen.put(area, 0, column + 2, &format!(" {} ", words::outside_is_this_machine(pen.lang)), danger);
    }
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

/// How much of a lesson was done by hand, if anything was.
fn by_hand(talk: &Talk, lesson: &Lesson) -> Option<String> {
    let of = lesson.exercises.len();
    let done = lesson.exercises.iter().filter(|exercise| is_done(talk, lesson, &exercise.step)).count();
    match done {
        0 => None,
        _ if done == of => Some(words::by_hand(talk.lang).to_owned()),
        _ => Some(format!("{} {done}/{of}", talk.lang.pick("hand", "unha"))),
    }
}

fn list(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, chosen: usize, apart: u16) -> u16 {
    let whys = u16::try_from(reasons(talk).len()).unwrap_or(0);
    let rows = usize::from(area.height.saturating_sub(row + ROWS - 1 + whys) / apart).max(1);
    let mut entries: Vec<Entry> = vec![];
    for (index, lesson) in talk.lessons.iter().enumerate() {
        entries.extend(lesson.begins_part.as_ref().map(|words| Entry::Part(words.get(talk.lang))));
        entries.push(Entry::Lesson(index));
    }
    let at = entries.iter().position(|entry| matches!(entry, Entry::Lesson(index) if *index == chosen)).unwrap_or(0);
    // With more lessons than rows the list follows the chosen one, which is never the row that says so.
    let last = entries.len().saturating_sub(rows);
    let first = (at + 2).saturating_sub(rows).min(last);
    let dim = pen.look.dim();
    let mut row = row;
    for (shown, entry) in entries.iter().enumerate().skip(first).take(rows) {
        let above = shown == first && first > 0;
        let below = shown + 1 == first + rows && first < last;
        match entry {
            _ if above || below => {
                let hidden = if above { &entries[..=shown] } else { &entries[shown..] };
                let hidden = hidden.iter().filter(|entry| matches!(entry, Entry::Lesson(_))).count();
                let more = pen.pick("more", "mais");
                pen.put(area, row, 12, &format!("{}  {hidden} {more}", if above { "↑" } else { "↓" }), dim);
            }
            Entry::Part(words) => {
                pen.put(area, row, 3, words, dim);
            }
            Entry::Lesson(index) => draw_lesson(pen, area, row, talk, *index, *index == chosen),
        }
        row += apart;
    }
    row
}

/// A row of the list.
enum Entry<'a> {
    /// The words over a part of the course.
    Part(&'a str),
    /// A lesson.
    Lesson(usize),
}

fn draw_lesson(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, index: usize, here: bool) {
    let lang = talk.lang;
    let lesson = &talk.lessons[index];
    let state = match goes_on(talk, lesson) {
        None => by_hand(talk, lesson).unwrap_or_else(|| words::done(lang).to_lowercase()),
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
    let minutes = format!("{} min", talk.minutes(index));
    let wrong = match talk.worth_another_look(index).count() {
        0 => String::new(),
        1 => lang.pick("1 wrong", "1 erro").to_owned(),
        wrong => format!("{wrong} {}", lang.pick("wrong", "erros")),
    };
    let wanted = columns(&minutes) + 3;
    let room = Rect { width: area.width.saturating_sub(wanted), ..area };
    let column = pen.put(room, row, 25, lesson.summary.get(lang), style);
    pen.put_right(Rect { width: area.width.saturating_sub(MINUTES), ..area }, row, column + 1, &wrong, text);
    pen.put_right(area, row, room.width, &minutes, if here { strong } else { dim });
}

fn route(pen: &mut Pen, area: Rect, row: u16, talk: &Talk) {
    let (dim, text) = (pen.look.dim(), pen.look.text());
    let all = |route| {
        let steps = talk.lessons.iter().flat_map(|lesson| walked(lesson, route));
        let by_hand = talk.lessons.iter().flat_map(|lesson| &lesson.exercises).map(|exercise| &exercise.step);
        let by_hand = by_hand.filter(|_| route == Route::Full && talk.has_exercises());
        (steps.chain(by_hand).map(|step| step.seconds).sum::<u32>() + 30) / 60
    };
    let named = |route, name: &str| {
        let shown = format!("{name} {} min", all(route));
        if talk.route == route { format!("[{shown}]") } else { format!(" {shown} ") }
    };
    let full = named(Route::Full, pen.pick("full", "completa"));
    let short = named(Route::Short, pen.pick("short", "curta"));
    let column = pen.put(area, row, 3, pen.pick("route ", "trilha "), dim);
    let column = pen.put(area, row, column, &format!("{full} {short}"), text);
    let left = talk.minutes_left();
    let left = match talk.lang {
        _ if talk.done.is_empty() => String::new(),
        _ if left == 0 => talk.lang.pick("all done", "curso completo").to_owned(),
        Lang::En => format!("about {left} min to go"),
        Lang::PtBr if left == 1 => "falta 1 min".to_owned(),
        Lang::PtBr => format!("faltam uns {left} min"),
    };
    pen.put_right(area, row, column + 1, &left, text);
}

/// What this machine can do: yes or no, and why not.
fn machine(pen: &mut Pen, area: Rect, row: u16, talk: &Talk, air: u16) -> u16 {
    let lang = talk.lang;
    let machine = &talk.machine;
    let cgroup = match machine.cgroup {
        Ok(version) => format!("cgroup v{version}"),
        Err(_) => "cgroup".to_owned(),
    };
    let (dim, text, strong) = (pen.look.dim(), pen.look.text(), pen.look.strong());
    let mut column = pen.put(area, row, 3, lang.pick("this machine", "esta máquina"), dim);
    let can = [
        ("root", machine.root),
        ("namespaces", machine.namespaces.is_ok()),
        (cgroup.as_str(), machine.cgroup.is_ok()),
        ("rootfs", machine.rootfs.is_ok()),
    ];
    for (name, can) in can {
        let word = if can { words::yes(lang) } else { words::no(lang) };
        column = pen.put(area, row, column + 3, &format!("{name}: "), dim);
        column = pen.put(area, row, column, word, if can { text } else { strong });
    }
    let mut row = row + 1;
    for why in reasons(talk) {
        pen.put(area, row, 5, &why, text);
        row += 1;
    }
    let outside = if talk.host {
        lang.pick(
            "Outside is this machine: what you break is broken.",
            "Fora é esta máquina: o que você quebrar, quebrou.",
        )
    } else {
        lang.pick(
            "Outside is the bench: what you break stays there.",
            "Fora é a bancada: o que você quebrar fica nela.",
        )
    };
    pen.put(area, row + air, 3, outside, if talk.host { strong } else { text });
    row + air + 1
}

/// Why this machine cannot do something, as far as there is room to say so, and which line helps here.
fn reasons(talk: &Talk) -> Vec<String> {
    let machine = &talk.machine;
    let because = [machine.namespaces.as_ref().err(), machine.cgroup.as_ref().err(), machine.rootfs.as_ref().err()];
    let because: Vec<&Because> = because.into_iter().flatten().collect();
    if because.is_empty() {
        return vec![];
    }
    let mut lines: Vec<String> = vec![];
    for reason in because.iter().map(|because| because.reason).take(2) {
        lines.extend(wrap(why(reason, talk.lang), WIDTH - 10).into_iter().map(str::to_owned));
    }
    lines.dedup();
    let helps = helps(because, &talk.about, talk.lang);
    let label = talk.lang.pick("Helps here:", "Ajuda aqui:");
    let more = talk.lang.pick("unha doctor says more", "unha doctor diz mais");
    let mut line = format!("{label} ");
    let room = usize::from(WIDTH) - 10;
    for help in &helps {
        if line.chars().count() + help.chars().count() + 3 + more.chars().count() <= room {
            line = format!("{line}{help} · ");
        }
    }
    lines.push(line + more);
    lines
}

fn thanks(pen: &mut Pen, area: Rect, row: u16) {
    let dim = pen.look.dim();
    let thanks = [
        pen.pick("From the talk by Wellington F. Silva (TDC 2019);", "Da palestra de Wellington F. Silva (TDC 2019);"),
        pen.pick("thanks to Liz Rice and Julian Friedman.", "obrigado a Liz Rice e Julian Friedman."),
    ];
    pen.put_lines(area, row, 3, &thanks, dim);
}
