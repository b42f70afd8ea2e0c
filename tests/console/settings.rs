//! The policy adopted in the console, and the system's health.

use entity::webhook_event::{ActiveModel, Column, Entity};
use kairan::audit;
use kairan::policy::{self, Document};
use kairan::scheduler;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::on_both;
use crate::support::console::{Staff, leads_to};
use crate::support::town::{Town, policy_but, tuesday};

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// The newest entry's act and object.
async fn newest(town: &Town) -> (String, String) {
    let page = audit::search(&town.db, &audit::Query::default())
        .await
        .unwrap();
    let entry = &page.entries[0];
    (entry.act.clone(), entry.object_id.clone())
}

async fn waits(town: &Town) -> Document {
    let text = policy_but("version = \"2026-04-01\"", "version = \"2026-12\"").text;
    let text = text.replace("word_days = 90", "word_days = 60");
    let next = Document::parse(text).unwrap();
    policy::record(&town.db, &next, tuesday()).await.unwrap();
    next
}

on_both!(the_pr_chief_adopts_exactly_what_was_shown, |town: Town| {
    let [chief, admin, auditor] = town.readers().await;
    assert!(!page(&chief, "/").await.contains("新しい版を採用"));
    let next = waits(&town).await;
    let digest = next.digest();
    let adopt = |digest: &str| {
        [
            ("version", "2026-12".to_owned()),
            ("digest", digest.to_owned()),
        ]
    };
    let post = async |staff: &Staff, digest: &str| {
        let fields = adopt(digest);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        staff.post("/settings/policy/adopt", &fields).await
    };
    assert!(page(&chief, "/").await.contains("新しい版を採用"));
    let shown = page(&chief, "/settings").await;
    assert!(shown.contains(&digest) && shown.contains("この版を採用する"));
    assert!(shown.contains("<del>") && shown.contains("90") && shown.contains("60"));
    for other in [&admin, &auditor] {
        let shown = page(other, "/settings").await;
        assert!(!shown.contains("この版を採用する") && shown.contains("広報課長"));
        assert_eq!(post(other, &digest).await.status(), 403);
    }
    // A form alone, or another text than the one shown.
    let unproven = post(&chief, &digest).await;
    assert_eq!(unproven.status(), 200);
    let mut browser = chief.browser();
    let mut proves = async |digest: &str| {
        let fields = [("version", "2026-12"), ("digest", digest)];
        browser.proves("/settings/policy/adopt", &fields).await
    };
    proves(&"0".repeat(64)).await.leads("/settings");
    assert!(
        town.product
            .office
            .rules
            .at(tuesday())
            .await
            .unwrap()
            .retention
            .word_days
            == 90
    );
    proves(&digest).await.leads("/settings");
    assert_eq!(
        newest(&town).await,
        ("policy.adopted".into(), "2026-12".into())
    );
    let rules = town.product.office.rules.at(tuesday()).await.unwrap();
    assert_eq!(
        (rules.profile.version.as_str(), rules.retention.word_days),
        ("2026-12", 60)
    );
    let book = policy::rulebook(&town.db).await.unwrap();
    assert_eq!(
        book.version("2026-12").unwrap().adoption.unwrap().by,
        Some(chief.person)
    );
    proves(&digest).await.leads("/settings");
    let query = audit::Query {
        act: Some("policy.adopted".to_owned()),
        ..audit::Query::default()
    };
    let found = audit::search(&town.db, &query).await.unwrap();
    assert_eq!(found.entries.len(), 1, "nothing was done twice");
});

