//! Where broadcasts stand, in a word and a colour: of one that has ended, how it arrived.

use std::collections::HashMap;

use super::words;
use crate::broadcast::moves::State;
use crate::broadcast::{Head, phrases};
use crate::console::Desk;
use crate::delivery::report::{self, Arrival};
use crate::ids::DispatchId;
use crate::web::Refusal;

/// How those arrived that have ended.
pub(super) struct Standings(HashMap<DispatchId, Arrival>);

impl Standings {
    /// Of these, in one question.
    pub(super) async fn of<'a>(
        desk: &Desk,
        heads: impl IntoIterator<Item = &'a Head>,
    ) -> Result<Self, Refusal> {
        let ended = heads.into_iter().filter(|head| head.state == State::Done);
        let ended: Vec<DispatchId> = ended.filter_map(|head| head.dispatch).collect();
        Ok(Self(report::arrivals(&desk.db, &ended).await?))
    }

    /// One of them.
    pub(super) fn tell(&self, head: &Head) -> (&'static str, &'static str) {
        let chip = match head.state {
            State::Draft | State::Withdrawn => "plain",
            State::Submitted | State::Approved | State::Sending => "info",
            State::Stopped | State::Late => "warning",
            State::Done => {
                let arrival = head.dispatch.and_then(|dispatch| self.0.get(&dispatch));
                return words::arrival(arrival.copied().unwrap_or(Arrival::Nobody));
            }
        };
        (phrases::state(head.state), chip)
    }
}
