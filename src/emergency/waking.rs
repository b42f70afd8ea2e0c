//! Who is woken for an emergency by the policy's ladder, and who is told that it was settled, stopped, or got into
//! trouble.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::model::{Emergency, Head};
use super::moves::{Act, Side, State};
use super::who::{decider, granted_by};
use super::{EmergencyError, Terms};
use crate::calling::{self, Answer, Calling, Cause, Ended, Kind, New, Planned, Standing};
use crate::clock::{Instant, date_in_japan};
use crate::db::{DbError, Tx};
use crate::ids::{PersonId, SectionId};
use crate::policy::{self, Called, Channel, Decider};
use crate::staff::people::{self, PostKind, Roster};

/// By what people are told of something that they need not answer: nothing rings.
const QUIETLY: [Channel; 3] = [Channel::Mail, Channel::Push, Channel::Sms];
/// Who was not told in this time reads it in the morning.
const NEWS: TimeDelta = TimeDelta::minutes(10);

/// For what a side is woken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Woken {
    pub side: Side,
    /// None when it is asked to agree or to send.
    pub cause: Option<Cause>,
    /// How long it can answer.
    pub until: Instant,
    /// Who is at it already: they are told with the first.
    pub already: Option<PersonId>,
}

/// Wakes a side: whoever of it answers or acts first lets everybody else sleep. Where nobody can be reached the
/// emergency goes on, and the report says so.
pub(super) async fn wake(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    roster: &Roster,
    head: &Head,
    woken: Woken,
) -> Result<(), EmergencyError> {
    let rules = terms.rules()?;
    let mut calls = ladder(rules, roster, date_in_japan(now), head.section, woken.side);
    if let Some(person) = woken.already
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
        cause: woken.cause,
        matter: head.id.0,
        side: Some(woken.side),
        until: woken.until,
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

/// Wakes the side whose emergency did not arrive everywhere (要対応), and tells everybody else who stood behind it.
pub(super) async fn trouble(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    emergency: &Emergency,
) -> Result<(), EmergencyError> {
    let head = &emergency.head;
    let mut told = behind(head, &calling::history_in(tx, head.id.0).await?);
    // A policy without a way for emergencies has no ladder.
    if let Ok(rules) = terms.rules() {
        let granted = granted_by(&people::roster_in(tx).await?, emergency);
        let woken = Woken {
            side: Side::Sends,
            cause: Some(Cause::Attention),
            until: now + TimeDelta::minutes(rules.request_minutes.into()),
            already: head.sent.map(|did| did.by),
        };
        let first = foremost(
            rules,
            &granted,
            date_in_japan(now),
            head.section,
            woken.side,
        );
        told.retain(|person| !first.contains(person) && woken.already != Some(*person));
        wake(tx, now, terms, &granted, head, woken).await?;
    }
    Ok(tell(tx, now, head.id.0, Some(Cause::Attention), told).await?)
}

/// Tells both sides, and everybody who stood behind it, that somebody stopped it.
pub(super) async fn stopped(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    head: &Head,
    by: PersonId,
) -> Result<(), EmergencyError> {
    let mut told = behind(head, &calling::history_in(tx, head.id.0).await?);
    let (rules, roster) = (terms.rules()?, people::roster_in(tx).await?);
    for side in Side::BOTH {
        told.extend(foremost(
            rules,
            &roster,
            date_in_japan(now),
            head.section,
            side,
        ));
    }
    told.remove(&by);
    Ok(tell(tx, now, head.id.0, Some(Cause::Stopped), told).await?)
}

/// Who of a side is called before anybody else.
fn foremost(
    rules: &policy::Emergency,
    roster: &Roster,
    day: NaiveDate,
    section: SectionId,
    side: Side,
) -> BTreeSet<PersonId> {
    let calls = ladder(rules, roster, day, section, side).into_iter();
    let first = calls.filter(|call| call.rung == 0);
    first.map(|call| call.person).collect()
}

/// Who speaks for either side, by day: both chiefs and their deputies.
pub(super) fn speakers(
    rules: &policy::Emergency,
    roster: &Roster,
    day: NaiveDate,
    section: SectionId,
) -> BTreeSet<PersonId> {
    let sides = Side::BOTH.into_iter();
    let lines = sides.map(|side| Line::of(roster, day, decider(rules, side), section));
    let people = lines.flat_map(|line| line.chiefs.into_iter().chain(line.deputies));
    people.collect()
}

/// What a move means for those who are being called for it, and for those who were: `head` is as it was before.
pub(super) async fn follow(
    tx: &Tx,
    now: Instant,
    head: &Head,
    act: Act,
    by: Option<PersonId>,
) -> Result<(), DbError> {
    let means = Means::of(act);
    if head.state == State::Draft || means == Means::Nothing {
        return Ok(());
    }
    let callings = calling::history_in(tx, head.id.0).await?;
    let running = |calling: &&Calling| calling.ended.is_none() && calling.kind == Kind::Emergency;
    for calling in callings.iter().filter(running) {
        let theirs = by.filter(|person| answers(calling, act, *person));
        let how = match theirs {
            Some(person) => Ended::Answered(person, Answer::Act),
            // The other side is needed still.
            None if means == Means::OneAnswers => continue,
            None if act == Act::Expire => Ended::Unanswered,
            None => Ended::Over,
        };
        calling::end(tx, now, head.id.0, calling.side, how).await?;
    }
    if means != Means::OverAndTold {
        return Ok(());
    }
    let mut told = behind(head, &callings);
    if let Some(by) = by {
        told.remove(&by);
    }
    tell(tx, now, head.id.0, None, told).await
}

/// What a move means for who is being called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// Nothing.
    Nothing,
    /// Their side has answered; the other one is called on.
    OneAnswers,
    /// Nobody is called any more: it goes on as everybody wished, or whoever has to know is told apart.
    Over,
    /// Nobody is called any more, and everybody who stood behind it is told.
    OverAndTold,
}

