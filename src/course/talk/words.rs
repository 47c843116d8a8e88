//! What Next will do, in words: the promise on the bottom line, kept by [`Talk::update`].

use unicode_width::UnicodeWidthChar;

use super::{Asked, Notice, Overlay, Phase, Talk, View};
use crate::course::lesson::{Act, Limit, Page, Restart, Start};
use crate::course::text::Lang;
use crate::course::way::{Way, does, ways};
use crate::course::words;
use crate::kernel::fact::Side;
use crate::kernel::feature::{Feature, FeatureSet};

/// The columns that the words may take.
const ROOM: usize = 44;

impl Talk {
    /// What Next will do, in at most 44 columns, without the key's name.
    #[must_use]
    pub fn next_does(&self, lang: Lang) -> String {
        cut(&self.next_words(lang, ROOM), ROOM)
    }

    /// The same, however long it is: for a line that is read aloud.
    #[must_use]
    pub fn next_does_whole(&self, lang: Lang) -> String {
        self.next_words(lang, usize::MAX)
    }

    fn next_words(&self, lang: Lang, room: usize) -> String {
        match (self.overlay, self.view) {
            (Some(Overlay::Rebuild), _) => {
                lang.pick("go back and build it anew", "voltar e montar tudo de novo").into()
            }
            (Some(Overlay::Leave), _) => lang.pick("stay", "ficar").into(),
            (Some(Overlay::Script), View::Lesson) if self.phase == Phase::Done => self.leaving(lang),
            (Some(Overlay::Overview), _) => self.finding(lang),
            (Some(Overlay::Switches { set, .. }), _) if set != self.start.features || !self.box_runs => {
                format!("{}: {}", lang.pick("start the box with", "iniciar a caixa com"), listed(set, lang))
            }
            (Some(_), _) => lang.pick("close", "fechar").into(),
            (None, View::Slides) => self.showing(lang),
            (None, View::Agenda { chosen }) => self.entering(chosen, lang),
            (None, View::Failure { chosen }) => self.getting_out(chosen, lang),
            (None, View::Recall) => self.recalling(lang).into(),
            (None, View::Lesson) => self.stepping(lang, room),
        }
    }

