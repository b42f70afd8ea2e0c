//! From a draft to a decision: judged, frozen, handed in, agreed to or sent back.

use std::collections::BTreeMap;

use super::content::Audience;
use super::gates::{self, Case, Finding, Gate};
use super::messages::Setting;
use super::model::{Broadcast, Issue};
use super::moves::Move;
use super::store::{self, With};
use super::way::way;
use super::{BroadcastError, allowed, make, read, read_at, theirs};
use crate::approval::{
    self, ApprovalError, Digest, Outcome, Request, SubjectKind, Submission, Verdict,
};
use crate::area::Directory;
use crate::audit::{self, Actor};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{ApprovalId, BroadcastId, MediaId, PersonId};
use crate::line::message::Messages;
use crate::media::{self, Media};
use crate::policy::Profile;
use crate::segment::Places;
use crate::staff::people;

/// What broadcasts are judged by and put into messages with.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The rules in force.
    pub profile: &'a Profile,
    /// The places that segments name.
    pub directory: &'a Directory,
    /// Where the public reaches this server, without a slash at the end.
    pub public_url: &'a str,
}

/// A broadcast with what else its judging takes.
pub(super) struct Whole {
    pub(super) broadcast: Broadcast,
    pictures: BTreeMap<MediaId, Media>,
    corrected: Option<Instant>,
}

/// What keeps a broadcast from being handed in, and who would have to agree; `None` if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn findings(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    id: BroadcastId,
) -> Result<Option<Vec<Finding>>, DbError> {
    let Some(broadcast) = store::find(db.conn(), id).await? else {
        return Ok(None);
    };
    let whole = whole_of(db, broadcast).await?;
    Ok(Some(gates::check(whole.case(now, terms))))
}

/// The messages as they would be sent; `None` while there is something that LINE would not take.
///
/// # Errors
/// The database does not answer.
pub async fn messages_of(
    db: &Db,
    terms: Terms<'_>,
    broadcast: &Broadcast,
) -> Result<Option<Messages>, DbError> {
    let whole = whole_of(db, broadcast.clone()).await?;
    let setting = whole.setting(terms);
    Ok(whole.broadcast.manuscript.messages(setting).ok())
}

pub(super) async fn whole_of(db: &Db, broadcast: Broadcast) -> Result<Whole, DbError> {
    let ids: Vec<MediaId> = broadcast.manuscript.pictures().into_iter().collect();
    let pictures = media::find_all(db, &ids).await?;
    let wrong = match broadcast.head.corrects {
        Some(wrong) => store::find(db.conn(), wrong).await?,
        None => None,
    };
    Ok(Whole::new(broadcast, pictures, wrong))
}

/// Hands the draft in as it was read at `revision`: freezes it, and asks whom the policy names.
///
/// # Errors
/// It was written on meanwhile, it does not pass the policy's gates, or nobody could decide on it.
pub async fn submit(
    tx: &Tx,
    now: Instant,
    by: &people::Signed,
    terms: Terms<'_>,
    id: BroadcastId,
    revision: i32,
) -> Result<Request, BroadcastError> {
    audit::take_turn(tx).await?;
    let whole = whole(tx, read_at(tx, id, revision).await?).await?;
    let Broadcast { head, editors, .. } = &whole.broadcast;
    theirs(by, &whole.broadcast)?;
    allowed(head, Move::Submit)?;
    let findings = gates::check(whole.case(now, terms));
    if !gates::passes(&findings) {
        return Err(BroadcastError::Findings(findings));
    }
    let profile = terms.profile;
    let way = way(profile, head.drafter, &head.category, &findings);
    let issue = whole.issue(terms, &findings)?;
    let submission = Submission {
        frozen: issue.frozen(head)?,
        house: head.house,
        editors: editors.clone(),
        way: way.ok_or(BroadcastError::NoRoute)?,
        policy: profile.profile.version.clone(),
        until: None,
    };
    let request = approval::submit(tx, now, by.person(), submission).await?;
    make(tx, now, by.actor(), head, Move::Submit, With::Issue(&issue)).await?;
    Ok(request)
}