impl Means {
    fn of(act: Act) -> Self {
        match act {
            Act::Return
            | Act::Decline
            | Act::Withdraw
            | Act::Edit
            | Act::Revoke
            | Act::Void
            | Act::Expire => Self::OverAndTold,
            Act::Concur
            | Act::Send
            | Act::SendCorrection
            | Act::Stop
            | Act::Resume
            | Act::Retry
            | Act::Accept
            | Act::Finish => Self::Over,
            Act::ConcurResume | Act::ConcurAccept => Self::OneAnswers,
            Act::Submit | Act::Trouble | Act::Correct | Act::File | Act::Confirm => Self::Nothing,
        }
    }
}

/// Whether somebody answered a calling by what they did: they speak for the side, or are on its ladder.
fn answers(calling: &Calling, act: Act, person: PersonId) -> bool {
    let side = match act {
        Act::Concur
        | Act::Return
        | Act::Decline
        | Act::Revoke
        | Act::ConcurResume
        | Act::ConcurAccept => Some(Side::Concurs),
        Act::Withdraw | Act::Send | Act::Resume | Act::Retry | Act::Accept => Some(Side::Sends),
        _ => None,
    };
    let called = || calling.calls.iter().any(|call| call.person == person);
    (side.is_some() && calling.side == side) || called()
}

/// Everybody who stood behind it or was called for it.
fn behind(head: &Head, callings: &[Calling]) -> BTreeSet<PersonId> {
    let signed = [head.submitted, head.concurred, head.sent].into_iter();
    let mut people: BTreeSet<PersonId> = signed.flatten().map(|did| did.by).collect();
    let calls = callings.iter().flat_map(|calling| &calling.calls);
    let called = calls.filter(|call| matches!(call.state, Standing::Made(_) | Standing::Lent));
    people.extend(called.map(|call| call.person));
    people
}

/// Tells them quietly.
pub(super) async fn tell(
    tx: &Tx,
    now: Instant,
    matter: Uuid,
    cause: Option<Cause>,
    people: BTreeSet<PersonId>,
) -> Result<(), DbError> {
    if people.is_empty() {
        return Ok(());
    }
    let calls = people
        .into_iter()
        .flat_map(|person| QUIETLY.map(|channel| Planned::at_once(person, channel)));
    let new = New {
        kind: Kind::Notice,
        cause,
        matter,
        side: None,
        until: now + NEWS,
        calls: calls.collect(),
    };
    calling::begin(tx, now, new).await?;
    Ok(())
}
