//! Two who stop the same dispatch at once do not wait for each other in a ring.

use kairan::audit::{self, Actor};
use kairan::delivery::{self, State, StopReason};
use line_simulator::Quota;
use sea_orm::{ConnectionTrait, Statement};

use super::notice;
use super::post::Post;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::tuesday;

const WAITING: &str = "SELECT count(*) AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'";

impl Post {
    async fn is_somebody_waiting(&self) -> bool {
        let conn = self.db.conn();
        let asked = Statement::from_string(conn.get_database_backend(), WAITING);
        let row = conn.query_one_raw(asked).await.unwrap().unwrap();
        row.try_get::<i64>("", "waiting").unwrap() > 0
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_by_hand_and_one_for_the_quota_do_not_wait_in_a_ring() {
    let post = Post::begin(Engine::Postgres).await;
    post.line.set_quota(Quota::Limited(1));
    let people = post.people(20).await;
    let dispatch = post.send(notice("1"), &people).await;
    // Somebody at the console has taken their turn in the record, and is about to stop it.
    let tx = post.db.begin().await.unwrap();
    audit::take_turn(&tx).await.unwrap();
    let sender = post.sender.clone();
    let stops = tokio::spawn(async move { sender.step().await });
    while !stops.is_finished() && !post.is_somebody_waiting().await {
        tokio::task::yield_now().await;
    }
    let stopped = delivery::stop(&tx, tuesday(), dispatch, Actor::Operator).await;
    assert!(stopped.unwrap());
    tx.commit().await.unwrap();
    stops.await.unwrap().unwrap();
    assert_eq!(
        post.progress(dispatch).await.state,
        State::Stopped(StopReason::Asked)
    );
    post.told(&people, 0);
}
