//! The talk's effects, carried out on the bench: what the course wants becomes what a shell or the kernel is told.
//!
//! A line that could do harm is not typed here: it waits until a look has shown that it is safe (see `sight.rs`).

use super::sight::Guarded;
use super::typist::Typist;
use super::{PATIENCE, Session, index};
use crate::course::event::{Effect, Event};
use crate::course::lesson::Restart;
use crate::kernel::bench::protocol::Request;

impl Session {
    /// Does what the talk wants. Copying, saving and leaving are the driver's.
    pub fn carry_out(&mut self, effect: Effect) -> Vec<Event> {
        if let Some(failure) = self.host.as_mut().and_then(|host| host.will_carry_out(&effect)) {
            return vec![Event::StageFailed(failure)];
        }
        match effect {
            Effect::StartBox(start) => self.start_box(start),
            Effect::Restart(Restart::Bench, start) => {
                self.leave_bench();
                self.start_box(start)
            }
            Effect::Restart(Restart::Box, start) => {
                self.ask(&Request::Forget);
                self.start_box(start)
            }
            Effect::BareBench => self.bare_bench(),
            Effect::Type(side, line) => {
                self.typist = Some(Typist::new(side, &line, PATIENCE));
                vec![]
            }
            Effect::TypeGuarded(side, line, limits, destroys) => {
                self.look_now();
                self.guarded = Some(Guarded { side, line, limits, destroys, look: self.looks.0 });
                vec![]
            }
            Effect::Prefill(side, line) => {
                self.typist = Some(Typist::prefill(side, &line, PATIENCE));
                vec![]
            }
            Effect::Pause(side) => {
                self.typist.take_if(|typist| typist.side == side);
                self.guarded.take_if(|guarded| guarded.side == side);
                vec![]
            }
            Effect::Send(side, bytes) => {
                // Whoever types takes the keyboard from the script.
                self.typist.take_if(|typist| typist.side == side);
                self.send(side, &bytes);
                if let Some(shell) = self.shells[index(side)].as_mut().filter(|_| bytes.contains(&b'\r')) {
                    shell.sent_line();
                }
                vec![]
            }
            Effect::SetLimits(limits) => match self.set_limits(&limits) {
                Ok(()) => vec![],
                Err(why) => vec![Event::LoadRefused(why)],
            },
            Effect::Look => {
                self.look_now();
                vec![]
            }
            Effect::ResizeShells(outside, inside) => {
                self.resize([outside, inside]);
                vec![]
            }
            Effect::Rest => {
                self.leave_bench();
                vec![]
            }
            Effect::Play(moments) => {
                self.player.play(moments);
                vec![]
            }
            Effect::Copy(_) | Effect::AskForHelp | Effect::SaveProgress | Effect::Quit => vec![],
        }
    }
}
