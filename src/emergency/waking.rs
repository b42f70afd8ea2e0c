//! Who is woken for an emergency by the policy's ladder, and who is told that it was settled.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use super::model::Head;
use super::moves::{Act, Side, State};
use super::who::decider;
use super::{EmergencyError, Terms};
use crate::calling::{self, Answer, Calling, Ended, Kind, New, Planned, Standing};
use crate::clock::{Instant, date_in_japan};
use crate::db::{DbError, Tx};
use crate::ids::{PersonId, SectionId};
use crate::policy::{self, Called, Channel, Decider};
use crate::staff::people::{PostKind, Roster};

/// By what people are told of something that they need not answer: nothing rings.
const QUIETLY: [Channel; 3] = [Channel::Mail, Channel::Push, Channel::Sms];
/// Who was not told in this time reads it in the morning.
const NEWS: TimeDelta = TimeDelta::minutes(10);

/// Wakes a side: whoever of it answers or acts first lets everybody else sleep. `already` is at it, and is told with
/// the first. Where nobody can be reached the emergency goes on, and the report says so.
pub(super) async fn wake(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    roster: &Roster,
    head: &Head,
    side: Side,
    (until, already): (Instant, Option<PersonId>),
) -> Result<(), EmergencyError> {
    let rules = terms.rules()?;
    let mut calls = ladder(rules, roster, date_in_japan(now), head.section, side);
    if let Some(person) = already
        && !calls
            .iter()
            .any(|call| call.rung == 0 && call.person == person)
    {
        // Apart from the chief's own rung: that they were told is no reason to let the next one wait.
        let apart = calls.iter().map(|call| call.rung + 1).max();
        calls.extend(QUIETLY.map(|channel| Planned {
            rung: apart.unwrap_or_default(),
            person,
            channel,
            after: TimeDelta::zero(),
        }));
    }
    let new = New {
        kind: Kind::Emergency,
        matter: head.id.0,
        side: Some(side),
        until,
        calls,
    };
    calling::begin(tx, now, new).await?;
    Ok(())
}

/// The policy's ladder, with the people of today on it. It begins with the first rung on which there is anybody:
/// where a post is vacant nobody waits for its holder.
pub(super) fn ladder(
    rules: &policy::Emergency,
    roster: &Roster,
    day: NaiveDate,
    section: SectionId,
    side: Side,
) -> Vec<Planned> {
    let line = Line::of(roster, day, decider(rules, side), section);
    let rungs = rules
        .ladder
        .iter()
        .map(|rung| (rung, line.called(rung.who)));
    let rungs = rungs.filter(|(_, people)| !people.is_empty());
    let mut calls = Vec::new();
    let mut first = None;
    for (number, (rung, people)) in rungs.enumerate() {
        let begins = *first.get_or_insert(rung.after_seconds);
        for person in people {
            calls.extend(rung.by.iter().map(|channel| Planned {
                rung: u32::try_from(number).unwrap_or(u32::MAX),
                person,
                channel: *channel,
                after: TimeDelta::seconds((rung.after_seconds - begins).into()),
            }));
        }
    }
    calls
}

/// Who speaks for a side, in order, and who is on duty.
struct Line {
    chiefs: Vec<PersonId>,
    deputies: Vec<PersonId>,
    duty: Vec<PersonId>,
}

impl Line {
    fn of(roster: &Roster, day: NaiveDate, decider: Decider, section: SectionId) -> Self {
        let mut line = Self {
            chiefs: Vec::new(),
            deputies: Vec::new(),
            duty: Vec::new(),
        };
        for post in roster.posts.values() {
            let speaks = match decider {
                Decider::SectionChief => post.section() == Some(section),
                _ => post.of_owner(),
            };
            match post.kind {
                PostKind::Chief if speaks => {
                    let acting = roster.acting(post.id, day);
                    line.chiefs.extend(acting.chief.map(|person| person.id));
                    line.deputies
                        .extend(acting.deputies.iter().map(|person| person.id));
                }
                PostKind::DutyOfficer => {
                    line.duty
                        .extend(roster.holders(post.id, day).map(|person| person.id));
                }
                _ => {}
            }
        }
        line
    }

    fn called(&self, who: Called) -> BTreeSet<PersonId> {
        match who {
            Called::Chief => self.chiefs.iter().copied().collect(),
            Called::Deputy1 => self.deputies.first().copied().into_iter().collect(),
            Called::Deputy2 => self.deputies.get(1).copied().into_iter().collect(),
            Called::Duty => self.duty.iter().copied().collect(),
        }
    }
}

/// What a move means for those who are being called for it, and for those who were: `head` is as it was before.
pub(super) async fn follow(
    tx: &Tx,
    now: Instant,
    head: &Head,
    act: Act,
    by: Option<PersonId>,
) -> Result<(), DbError> {
    let settles = matches!(
        act,
        Act::Concur
            | Act::Return
            | Act::Decline
            | Act::Withdraw
            | Act::Edit
            | Act::Revoke
            | Act::Void
            | Act::Expire
            | Act::Send
            | Act::SendCorrection
    );
    if head.state == State::Draft || !settles {
        return Ok(());
    }
    let callings = calling::history_in(tx, head.id.0).await?;
    let running = |calling: &&Calling| calling.ended.is_none() && calling.kind == Kind::Emergency;
    for calling in callings.iter().filter(running) {
        let theirs = by.filter(|person| answers(calling, act, *person));
        let how = match theirs {
            Some(person) => Ended::Answered(person, Answer::Act),
            None if act == Act::Expire => Ended::Unanswered,
            None => Ended::Over,
        };
        calling::end(tx, now, head.id.0, calling.side, how).await?;
    }
    match act {
        // It goes on as everybody wished.
        Act::Concur | Act::Send | Act::SendCorrection => Ok(()),
        _ => tell(tx, now, head, &callings, by).await,
    }
}

/// Whether somebody answered a calling by what they did: they speak for the side, or are on its ladder.
fn answers(calling: &Calling, act: Act, person: PersonId) -> bool {
    let side = match act {
        Act::Concur | Act::Return | Act::Decline | Act::Revoke => Some(Side::Concurs),
        Act::Withdraw | Act::Send => Some(Side::Sends),
        _ => None,
    };
    let called = || calling.calls.iter().any(|call| call.person == person);
    (side.is_some() && calling.side == side) || called()
}

/// Tells everybody who stood behind it or was called for it, but for who did it.
async fn tell(
    tx: &Tx,
    now: Instant,
    head: &Head,
    callings: &[Calling],
    by: Option<PersonId>,
) -> Result<(), DbError> {
    let signed = [head.submitted, head.concurred].into_iter().flatten();
    let mut people: BTreeSet<PersonId> = signed.map(|did| did.by).collect();
    let calls = callings.iter().flat_map(|calling| &calling.calls);
    let called = calls.filter(|call| matches!(call.state, Standing::Made(_) | Standing::Lent));
    people.extend(called.map(|call| call.person));
    if let Some(by) = by {
        people.remove(&by);
    }
    if people.is_empty() {
        return Ok(());
    }
    let calls = people
        .into_iter()
        .flat_map(|person| QUIETLY.map(|channel| Planned::at_once(person, channel)));
    let new = New {
        kind: Kind::Notice,
        matter: head.id.0,
        side: None,
        until: now + NEWS,
        calls: calls.collect(),
    };
    calling::begin(tx, now, new).await?;
    Ok(())
}
