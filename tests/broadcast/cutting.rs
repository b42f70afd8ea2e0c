//! An audience is cut while its people come, go and change their minds: nobody twice, nobody forgotten.

use std::cell::Cell;
use std::collections::BTreeSet;

use entity::envelope;
use kairan::broadcast;
use kairan::broadcast::content::{Audience, Manuscript, Timing};
use kairan::clock::{Clock, date_in_japan};
use kairan::db::Tx;
use kairan::delivery::{PAGE, READ};
use kairan::ids::DispatchId;
use kairan::line::UserId;
use kairan::{resident, segment};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use super::{Desk, manuscript, tomorrow};
use crate::on_both;

/// Enough for audiences to be read twice, and cut in four pages.
const PEOPLE: usize = READ + PAGE + 700;

/// What somebody does between two pages.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Blocks,
    ComesBack,
    ChangesTopic,
    IsErased,
    Joins,
}

fn deed() -> impl Strategy<Value = (usize, usize, Deed)> {
    let what = prop_oneof![
        Just(Deed::Blocks),
        Just(Deed::ComesBack),
        Just(Deed::ChangesTopic),
        Just(Deed::IsErased),
        Just(Deed::Joins),
    ];
    (1..=4_usize, 0..PEOPLE, what)
}

fn user(number: usize) -> UserId {
    UserId::parse(&format!("U{number:032x}")).unwrap()
}

/// People, some with a topic.
async fn town(desk: &Desk) {
    let users: Vec<UserId> = (0..PEOPLE).map(user).collect();
    for some in users.chunks(1_000) {
        resident::meet(&desk.hall.db, desk.hall.now, some)
            .await
            .unwrap();
    }
    let topics = "INSERT INTO resident_topic SELECT 'safety', id FROM resident WHERE id % 10 <> 0";
    let conn = desk.hall.db.conn();
    conn.execute_unprepared(topics).await.unwrap();
}

/// Does it; gives the number of whoever did.
async fn perform(desk: &Desk, who: usize, deed: Deed, at_ms: i64) -> i64 {
    let tx = desk.hall.db.db.begin().await.unwrap();
    let id = done(&tx, desk, who, deed, at_ms).await;
    tx.commit().await.unwrap();
    id
}

async fn done(tx: &Tx, desk: &Desk, who: usize, deed: Deed, at_ms: i64) -> i64 {
    let now = desk.hall.now;
    let newcomer = || user(PEOPLE + usize::try_from(at_ms).unwrap());
    let user = match deed {
        Deed::Joins => newcomer(),
        _ => user(who),
    };
    // Somebody erased before is met again, under a new number.
    let known = resident::follow(tx, now, &user, at_ms).await.unwrap();
    match deed {
        Deed::Blocks => resident::unfollow(tx, now, &user, at_ms + 1).await.unwrap(),
        Deed::ChangesTopic => {
            let mut changed = known.clone();
            let topics = changed.topics.get_or_insert_default();
            if !topics.remove("safety") {
                topics.insert("safety".into());
            }
            resident::save(tx, now, Some(&known), changed, at_ms)
                .await
                .unwrap();
        }
        Deed::IsErased => resident::erase(tx, &known).await.unwrap(),
        Deed::ComesBack | Deed::Joins => {}
    }
    known.id.0
}

fn notice(audience: &str) -> Manuscript {
    Manuscript {
        audience: Audience::Segment(segment::parse(audience).unwrap()),
        timing: Timing {
            send_at: None,
            valid_until: Some(tomorrow(18)),
        },
        ..manuscript()
    }
}

async fn selected(desk: &Desk, audience: &str) -> BTreeSet<i64> {
    let today = date_in_japan(desk.hall.now);
    let wanted = segment::parse(audience).unwrap();
    let selection = segment::select(&desk.directory, &desk.profile, today, &wanted).unwrap();
    let all = segment::page(&desk.hall.db, &selection, 0, usize::MAX >> 1);
    all.await.unwrap().into_iter().collect()
}

/// Everybody in the dispatch's envelopes, in their order.
async fn in_envelopes(desk: &Desk, dispatch: DispatchId) -> Vec<i64> {
    let envelopes = envelope::Entity::find()
        .filter(envelope::Column::DispatchId.eq(dispatch.0))
        .order_by_asc(envelope::Column::Id)
        .all(desk.hall.db.conn())
        .await
        .unwrap();
    envelopes.iter().flat_map(people).collect()
}

/// Distances in LEB128.
fn people(envelope: &envelope::Model) -> Vec<i64> {
    let (mut ids, mut last, mut distance, mut shift) = (Vec::new(), 0, 0, 0);
    for byte in envelope.recipients.as_ref().unwrap() {
        distance |= i64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            last += distance;
            ids.push(last);
            (distance, shift) = (0, 0);
        }
    }
    ids
}

/// Sends to `audience` while `deeds` happen between its pages.
async fn round(
    desk: &Desk,
    audience: &str,
    deeds: &[(usize, usize, Deed)],
    at_ms: &Cell<i64>,
) -> Result<(), TestCaseError> {
    let id = desk.approved(&notice(audience)).await;
    desk.releases(id).await.unwrap();
    let wanted = selected(desk, audience).await;
    let touched = std::cell::RefCell::new(BTreeSet::new());
    let pages = Cell::new(0);
    let between = || {
        pages.set(pages.get() + 1);
        for (_, who, deed) in deeds.iter().filter(|(page, ..)| *page == pages.get()) {
            at_ms.set(at_ms.get() + 2);
            let act = perform(desk, *who, *deed, at_ms.get());
            let who = block_in_place(|| Handle::current().block_on(act));
            touched.borrow_mut().insert(who);
        }
    };
    let clock = Clock::fixed(desk.hall.now);
    let cut = broadcast::cut_next(&desk.hall.db, &clock, desk.terms(), between).await;
    prop_assert!(cut.unwrap());
    prop_assert!(pages.get() >= 4, "everybody was read at once");
    let dispatch = desk.find(id).await.head.dispatch.unwrap();
    let told = in_envelopes(desk, dispatch).await;
    prop_assert!(told.is_sorted_by(|a, b| a < b), "somebody stands twice");
    let told: BTreeSet<i64> = told.into_iter().collect();
    let touched = touched.into_inner();
    // Of those who did something meanwhile, either is right; of all others there is one truth.
    let odd: Vec<&i64> = wanted.symmetric_difference(&told).collect();
    let odd: Vec<&i64> = odd.into_iter().filter(|id| !touched.contains(id)).collect();
    prop_assert!(odd.is_empty(), "{} people, {odd:?}", told.len());
    Ok(())
}

on_both!(
    whoever_comes_and_goes_meanwhile_everybody_is_cut_once,
    |desk: Desk| {
        town(&desk).await;
        let at_ms = Cell::new(1_000);
        let mut runner = TestRunner::new(Config {
            cases: 6,
            failure_persistence: None,
            max_shrink_iters: 20,
            ..Config::default()
        });
        let audience = prop_oneof![Just("everyone"), Just("topic:safety")];
        let rounds = (audience, prop::collection::vec(deed(), 0..40));
        let told = runner.run(&rounds, |(audience, deeds)| {
            block_in_place(|| Handle::current().block_on(round(&desk, audience, &deeds, &at_ms)))
        });
        told.unwrap();
    }
);
