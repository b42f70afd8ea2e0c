//! Messages travel: nobody is missed, nobody hears twice, and everything can be stopped.

mod canary;
mod ceiling;
pub mod crash;
mod cutting;
mod emergency;
pub mod everybody;
mod first;
mod forged;
mod frozen;
mod locks;
mod network;
pub mod post;
mod recovery;
mod restored;
mod rolling;
mod sending;
mod time;

use chrono::TimeDelta;
use kairan::clock::Instant;
use kairan::db::Db;
use kairan::delivery::{self, Cut, Lane, NewDispatch, NotCut, PAGE};
use kairan::ids::DispatchId;
use kairan::line::client::Notification;
use kairan::line::message::{Message, Messages};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::support::database::TestDb;
use crate::support::town::tuesday;

/// A bulk dispatch of one text, good for a day.
pub fn notice(id: &str) -> NewDispatch {
    NewDispatch {
        source: "test",
        source_id: id.to_owned(),
        lane: Lane::Bulk,
        messages: Messages::from(Message::text("休館日のお知らせ").unwrap()),
        notification: Notification::On,
        unit: None,
        valid_until: tuesday() + TimeDelta::days(1),
        subscription: None,
    }
}

/// Here nothing stands behind what goes first and what is for everybody: who may open such is told in
/// `tests/emergency`.
pub async fn opened_by_anybody(db: &Db) {
    let lift = match db.conn().get_database_backend() {
        DbBackend::Sqlite => "DROP TRIGGER dispatch_goes_first_in_an_emergency_insert",
        _ => "DROP TRIGGER dispatch_goes_first_in_an_emergency ON dispatch",
    };
    db.conn().execute_unprepared(lift).await.unwrap();
}

pub async fn open(db: &TestDb, now: Instant, new: NewDispatch) -> DispatchId {
    let tx = db.begin().await.unwrap();
    let dispatch = delivery::open(&tx, now, new).await.unwrap();
    tx.commit().await.unwrap();
    dispatch
}

pub async fn cut(
    db: &TestDb,
    now: Instant,
    cut: &Cut,
    page: &[i64],
    last: bool,
) -> Result<Cut, NotCut> {
    let tx = db.begin().await.unwrap();
    let cut = delivery::cut(&tx, now, cut, page, last).await?;
    tx.commit().await.unwrap();
    Ok(cut)
}

/// Cuts the foremost dispatch for all of these residents, as its source would.
pub async fn cut_for(db: &TestDb, now: Instant, people: &[i64]) {
    let mut lent = delivery::cutting(db, now, "test").await.unwrap().unwrap();
    loop {
        let rest = people.iter().copied().filter(|id| *id > lent.after);
        let page: Vec<i64> = rest.take(PAGE).collect();
        let last = page.len() < PAGE;
        lent = cut(db, now, &lent, &page, last).await.unwrap();
        if last {
            return;
        }
    }
}
