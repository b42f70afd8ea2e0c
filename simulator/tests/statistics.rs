//! What people did with messages, by custom aggregation unit.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Town, text};

const PATH: &str = "/v2/bot/insight/message/event/aggregation";
const LINK: &str = "https://example.jp/a";

impl Town {
    async fn statistics(&self, unit: &str, from: &str, to: &str) -> Value {
        let asked = format!("{PATH}?customAggregationUnit={unit}&from={from}&to={to}");
        self.get(&asked).await.body
    }
}

#[tokio::test]
async fn impressions_and_clicks_are_summed_up_on_the_next_day_and_of_few_nothing() {
    let town = Town::new();
    let crowd = town.sim.add_crowd(30);
    let button = json!({ "type": "template", "altText": "a", "template": { "type": "buttons", "text": "b",
        "actions": [{ "type": "uri", "label": "開く", "uri": LINK }] } });
    let body = json!({ "to": crowd, "messages": [text("c"), button], "customAggregationUnits": ["unit_1"] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", body).await.status,
        200
    );
    let other = json!({ "to": crowd, "messages": [text("d")] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", other).await.status,
        200
    );
    for (at, user) in crowd.iter().enumerate() {
        if at < 25 {
            town.sim.open_chat(user).unwrap();
            town.sim.open_chat(user).unwrap();
        }
        if at < 21 {
            town.sim.tap(user, "開く").unwrap();
        }
    }
    town.sim.open_address(&crowd[0], LINK).unwrap();
    assert!(
        town.sim
            .open_address(&crowd[0], "https://elsewhere.example/")
            .is_err()
    );

    let today = town.statistics("unit_1", "20261122", "20261122").await;
    assert_eq!(
        today["overview"]["uniqueImpression"],
        Value::Null,
        "the day is not over"
    );
    town.sim.advance(Duration::from_secs(86_400));
    let told = town.statistics("unit_1", "20261122", "20261222").await;
    assert_eq!(told["overview"]["uniqueImpression"], 25);
    assert_eq!(told["overview"]["uniqueClick"], 21);
    let bubbles: Vec<_> = told["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["uniqueImpression"])
        .collect();
    assert_eq!(bubbles, [25, 25]);
    let click = &told["clicks"][0];
    assert_eq!(
        (&click["url"], &click["click"], &click["uniqueClick"]),
        (&json!(LINK), &json!(22), &json!(21))
    );

    let next_day = town.statistics("unit_1", "20261123", "20261123").await;
    assert_eq!(
        next_day["messages"],
        json!([]),
        "nothing was done on that day"
    );
    let nobody = town.statistics("Unit_1", "20261122", "20261122").await;
    assert_eq!(nobody["clicks"], json!([]), "names are told apart by case");
    let few =
        json!({ "to": crowd[..5], "messages": [text("e")], "customAggregationUnits": ["few"] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", few).await.status,
        200
    );
    town.sim.open_chat(&crowd[0]).unwrap();
    town.sim.advance(Duration::from_secs(86_400));
    let few = town.statistics("few", "20261123", "20261124").await;
    assert_eq!(few["overview"]["uniqueImpression"], Value::Null);
}

#[tokio::test]
async fn odd_questions_are_refused() {
    let town = Town::new();
    for odd in [
        "",
        "?customAggregationUnit=a&from=20261122",
        "?customAggregationUnit=a&from=20261122&to=20261223",
        "?customAggregationUnit=a&from=20261122&to=20261121",
        "?customAggregationUnit=a-b&from=20261122&to=20261122",
        "?from=20261122&to=20261122",
    ] {
        assert_eq!(town.get(&format!("{PATH}{odd}")).await.status, 400, "{odd}");
    }
}
