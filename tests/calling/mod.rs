//! Stories of waking people: a side is called up the ladder until the first answers.

mod carrying;
mod crashing;
mod database;
mod failing;
mod holding;
mod ladder;
mod night;
mod overdue;
pub mod servers;
mod trouble;
mod trying;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use entity::person;
use kairan::audit::Actor;
use kairan::calling::{self, Calling, Gateway, Mail, Push, Senders, Side};
use kairan::clock::{Clock, Instant};
use kairan::emergency;
use kairan::ids::{CallingId, PersonId, PushId};
use kairan::mode::Mode;
use kairan::policy::Channel;
use kairan::staff::contact::{self, PushTarget, Telephone};
use kairan::staff::people::Term;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::emergency::{Night, Who};
use crate::staff::deputy;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb, sealed};
use servers::{Device, MailServer, Request, SECRET, Taker};

/// Where the town is.
const SITE: &str = "https://line.city.example.jp";

/// Who of the night has a mailbox, a telephone and a device.
const REACHABLE: [Who; 6] = [
    Who::OwnChief,
    Who::OwnDeputy,
    Who::PrChief,
    Who::PrDeputy,
    Who::PrStaff,
    Who::Duty,
];

/// The same night, with everybody's telephone in reach, and those who carry calls. PR staff stands in second.
pub struct Ring {
    pub night: Night,
    pub clock: Clock,
    pub mail: MailServer,
    pub gateway: Taker,
    pub push: Taker,
    pub senders: Senders,
    pub devices: BTreeMap<Who, (PushId, Device)>,
}

/// Somebody was called.
pub type Called = (Who, Channel);

impl Begin for Ring {
    async fn begin(engine: Engine) -> Self {
        Self::over(TestDb::begin(engine).await, Mode::Live).await
    }
}

impl Ring {
    pub async fn over(db: TestDb, mode: Mode) -> Self {
        let night = Night::over(db, mode).await;
        let standing = Term::since(night.hall.today());
        let second = deputy(
            night.hall.pr_chief,
            night.people[&Who::PrStaff],
            2,
            standing,
        );
        night.hall.agreed(second).await.unwrap();
        let (mail, gateway, push) = (MailServer::start().await, Taker::start(), Taker::start());
        let senders = Senders {
            public_url: SITE.into(),
            mail: Some(Mail::new(&mail.address.clone().into(), "line@city.example.jp").unwrap()),
            push: Some(Push::new("mailto:line@city.example.jp".into()).unwrap()),
            gateway: Some(Gateway::new(&gateway.address, SECRET.into()).unwrap()),
        };
        let mut ring = Self {
            clock: Clock::fixed(night.hall.now),
            night,
            mail,
            gateway,
            push,
            senders,
            devices: BTreeMap::new(),
        };
        for who in REACHABLE {
            ring.equips(who).await;
        }
        ring.later(60);
        ring
    }

    async fn equips(&mut self, who: Who) {
        let (hall, person) = (&self.night.hall, self.night.people[&who]);
        let mail = sealed(&hall.db, "person.mail", &address(who));
        person::Entity::update_many()
            .col_expr(person::Column::Mail, Expr::value(mail))
            .filter(person::Column::Id.eq(person.0))
            .exec(hall.db.conn())
            .await
            .unwrap();
        let device = Device::new(who as u8 + 1);
        let target = PushTarget {
            id: PushId::new(hall.now),
            endpoint: format!("{}/{who:?}", self.push.address).parse().unwrap(),
            p256dh: device.p256dh(),
            auth: device.auth(),
        };
        let tx = hall.db.db.begin().await.unwrap();
        let number = Telephone::parse(&telephone(who)).unwrap();
        contact::set_telephone(&tx, hall.now, &Actor::Operator, person, Some(number))
            .await
            .unwrap();
        contact::subscribe(&tx, hall.now, person, &target, "phone")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.devices.insert(who, (target.id, device));
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The clock goes on, for everybody.
    pub fn later(&mut self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.night.hall.now = self.clock.now();
    }

    /// What the scheduler does each second.
    pub async fn steps(&self) -> usize {
        calling::step(&self.night.hall.db, &self.clock, &self.senders)
            .await
            .unwrap()
    }

    /// Calls a side for nothing but to see who answers.
    pub async fn calls_out(&self, side: Side) -> CallingId {
        let (now, terms) = (self.now(), self.night.terms());
        let (by, section) = (
            self.night.signed(Who::Duty).await,
            self.night.hall.childcare,
        );
        let out = self
            .night
            .does(async |tx| emergency::call_out(tx, now, terms, &by, section, side).await);
        out.await.unwrap()
    }

    pub async fn calling(&self, id: CallingId) -> Calling {
        calling::find(&self.night.hall.db, id)
            .await
            .unwrap()
            .unwrap()
    }

    /// The newest about an emergency.
    pub async fn newest(&self, id: kairan::ids::EmergencyId) -> Calling {
        let all = calling::history(&self.night.hall.db, id.0).await.unwrap();
        all.into_iter().next_back().unwrap()
    }

    /// Who was called how since this was last asked.
    pub fn called(&self) -> BTreeSet<Called> {
        let mut called = Vec::new();
        for letter in self.mail.letters() {
            let who = REACHABLE.into_iter().find(|who| address(*who) == letter.to);
            called.push((who.unwrap(), Channel::Mail));
        }
        for request in self.push.requests() {
            called.push((pushed_to(&request), Channel::Push));
        }
        for request in self.gateway.requests() {
            let json = request.json();
            let dialled = |who: &Who| json["to"] == format!("+81{}", &telephone(*who)[1..]);
            let who = REACHABLE.into_iter().find(dialled).unwrap();
            let channel = Channel::of_code(json["kind"].as_str().unwrap()).unwrap();
            called.push((who, channel));
        }
        called.into_iter().collect()
    }

    /// The token of the newest text message to somebody.
    pub fn link(&self) -> String {
        let requests = self.gateway.requests();
        let mut text = requests.iter().rev().map(Request::json);
        let text = text.find(|json| json["kind"] == "sms").unwrap();
        token(text["text"].as_str().unwrap())
    }

    pub async fn answers(&self, token: &str) -> Result<Calling, calling::NotAnswered> {
        let tx = self.night.hall.db.db.begin().await.unwrap();
        let answered = calling::answer_link(&tx, self.now(), token).await?;
        tx.commit().await.unwrap();
        Ok(answered)
    }

    pub fn person(&self, who: Who) -> PersonId {
        self.night.people[&who]
    }
}

pub fn all_of(who: Who, channels: &[Channel]) -> BTreeSet<Called> {
    channels.iter().map(|channel| (who, *channel)).collect()
}

/// What stands at the end of a link in `text`.
pub fn token(text: &str) -> String {
    let (_, after) = text.split_once(&format!("{SITE}/calls/")).unwrap();
    after.split_whitespace().next().unwrap().to_owned()
}

fn pushed_to(request: &Request) -> Who {
    let named = |who: &Who| request.path == format!("/{who:?}");
    REACHABLE.into_iter().find(named).unwrap()
}

fn address(who: Who) -> String {
    format!("{who:?}@city.example.jp").to_lowercase()
}

fn telephone(who: Who) -> String {
    format!("0901234{:04}", who as u16)
}