    /// What Next does at a question from an earlier day.
    fn recalling(&self, lang: Lang) -> &'static str {
        match self.recall.as_ref().map(|recall| (recall.at + 1 == recall.asked.len(), recall.asks())) {
            Some((_, Some(Asked { said: None, .. }))) => lang.pick("skip the question", "pular a pergunta"),
            Some((false, _)) => lang.pick("the next question", "a próxima pergunta"),
            _ => lang.pick("to the agenda", "à agenda"),
        }
    }

    /// What Next does on a slide.
    fn showing(&self, lang: Lang) -> String {
        let Some(show) = self.presenting.as_ref() else { return String::new() };
        if show.at.point < show.slide().last() {
            return lang.pick("next point", "próximo ponto").into();
        }
        match (self.opens(), show.following(self.route)) {
            (Some(lesson), _) => {
                let does = if self.goes_on_in(lesson) {
                    lang.pick("go on with the lesson", "continuar a lição")
                } else {
                    lang.pick("open the lesson", "abrir a lição")
                };
                format!("{does}: {}", self.lessons[lesson].title.get(lang))
            }
            (None, Some(slide)) => show.deck.slides[slide].face(lang).title.clone(),
            (None, None) => lang.pick("this is the last slide", "este é o último slide").into(),
        }
    }

    /// What Next does among all slides.
    fn finding(&self, lang: Lang) -> String {
        let chosen = self.presenting.as_ref().zip(self.chosen_slide());
        chosen.map_or_else(
            || lang.pick("nothing found: close", "nada encontrado: fechar").to_owned(),
            |(show, slide)| format!("{} {}", slide + 1, show.deck.slides[slide].face(lang).title),
        )
    }

    fn entering(&self, chosen: usize, lang: Lang) -> String {
        let Some(lesson) = self.lessons.get(chosen) else { return String::new() };
        let title = lesson.title.get(lang);
        let place = if self.goes_on_in(chosen) { self.at } else { self.entry(chosen) };
        let walked: Vec<_> = self.walked().filter(|at| at.lesson == chosen).collect();
        match walked.iter().position(|at| *at == place) {
            _ if !self.goes_on_in(chosen) && self.is_done(place) && self.was_wrong(place) => match lang {
                Lang::En => format!("look again: {chosen} {title}, step {}", place.step + 1),
                Lang::PtBr => format!("rever: {chosen} {title}, passo {}", place.step + 1),
            },
            None | Some(0) => format!("{}: {chosen} {title}", lang.pick("start", "começar")),
            Some(step) => match lang {
                Lang::En => format!("continue: {chosen} {title}, step {}", step + 1),
                Lang::PtBr => format!("continuar: {chosen} {title}, passo {}", step + 1),
            },
        }
    }

    fn getting_out(&self, chosen: usize, lang: Lang) -> String {
        does(ways(self).get(chosen).copied().unwrap_or(Way::Agenda), self, lang)
    }

    fn stepping(&self, lang: Lang, room: usize) -> String {
        if self.is_held() {
            return lang.pick("hand the keyboard back", "devolver o teclado").into();
        }
        if self.rebuilding && !self.run.stumbled {
            return lang.pick("wait", "esperar").into();
        }
        if self.stray.is_some() {
            return lang.pick("back to the script", "voltar ao roteiro").into();
        }
        if self.run.stumbled {
            let past = if self.has_way_past() {
                lang.pick("go on with the recording", "seguir com a gravação")
            } else {
                lang.pick("go on without this step", "seguir sem este passo")
            };
            return past.into();
        }
        if let Some(Notice::Busy(..)) = self.notice {
            return lang.pick("send Ctrl-C", "mandar Ctrl-C").into();
        }
        if self.exercise().is_some() {
            return self.practising(lang);
        }
        if self.run.waits.is_some() {
            return lang.pick("wait", "esperar").into();
        }
        if self.misses_its_box() {
            return lang.pick("build the box anew", "montar a caixa de novo").into();
        }
        match self.phase {
            Phase::Ask if self.presenting.is_none() => lang.pick("skip the question", "pular a pergunta").into(),
            Phase::Ask | Phase::Ready => match self.step().acts.first() {
                Some(act) => self.doing_in(act, &self.start, lang, room),
                None if self.step().choices.is_empty() => lang.pick("see why", "ver por quê").into(),
                None => lang.pick("see the answer", "ver a resposta").into(),
            },
            Phase::Doing => match self.acts.front() {
                Some(act) => self.doing_in(act, &self.start, lang, room),
                None => lang.pick("say what is missing", "dizer o que falta").into(),
            },
            Phase::Done if self.step().page == Some(Page::Script) => {
                lang.pick("see your container as a script", "ver seu contêiner como script").into()
            }
            Phase::Done => self.leaving(lang),
        }
    }

    pub(super) fn leaving(&self, lang: Lang) -> String {
        if let Some(show) = self.presenting.as_ref()
            && self.following().is_none_or(|place| place.lesson != self.at.lesson)
        {
            let next = show.following(self.route).map(|slide| show.deck.slides[slide].face(lang).title.as_str());
            return format!("{}: {}", lang.pick("back to the slides", "de volta aos slides"), next.unwrap_or_default());
        }
        match self.following() {
            None => lang.pick("back to the agenda", "voltar à agenda").into(),
            Some(place) if place.lesson != self.at.lesson => {
                let title = self.lessons[place.lesson].title.get(lang);
                format!("{}: {title}", lang.pick("next lesson", "próxima lição"))
            }
            Some(place) => {
                let text = self.lessons[place.lesson].at(place.step).map_or("", |step| step.text.get(lang));
                let next = lang.pick("next", "a seguir");
                let room = ROOM.saturating_sub(columns(next) + 2);
                format!("{next}: {}", between_words(&cut(gist(text), room)))
            }
        }
    }

    /// What an act does, where the box was last started so.
    pub(super) fn doing(&self, act: &Act, before: &Start, lang: Lang) -> String {
        self.doing_in(act, before, lang, ROOM)
    }

    fn doing_in(&self, act: &Act, before: &Start, lang: Lang, room: usize) -> String {
        match act {
            Act::Inside(line) => self.typing(Side::Inside, line, lang, room),
            Act::Outside(line) => self.typing(Side::Outside, line, lang, room),
            Act::Start(start) => starting(start, before, lang),
            Act::Limit(limits) if limits.get(&Limit::DeviceDeny).is_some_and(|device| device == "none") => {
                lang.pick("give the device back", "devolver o dispositivo").into()
            }
            Act::Limit(limits) => {
                let limits: Vec<_> =
                    limits.iter().map(|(limit, value)| format!("{} {value}", words::limit(*limit, lang))).collect();
                format!("{} {}", lang.pick("set a limit:", "pôr um limite:"), limits.join(", "))
            }
            Act::Interrupt(side) => format!("{} {}", lang.pick("send Ctrl-C", "mandar Ctrl-C"), where_to(*side, lang)),
            Act::Restart(Restart::Box) => lang.pick("build a fresh box", "montar uma caixa nova").into(),
            Act::Restart(Restart::Bench) if self.host => {
                lang.pick("undo what was done outside", "desfazer o que foi feito fora").into()
            }
            Act::Restart(Restart::Bench) => lang.pick("build a fresh bench", "montar uma bancada nova").into(),
        }
    }

    /// The line is cut and not what stands around it: where it is typed matters more than how it ends.
    fn typing(&self, side: Side, line: &str, lang: Lang, room: usize) -> String {
        let (before, after) = (lang.pick("type", "digitar"), where_to(side, lang));
        let around = columns(before) + columns(after) + 4;
        format!("{before} \"{}\" {after}", cut(&self.fill(line), room.saturating_sub(around)))
    }
}

