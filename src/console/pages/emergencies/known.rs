//! What to know before deciding on an emergency: that its agreement fell, that nothing is sent, how LINE is.

use super::{faults, words};
use crate::console::pages::broadcasts;
use crate::console::{Desk, Visitor};
use crate::delivery;
use crate::emergency::moves::{Act, State};
use crate::emergency::{self, Caution, Emergency, Event, Terms, Void};
use crate::web::Refusal;

/// What is known.
#[derive(Debug, Hash)]
pub(super) struct Known {
    /// Why its agreement fell, if nothing has happened since.
    fell: Option<Void>,
    /// Nothing at all is sent, and why.
    pub(super) held: Option<&'static str>,
    /// What to know of LINE before it is handed in, agreed to or sent, and while it goes out.
    pub(super) cautions: Vec<String>,
}

impl Known {
    pub(super) async fn of(
        visitor: &Visitor,
        desk: &Desk,
        terms: Terms<'_>,
        emergency: &Emergency,
    ) -> Result<Self, Refusal> {
        let now = visitor.now;
        let state = emergency.head.state_at(now);
        let goes_out = matches!(state, State::Dispatching | State::Halted | State::Attention);
        let held = match state.waits() || goes_out {
            true => delivery::hold(&desk.db).await?,
            false => None,
        };
        let mut cautions = match state == State::Draft || state.waits() || goes_out {
            true => emergency::cautions(&desk.db, now, terms, emergency).await?,
            false => Vec::new(),
        };
        // Of those whom LINE has told, none is to be told again.
        cautions.retain(|caution| !(goes_out && matches!(caution, Caution::FewLeft { .. })));
        let last = emergency.history.last();
        Ok(Self {
            fell: last.filter(|_| state == State::Conferring).and_then(void),
            held: held.map(|hold| broadcasts::held(hold.reason)),
            cautions: cautions
                .iter()
                .map(|caution| words::caution(caution, now))
                .collect(),
        })
    }

    /// Why its agreement fell.
    pub(super) fn why_it_fell(&self) -> Option<String> {
        self.fell.map(faults::why_void)
    }

    /// Whether nobody can agree to it as it stands.
    pub(super) fn is_to_be_written_anew(&self) -> bool {
        self.fell.is_some_and(|void| match void {
            Void::Audience { .. }
            | Void::Submitter
            | Void::Template
            | Void::Channel
            | Void::Restored => true,
            Void::Person => false,
        })
    }
}

/// Why an agreement fell, of the event that tells so.
pub(super) fn void(event: &Event) -> Option<Void> {
    let fell = event.act == Some(Act::Void);
    let reason = event.reason.as_deref().filter(|_| fell)?;
    Void::of_reason(reason)
}
