//! A seccomp profile as Docker and OCI runtimes read it, and the programs that it becomes. seccomp(2),
//! <https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp>.
//!
//! The learner's own profiles work here, and these in `docker run --security-opt seccomp=FILE`.

use std::collections::BTreeMap;

use rustix::thread::CapabilitySet;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};
use serde::{Deserialize, Serialize};

use super::link::Failed;
use crate::kernel::capability;

/// What is told to do with calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    default_action: Action,
    default_errno_ret: Option<u32>,
    #[serde(default)]
    syscalls: Option<Vec<Rule>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rule {
    names: Vec<String>,
    /// The same for a single one, in older profiles.
    name: Option<String>,
    action: Action,
    errno_ret: Option<u32>,
    args: Option<Vec<Arg>>,
    includes: Option<Only>,
    excludes: Option<Only>,
}

/// A condition on an argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arg {
    index: u8,
    value: u64,
    #[serde(default)]
    value_two: u64,
    op: Op,
}

/// Where a rule counts, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Only {
    caps: Option<Vec<String>>,
    arches: Option<Vec<String>>,
    min_kernel: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
enum Action {
    #[default]
    #[serde(rename = "SCMP_ACT_ALLOW")]
    Allow,
    #[serde(rename = "SCMP_ACT_ERRNO")]
    Errno,
    #[serde(rename = "SCMP_ACT_KILL_PROCESS")]
    KillProcess,
    #[serde(rename = "SCMP_ACT_KILL_THREAD", alias = "SCMP_ACT_KILL")]
    KillThread,
    #[serde(rename = "SCMP_ACT_LOG")]
    Log,
    #[serde(rename = "SCMP_ACT_TRAP")]
    Trap,
    #[serde(rename = "SCMP_ACT_TRACE")]
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Op {
    #[serde(rename = "SCMP_CMP_EQ")]
    Eq,
    #[serde(rename = "SCMP_CMP_NE")]
    Ne,
    #[serde(rename = "SCMP_CMP_LT")]
    Lt,
    #[serde(rename = "SCMP_CMP_LE")]
    Le,
    #[serde(rename = "SCMP_CMP_GT")]
    Gt,
    #[serde(rename = "SCMP_CMP_GE")]
    Ge,
    #[serde(rename = "SCMP_CMP_MASKED_EQ")]
    MaskedEq,
}

/// Which calls a program answers: always, or where one of these rules holds.
type Calls = BTreeMap<i64, Option<Vec<SeccompRule>>>;

/// This machine's architecture, as Go and Docker call it.
const ARCH: &str = if cfg!(target_arch = "x86_64") { "amd64" } else { "arm64" };
/// Calls of the x32 interface of `x86_64` are the same calls with this bit in their number.
const X32: i64 = 0x4000_0000;

impl Profile {
    /// What a box gets that names no profile: seccomp.json, beside this file.
    ///
    /// # Errors
    /// Never, as a test makes sure.
    pub fn of_the_house() -> Result<Self, Failed> {
        Self::read(include_str!("seccomp.json"))
    }

    /// Reads a profile in Docker's JSON, or the `linux.seccomp` part of an OCI runtime's.
    ///
    /// # Errors
    /// What is no profile, with line and column.
    pub fn read(json: &str) -> Result<Self, Failed> {
        serde_json::from_str(json).map_err(|why| Failed::words(&format!("no seccomp profile: {why}")))
    }

    /// Everything is allowed but these calls, which are answered with EPERM, and those, whose caller is killed.
    #[must_use]
    pub fn without(refused: &[String], fatal: &[String]) -> Self {
        let rule = |names: &[String], action| Rule { names: names.to_vec(), action, ..Rule::default() };
        let rules = vec![rule(refused, Action::Errno), rule(fatal, Action::KillProcess)];
        Self { default_action: Action::Allow, default_errno_ret: None, syscalls: Some(rules) }
    }

    /// The rules that count for a box that holds these capabilities, on this machine, without the conditions that said so.
    #[must_use]
    pub(super) fn settled(&self, kept: CapabilitySet) -> Self {
        let rules = self.syscalls.iter().flatten().filter(|rule| rule.counts(kept));
        let settled = |rule: &Rule| Rule {
            names: rule.names.iter().chain(&rule.name).cloned().collect(),
            name: None,
            includes: None,
            excludes: None,
            ..rule.clone()
        };
        Self { syscalls: Some(rules.map(settled).collect()), ..self.clone() }
    }

