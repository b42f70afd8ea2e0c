//! Orders to evacuate: issued, raised, lifted, and told to whoever asks.

use chrono::TimeDelta;
use entity::evacuation_order;
use kairan::area;
use kairan::clock::Instant;
use kairan::evacuation::{self, InForce, Level, NotOrdered};
use kairan::ids::AreaId;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use crate::on_both;
use crate::questions::no_key_leaks;
use crate::support::town::{Town, tuesday};

/// The emergency that issues.
const FIRST: Uuid = Uuid::from_u128(1);
const SECOND: Uuid = Uuid::from_u128(2);

impl Town {
    async fn areas(&self, labels: &[&str]) -> Vec<AreaId> {
        let directory = area::directory(&self.db).await.unwrap();
        let found = labels.iter().map(|label| {
            let area = directory.areas().find(|area| area.label() == *label);
            area.unwrap_or_else(|| panic!("{label}")).id
        });
        found.collect()
    }

    pub async fn orders(&self, level: Level, areas: &[AreaId], source: Uuid) {
        let tx = self.db.begin().await.unwrap();
        let now = self.clock.now();
        evacuation::issue(&tx, now, areas, level, source)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn lifts(&self, areas: &[AreaId], source: Uuid) -> u64 {
        let tx = self.db.begin().await.unwrap();
        let lifted = evacuation::lift(&tx, self.clock.now(), areas, source).await;
        tx.commit().await.unwrap();
        lifted.unwrap()
    }

    async fn in_force(&self) -> InForce {
        evacuation::in_force(&self.db).await.unwrap()
    }
}

fn told(in_force: &InForce, area: AreaId) -> Vec<(Level, Instant, Uuid)> {
    let orders = in_force.of(area).iter();
    orders.map(|o| (o.level, o.since, o.source)).collect()
}

const HOME: &str = "本町地区/本町2丁目";
const NEXT: &str = "本町地区/大手町";

on_both!(
    an_order_is_raised_kept_and_lifted_and_stays_on_record,
    |town: Town| {
        let [home, next] = town.areas(&[HOME, NEXT]).await.try_into().unwrap();
        town.orders(Level::Three, &[home, next], FIRST).await;
        town.later(TimeDelta::minutes(10));
        let raised = town.clock.now();
        town.orders(Level::Four, &[home, home], SECOND).await;
        town.later(TimeDelta::minutes(10));
        // The same again changes nothing: it is in force since then.
        town.orders(Level::Four, &[home], FIRST).await;
        town.orders(Level::Order, &[home], FIRST).await;
        let in_force = town.in_force().await;
        assert_eq!(
            told(&in_force, home),
            [
                (Level::Order, town.clock.now(), FIRST),
                (Level::Four, raised, SECOND)
            ]
        );
        assert_eq!(told(&in_force, next), [(Level::Three, tuesday(), FIRST)]);
        assert_eq!(in_force.by_level().count(), 3);
        assert_eq!(town.lifts(&[home], SECOND).await, 2);
        assert_eq!(town.lifts(&[home], SECOND).await, 0);
        assert_eq!(town.in_force().await.orders().count(), 1);
        let rows = evacuation_order::Entity::find()
            .order_by_asc(evacuation_order::Column::Id)
            .all(town.db.conn())
            .await
            .unwrap();
        let ends: Vec<_> = rows
            .iter()
            .map(|row| (row.level.as_str(), row.ended_by))
            .collect();
        let second = Some(SECOND);
        assert_eq!(
            ends,
            [("3", second), ("3", None), ("4", second), ("order", second)]
        );
        for deed in [
            "UPDATE evacuation_order SET ended_at = NULL, ended_by = NULL WHERE ended_at IS NOT NULL",
            "UPDATE evacuation_order SET level = '5' WHERE ended_at IS NULL",
            "UPDATE evacuation_order SET ended_at = issued_at WHERE ended_at IS NULL",
            "DELETE FROM evacuation_order",
            "INSERT INTO evacuation_order (area_id, level, issued_at, issued_by)
         SELECT area_id, '4', issued_at, issued_by FROM evacuation_order WHERE ended_at IS NULL",
        ] {
            let refused = town.db.conn().execute_unprepared(deed).await;
            assert!(refused.is_err(), "{deed}");
        }
    }
);

on_both!(nowhere_is_never_everywhere, |town: Town| {
    let tx = town.db.begin().await.unwrap();
    let now = town.clock.now();
    let issued = evacuation::issue(&tx, now, &[], Level::Four, FIRST).await;
    assert!(matches!(issued, Err(NotOrdered::Nowhere)));
    let lifted = evacuation::lift(&tx, now, &[], FIRST).await;
    assert!(matches!(lifted, Err(NotOrdered::Nowhere)));
    drop(tx);
    let tx = town.db.begin().await.unwrap();
    let unknown = evacuation::issue(&tx, now, &[AreaId(999_999)], Level::Four, FIRST).await;
    assert!(matches!(unknown, Err(NotOrdered::Db(_))));
    drop(tx);
    assert!(town.in_force().await.is_empty());
});

on_both!(
    whoever_asks_is_told_what_is_in_force_where_they_live,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.registers().await;
        let stranger = town.resident("太郎").await;
        let calm = hanako.says("避難情報").await;
        calm.contains("どの地区にも出ていません")
            .contains("11月24日(火) 10:00 現在")
            .offers("位置情報を送る");
        hanako.says("防災").await.contains("避難情報は出ていません");

        let [home, next] = town.areas(&[HOME, NEXT]).await.try_into().unwrap();
        town.orders(Level::Three, &[next], FIRST).await;
        hanako
            .says("避難指示")
            .await
            .contains("お住まいの地区（本町地区/本町2丁目）には、いま避難情報は出ていません")
            .contains("警戒レベル3 高齢者等避難：本町地区/大手町");
        hanako
            .says("防災")
            .await
            .contains("市内に「警戒レベル3 高齢者等避難」");
        town.later(TimeDelta::minutes(30));
        town.orders(Level::Four, &[home], SECOND).await;
        town.later(TimeDelta::minutes(5));
        hanako
            .taps("避難情報")
            .await
            .contains("10:35 現在")
            .contains("「警戒レベル4 避難指示」が出ています（11月24日(火) 10:30 から）")
            .contains("速やかに全員避難してください")
            .contains("https://");
        // Of whom we know no area is told of all, and how to be told of theirs.
        stranger
            .says("避難情報")
            .await
            .contains("警戒レベル4 避難指示：本町地区/本町2丁目")
            .contains("警戒レベル3 高齢者等避難：本町地区/大手町")
            .lacks("お住まいの地区")
            .offers("わたしの登録");

        for (language, level) in [
            ("やさしい日本語", "警戒レベル4 避難指示（全員 逃げる）"),
            ("English", "Level 4: everybody in danger, evacuate"),
        ] {
            hanako.says(language).await;
            let told = hanako.says("避難情報").await;
            no_key_leaks(&told);
            told.contains(level);
        }
        hanako.says("日本語").await;

        let all: Vec<AreaId> = area::directory(&town.db)
            .await
            .unwrap()
            .areas()
            .map(|area| area.id)
            .collect();
        town.orders(Level::Order, &all, SECOND).await;
        hanako
            .says("避難情報")
            .await
            .contains("■避難指示：すべての地区")
            .contains("津波は繰り返し来ます");
        town.lifts(&all, SECOND).await;
        hanako
            .says("避難情報")
            .await
            .contains("どの地区にも出ていません");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    the_hazard_that_is_likeliest_is_offered_first,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.registers().await;
        let (latitude, longitude) = (36.1501, 140.5552);
        let first = async || {
            let asked = hanako.stands_at(latitude, longitude).await;
            asked
                .contains("どの災害から避難しますか")
                .offers("わからない");
            asked.buttons().remove(0)
        };
        assert_eq!(first().await, "洪水");
        let home = town.areas(&[HOME]).await;
        town.orders(Level::Order, &home, FIRST).await;
        assert_eq!(first().await, "津波");
        town.lifts(&home, FIRST).await;
        town.orders(Level::Five, &home, FIRST).await;
        assert_eq!(first().await, "洪水");
        let near = hanako.taps("わからない").await;
        near.contains("災害の種類によって使えないことがあります")
            .offers("避難情報");
        town.nothing_went_wrong().await;
    }
);
