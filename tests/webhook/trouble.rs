//! LINE is slow, busy or silent; an event is poison.

use chrono::TimeDelta;
use entity::webhook_event;
use kairan::commands::doctor;
use kairan::inbox;
use kairan::startup;
use line_simulator::{Effect, Fault};
use metrics_exporter_prometheus::PrometheusBuilder;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{REPLY, replies, says};
use crate::on_both;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::{Town, policy, settings};

on_both!(an_answer_that_comes_too_late_is_not_sent, |town: Town| {
    let counted = PrometheusBuilder::new().build_recorder();
    let _counting = metrics::set_default_local_recorder(&counted);
    let hanako = town.resident("花子").await;
    let before = town.line.requests().len();
    says(&town, &hanako, "ヘルプ");
    town.line.settle().await.unwrap();
    town.later(TimeDelta::seconds(61));
    town.work().await;
    assert_eq!(town.line.requests().len(), before, "neither reply nor push");
    let counts = counted.handle().render();
    assert!(
        counts.contains(r#"kairan_replies_total{outcome="too_late"} 1"#),
        "{counts}"
    );
    hanako.says("ヘルプ").await.contains("できること");
    town.nothing_went_wrong().await;
});

on_both!(
    an_answer_that_may_have_arrived_is_not_repeated,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let before = replies(&town).len();
        for lost in [Effect::LostAnswer, Effect::Reset, Effect::ServerError] {
            town.line.inject(Fault::next(1, lost).on("POST", REPLY));
            hanako.says("ヘルプ").await;
            town.later(TimeDelta::seconds(10));
            town.work().await;
        }
        assert_eq!(replies(&town).len() - before, 3);
        assert!(
            !town
                .line
                .requests()
                .iter()
                .any(|call| call.path.ends_with("push"))
        );
        town.nothing_went_wrong().await;
    }
);

on_both!(
    an_answer_line_had_no_time_for_is_tried_again,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let busy = Fault::next(2, Effect::RateLimited).on("POST", REPLY);
        town.line.inject(busy);
        assert_eq!(hanako.says("ヘルプ").await.0.len(), 0);
        let before = town.line.inbox(&hanako.id).len();
        for _ in 0..2 {
            town.later(TimeDelta::seconds(2));
            town.work().await;
        }
        assert_eq!(town.line.inbox(&hanako.id).len(), before + 1);
        assert_eq!(replies(&town)[1..], [429, 429, 200]);
        town.nothing_went_wrong().await;
    }
);

on_both!(a_poisoned_event_is_set_aside_and_shown, |town: Town| {
    let (hanako, taro) = (town.resident("花子").await, town.resident("太郎").await);
    says(&town, &hanako, "毒");
    town.line.settle().await.unwrap();
    let spoilt = webhook_event::Entity::update_many()
        .col_expr(webhook_event::Column::Body, Expr::value("{ not json"))
        .filter(webhook_event::Column::State.eq("received"));
    assert_eq!(spoilt.exec(town.db.conn()).await.unwrap().rows_affected, 1);
    says(&town, &hanako, "防災");
    town.settle().await;
    taro.says("防災").await.contains("【防災】");
    let before = town.line.inbox(&hanako.id).len();
    for seconds in [3, 5] {
        assert_eq!(inbox::set_aside(&town.db).await.unwrap(), []);
        town.later(TimeDelta::seconds(seconds));
        town.work().await;
    }
    let aside = inbox::set_aside(&town.db).await.unwrap();
    assert_eq!(aside.len(), 1);
    assert!(aside[0].error.contains("not JSON"), "{aside:?}");
    let answer = town.line.inbox(&hanako.id).split_off(before);
    assert!(answer[0].to_string().contains("【防災】"), "{answer:?}");

    let mut out = Vec::new();
    let settings = settings(&town.line, &town.db.url);
    let code = doctor::run(Ok(settings), town.clock.now(), &mut out)
        .await
        .unwrap();
    let report = String::from_utf8(out).unwrap();
    assert_eq!(code, 1, "{report}");
    let line = format!("BAD  events: {} (message) was set aside", aside[0].event_id);
    assert!(report.contains(&line), "{report}");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_process_had_in_hand_is_answered_as_soon_as_the_next_one_is_up() {
    let town = Town::begin(Engine::Sqlite).await;
    let hanako = town.resident("花子").await;
    let before = town.line.inbox(&hanako.id).len();
    town.line.say(&hanako.id, "ヘルプ").unwrap();
    town.line.settle().await.unwrap();
    let in_hand = inbox::claim(&town.db, town.clock.now(), 10).await.unwrap();
    assert_eq!(in_hand.len(), 1);
    town.work().await;
    assert_eq!(
        town.line.inbox(&hanako.id).len(),
        before,
        "its lease still runs"
    );

    let settings = settings(&town.line, &town.db.url);
    let next = startup::open(&settings, policy(), town.clock.clone(), None)
        .await
        .unwrap();
    while next.worker.step().await.unwrap() > 0 {}
    assert_eq!(town.line.inbox(&hanako.id).len(), before + 1);
}
