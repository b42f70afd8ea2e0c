//! The way of a request through its deciders, in words.

use super::words;
use crate::approval::Request;
use crate::console::pages::people::words as people_words;
use crate::policy::Profile;
use crate::staff::people::Roster;
use crate::web::Frame;

/// A step of a request's way, in words.
pub(super) struct Step {
    pub(super) decider: String,
    pub(super) grounds: String,
    pub(super) by: Option<String>,
    pub(super) at: String,
    /// What they said to it.
    pub(super) note: Option<String>,
    pub(super) current: bool,
}

/// A request, in words.
pub(super) struct Asked {
    pub(super) outcome: &'static str,
    pub(super) submitted: String,
    pub(super) steps: Vec<Step>,
    pub(super) reason: Option<String>,
}

/// A request as its page tells it.
pub(super) fn asked(frame: &Frame, profile: &Profile, roster: &Roster, request: &Request) -> Asked {
    let current = request.current();
    let steps = request.steps.iter().enumerate().map(|(at, step)| {
        let taken = step.taken.as_ref();
        let who = |by| people_words::person(roster, by);
        let grounds: Vec<_> = step
            .demand
            .grounds
            .iter()
            .map(|g| words::ground(*g))
            .collect();
        Step {
            decider: words::decider(profile, step.demand.decider),
            grounds: grounds.join("、"),
            by: taken.map(|taken| match taken.standing_in_for {
                Some(_) => format!("{}（代）", who(taken.by)),
                None => who(taken.by),
            }),
            at: taken.map(|taken| frame.time(&taken.at)).unwrap_or_default(),
            note: taken.and_then(|taken| taken.note.clone()),
            current: current == Some(at),
        }
    });
    let by = people_words::person(roster, request.submitted_by);
    Asked {
        outcome: match &request.ended {
            Some(ended) => words::outcome(ended.outcome),
            None => "決裁待ち",
        },
        submitted: format!("{} {by}", frame.time(&request.submitted_at)),
        steps: steps.collect(),
        reason: request
            .ended
            .as_ref()
            .and_then(|ended| ended.reason.clone()),
    }
}