    /// The programs, in the order in which they are to be installed, for a box that holds these capabilities.
    pub(in crate::kernel) fn programs(&self, kept: CapabilitySet) -> Result<Vec<BpfProgram>, Failed> {
        let default = self.default_action.answer(self.default_errno_ret);
        let mut groups: Vec<(SeccompAction, Calls)> = vec![];
        let mut listed = Calls::new();
        for rule in self.syscalls.iter().flatten().filter(|rule| rule.counts(kept)) {
            let action = rule.action.answer(rule.errno_ret);
            // What a rule lets through is the default's exception alone.
            if action == default {
                continue;
            }
            rule.add_to(&mut listed)?;
            if action == SeccompAction::Allow {
                continue;
            }
            let group = groups.iter().position(|(known, _)| *known == action).unwrap_or_else(|| {
                groups.push((action, Calls::new()));
                groups.len() - 1
            });
            rule.add_to(&mut groups[group].1)?;
        }
        let mut programs =
            groups.into_iter().map(|(action, calls)| program(calls, SeccompAction::Allow, action)).collect::<Vec<_>>();
        if default != SeccompAction::Allow {
            // Last, for it may forbid to install another.
            programs.push(program(listed, default, SeccompAction::Allow));
        }
        programs.into_iter().collect()
    }
}

/// A program as seccomp(2) takes it: `struct sock_filter`, one after the other.
pub(super) fn bytes(program: &BpfProgram) -> Vec<u8> {
    let one = |step: &seccompiler::sock_filter| {
        let [low, high] = step.code.to_ne_bytes();
        let [a, b, c, d] = step.k.to_ne_bytes();
        [low, high, step.jt, step.jf, a, b, c, d]
    };
    program.iter().flat_map(one).collect()
}

fn program(calls: Calls, else_: SeccompAction, then: SeccompAction) -> Result<BpfProgram, Failed> {
    let rules = calls.into_iter().map(|(number, rules)| (number, rules.unwrap_or_default())).collect();
    let arch = if cfg!(target_arch = "x86_64") { TargetArch::x86_64 } else { TargetArch::aarch64 };
    SeccompFilter::new(rules, else_, then, arch)
        .and_then(BpfProgram::try_from)
        .map_err(|why| Failed::words(&format!("no seccomp profile: {why}")))
}

impl Action {
    fn answer(self, errno: Option<u32>) -> SeccompAction {
        let errno = errno.unwrap_or(libc::EPERM.unsigned_abs());
        match self {
            Self::Allow => SeccompAction::Allow,
            Self::Errno => SeccompAction::Errno(errno),
            Self::KillProcess => SeccompAction::KillProcess,
            Self::KillThread => SeccompAction::KillThread,
            Self::Log => SeccompAction::Log,
            Self::Trap => SeccompAction::Trap,
            Self::Trace => SeccompAction::Trace(errno),
        }
    }
}

impl Rule {
    /// Whether it is meant for this kernel, this machine and these capabilities.
    fn counts(&self, kept: CapabilitySet) -> bool {
        let held = |name: &String| capability::named(name).is_some_and(|one| kept.contains(one));
        let here = |arch: &String| arch == ARCH;
        let includes = self.includes.as_ref().is_none_or(|only| {
            only.caps.iter().flatten().all(held)
                && only.arches.as_ref().is_none_or(|arches| arches.is_empty() || arches.iter().any(here))
                && only.min_kernel.as_deref().is_none_or(kernel_is_at_least)
        });
        let excludes = self.excludes.as_ref().is_some_and(|only| {
            only.caps.iter().flatten().any(held)
                || only.arches.iter().flatten().any(here)
                || only.min_kernel.as_deref().is_some_and(kernel_is_at_least)
        });
        includes && !excludes
    }

    fn add_to(&self, calls: &mut Calls) -> Result<(), Failed> {
        let conditions = self.conditions()?;
        // Calls that this machine does not have cannot be made: profiles are written for many kinds at once.
        let numbers = self.names.iter().chain(&self.name).filter_map(|name| name.parse::<syscalls::Sysno>().ok());
        for number in numbers.map(|call| i64::from(call.id())) {
            let again = Some(number | X32).filter(|_| cfg!(target_arch = "x86_64"));
            for number in std::iter::once(number).chain(again) {
                let rules = calls.entry(number).or_insert_with(|| Some(vec![]));
                match rules {
                    // "Always" stays always.
                    _ if conditions.is_empty() => *rules = None,
                    Some(rules) => rules.extend(conditions.iter().cloned()),
                    None => {}
                }
            }
        }
        Ok(())
    }

    /// The conditions; one of them must hold. Those on different arguments hold together, as one.
    fn conditions(&self) -> Result<Vec<SeccompRule>, Failed> {
        let args: Vec<&Arg> = self.args.iter().flatten().collect();
        let conditions = args.iter().map(|arg| arg.condition()).collect::<Result<Vec<_>, _>>();
        let twice = args.iter().enumerate().any(|(at, arg)| args[..at].iter().any(|other| other.index == arg.index));
        conditions
            .and_then(|all| match all.len() {
                0 => Ok(vec![]),
                // As runc: two conditions on one argument are alternatives.
                _ if twice => all.into_iter().map(|one| SeccompRule::new(vec![one])).collect(),
                _ => SeccompRule::new(all).map(|rule| vec![rule]),
            })
            .map_err(|why| Failed::words(&format!("no seccomp profile: {}: {why}", self.names.join(", "))))
    }
}

impl Arg {
    fn condition(&self) -> Result<SeccompCondition, seccompiler::BackendError> {
        let (op, value) = match self.op {
            Op::Eq => (SeccompCmpOp::Eq, self.value),
            Op::Ne => (SeccompCmpOp::Ne, self.value),
            Op::Lt => (SeccompCmpOp::Lt, self.value),
            Op::Le => (SeccompCmpOp::Le, self.value),
            Op::Gt => (SeccompCmpOp::Gt, self.value),
            Op::Ge => (SeccompCmpOp::Ge, self.value),
            Op::MaskedEq => (SeccompCmpOp::MaskedEq(self.value), self.value_two),
        };
        SeccompCondition::new(self.index, SeccompCmpArgLen::Qword, op, value)
    }
}

/// Whether the running kernel is `4.8` or younger.
fn kernel_is_at_least(version: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        let digits = |word: &str| word.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
        text.split('.').take(2).map_while(digits).collect()
    };
    let running = nix::sys::utsname::uname().map(|names| names.release().to_string_lossy().into_owned());
    running.is_ok_and(|running| numbers(&running) >= numbers(version))
}
