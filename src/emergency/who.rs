//! Who may do what to an emergency, now. Pages ask before they show a button, verbs before they do it: the same
//! question, and the same answer.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::model::{Did, Emergency};
use super::moves::{Act, Side};
use crate::approval::{self, House};
use crate::clock::{Instant, date_in_japan};
use crate::ids::{PersonId, PostId, SectionId};
use crate::policy::{self, Decider};
use crate::staff::people::{Post, PostKind, Roster};

/// What somebody may do, each with the chief's post for which they stand in (代), if they do.
pub type Open = BTreeMap<Act, Option<PostId>>;

/// Why somebody may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// It is not theirs.
    NotTheirs,
    /// It would be but for what they did before.
    Own,
}

/// Everything that decides it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub roster: &'a Roster,
    /// The same as it was when the request was handed in.
    pub granted: &'a Roster,
    pub rules: &'a policy::Emergency,
    pub now: Instant,
    /// It is a prepared correction, and both chiefs have signed for the year.
    pub prepared: bool,
}

impl Scene<'_> {
    /// All that `person` may do.
    pub(super) fn open_to(&self, of: &Emergency, person: PersonId) -> Open {
        let state = of.head.state_at(self.now);
        let can = Act::ALL
            .into_iter()
            .filter(|act| state.after(*act).is_some());
        can.filter_map(|act| Some((act, self.may(of, person, act).ok()?)))
            .collect()
    }

    /// Whether `person` may do it, and for which post they would stand in. Whether it can happen where the
    /// emergency stands is the table's to say.
    pub(super) fn may(
        &self,
        of: &Emergency,
        person: PersonId,
        act: Act,
    ) -> Result<Option<PostId>, Bar> {
        let concurs = self.side(of, person, act, Side::Concurs);
        let sends = self.side(of, person, act, Side::Sends);
        // Of a correction, either side takes care.
        let either = sends.or(concurs);
        let correction = of.head.corrects.is_some();
        let head = &of.head;
        let is = |did: Option<Did>| did.is_some_and(|did| did.by == person);
        match act {
            Act::Edit | Act::Correct => {
                match writes_for(self.roster, self.today(), of.head.section, person) {
                    true => Some(None),
                    false => either.filter(|_| correction || act == Act::Correct),
                }
                .ok_or(Bar::NotTheirs)
            }
            Act::Submit if correction => either.ok_or(Bar::NotTheirs),
            Act::Submit | Act::Withdraw | Act::Retry | Act::Accept => sends.ok_or(Bar::NotTheirs),
            Act::File => self.afterwards(of, sends, Act::Send).ok_or(Bar::NotTheirs),
            Act::Concur => match of.editors.contains(&person) || is(head.submitted) {
                true if concurs.is_some() => Err(Bar::Own),
                _ => concurs.ok_or(Bar::NotTheirs),
            },
            Act::Return | Act::Decline => concurs.ok_or(Bar::NotTheirs),
            Act::Revoke if is(head.concurred) => Ok(concurs.flatten()),
            Act::Revoke => concurs.ok_or(Bar::NotTheirs),
            Act::Send => not_both(sends, is(head.concurred)),
            Act::SendCorrection => match correction && self.prepared {
                true => either.ok_or(Bar::NotTheirs),
                false => Err(Bar::NotTheirs),
            },
            Act::Stop => match self.on_duty(person) {
                true => Ok(either.flatten()),
                false => either.ok_or(Bar::NotTheirs),
            },
            Act::ConcurResume => concurs.ok_or(Bar::NotTheirs),
            Act::ConcurAccept => concurs.ok_or(Bar::NotTheirs),
            Act::Resume => match last(of, Act::ConcurResume) {
                Some(by) => not_both(sends, by == person),
                None => Err(Bar::NotTheirs),
            },
            Act::Confirm => match of.report.as_ref().and_then(|report| report.filed) {
                Some(filed) => {
                    let concurs = self.afterwards(of, concurs, Act::Concur);
                    not_both(concurs, filed.by == person)
                }
                None => Err(Bar::NotTheirs),
            },
            // The product's own.
            Act::Void | Act::Expire | Act::Finish | Act::Trouble => Err(Bar::NotTheirs),
        }
    }

    /// Whether `person` speaks for a side: as its chief, or, when the chief has not answered for as long as the
    /// policy waits or nobody is in the post, as a deputy. To stop something nobody waits.
    fn side(
        &self,
        of: &Emergency,
        person: PersonId,
        act: Act,
        side: Side,
    ) -> Option<Option<PostId>> {
        let roster = match act.decides() {
            true => self.granted,
            false => self.roster,
        };
        let decider = decider(self.rules, side);
        let house = House::Section(of.head.section);
        let standing_in_for = approval::deciders(roster, self.today(), decider, house)
            .get(&person)
            .copied()?;
        let Some(post) = standing_in_for else {
            return Some(None);
        };
        let waits = TimeDelta::minutes(self.rules.deputy_minutes.into());
        // Who sends is called when the other side has agreed.
        let asked = of.head.concurred.filter(|_| act == Act::Send);
        let asked = asked.or(of.head.submitted).unwrap_or(of.head.created);
        let asked_at = asked.at;
        let free = act == Act::Stop
            || asked_at + waits <= self.now
            || roster.acting(post, self.today()).chief.is_none();
        free.then_some(Some(post))
    }

    /// What a deputy did in a chief's stead the chief looks at in the report (後閲), unless nobody is in the post.
    fn afterwards(
        &self,
        of: &Emergency,
        side: Option<Option<PostId>>,
        did: Act,
    ) -> Option<Option<PostId>> {
        let mut events = of.history.iter().rev();
        let event = events.find(|event| event.act == Some(did));
        let by_deputy = event.is_some_and(|event| event.standing_in_for.is_some());
        let vacant = |post| self.roster.acting(post, self.today()).chief.is_none();
        side.filter(|post| post.is_none_or(|post| !by_deputy || vacant(post)))
    }

    /// Whether `person` watches over everything: as the duty officer, or in the section that owns the account.
    fn on_duty(&self, person: PersonId) -> bool {
        on_duty(self.roster, self.today(), person)
    }

    fn today(&self) -> NaiveDate {
        date_in_japan(self.now)
    }
}