on_both!(what_changes_emergencies_is_adopted_by_two, |town: Town| {
    let [chief, admin, auditor] = town.readers().await;
    let text = policy_but("version = \"2026-04-01\"", "version = \"2026-12\"").text;
    let text = text.replace("drift_percent = 10", "drift_percent = 50");
    let next = Document::parse(text).unwrap();
    policy::record(&town.db, &next, tuesday()).await.unwrap();
    let digest = next.digest();
    let fields = [("version", "2026-12"), ("digest", digest.as_str())];
    let drift = async || {
        let rules = town.product.office.rules.at(tuesday()).await.unwrap();
        rules.emergency.as_ref().unwrap().drift_percent
    };
    let before = drift().await;
    assert_eq!(before, 10);
    let second = "/settings/policy/second";
    // Nobody agrees to what nobody asked for.
    let early = admin.post(second, &fields).await;
    assert_eq!(leads_to(&early), "/settings");
    assert!(!page(&admin, "/settings").await.contains("同意して採用する"));

    let shown = page(&chief, "/settings").await;
    assert!(shown.contains("もう一人") && shown.contains("この版の採用を申請する"));
    let mut asks = chief.browser();
    asks.proves("/settings/policy/adopt", &fields)
        .await
        .leads("/settings");
    assert_eq!(drift().await, before, "one alone changes nothing");
    assert_eq!(
        newest(&town).await,
        ("policy.adoption_asked".into(), "2026-12".into())
    );
    for other in [&chief, &auditor] {
        let shown = page(other, "/settings").await;
        assert!(shown.contains("採用を申請しました") && !shown.contains("同意して採用する"));
        assert_eq!(other.post(second, &fields).await.status(), 403);
    }
    assert!(page(&admin, "/").await.contains("同意するか決めてください"));
    assert!(page(&admin, "/settings").await.contains("同意して採用する"));
    // A form alone, another text, or too late.
    assert_eq!(admin.post(second, &fields).await.status(), 200);
    let mut agrees = admin.browser();
    let other = [("version", "2026-12"), ("digest", &"0".repeat(64))];
    agrees.proves(second, &other).await.leads("/settings");
    assert_eq!(drift().await, before);
    for _ in 0..3 {
        town.clock.advance(chrono::TimeDelta::minutes(20));
        for staff in [&chief, &admin] {
            page(staff, "/").await;
        }
    }
    let late = admin.post(second, &fields).await;
    assert_eq!(leads_to(&late), "/settings");
    assert_eq!(drift().await, before);

    asks.proves("/settings/policy/adopt", &fields)
        .await
        .leads("/settings");
    agrees.proves(second, &fields).await.leads("/settings");
    assert_eq!(drift().await, 50);
    let book = policy::rulebook(&town.db).await.unwrap();
    let adoption = book.version("2026-12").unwrap().adoption.unwrap();
    assert_eq!(adoption.by, Some(chief.person), "who asked");
    let query = audit::Query {
        act: Some("policy.adopted".to_owned()),
        ..audit::Query::default()
    };
    let found = audit::search(&town.db, &query).await.unwrap();
    assert_eq!(found.entries.len(), 1);
    assert_eq!(
        found.entries[0].detail["asked_by"],
        chief.person.to_string()
    );
});

on_both!(settings_say_what_line_has_to_be_told, |town: Town| {
    let [chief, ..] = town.readers().await;
    let shown = page(&chief, "/settings").await;
    for word in [
        "/line/webhook",
        "汐見市公式（@000town）",
        "今月は約0通",
        "職員向けの全文",
    ] {
        assert!(shown.contains(word), "{word}");
    }
    let whole = page(&chief, "/policy/staff").await;
    assert!(whole.contains("職員のみ") && whole.contains("起案のときの問い"));
    let sheet = page(&chief, "/settings/compliance").await;
    for word in [
        "汐見市LINE公式アカウント運用ポリシー",
        "12字以上",
        "httpで動いています",
        "P-1",
    ] {
        assert!(sheet.contains(word), "{word}");
    }
});

async fn set_aside(town: &Town, id: &str) {
    let row = ActiveModel {
        event_id: Set(id.to_owned()),
        kind: Set("message".into()),
        occurred_ms: Set(1),
        received_at: Set(tuesday()),
        body: Set(Some("{\"secret\":\"住民の言葉\"}".into())),
        state: Set("set_aside".into()),
        attempts: Set(5),
        fence: Set(5),
        error: Set(Some(
            "<script>the garbage calendar has no area</script>".into(),
        )),
        ..Default::default()
    };
    Entity::insert(row)
        .exec_without_returning(town.db.conn())
        .await
        .unwrap();
}

