//! The votes of a room at every question of the course: each number is seen on a projector, before the answer and after it.

use unha::course::talk::{Phase, Place, Talk, Tally, View};
use unha::course::text::Lang;

use super::{show, slides};

/// All hands at a question, all different, and whether each number of these is seen.
fn is_seen(talk: &mut Talk, place: Place, phase: Phase, tally: Tally, numbers: &[u16]) -> bool {
    talk.view = View::Lesson;
    (talk.at, talk.phase) = (place, phase);
    let key = (talk.lesson().id.clone(), talk.step().id.clone());
    let choices = talk.step().choices.len();
    talk.tallies.insert(key, tally);
    let text = show::text(talk, (80, 24));
    numbers.iter().take(choices).all(|number| text.contains(&number.to_string()))
}

#[test]
fn the_vote_that_counts_is_seen_at_every_question() {
    let (first, again) = ([6_071, 6_072, 6_073, 6_074], [7_071, 7_072, 7_073, 7_074]);
    let mut unseen = vec![];
    for lang in Lang::ALL {
        let mut talk = slides::talk(lang);
        let steps = |lesson: usize| (0..talk.lessons[lesson].steps.len()).map(move |step| Place { lesson, step });
        let asks = |place: &Place| !talk.lessons[place.lesson].steps[place.step].choices.is_empty();
        let places: Vec<Place> = (0..talk.lessons.len()).flat_map(steps).filter(asks).collect();
        for place in places {
            for phase in [Phase::Ask, Phase::Done] {
                for (tally, numbers) in
                    [(Tally { first, again: None }, first), (Tally { first, again: Some(again) }, again)]
                {
                    if !is_seen(&mut talk, place, phase, tally, &numbers) {
                        unseen.push(format!("{lang} {place:?} {phase:?} {numbers:?}"));
                    }
                }
            }
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
}
