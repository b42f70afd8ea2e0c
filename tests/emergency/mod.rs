//! Stories of emergencies: two chiefs confer at night, and one of them sends.

mod agreements;
mod besides;
mod by_hand;
mod conferring;
mod correcting;
mod crashes;
mod database;
mod dying;
mod forged;
mod histories;
mod line_link;
mod matrix;
mod measured;
mod model;
mod moves;
mod races;
mod reports;
mod sending;
mod setting_up;
mod spraying;
mod stopped;

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::TimeDelta;
use entity::{delivery_gate, dispatch, envelope};
use kairan::area::{Directory, Listed};
use kairan::clock::Instant;
use kairan::db::Tx;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::template::{Filled, Library};
use kairan::emergency::{
    self, Audience, Besides, Emergency, EmergencyError, Open, Places, Terms, Written, report,
};
use kairan::ids::{AreaId, DispatchId, EmergencyId, PersonId};
use kairan::line::UserId;
use kairan::mode::Mode;
use kairan::policy::Profile;
use kairan::resident::{self, Residence};
use kairan::staff::account::{self, Accounts, Confirmed};
use kairan::staff::people::{Place, PostKind, Signed, Term};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::staff::{Hall, deputy, named};
use crate::support::Begin;
use crate::support::authenticator::Authenticator;
use crate::support::database::{Engine, TestDb};
use crate::support::office::{ORIGIN, accounts};
use crate::support::town::policy;

/// Everybody who might do something to an emergency of the childcare section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Of the section whose it is.
    Drafter,
    OwnChief,
    OwnDeputy,
    /// Of the PR section, which agrees.
    PrChief,
    PrDeputy,
    PrStaff,
    Duty,
    Auditor,
    Administrator,
    /// Of a section that has nothing to do with it.
    ThirdChief,
    ThirdStaff,
    Contractor,
}

impl Who {
    pub const ALL: [Self; 12] = [
        Self::Drafter,
        Self::OwnChief,
        Self::OwnDeputy,
        Self::PrChief,
        Self::PrDeputy,
        Self::PrStaff,
        Self::Duty,
        Self::Auditor,
        Self::Administrator,
        Self::ThirdChief,
        Self::ThirdStaff,
        Self::Contractor,
    ];
}

/// Tuesday, 24 November 2026, ten at night, with everybody's telephone at hand.
pub struct Night {
    pub hall: Hall,
    pub accounts: Accounts,
    pub profile: Profile,
    pub library: Library,
    pub directory: Directory,
    /// Ten people live in the first, three in the second, two nowhere.
    pub areas: Vec<AreaId>,
    pub people: BTreeMap<Who, PersonId>,
    phones: BTreeMap<PersonId, Mutex<Authenticator>>,
}

/// How many live in the first area.
pub const FIRST: u64 = 10;

impl Begin for Night {
    async fn begin(engine: Engine) -> Self {
        Self::over(TestDb::begin(engine).await, Mode::Live).await
    }
}

fn user(number: usize) -> UserId {
    UserId::parse(&format!("U{number:032x}")).unwrap()
}

impl Night {
    pub async fn over(db: TestDb, mode: Mode) -> Self {
        // Passkeys count a day after they were enrolled.
        let monday: Instant = "2026-11-23T11:00:00Z".parse().unwrap();
        let hall = Hall::over(db, monday).await;
        hall.db.settle_mode(monday, mode).await.unwrap();
        let accounts = accounts(&hall.db);
        let mut profile = Profile::clone(&policy().profile);
        profile.emergency.as_mut().unwrap().live = true;
        let mut night = Self {
            hall,
            accounts,
            profile,
            library: Library::builtin().unwrap(),
            directory: Directory::default(),
            areas: Vec::new(),
            people: BTreeMap::new(),
            phones: BTreeMap::new(),
        };
        night.settle_people().await;
        night.settle_town().await;
        night.hall.now += TimeDelta::hours(26);
        night
    }

