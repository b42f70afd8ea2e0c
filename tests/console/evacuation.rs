//! The record of evacuation orders, changed by hand: one asks, another agrees, and only then residents are told.

use chrono::TimeDelta;
use kairan::area;
use kairan::emergency::by_hand;
use kairan::evacuation::{self, Level};
use kairan::ids::{AreaId, EmergencyId};
use kairan::staff::people::Term;
use sea_orm::ConnectionTrait;

use super::emergencies::{Night, again};
use crate::on_both;
use crate::staff::deputy;
use crate::support::Begin;
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;
use crate::support::guest::between;
use crate::support::town::Town;

const HERE: &str = "/evacuation";
const HOME: &str = "本町地区/本町2丁目";
const GROUND: &str = "災害対策本部の決定（10時）";

/// Ten in the morning, in working hours, with everybody who has a part in emergencies.
pub struct Morning(Night);

impl Begin for Morning {
    async fn begin(engine: Engine) -> Self {
        Self(Night::by_day(Town::begin(engine).await).await)
    }
}

impl Morning {
    /// The number of an area, as forms send it.
    async fn area(&self, label: &str) -> String {
        let directory = area::directory(&self.0.town.db).await.unwrap();
        let found = directory.areas().find(|area| area.label() == label);
        found.unwrap().id.to_string()
    }

    /// Somebody asks that level 4 be put on record for one area; gives the change's path.
    async fn asked_by(&self, staff: &Staff) -> String {
        let home = self.area(HOME).await;
        let fields = [
            ("level", "4"),
            ("reach", "areas"),
            ("area", home.as_str()),
            ("reason", GROUND),
        ];
        let asked = staff.post(HERE, &fields).await;
        assert_eq!(asked.status(), 303, "{}", asked.text().await.unwrap());
        self.newest().await
    }

    async fn newest(&self) -> String {
        let waiting = by_hand::waiting(&self.0.town.db, self.0.town.clock.now());
        let waiting = waiting.await.unwrap();
        format!("{HERE}/{}", waiting.last().unwrap().id)
    }

    async fn is_calm(&self) -> bool {
        let in_force = evacuation::in_force(&self.0.town.db).await.unwrap();
        in_force.is_empty()
    }
}

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// What somebody is told who sends this form without a proof.
async fn told(staff: &Staff, path: &str, fields: &[(&str, &str)]) -> String {
    let browser = staff.browser();
    browser.post(path, fields).await.leads(HERE);
    browser.get(HERE).await.page
}

