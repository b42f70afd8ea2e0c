//! The program dies under load, and comes back: what it answered 200 is done once.

use std::collections::HashMap;
use std::time::Duration;

use entity::{unanswered_word, webhook_event};
use line_simulator::{ApiCall, Options, Simulator, Webhook};
use sea_orm::EntityTrait;
use serde_json::Value;

use crate::on_both;
use crate::support::database::TestDb;
use crate::support::program::{Server, free_port};

const PEOPLE: usize = 150;
const MESSAGES: usize = 3;
const CRASHES: usize = 4;

/// A word of letters only, which no town has an answer to: its count says how often it was handled.
fn word(number: usize) -> String {
    let letters = (0..4_u32).map(|place| {
        let digit = number / 20_usize.pow(place) % 20;
        char::from(b"bcdfghjklmnpqrtvwxyz"[digit])
    });
    format!("zq{}", letters.collect::<String>())
}

fn line() -> Simulator {
    Simulator::start(Options {
        rate_limits: false,
        ..Options::default()
    })
    .unwrap()
}

fn replies(calls: &[ApiCall]) -> usize {
    let replied = |call: &&ApiCall| call.path.ends_with("/reply") && call.status == 200;
    calls.iter().filter(replied).count()
}

/// The words whose webhooks were answered 200.
fn promised(line: &Simulator) -> Vec<String> {
    let word = |webhook: Webhook| {
        let body: Value = serde_json::from_slice(&webhook.body).unwrap();
        let text = body["events"][0]["message"]["text"].as_str();
        text.unwrap().to_owned()
    };
    let log = line.webhook_log().into_iter();
    log.filter(Webhook::is_answered).map(word).collect()
}

async fn counted(db: &TestDb) -> HashMap<String, i64> {
    let rows = unanswered_word::Entity::find().all(db.conn()).await;
    rows.unwrap()
        .into_iter()
        .map(|row| (row.word, row.times))
        .collect()
}

async fn open_events(db: &TestDb) -> Vec<webhook_event::Model> {
    let rows = webhook_event::Entity::find().all(db.conn()).await.unwrap();
    let open = |row: &webhook_event::Model| ["received", "replying"].contains(&row.state.as_str());
    rows.into_iter().filter(open).collect()
}

/// Waits until every stored event has come to its end.
async fn all_done(db: &TestDb) {
    let patience = std::time::Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    while !open_events(db).await.is_empty() {
        assert!(patience.elapsed() < Duration::from_secs(120), "events wait");
        looks.tick().await;
    }
}

on_both!(
    a_killed_program_handles_once_what_it_had_promised,
    |db: TestDb| {
        let (line, port) = (line(), free_port());
        line.set_webhook(&format!("http://127.0.0.1:{port}/line/webhook"));
        let (mut number, mut interrupted) = (0, 0);
        let mut said: HashMap<String, usize> = HashMap::new();
        for crash in 0..=CRASHES {
            let server = Server::start(port, &db.url, &line);
            // Those whose events were in hand at the last crash wait for their leases to run out.
            let people = line.add_crowd(PEOPLE);
            for _ in 0..MESSAGES {
                for person in &people {
                    line.say(person, &word(number)).unwrap();
                    *said.entry(person.clone()).or_default() += 1;
                    number += 1;
                }
            }
            // The first time while the door is busy, later while answers are under way.
            let before = replies(&line.requests());
            let enough = before + 1 + 15 * crash;
            line.wait_requests(|calls| replies(calls) >= enough)
                .await
                .unwrap();
            if crash < CRASHES {
                server.kill();
                interrupted += open_events(&db).await.len();
                line.settle().await.unwrap();
                continue;
            }
            line.settle().await.unwrap();
            all_done(&db).await;
            assert!(server.terminate().success());
        }
        assert!(interrupted > 0, "no crash came in between");
        let promised = promised(&line);
        assert!(promised.len() > CRASHES * 20, "{}", promised.len());
        let counted = counted(&db).await;
        for word in &promised {
            assert_eq!(counted.get(word), Some(&1), "{word}");
        }
        assert!(counted.values().all(|times| *times == 1), "{counted:?}");
        for (person, answers) in line.inbox_sizes() {
            assert!(answers <= said[&person], "{person} was answered twice");
        }
        assert_eq!(kairan::inbox::set_aside(&db).await.unwrap(), []);
    }
);

on_both!(a_program_told_to_stop_ends_what_it_began, |db: TestDb| {
    let (line, port) = (line(), free_port());
    line.set_webhook(&format!("http://127.0.0.1:{port}/line/webhook"));
    let people = line.add_crowd(PEOPLE);
    let server = Server::start(port, &db.url, &line);
    for (number, person) in people.iter().cycle().take(PEOPLE * MESSAGES).enumerate() {
        line.say(person, &word(number)).unwrap();
    }
    line.wait_requests(|calls| replies(calls) >= 20)
        .await
        .unwrap();
    assert_eq!(server.terminate().code(), Some(0));
    line.settle().await.unwrap();
    let promised = promised(&line);
    let stored = webhook_event::Entity::find().all(db.conn()).await.unwrap();
    assert!(stored.len() >= promised.len());
    // What waits for the next start was not begun.
    for event in open_events(&db).await {
        assert_eq!((event.state.as_str(), event.attempts), ("received", 0));
    }
    let done = stored.iter().filter(|row| row.state == "done").count();
    assert_eq!(counted(&db).await.values().sum::<i64>(), done as i64);
    assert_eq!(replies(&line.requests()), done);

    let server = Server::start(port, &db.url, &line);
    all_done(&db).await;
    assert!(server.terminate().success());
    assert_eq!(
        counted(&db).await.values().sum::<i64>(),
        stored.len() as i64
    );
});
