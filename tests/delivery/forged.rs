//! What somebody wrote past the product is never sent, and keeps nobody waiting.

use chrono::TimeDelta;
use entity::{dispatch, envelope};
use kairan::delivery::{self, NewDispatch, State, StopReason};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::everybody::crisis;
use super::notice;
use super::post::Post;
use crate::on_both;

on_both!(what_nothing_stands_behind_is_passed_over, |post: Post| {
    let people = post.people(3).await;
    let ids: Vec<i64> = people.iter().map(|(id, _)| *id).collect();
    // As somebody would who writes to the tables.
    let forged = |source, new| NewDispatch { source, ..new };
    let town = forged("emergency", crisis("town"));
    let mut all = vec![post.opens_to_everybody(town, 3).await];
    for new in [
        forged("emergency", crisis("areas")),
        forged("broadcast", crisis("by day")),
        forged("broadcast", notice("at leisure")),
    ] {
        let tx = post.db.begin().await.unwrap();
        let opened = delivery::open_for(&tx, post.clock.now(), new, &ids).await;
        tx.commit().await.unwrap();
        all.push(opened.unwrap());
    }
    post.send(notice("real"), &people[..1]).await;
    for _ in 0..5 {
        post.sender.step().await.unwrap();
        post.later(TimeDelta::seconds(10));
    }
    assert_eq!(post.broadcasts().len(), 0);
    assert_eq!(post.calls().len(), 1, "the real one");
    post.told(&people[..1], 1);
    post.told(&people[1..], 0);
    for dispatch in all {
        assert_eq!(post.progress(dispatch).await.people.waiting, 3);
    }
});

type Change = fn(&mut dispatch::Model);

on_both!(what_the_product_did_not_open_is_not_sent, |post: Post| {
    let people = post.people(2).await;
    let real = post.send(notice("real"), &people[..1]).await;
    let conn = post.db.conn();
    let row = dispatch::Entity::find_by_id(real.0).one(conn).await;
    let row = row.unwrap().unwrap();
    let theirs = envelope::Entity::find().one(conn).await.unwrap().unwrap();
    let changes: [(&str, Change); 5] = [
        ("without a seal", |row| row.seal = None),
        ("with another's", |_| {}),
        ("to everybody", |row| row.everybody = true),
        ("first of all", |row| row.lane = 0),
        ("in other words", |row| {
            row.messages = row.messages.replace("休館日", "大地震");
        }),
    ];
    let mut all = Vec::new();
    for (number, (_, change)) in changes.iter().enumerate() {
        let mut forged = row.clone();
        forged.id = Uuid::new_v4();
        forged.source_id = format!("forged {number}");
        change(&mut forged);
        let mut letter = theirs.clone().into_active_model();
        letter.id = sea_orm::ActiveValue::NotSet;
        letter.dispatch_id = sea_orm::Set(forged.id);
        letter.lane = sea_orm::Set(forged.lane);
        letter.retry_key = sea_orm::Set(Uuid::new_v4());
        if forged.everybody {
            letter.recipients = sea_orm::Set(Some(Vec::new()));
        }
        all.push(kairan::ids::DispatchId(forged.id));
        dispatch::Entity::insert(forged.into_active_model())
            .exec_without_returning(conn)
            .await
            .unwrap();
        envelope::Entity::insert(letter)
            .exec_without_returning(conn)
            .await
            .unwrap();
    }
    for _ in 0..5 {
        post.sender.step().await.unwrap();
        post.later(TimeDelta::seconds(10));
    }
    assert_eq!((post.broadcasts().len(), post.calls().len()), (0, 1));
    post.told(&people[..1], 1);
    for (dispatch, (what, _)) in all.into_iter().zip(changes) {
        let state = post.progress(dispatch).await.state;
        assert_eq!(state, State::Stopped(StopReason::Refused), "{what}");
    }
});