on_both!(
    what_was_set_aside_is_handled_once_more_or_put_away,
    |town: Town| {
        let [chief, admin, _] = town.readers().await;
        set_aside(&town, "E1").await;
        set_aside(&town, "E2").await;
        let shown = page(&admin, "/settings/health").await;
        assert!(shown.contains("&#60;script&#62;the garbage") && shown.contains("5回試しました"));
        assert!(!shown.contains("住民の言葉"));
        assert!(
            !page(&chief, "/settings/health")
                .await
                .contains("もう一度処理する")
        );
        let event = |id: &'static str| {
            let db = town.db.again();
            async move {
                let found = Entity::find().filter(Column::EventId.eq(id)).one(db.conn());
                found.await.unwrap().unwrap()
            }
        };
        admin
            .post("/settings/health/retry", &[("event", "E1")])
            .await;
        assert_eq!(newest(&town).await, ("inbox.retried".into(), "E1".into()));
        let first = event("E1").await;
        assert_eq!(
            (first.state.as_str(), first.attempts, first.error),
            ("received", 0, None)
        );
        assert!(first.body.is_some());
        admin
            .post("/settings/health/dismiss", &[("event", "E2")])
            .await;
        assert_eq!(newest(&town).await, ("inbox.dismissed".into(), "E2".into()));
        let second = event("E2").await;
        assert_eq!((second.state.as_str(), second.body), ("done", None));
        let entries = audit::head(&town.db).await.unwrap().seq;
        for (path, id) in [
            ("retry", "E2"),
            ("dismiss", "E1"),
            ("retry", "'; DROP TABLE"),
            ("retry", ""),
        ] {
            let answer = admin
                .post(&format!("/settings/health/{path}"), &[("event", id)])
                .await;
            assert_eq!(leads_to(&answer), "/settings/health");
        }
        assert_eq!(audit::head(&town.db).await.unwrap().seq, entries);
        assert_eq!(
            admin.post("/settings/health/retry", &[]).await.status(),
            400
        );
    }
);

on_both!(the_health_page_tells_of_every_job, |town: Town| {
    let [_, admin, _] = town.readers().await;
    let shown = page(&admin, "/settings/health").await;
    assert_eq!(
        shown.matches("まだ実行していません").count(),
        kairan::jobs::JOBS.len()
    );
    let watches = kairan::jobs::Watch::ALL.len();
    assert_eq!(shown.matches("見ていません。").count(), watches);
    town.product.releasing.turn().await.unwrap();
    for job in kairan::jobs::JOBS {
        scheduler::run_if_due(&town.product.office, job).await;
    }
    let shown = page(&admin, "/settings/health").await;
    assert_eq!(
        shown.matches("済みました。").count(),
        kairan::jobs::JOBS.len(),
        "{shown}"
    );
    assert_eq!(shown.matches("見ています。").count(), watches, "{shown}");
    assert!(shown.contains("最後に見た時刻") && shown.contains("11月24日(火) 10:00"));
    assert!(shown.contains("鎖は切れていません") && shown.contains("監査記録の鎖を検証する"));
    let engine = if town.db.is_embedded() {
        "SQLite 3"
    } else {
        "PostgreSQL 1"
    };
    assert!(shown.contains(engine) && shown.contains("移行をすべて適用"));
    assert!(shown.contains("hx-trigger=\"every 15s\""));
    town.later(chrono::TimeDelta::days(2));
    let admin = town.signs_in(admin.person).await;
    let shown = page(&admin, "/settings/health").await;
    assert!(shown.contains("前回の時刻に実行していません"));
    assert_eq!(shown.matches("見ていません。").count(), watches);
});

on_both!(
    when_the_way_for_emergencies_is_open_is_for_two_to_change,
    |town: Town| {
        let [chief, admin, _] = town.readers().await;
        let text = policy_but("version = \"2026-04-01\"", "version = \"2026-12\"").text;
        // Until ten at night PR would check, and nobody could send without it.
        let text = text.replacen("to = \"17:15\"", "to = \"22:00\"", 1);
        let next = Document::parse(text).unwrap();
        policy::record(&town.db, &next, tuesday()).await.unwrap();
        let digest = next.digest();
        let fields = [("version", "2026-12"), ("digest", digest.as_str())];
        let shown = page(&chief, "/settings").await;
        assert!(shown.contains("もう一人") && shown.contains("この版の採用を申請する"));
        let adopted = async || {
            let book = policy::rulebook(&town.db).await.unwrap();
            book.version("2026-12").unwrap().adoption.is_some()
        };
        let mut asks = chief.browser();
        asks.proves("/settings/policy/adopt", &fields)
            .await
            .leads("/settings");
        assert!(!adopted().await, "one alone changes nothing");
        let mut agrees = admin.browser();
        agrees
            .proves("/settings/policy/second", &fields)
            .await
            .leads("/settings");
        assert!(adopted().await);
    }
);