on_both!(
    two_change_the_record_by_hand_and_residents_are_told,
    |morning: Morning| {
        let night = &morning.0;
        let hanako = night.town.resident("花子").await;
        hanako.registers().await;
        let list = page(&night.duty, "/emergencies").await;
        assert!(list.contains("href=\"/evacuation\""), "{list}");
        let calm = page(&night.duty, HERE).await;
        assert!(calm.contains("いまはありません") && calm.contains("どの地区にも出ていません"));

        let change = morning.asked_by(&night.duty).await;
        let agree = format!("{change}/agree");
        let own = page(&night.duty, HERE).await;
        assert!(own.contains(GROUND) && own.contains(HOME), "{own}");
        assert!(
            !own.contains("同意して記録する"),
            "nobody agrees to their own"
        );
        let alone = told(&night.duty, &agree, &[]).await;
        assert!(alone.contains("自分の申請には同意できません"), "{alone}");
        let home = page(&night.other, "/").await;
        assert!(
            home.contains("避難情報の記録（警戒レベル4 避難指示）"),
            "{home}"
        );
        // The form alone is not enough.
        let unproven = night.other.post(&agree, &[]).await;
        assert_eq!(unproven.status(), 200);
        assert!(morning.is_calm().await);
        let still = hanako.says("避難情報").await;
        still.contains("どの地区にも出ていません");

        let mut other = night.other.browser();
        other.proves(&agree, &[]).await.leads(HERE);
        hanako
            .says("避難情報")
            .await
            .contains("「警戒レベル4 避難指示」が出ています（11月24日(火) 10:00 から）");
        let shown = page(&night.auditor, HERE).await;
        assert!(
            shown.contains("さんが同意。根拠：災害対策本部の決定（10時）"),
            "{shown}"
        );
        assert!(shown.contains("■警戒レベル4 避難指示：本町地区/本町2丁目"));
        let in_force = evacuation::in_force(&night.town.db).await.unwrap();
        let source = in_force.orders().next().unwrap().source;
        assert_eq!(format!("{HERE}/{source}"), change);
        let twice = told(&night.chief, &agree, &[]).await;
        assert!(twice.contains("もう決まったか"), "{twice}");
        let record = night.hall.record("evacuation.issued").await;
        assert_eq!(record.len(), 1);
        assert_eq!(record[0].actor, Some(night.other.person));
        assert_eq!(record[0].detail["level"], "4");
        assert_eq!(record[0].detail["areas"], serde_json::json!([HOME]));
        let asker = night.duty.person.to_string();
        assert_eq!(record[0].detail["asked_by"], asker);

        // To lift it takes two as well.
        let lift = [("level", "lift"), ("reach", "town"), ("reason", GROUND)];
        let asked = night.chief.post(HERE, &lift).await;
        assert_eq!(leads_to(&asked), HERE);
        hanako.says("避難情報").await.contains("が出ています");
        let waits = page(&night.duty, HERE).await;
        assert!(waits.contains("すべての地区"), "{waits}");
        let id = between(&waits, "action=\"/evacuation/", "/agree\"");
        let mut duty = night.duty.browser();
        let agree = format!("{HERE}/{id}/agree");
        duty.proves(&agree, &[]).await.leads(HERE);
        let lifted = hanako.says("避難情報").await;
        lifted.contains("どの地区にも出ていません");
        let record = night.hall.record("evacuation.lifted").await;
        assert_eq!(record[0].actor, Some(night.duty.person));
        assert_eq!(night.hall.record("evacuation.change_asked").await.len(), 2);
        night.town.nothing_went_wrong().await;
    }
);

on_both!(an_order_of_an_emergency_leads_to_it, |morning: Morning| {
    let night = &morning.0;
    let path = night.drafts().await;
    let id: EmergencyId = path.rsplit('/').next().unwrap().parse().unwrap();
    let home = AreaId(morning.area(HOME).await.parse().unwrap());
    night.town.orders(Level::Three, &[home], id.0).await;
    let shown = page(&night.duty, HERE).await;
    let link = format!("<a href=\"{path}\">緊急配信「断水・濁り水」</a>");
    assert!(shown.contains(&link), "{shown}");
    assert!(shown.contains("警戒レベル3 高齢者等避難"), "{shown}");
});

on_both!(
    the_record_is_changed_by_whom_it_is_theirs_and_within_the_hour,
    |morning: Morning| {
        let night = &mut morning.0;
        let admin = night.town.signs_in(night.hall.first).await;
        assert_eq!(admin.get(HERE).await.status(), 403);
        assert_eq!(admin.post(HERE, &[]).await.status(), 403);
        // Neither who writes nor who audits speaks for a side.
        let wish = [("level", "5"), ("reach", "town"), ("reason", GROUND)];
        for staff in [&night.drafter, &night.auditor] {
            let shown = page(staff, HERE).await;
            assert!(!shown.contains("申請する</button>"), "{shown}");
            let refused = told(staff, HERE, &wish).await;
            assert!(refused.contains("緊急配信の課長と代理です"), "{refused}");
        }
        let now = night.town.clock.now();
        let waiting = by_hand::waiting(&night.town.db, now).await.unwrap();
        assert_eq!(waiting, []);

        // A deputy does, but none who became one after it was asked.
        let post = night.hall.childcare_chief;
        let always = Term::since(night.hall.today());
        let first = night.hall.holder("4001", night.hall.childcare_staff).await;
        let ask = deputy(post, first, 2, always);
        night.hall.agreed(ask).await.unwrap();
        let change = morning.asked_by(&morning.0.duty).await;
        let agree = format!("{change}/agree");
        let night = &mut morning.0;
        night.town.later(TimeDelta::minutes(10));
        night.hall.now = night.town.clock.now();
        let late = night.hall.holder("4002", night.hall.childcare_staff).await;
        let ask = deputy(post, late, 3, always);
        night.hall.agreed(ask).await.unwrap();
        let late = night.town.signs_in(late).await;
        let refused = told(&late, &agree, &[]).await;
        assert!(
            refused.contains("申請したときも、いまもそうである2人"),
            "{refused}"
        );
        let first = night.town.signs_in(first).await;
        let mut browser = first.browser();
        browser.proves(&agree, &[]).await.leads(HERE);
        assert!(!morning.is_calm().await);

        // Taken back, it does nothing.
        let change = morning.asked_by(&morning.0.duty).await;
        let withdraw = format!("{change}/withdraw");
        let refused = told(&morning.0.drafter, &withdraw, &[]).await;
        assert!(refused.contains("緊急配信の課長と代理です"), "{refused}");
        let withdrawn = told(&morning.0.duty, &withdraw, &[]).await;
        assert!(withdrawn.contains("申請を取り下げました"), "{withdrawn}");
        let gone = told(&morning.0.other, &format!("{change}/agree"), &[]).await;
        assert!(gone.contains("もう決まったか"), "{gone}");
        // Nor does it after its hour.
        let change = morning.asked_by(&morning.0.duty).await;
        let night = &mut morning.0;
        night.town.later(TimeDelta::minutes(60));
        again(&night.town, &mut night.other).await;
        let over = told(&night.other, &format!("{change}/agree"), &[]).await;
        assert!(over.contains("1時間の期限が過ぎました"), "{over}");
        assert_eq!(night.hall.record("evacuation.issued").await.len(), 1);
    }
);