/// Agrees to what was handed in, or sends it back; `seen` is the digest of what was read. With the last
/// agreement it waits for its hour.
///
/// # Errors
/// As [`approval::decide`]; or a link or a picture of it may no longer be used.
pub async fn decide(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    terms: Terms<'_>,
    request: ApprovalId,
    seen: &Digest,
    verdict: Verdict,
) -> Result<Request, BroadcastError> {
    let agrees = matches!(verdict, Verdict::Agree(_));
    let request = approval::decide(tx, now, by, request, seen, verdict).await?;
    let subject = request.frozen.subject;
    if subject.kind != SubjectKind::Broadcast {
        return Err(ApprovalError::Missing.into());
    }
    let whole = whole(tx, read(tx, BroadcastId(subject.id)).await?).await?;
    if agrees {
        whole.still_fit(now, terms)?;
    }
    let head = &whole.broadcast.head;
    let roster = people::roster_in(tx).await?;
    let signed = roster.signed(by, date_in_japan(now));
    let actor = signed.map_or(Actor::Person(by, None), |signed| signed.actor());
    match request.ended.as_ref().map(|ended| ended.outcome) {
        Some(Outcome::Approved) => {
            make(tx, now, actor, head, Move::Approve, With::Nothing).await?;
        }
        Some(Outcome::Returned) => {
            make(tx, now, actor, head, Move::Return, With::NoIssue).await?;
        }
        _ => {}
    }
    Ok(request)
}

/// Reads what else the judging of `broadcast` takes.
pub(super) async fn whole(tx: &Tx, broadcast: Broadcast) -> Result<Whole, DbError> {
    let ids: Vec<MediaId> = broadcast.manuscript.pictures().into_iter().collect();
    let pictures = media::find_in(tx, &ids).await?;
    let wrong = match broadcast.head.corrects {
        Some(wrong) => store::find(tx.conn(), wrong).await?,
        None => None,
    };
    Ok(Whole::new(broadcast, pictures, wrong))
}

impl Whole {
    fn new(broadcast: Broadcast, pictures: Vec<Media>, wrong: Option<Broadcast>) -> Self {
        Self {
            broadcast,
            pictures: pictures
                .into_iter()
                .map(|media| (media.id, media))
                .collect(),
            corrected: wrong.and_then(|wrong| wrong.head.released_at),
        }
    }

    pub(super) fn setting<'a>(&'a self, terms: Terms<'a>) -> Setting<'a> {
        Setting {
            profile: terms.profile,
            pictures: &self.pictures,
            public_url: terms.public_url,
            corrected: self.corrected,
            test: None,
        }
    }

    fn case<'a>(&'a self, now: Instant, terms: Terms<'a>) -> Case<'a> {
        Case {
            manuscript: &self.broadcast.manuscript,
            revision: self.broadcast.head.revision,
            statements: &self.broadcast.statements,
            setting: self.setting(terms),
            directory: terms.directory,
            places: self.broadcast.issue.as_ref().map(|issue| &issue.places),
            now,
        }
    }

    /// That its links and pictures may be used now.
    pub(super) fn still_fit(&self, now: Instant, terms: Terms<'_>) -> Result<(), BroadcastError> {
        let findings = gates::check_at_send(self.case(now, terms));
        match findings.is_empty() {
            true => Ok(()),
            false => Err(BroadcastError::Findings(findings)),
        }
    }

    fn issue(&self, terms: Terms<'_>, findings: &[Finding]) -> Result<Issue, BroadcastError> {
        let manuscript = &self.broadcast.manuscript;
        let messages = manuscript.messages(self.setting(terms))?;
        let pictures = self.pictures.values();
        Ok(Issue {
            messages: serde_json::to_value(&messages).map_err(approval::Undigestible::from)?,
            pictures: pictures
                .map(|media| (media.id, media.digest.clone()))
                .collect(),
            category: manuscript.category.clone(),
            audience: manuscript.audience.clone(),
            places: match &manuscript.audience {
                Audience::Segment(segment) => Places::of(terms.directory, segment)?,
                Audience::Corrected(_) => Places::default(),
            },
            send_at: manuscript.timing.send_at,
            valid_until: manuscript.timing.valid_until,
            out_of_hours: findings
                .iter()
                .any(|finding| finding.gate == Gate::OutOfHours),
        })
    }
}