    async fn settle_people(&mut self) {
        let hall = &self.hall;
        let third = {
            let tx = hall.db.db.begin().await.unwrap();
            let by = kairan::audit::Actor::Operator;
            let id = kairan::staff::people::add_section(&tx, hall.now, &by, "土木課", false, &[]);
            let id = id.await.unwrap();
            tx.commit().await.unwrap();
            id
        };
        let third_chief = hall.section_post(third, PostKind::Chief).await;
        let third_staff = hall.section_post(third, PostKind::Staff).await;
        let duty = hall.post(PostKind::DutyOfficer, "当直", Place::Town).await;
        let auditor = hall.post(PostKind::Auditor, "監査担当", Place::Town).await;
        let year = Term::between(hall.today(), hall.today() + TimeDelta::days(300)).unwrap();
        let company = hall.contractor("潮見企画", year).await;
        let places = kairan::staff::people::organisations(&hall.db)
            .await
            .unwrap();
        let place = places
            .into_iter()
            .find(|place| place.id == company)
            .unwrap();
        let manager = PostKind::ContractManager;
        let manager = hall
            .post(manager, "責任者", Place::Organisation(place))
            .await;
        let mut people = BTreeMap::from([(Who::Administrator, hall.first)]);
        for (who, number, post) in [
            (Who::Drafter, "1001", hall.childcare_staff),
            (Who::OwnChief, "1002", hall.childcare_chief),
            (Who::OwnDeputy, "1003", hall.childcare_staff),
            (Who::PrChief, "2001", hall.pr_chief),
            (Who::PrDeputy, "2002", hall.pr_staff),
            (Who::PrStaff, "2003", hall.pr_staff),
            (Who::Duty, "3001", duty),
            (Who::Auditor, "3002", auditor),
            (Who::ThirdChief, "4001", third_chief),
            (Who::ThirdStaff, "4002", third_staff),
        ] {
            people.insert(who, hall.holder(number, post).await);
        }
        let mut hired = named("5001");
        hired.organisation = Some(company);
        let hired = hall.add(&hired).await;
        hall.granted(manager, hired, year).await;
        people.insert(Who::Contractor, hired);
        let standing = Term::since(hall.today());
        for (post, who) in [
            (hall.childcare_chief, Who::OwnDeputy),
            (hall.pr_chief, Who::PrDeputy),
        ] {
            hall.agreed(deputy(post, people[&who], 1, standing))
                .await
                .unwrap();
        }
        for person in people.values() {
            let phone = self.enrol(*person).await;
            self.phones.insert(*person, Mutex::new(phone));
        }
        self.people = people;
    }

    async fn settle_town(&mut self) {
        let listed = ["本町", "港町"].map(|name| Listed {
            district: None,
            name: name.into(),
            reading: None,
        });
        let tx = self.hall.db.db.begin().await.unwrap();
        self.areas = kairan::area::publish(&tx, &listed).await.unwrap().ids;
        for number in 0..15 {
            let known = resident::follow(&tx, self.hall.now, &user(number), 1)
                .await
                .unwrap();
            let mut told = known.clone();
            told.residence = match number {
                0..10 => Residence::Area(self.areas[0]),
                10..13 => Residence::Area(self.areas[1]),
                _ => Residence::Unanswered,
            };
            resident::save(&tx, self.hall.now, Some(&known), told, 1)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        self.directory = kairan::area::directory(&self.hall.db).await.unwrap();
    }

    pub async fn enrol(&self, person: PersonId) -> Authenticator {
        let mut phone = Authenticator::new(ORIGIN);
        let now = self.hall.now;
        let asked = self
            .accounts
            .begin_passkey(now, person, "0001", "青葉 花子")
            .await;
        let asked = asked.unwrap();
        let answer = phone.create(&asked.options);
        let made = self
            .accounts
            .check_passkey(now, person, &asked.token, &answer, "電話");
        let made = made.await.unwrap();
        let tx = self.hall.db.db.begin().await.unwrap();
        self.accounts.add_passkey(&tx, now, made).await.unwrap();
        tx.commit().await.unwrap();
        phone
    }

    pub fn terms(&self) -> Terms<'_> {
        Terms {
            profile: &self.profile,
            library: &self.library,
        }
    }

