//! Stories of broadcasts: written, judged, agreed to, and sent as they were agreed to.

mod copies;
mod cutting;
mod deciding;
mod drafting;
mod gates;
mod journey;
pub mod measured;
mod messages;
mod moves;
pub mod pictures;
mod places;
mod sending;
mod tampering;

use chrono::TimeDelta;
use kairan::approval::{ApprovalError, Digest, House, Request, Verdict};
use kairan::area::Directory;
use kairan::broadcast::content::{Audience, Block, Manuscript, Timing};
use kairan::broadcast::moves::State;
use kairan::broadcast::statement::Shows;
use kairan::broadcast::{self, Broadcast, BroadcastError, Terms};
use kairan::clock::Instant;
use kairan::db::Tx;
use kairan::ids::{BroadcastId, PersonId};
use kairan::policy::{Answer, Profile};
use kairan::segment::parse;
use kairan::staff::people::Signed;

use crate::staff::Hall;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::policy;

pub const PUBLIC: &str = "https://line.city.shiomi.example";

/// The town hall on 24 November 2026 at nine, with people at their desks and a policy in force.
pub struct Desk {
    pub hall: Hall,
    pub profile: Profile,
    pub directory: Directory,
    pub drafter: PersonId,
    pub section_chief: PersonId,
    pub pr_staff: PersonId,
    pub pr_chief: PersonId,
}

impl Begin for Desk {
    async fn begin(engine: Engine) -> Self {
        Self::over(Hall::begin(engine).await).await
    }
}

/// An instant of 25 November 2026, by Japan's clock.
pub fn tomorrow(hour: i64) -> Instant {
    let midnight: Instant = "2026-11-24T15:00:00Z".parse().unwrap();
    midnight + TimeDelta::hours(hour)
}

/// Something that could go out but for the questions.
pub fn manuscript() -> Manuscript {
    Manuscript {
        title: "4か月児健診".into(),
        category: "childcare".into(),
        blocks: vec![Block::Text {
            text: "4か月児健診を12月3日(木)に行います。\n問い合わせ: 健康課 0000-00-2222".into(),
        }],
        open_data: false,
        audience: Audience::Segment(parse("everyone").unwrap()),
        timing: Timing {
            send_at: Some(tomorrow(10)),
            valid_until: Some(tomorrow(18)),
        },
    }
}

/// The same with other words.
pub fn saying(text: &str) -> Manuscript {
    Manuscript {
        blocks: vec![Block::Text { text: text.into() }],
        ..manuscript()
    }
}

impl Desk {
    /// People come to their desks.
    pub async fn over(mut hall: Hall) -> Self {
        let drafter = hall.holder("1001", hall.childcare_staff).await;
        let section_chief = hall.holder("1002", hall.childcare_chief).await;
        let pr_staff = hall.holder("2001", hall.pr_staff).await;
        let pr_chief = hall.holder("2002", hall.pr_chief).await;
        hall.now += TimeDelta::minutes(1);
        Self {
            hall,
            profile: Profile::clone(&policy().profile),
            directory: Directory::new(Vec::new()),
            drafter,
            section_chief,
            pr_staff,
            pr_chief,
        }
    }

    pub fn house(&self) -> House {
        House::Section(self.hall.childcare)
    }