fn starting(start: &Start, before: &Start, lang: Lang) -> String {
    let (on, off) = (only(start.features, before.features), only(before.features, start.features));
    if let (true, Some(name)) = (on.is_empty(), &start.hostname) {
        return format!("{} {name}", lang.pick("start a box named", "iniciar uma caixa de nome"));
    }
    if start.cable && !before.cable {
        return lang.pick("plug the cable in", "ligar o cabo").into();
    }
    if start.wrong_order {
        return lang.pick("pivot in the wrong order", "fazer pivot na ordem errada").into();
    }
    match (on.is_empty(), off.is_empty()) {
        (false, _) => format!("{} {on}", lang.pick("turn on", "ligar")),
        (true, false) => format!("{} {off}", lang.pick("turn off", "desligar")),
        (true, true) => lang.pick("build the box anew", "montar a caixa de novo").into(),
    }
}

/// The features of one set that are not in the other: `UTS, PID`.
fn only(of: FeatureSet, not_in: FeatureSet) -> String {
    of.iter().filter(|feature| !not_in.has(*feature)).map(named_feature).collect::<Vec<_>>().join(", ")
}

/// A feature as a sentence has it: `UTS`, `mount`.
#[must_use]
pub fn named_feature(feature: Feature) -> String {
    match feature {
        Feature::Uts | Feature::Pid | Feature::Ipc => feature.name().to_uppercase(),
        _ => feature.name().to_owned(),
    }
}

/// The features of a set: `UTS, PID`, or that there are none.
#[must_use]
pub fn listed(set: FeatureSet, lang: Lang) -> String {
    if set == FeatureSet::NONE { lang.pick("nothing", "nada").to_owned() } else { only(set, FeatureSet::NONE) }
}

const fn where_to(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Inside => lang.pick("inside", "dentro"),
        Side::Outside | Side::Machine => lang.pick("outside", "fora"),
    }
}

/// The first sentence of a text, without its full stop.
fn gist(text: &str) -> &str {
    let ends = text.char_indices().zip(text.chars().skip(1).map(Some).chain([None]));
    for ((at, letter), next) in ends {
        if matches!(letter, '.' | ':' | '?') && next.is_none_or(char::is_whitespace) {
            return &text[..at + usize::from(letter == '?')];
        }
    }
    text
}

fn columns(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// A sentence that was cut ends with a whole word.
fn between_words(cut: &str) -> String {
    let Some(kept) = cut.strip_suffix('…') else { return cut.to_owned() };
    kept.rsplit_once(' ').map_or_else(|| cut.to_owned(), |(whole, _)| format!("{}…", whole.trim_end()))
}

/// The text, cut with an ellipsis where it takes more columns than there are.
fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |letter: &char| {
        taken += letter.width().unwrap_or(0);
        taken < room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}