    pub async fn signed(&self, who: Who) -> Signed {
        self.hall.signed(self.people[&who]).await.unwrap()
    }

    pub fn later(&mut self, minutes: i64) {
        self.hall.now += TimeDelta::minutes(minutes);
    }

    /// Does it, and keeps it unless it fails.
    pub async fn does<T>(
        &self,
        deed: impl AsyncFnOnce(&Tx) -> Result<T, EmergencyError>,
    ) -> Result<T, EmergencyError> {
        let tx = self.hall.db.db.begin().await.unwrap();
        let done = deed(&tx).await?;
        tx.commit().await.unwrap();
        Ok(done)
    }

    /// Somebody's passkey confirms it, now.
    pub async fn confirms(&self, person: PersonId, act: account::Act) -> Confirmed {
        let issued = self.accounts.issue(self.hall.now, &act).await.unwrap();
        let answer = self.phones[&person].lock().unwrap().get(&issued.options);
        let now = self.hall.now;
        let confirmed = self
            .accounts
            .confirm(now, act, &issued.token, &answer)
            .await;
        confirmed.unwrap()
    }

    /// The same of what an act on this emergency takes; of anything, if it cannot happen to it.
    pub async fn confirmed(&self, who: Who, id: EmergencyId, act: Act) -> Confirmed {
        let (person, found) = (self.people[&who], self.find(id).await);
        let asked = emergency::confirmation(&self.hall.db, self.hall.now, &found, act, person);
        let asked = asked.await.unwrap().unwrap_or_else(|| account::Act {
            person,
            act: act.confirmed_as().unwrap(),
            digest: "00".repeat(32),
        });
        self.confirms(person, asked).await
    }

    pub async fn find(&self, id: EmergencyId) -> Emergency {
        emergency::find(&self.hall.db, id).await.unwrap().unwrap()
    }

    pub async fn state(&self, id: EmergencyId) -> State {
        self.find(id).await.head.state
    }

    pub async fn open_to(&self, who: Who, id: EmergencyId) -> Open {
        let (now, found) = (self.hall.now, self.find(id).await);
        let open = emergency::open_to(&self.hall.db, now, self.terms(), &found, self.people[&who]);
        open.await.unwrap()
    }

    /// Tries an act as a page would, with all it takes; kept only if `keep`.
    pub async fn tries(
        &self,
        who: Who,
        id: EmergencyId,
        act: Act,
        keep: bool,
    ) -> Result<(), EmergencyError> {
        let by = self.signed(who).await;
        let found = self.find(id).await;
        let confirmed = match act.confirmed_as() {
            Some(_) if act != Act::Accept => Some(self.confirmed(who, id, act).await),
            _ => None,
        };
        let tx = self.hall.db.db.begin().await.unwrap();
        self.act_in(&tx, &by, &found, act, confirmed).await?;
        if keep {
            tx.commit().await.unwrap();
        }
        Ok(())
    }

