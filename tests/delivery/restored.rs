//! A dump that was taken amid a send becomes the database, and three programs are started on it.

use chrono::{TimeDelta, Utc};
use kairan::delivery::{self, HoldReason, NewDispatch};
use line_simulator::{Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::notice;
use super::post::{MULTICAST, cut_all, people, told};
use super::recovery::{ended, quiet};
use crate::support::database::TestDb;
use crate::support::postgres;
use crate::support::program::{Server, free_port};

const PEOPLE: usize = 1_000;
/// People in an envelope: few, so that much is left when the dump is taken.
const WIDE: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_from_amid_a_send_sends_nothing() {
    let cluster = tokio::task::spawn_blocking(postgres::start).await.unwrap();
    let line = Simulator::start(Options {
        clock: LineClock::System,
        ..Options::default()
    })
    .unwrap();
    line.inject(Fault::with_probability(1.0, Effect::LatencyMs(200)).on("POST", MULTICAST));
    let db = TestDb::at(cluster.url("postgres")).await;
    let audience = people(&db, &line, PEOPLE).await;
    let new = NewDispatch {
        valid_until: Utc::now() + TimeDelta::days(1),
        ..notice("1")
    };
    let tx = db.db.begin().await.unwrap();
    delivery::open(&tx, Utc::now(), new).await.unwrap();
    tx.commit().await.unwrap();
    let residents = audience.iter().map(|(id, _)| *id).collect();
    cut_all(db.db.clone(), residents, WIDE).await;
    let slow = [("LINE_MULTICASTS_PER_SECOND", "50")];
    let server = Server::with(free_port(), &db.url, &line, &slow);
    line.wait_requests(|calls| calls.iter().any(|call| call.path == MULTICAST))
        .await
        .unwrap();
    let dump = cluster.dump("postgres");
    let all = entity::envelope::Entity::find()
        .all(db.conn())
        .await
        .unwrap();
    let all: Vec<i64> = all.into_iter().map(|envelope| envelope.id).collect();
    ended(&db, &all).await;
    assert_eq!(server.terminate().code(), Some(0));
    told(&line, &audience, 1);
    let before = line.requests().len();

    cluster.restore("restored", &dump);
    let restored = TestDb::at(cluster.url("restored")).await;
    let kept = entity::envelope::Entity::find().all(restored.conn()).await;
    let kept: Vec<String> = kept.unwrap().into_iter().map(|row| row.state).collect();
    for state in ["waiting", "lent"] {
        let some = kept.iter().any(|kept| kept == state);
        assert!(some, "the dump was taken amid the send: {kept:?}");
    }
    // What was in hand then is in nobody's any more: no lease stands in the way, only the hold.
    let now = "UPDATE envelope SET leased_until = leased_until - INTERVAL '1 hour'";
    restored.conn().execute_unprepared(now).await.unwrap();
    let servers = [0; 3].map(|_| Server::start(free_port(), &restored.url, &line));
    let mut looks = tokio::time::interval(std::time::Duration::from_millis(50));
    let hold = loop {
        if let Some(hold) = delivery::hold(&restored).await.unwrap() {
            break hold;
        }
        looks.tick().await;
    };
    assert_eq!(hold.reason, HoldReason::Restored);
    quiet(&line).await;
    for server in servers {
        assert_eq!(server.terminate().code(), Some(0));
    }
    // Whoever starts fetches a token and looks at the month's quota: LINE is not asked to send anything.
    let asked = line.requests().split_off(before);
    let sent = asked.iter().filter(|call| call.method == "POST");
    let mut sent = sent.filter(|call| call.path.starts_with("/v2/bot/"));
    assert!(sent.next().is_none(), "{asked:?}");
    told(&line, &audience, 1);
}