    pub fn terms(&self) -> Terms<'_> {
        Terms {
            profile: &self.profile,
            directory: &self.directory,
            public_url: PUBLIC,
        }
    }

    pub async fn signed(&self, person: PersonId) -> Signed {
        self.hall.signed(person).await.unwrap()
    }

    /// Does it, and keeps it unless it fails.
    pub async fn does<T>(
        &self,
        deed: impl AsyncFnOnce(&Tx) -> Result<T, BroadcastError>,
    ) -> Result<T, BroadcastError> {
        let tx = self.hall.db.db.begin().await.unwrap();
        let done = deed(&tx).await?;
        tx.commit().await.unwrap();
        Ok(done)
    }

    pub async fn drafts(&self, manuscript: &Manuscript) -> BroadcastId {
        self.drafts_as(self.drafter, self.house(), manuscript)
            .await
            .unwrap()
    }

    pub async fn drafts_as(
        &self,
        person: PersonId,
        house: House,
        manuscript: &Manuscript,
    ) -> Result<BroadcastId, BroadcastError> {
        let by = self.signed(person).await;
        let (now, profile) = (self.hall.now, &self.profile);
        self.does(async |tx| broadcast::draft(tx, now, &by, profile, house, manuscript).await)
            .await
    }

    pub async fn answers(
        &self,
        id: BroadcastId,
        question: &str,
        answer: Answer,
    ) -> Result<(), BroadcastError> {
        let by = self.signed(self.drafter).await;
        let (now, profile) = (self.hall.now, &self.profile);
        let read = (id, self.find(id).await.head.revision);
        self.does(async |tx| broadcast::answer(tx, now, &by, profile, read, question, answer).await)
            .await
    }

    /// Answers everything as it should be answered.
    pub async fn vouches(&self, id: BroadcastId) {
        for (question, answer) in [
            ("source", Answer::Yes),
            ("undecided", Answer::No),
            ("clear", Answer::Yes),
        ] {
            self.answers(id, question, answer).await.unwrap();
        }
    }

    pub async fn shows(
        &self,
        id: BroadcastId,
        url: &str,
        shows: Shows,
    ) -> Result<(), BroadcastError> {
        let by = self.signed(self.drafter).await;
        let now = self.hall.now;
        let read = (id, self.find(id).await.head.revision);
        self.does(async |tx| broadcast::prove_link(tx, now, &by, read, url, shows).await)
            .await
    }

    pub async fn edits(
        &self,
        person: PersonId,
        id: BroadcastId,
        manuscript: &Manuscript,
    ) -> Result<i32, BroadcastError> {
        let by = self.signed(person).await;
        let revision = self.find(id).await.head.revision;
        let now = self.hall.now;
        self.does(async |tx| broadcast::edit(tx, now, &by, id, revision, manuscript).await)
            .await
    }

    pub async fn submits(&self, id: BroadcastId) -> Result<Request, BroadcastError> {
        let by = self.signed(self.drafter).await;
        let revision = self.find(id).await.head.revision;
        let (now, terms) = (self.hall.now, self.terms());
        self.does(async |tx| broadcast::submit(tx, now, &by, terms, id, revision).await)
            .await
    }

    pub async fn decides(
        &self,
        person: PersonId,
        request: &Request,
        seen: &Digest,
        verdict: Verdict,
    ) -> Result<Request, BroadcastError> {
        let (now, terms) = (self.hall.now, self.terms());
        self.does(async |tx| {
            broadcast::decide(tx, now, person, terms, request.id, seen, verdict).await
        })
        .await
    }

    pub async fn agrees(
        &self,
        person: PersonId,
        request: &Request,
    ) -> Result<Request, BroadcastError> {
        self.decides(
            person,
            request,
            &request.frozen.digest,
            Verdict::Agree(None),
        )
        .await
    }

    /// Agrees, and says why.
    pub async fn agrees_saying(
        &self,
        person: PersonId,
        request: &Request,
        note: &str,
    ) -> Result<Request, BroadcastError> {
        let verdict = Verdict::Agree(Some(note.into()));
        self.decides(person, request, &request.frozen.digest, verdict)
            .await
    }

    /// Handed in and agreed to.
    pub async fn approved(&self, manuscript: &Manuscript) -> BroadcastId {
        let id = self.drafts(manuscript).await;
        self.vouches(id).await;
        let request = self.submits(id).await.unwrap();
        self.agrees(self.pr_staff, &request).await.unwrap();
        assert_eq!(self.state(id).await, State::Approved);
        id
    }

    /// Approved, and its hour has come and gone.
    pub async fn sent(&mut self, manuscript: &Manuscript) -> BroadcastId {
        let id = self.approved(manuscript).await;
        let hour = manuscript.timing.send_at.unwrap();
        self.hall.now = self.hall.now.max(hour);
        self.releases(id).await.unwrap();
        id
    }

    pub async fn releases(&self, id: BroadcastId) -> Result<(), BroadcastError> {
        let (now, terms) = (self.hall.now, self.terms());
        self.does(async |tx| {
            let approved = broadcast::approved(tx, now, id).await?;
            broadcast::release(tx, now, terms, approved).await.map(drop)
        })
        .await
    }

    pub async fn find(&self, id: BroadcastId) -> Broadcast {
        broadcast::find(&self.hall.db, id).await.unwrap().unwrap()
    }

    pub async fn state(&self, id: BroadcastId) -> State {
        self.find(id).await.head.state
    }

    pub async fn findings(&self, id: BroadcastId) -> Vec<String> {
        let found = broadcast::findings(&self.hall.db, self.hall.now, self.terms(), id);
        let found = found.await.unwrap().unwrap();
        let words = found
            .iter()
            .map(|f| broadcast::phrases::finding(f, &self.profile));
        words.collect()
    }
}

/// The policy wants to know why this is agreed to.
pub fn unsaid(refused: &Result<Request, BroadcastError>) -> bool {
    matches!(
        refused,
        Err(BroadcastError::Approval(ApprovalError::NoNote))
    )
}

pub fn own_work(refused: &Result<Request, BroadcastError>) -> bool {
    matches!(refused, Err(BroadcastError::Approval(ApprovalError::Own)))
}