    pub async fn act_in(
        &self,
        tx: &Tx,
        by: &Signed,
        found: &Emergency,
        act: Act,
        confirmed: Option<Confirmed>,
    ) -> Result<(), EmergencyError> {
        let (now, terms, id) = (self.hall.now, self.terms(), found.head.id);
        let version = found.head.version;
        let confirmed = || confirmed.unwrap();
        match act {
            Act::Edit => {
                let written = differently(&found.written);
                let edited = emergency::edit(tx, now, terms, by, id, version, &written).await;
                edited.map(drop)
            }
            Act::Submit => emergency::submit(tx, now, terms, by, id, version)
                .await
                .map(drop),
            Act::Concur => emergency::concur(tx, now, terms, by, id, confirmed()).await,
            Act::Return => emergency::send_back(tx, now, terms, by, id, "時刻を直す").await,
            Act::Decline => emergency::decline(tx, now, terms, by, id, "事実と違う").await,
            Act::Withdraw => emergency::withdraw(tx, now, terms, by, id).await,
            Act::Revoke => emergency::revoke(tx, now, terms, by, id).await,
            Act::Send => emergency::send(tx, now, terms, by, id, confirmed())
                .await
                .map(drop),
            Act::SendCorrection => {
                let sent = emergency::send_correction(tx, now, terms, by, id, confirmed()).await;
                sent.map(drop)
            }
            Act::Stop => emergency::stop(tx, now, terms, by, id).await,
            Act::ConcurResume => {
                emergency::concur_resume(tx, now, terms, by, id, confirmed()).await
            }
            Act::Resume => emergency::resume(tx, now, terms, by, id, confirmed()).await,
            Act::Retry => emergency::retry(tx, now, terms, by, id).await,
            Act::ConcurAccept => {
                emergency::concur_accept(tx, now, terms, by, id, confirmed()).await
            }
            Act::Accept => emergency::accept(tx, now, terms, by, id, "訂正で補う", None).await,
            Act::Correct => {
                let words = &false_alarm();
                let child = emergency::correct(tx, now, terms, by, id, "FIX-FALSE", words);
                child.await.map(drop)
            }
            Act::File => report::file(tx, now, terms, by, id, "おおむね想定どおり").await,
            Act::Confirm => {
                let filed = found.report.as_ref().and_then(|report| report.filed);
                let filed_at = filed.map_or(now, |filed| filed.at);
                report::confirm(tx, now, terms, by, id, filed_at).await
            }
            Act::Void | Act::Expire | Act::Finish | Act::Trouble => {
                panic!("{act} is nobody's to do")
            }
        }
    }

    /// Does an act, and keeps it.
    pub async fn done(&self, who: Who, id: EmergencyId, act: Act) {
        let done = self.tries(who, id, act, true).await;
        done.unwrap_or_else(|error| panic!("{who:?} {act}: {error}"));
    }

    /// For the first area.
    pub fn written(&self) -> Written {
        Written {
            audience: Audience::Areas(Places::of(&self.directory, &self.areas[..1]).unwrap()),
            ..water()
        }
    }

    pub async fn drafts_as(
        &self,
        who: Who,
        written: &Written,
    ) -> Result<EmergencyId, EmergencyError> {
        let (now, terms, by) = (self.hall.now, self.terms(), self.signed(who).await);
        let section = self.hall.childcare;
        self.does(async |tx| emergency::draft(tx, now, terms, &by, section, written).await)
            .await
    }

    pub async fn drafted(&self) -> EmergencyId {
        self.drafts_as(Who::Drafter, &self.written()).await.unwrap()
    }

    /// Handed in by its chief.
    pub async fn conferring(&self) -> EmergencyId {
        let id = self.drafted().await;
        self.done(Who::OwnChief, id, Act::Submit).await;
        id
    }

    /// And agreed to by the other.
    pub async fn concurred(&self) -> EmergencyId {
        let id = self.conferring().await;
        self.done(Who::PrChief, id, Act::Concur).await;
        id
    }

    /// And sent.
    pub async fn sent(&self) -> EmergencyId {
        let id = self.concurred().await;
        self.done(Who::OwnChief, id, Act::Send).await;
        id
    }

    pub async fn dispatch(&self, id: EmergencyId) -> DispatchId {
        self.find(id).await.head.dispatch.unwrap()
    }