/// Who decides for a side.
pub(super) fn decider(rules: &policy::Emergency, side: Side) -> Decider {
    match side {
        Side::Concurs => rules.concur,
        Side::Sends => rules.send,
    }
}

/// Whether `person` writes for `section`: in a post of it, or as a deputy of its chief.
pub(super) fn writes_for(
    roster: &Roster,
    today: NaiveDate,
    section: SectionId,
    person: PersonId,
) -> bool {
    let writes = |post: &Post| {
        post.section() == Some(section) && matches!(post.kind, PostKind::Chief | PostKind::Staff)
    };
    let chiefs = approval::deciders(
        roster,
        today,
        Decider::SectionChief,
        House::Section(section),
    );
    roster.posts_of(person, today).any(writes) || chiefs.contains_key(&person)
}

fn on_duty(roster: &Roster, today: NaiveDate, person: PersonId) -> bool {
    let mut posts = roster.posts_of(person, today);
    posts.any(|post| match post.kind {
        PostKind::DutyOfficer => true,
        PostKind::Staff | PostKind::Chief => post.of_owner(),
        _ => false,
    })
}

/// Whether `person` speaks for either side of emergencies of `section`, be it as a deputy.
fn speaks_for(
    roster: &Roster,
    rules: Option<&policy::Emergency>,
    today: NaiveDate,
    section: SectionId,
    person: PersonId,
) -> bool {
    let house = House::Section(section);
    let speaks = |decider| approval::deciders(roster, today, decider, house).contains_key(&person);
    rules.is_some_and(|rules| Side::BOTH.iter().any(|side| speaks(decider(rules, *side))))
}

/// Whether `person` has a say in emergencies at `at`: speaks for a side of some section's, or is on duty.
pub(super) fn has_a_say(
    roster: &Roster,
    rules: Option<&policy::Emergency>,
    at: Instant,
    person: PersonId,
) -> bool {
    let today = date_in_japan(at);
    let mut sections = roster.sections.keys();
    on_duty(roster, today, person)
        || sections.any(|section| speaks_for(roster, rules, today, *section, person))
}

/// Whether `person` may read what is only being written: who writes it, who would decide on it, who watches over
/// everything, and the auditors. A draft may name somebody whose family has not agreed to it yet.
pub fn reads_draft(
    roster: &Roster,
    rules: Option<&policy::Emergency>,
    now: Instant,
    section: SectionId,
    person: PersonId,
) -> bool {
    let today = date_in_japan(now);
    let audits = |post: &Post| post.kind == PostKind::Auditor;
    writes_for(roster, today, section, person)
        || speaks_for(roster, rules, today, section, person)
        || on_duty(roster, today, person)
        || roster.posts_of(person, today).any(audits)
}

/// The roster as it counts for a request that was handed in then.
pub(super) fn granted_by(roster: &Roster, of: &Emergency) -> Roster {
    match of.head.submitted {
        Some(submitted) => roster.clone().as_granted_by(submitted.at),
        None => roster.clone(),
    }
}

/// Who last did `act` since it stands where it does.
pub(super) fn last(of: &Emergency, act: Act) -> Option<PersonId> {
    let mut events = of.since_moved().rev();
    events
        .find(|event| event.act == Some(act))
        .and_then(|event| event.by)
}

fn not_both(side: Option<Option<PostId>>, other: bool) -> Result<Option<PostId>, Bar> {
    match (side, other) {
        (Some(_), true) => Err(Bar::Own),
        (Some(standing_in_for), false) => Ok(standing_in_for),
        (None, _) => Err(Bar::NotTheirs),
    }
}
