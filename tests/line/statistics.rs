//! What people did with messages, as LINE sums it up.

use kairan::line::client::{Failure, LinkStatistics, Statistics, Unit};
use serde_json::json;

use super::server::{Server, ok, status};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn statistics_are_asked_for_by_unit_and_days() {
    let server = Server::start(|_| {
        ok(json!({
            "overview": { "uniqueImpression": 40, "uniqueClick": null, "uniqueMediaPlayed": null },
            "messages": [{ "seq": 1, "impression": 42 }],
            "clicks": [
                { "seq": 1, "url": "https://example.jp/", "click": 35, "uniqueClick": 25, "uniqueClickOfRequest": null },
                { "seq": 2, "url": "https://example.jp/b" },
            ],
        }))
    });
    let unit = Unit::parse("b1").unwrap();
    let told = server
        .client()
        .statistics(&unit, day("2026-11-24"), day("2026-12-01"))
        .await;
    let link = |url: &str, people, clicks| LinkStatistics {
        url: url.to_owned(),
        people,
        clicks,
    };
    let expected = Statistics {
        opened: Some(40),
        clicked: None,
        links: vec![
            link("https://example.jp/", Some(25), Some(35)),
            link("https://example.jp/b", None, None),
        ],
    };
    assert_eq!(told.unwrap().body, expected);
    let asked = &server.requests()[0];
    assert_eq!(
        asked.path,
        "/v2/bot/insight/message/event/aggregation?customAggregationUnit=b1&from=20261124&to=20261201"
    );
}

#[tokio::test]
async fn odd_answers_are_no_numbers() {
    let empty = Server::start(|_| ok("{}"));
    let unit = Unit::parse("b1").unwrap();
    let today = day("2026-11-24");
    let told = empty
        .client()
        .statistics(&unit, today, today)
        .await
        .unwrap();
    assert_eq!(told.body, Statistics::default());
    let refused = Server::start(|_| status(400, json!({ "message": null })));
    let told = refused.client().statistics(&unit, today, today).await;
    assert!(matches!(told, Err(Failure::Refused(_))), "{told:?}");
}