    /// What LINE made of every envelope that waits: `accepted`, `refused`, `unknown` or `late`.
    pub async fn envelopes_end(&self, id: EmergencyId, how: &str) {
        use envelope::Column;
        let (dispatch, now) = (self.dispatch(id).await, self.hall.now);
        envelope::Entity::update_many()
            .col_expr(Column::State, Expr::value(how))
            .col_expr(Column::EndedAt, Expr::value(now))
            .filter(Column::DispatchId.eq(dispatch.0))
            .filter(Column::State.is_in(["waiting", "lent"]))
            .exec(self.hall.db.conn())
            .await
            .unwrap();
        dispatch::Entity::update_many()
            .col_expr(dispatch::Column::State, Expr::value("ended"))
            .col_expr(dispatch::Column::EndedAt, Expr::value(now))
            .filter(dispatch::Column::Id.eq(dispatch.0))
            .exec(self.hall.db.conn())
            .await
            .unwrap();
    }

    /// Delivery stops it by itself: LINE refuses what it says.
    pub async fn is_refused(&self, id: EmergencyId) {
        use dispatch::Column;
        let (dispatch, now) = (self.dispatch(id).await, self.hall.now);
        dispatch::Entity::update_many()
            .col_expr(Column::State, Expr::value("stopped"))
            .col_expr(Column::StopReason, Expr::value("refused"))
            .col_expr(Column::StoppedAt, Expr::value(now))
            .filter(Column::Id.eq(dispatch.0))
            .exec(self.hall.db.conn())
            .await
            .unwrap();
        self.settles().await;
    }

    pub async fn settles(&self) {
        emergency::settle(&self.hall.db, self.hall.now, self.terms())
            .await
            .unwrap();
    }

    /// Sent, and every envelope ended so.
    pub async fn ended(&self, how: &str) -> EmergencyId {
        let id = self.sent().await;
        self.envelopes_end(id, how).await;
        self.settles().await;
        id
    }

    /// The database is found to be a backup of what was.
    pub async fn is_restored(&self) {
        delivery_gate::Entity::update_many()
            .col_expr(
                delivery_gate::Column::RestoredAt,
                Expr::value(Some(self.hall.now)),
            )
            .exec(self.hall.db.conn())
            .await
            .unwrap();
    }

    /// So many more come to live in the first area, and everybody else moves there.
    pub async fn crowds(&self, people: usize) {
        use entity::resident::{Column, Entity};
        let many: Vec<_> = (100..100 + people).map(user).collect();
        for some in many.chunks(1000) {
            resident::meet(&self.hall.db, self.hall.now, some)
                .await
                .unwrap();
        }
        let moved = Entity::update_many()
            .col_expr(Column::Residence, Expr::value("area"))
            .col_expr(Column::AreaId, Expr::value(self.areas[0].0));
        moved.exec(self.hall.db.conn()).await.unwrap();
    }

    /// So many of the first area block the account.
    pub async fn leave(&self, people: usize) {
        let tx = self.hall.db.db.begin().await.unwrap();
        for number in 0..people {
            resident::unfollow(&tx, self.hall.now, &user(number), 2)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
}

/// What somebody would write of a burst main, for the whole town.
pub fn water() -> Written {
    Written {
        template: "WATER".into(),
        filled: filled(&[
            ("state", "out"),
            ("since", "20:30"),
            ("cause", "unknown"),
            ("phone", "0000-00-1111"),
        ]),
        audience: Audience::WholeTown,
        besides: Besides::default(),
    }
}

/// The prepared words for a mistake.
pub fn false_alarm() -> Filled {
    filled(&[
        ("sent", "22:00"),
        ("title", "断水"),
        ("fact", "断水"),
        ("evacuation", "unconcerned"),
        ("cause", "input"),
    ])
}

pub fn filled(pairs: &[(&str, &str)]) -> Filled {
    let pairs = pairs
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    Filled(pairs.collect())
}

/// The same with something else in it.
pub fn differently(written: &Written) -> Written {
    let mut other = written.clone();
    let key = match written.template.as_str() {
        "WATER" => "since",
        _ => "sent",
    };
    let time = match other.filled.0[key].as_str() {
        "20:30" => "20:40",
        _ => "20:30",
    };
    other.filled.0.insert(key.into(), time.into());
    other
}