on_both!(
    what_is_missing_is_told_and_what_was_written_stays,
    |morning: Morning| {
        let night = &morning.0;
        let nothing = night.duty.post(HERE, &[]).await;
        assert_eq!(nothing.status(), 422);
        let nothing = nothing.text().await.unwrap();
        for words in [
            "どの避難情報か、解除かを選んでください",
            "どこに出したものかを選んでください",
            "根拠を1字から200字で書いてください",
        ] {
            assert!(nothing.contains(words), "{words}: {nothing}");
        }
        let (home, long) = (morning.area(HOME).await, "長".repeat(201));
        for (areas, reason, words) in [
            (None, GROUND, "地区か町を、1つ以上選んでください"),
            (Some("999999"), GROUND, "地区か町を、1つ以上選んでください"),
            (Some(home.as_str()), long.as_str(), "根拠を1字から200字で"),
            (Some(home.as_str()), " ", "根拠を1字から200字で"),
        ] {
            let mut fields = vec![("level", "order"), ("reach", "areas"), ("reason", reason)];
            fields.extend(areas.map(|area| ("area", area)));
            let refused = night.duty.post(HERE, &fields).await;
            assert_eq!(refused.status(), 422, "{words}");
            let again = refused.text().await.unwrap();
            assert!(again.contains(words), "{again}");
            assert!(again.contains("value=\"order\" checked"), "{again}");
            assert!(again.contains("value=\"areas\" checked"), "{again}");
            assert!(again.contains(reason.trim()), "{again}");
            if areas == Some(home.as_str()) {
                let ticked = format!("name=\"area\" value=\"{home}\" checked");
                assert!(again.contains(&ticked), "{again}");
            }
        }
        let now = night.town.clock.now();
        let waiting = by_hand::waiting(&night.town.db, now).await.unwrap();
        assert_eq!(waiting, []);
    }
);

on_both!(
    the_database_keeps_changes_by_hand_to_two,
    |morning: Morning| {
        let night = &morning.0;
        morning.asked_by(&night.duty).await;
        for deed in [
            "UPDATE evacuation_change SET agreed_by = asked_by, agreed_at = asked_at",
            "UPDATE evacuation_change SET places = '[]'",
            "UPDATE evacuation_change SET level = '5'",
            "DELETE FROM evacuation_change",
        ] {
            let refused = night.town.db.conn().execute_unprepared(deed).await;
            assert!(refused.is_err(), "{deed}");
        }
        let agree = format!("{}/agree", morning.newest().await);
        let mut other = night.other.browser();
        other.proves(&agree, &[]).await.leads(HERE);
        let deed = "UPDATE evacuation_change SET withdrawn_by = asked_by, withdrawn_at = asked_at";
        let refused = night.town.db.conn().execute_unprepared(deed).await;
        assert!(refused.is_err(), "what was decided stays decided");
    }
);
