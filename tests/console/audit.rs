//! The audit record as the auditor reads it.

use std::path::Path;

use kairan::audit::{self, Actor, Entry};
use kairan::clock::Instant;
use kairan::console::acts::{ACTS, ROOMS};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::on_both;
use crate::staff::audit::lift_the_rules;
use crate::support::console::{Staff, leads_to};
use crate::support::town::{Town, tuesday};

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// Puts a deed of the operator's on record.
async fn record(
    town: &Town,
    at: Instant,
    act: &'static str,
    object: &str,
    detail: serde_json::Value,
) {
    let tx = town.db.begin().await.unwrap();
    let entry = Entry::of(Actor::Operator, act, ("thing", object)).with(detail);
    audit::record(&tx, at, entry).await.unwrap();
    tx.commit().await.unwrap();
}

/// How many entries there are of an act.
async fn count(town: &Town, act: &str) -> u64 {
    let query = audit::Query {
        act: Some(act.to_owned()),
        ..audit::Query::default()
    };
    audit::search(&town.db, &query).await.unwrap().total
}

fn numbers(page: &str) -> usize {
    page.matches("<td class=\"number\" data-label=\"番号\">")
        .count()
}

on_both!(the_record_is_searched_by_every_condition, |town: Town| {
    let [_, _, auditor] = town.readers().await;
    let monday: Instant = "2026-11-22T15:00:00Z".parse().unwrap();
    for number in 0..60 {
        record(
            &town,
            monday,
            "policy.adopted",
            &format!("{number}"),
            json!({"digest": "灯台"}),
        )
        .await;
    }
    let all = page(&auditor, "/audit").await;
    assert_eq!(numbers(&all), 50);
    assert!(all.contains("運用ポリシーの版を採用した") && all.contains("サーバーの操作者"));
    assert!(all.contains("page=2"));
    for (query, found) in [
        ("from=2026-11-23&to=2026-11-23&page=2", 10),
        ("act=policy.&object=7", 1),
        ("act=policy.adopted&q=%E7%81%AF%E5%8F%B0&page=2", 10),
        ("q=%25", 0),
        ("who=system", 0),
        ("who=operator&from=2026-11-23&to=2026-11-23&page=2", 10),
        ("from=2026-11-25", 0),
        ("act=policy.&page=99999999999999999999", 50),
        ("act=policy.&page=700", 0),
        ("act=policy.&page=-1", 50),
    ] {
        let shown = page(&auditor, &format!("/audit?{query}")).await;
        assert_eq!(numbers(&shown), found, "{query}");
    }
    let person = auditor.person;
    let theirs = page(&auditor, &format!("/audit?who={person}")).await;
    assert!(theirs.contains("監査記録を閲覧した") && theirs.contains("青葉 花子（P-2）"));
});

on_both!(
    a_search_that_makes_no_sense_is_answered_in_words,
    |town: Town| {
        let [_, _, auditor] = town.readers().await;
        let long = "x".repeat(10_000);
        for (query, told) in [
            (
                "from=2026-11-25&to=2026-11-24".to_owned(),
                "始まりの日より前",
            ),
            ("from=24.11.2026".to_owned(), "2026-11-24」の形"),
            ("to=9999-12-31".to_owned(), "2026-11-24」の形"),
            (format!("q={long}"), "100字まで"),
            (format!("object={long}"), "100字まで"),
            ("q=a+b+c+d+e+f".to_owned(), "5つまで"),
            ("who=nobody".to_owned(), "一覧から"),
        ] {
            let before = count(&town, "audit.searched").await;
            let shown = page(&auditor, &format!("/audit?{query}")).await;
            assert!(
                shown.contains(told) && shown.contains("id=\"faults\""),
                "{told}"
            );
            assert_eq!(numbers(&shown), 0);
            assert_eq!(
                count(&town, "audit.searched").await,
                before,
                "nothing was looked at"
            );
            // Nor is it taken away.
            let fields: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
            assert_eq!(auditor.post("/audit/export", &fields).await.status(), 303);
        }
        assert_eq!(auditor.get("/audit?from=a&from=b").await.status(), 400);
        for path in [
            "/audit/0",
            "/audit/-1",
            "/audit/99999999999999999999",
            "/audit/x",
        ] {
            assert_eq!(auditor.get(path).await.status(), 404, "{path}");
        }
    }
);

on_both!(who_reads_the_record_is_on_record, |town: Town| {
    let [_, _, auditor] = town.readers().await;
    for path in [
        "/audit?q=secret",
        "/audit?q=secret&page=2",
        "/audit?q=secret",
        "/audit?act=staff.",
    ] {
        page(&auditor, path).await;
    }
    assert_eq!(count(&town, "audit.searched").await, 2);
    let file = auditor
        .post("/audit/export", &[("act", "staff."), ("form", "csv")])
        .await;
    assert_eq!(file.status(), 200);
    let named = file.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(
        named,
        "attachment; filename=\"kairan-audit-20261124-1000.csv\""
    );
    let rows = file.text().await.unwrap();
    let staff = count(&town, "staff.").await;
    assert_eq!(rows.lines().count() as u64, staff + 1);
    assert!(rows.lines().skip(1).all(|row| row.contains("staff.")));
    let json = auditor
        .post("/audit/export", &[("act", "staff."), ("form", "json")])
        .await;
    for line in json.text().await.unwrap().lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(entry["act"].as_str().unwrap().starts_with("staff."));
    }
    let newest = audit::newest_by(&town.db, "audit.exported", auditor.person).await;
    let newest = newest.unwrap().unwrap();
    assert_eq!(
        newest.detail,
        json!({"act": "staff.", "form": "jsonl", "entries": staff})
    );
    // Words may name somebody: only how many there were is kept.
    let query = audit::Query {
        words: vec!["secret".into()],
        ..audit::Query::default()
    };
    assert_eq!(audit::search(&town.db, &query).await.unwrap().total, 0);
});

on_both!(an_entry_tells_what_was_and_what_is, |town: Town| {
    let [_, _, auditor] = town.readers().await;
    let person = auditor.person;
    let detail = json!({
        "person": person,
        "before": {"title": "<script>alert(1)</script>", "rank": 1, "scope": "同じ"},
        "after": {"title": "\"><b onmouseover=alert(2)>", "rank": 2, "scope": "同じ", "owner": true},
    });
    record(&town, tuesday(), "staff.post_added", "<i>7</i>", detail).await;
    let newest = audit::head(&town.db).await.unwrap().seq;
    let shown = page(&auditor, &format!("/audit/{newest}")).await;
    for foreign in ["<script>", "<b onmouse", "<i>7"] {
        assert!(!shown.contains(foreign), "{foreign}");
    }
    assert!(shown.contains("&#60;script&#62;alert(1)"));
    assert!(shown.contains("青葉 花子（P-2）") && shown.contains("2026-11-24T10:00:00+09:00"));
    let changes = shown.split("変わったこと").nth(1).unwrap();
    let changes = changes.split("</table>").next().unwrap();
    assert!(changes.contains("<del>1</del>") && changes.contains("<ins>2</ins>"));
    assert!(changes.contains("<del>なし</del>") && changes.contains("<ins>はい</ins>"));
    assert!(!changes.contains("同じ"));
});

on_both!(
    the_chain_is_verified_and_a_broken_one_is_an_alarm,
    |town: Town| {
        let [chief, _, auditor] = town.readers().await;
        assert!(
            page(&auditor, "/audit")
                .await
                .contains("まだ検証していません")
        );
        let answer = auditor.post("/audit/verify", &[]).await;
        assert_eq!(leads_to(&answer), "/audit");
        assert!(page(&auditor, "/audit").await.contains("切れていません"));
        let head = audit::head(&town.db).await.unwrap().to_string();
        assert!(page(&auditor, "/audit").await.contains(&head));
        auditor.post("/audit/verify", &[("head", &head)]).await;
        auditor.post("/audit/verify", &[("head", "nonsense")]).await;
        assert_eq!(count(&town, "audit.verified").await, 2);
        assert!(!page(&chief, "/").await.contains("鎖"));

        // A head of another record: this one was written anew.
        let other = format!("1:{}", "a".repeat(64));
        auditor.post("/audit/verify", &[("head", &other)]).await;
        assert!(page(&auditor, "/audit").await.contains("鎖が切れています"));
        auditor.post("/audit/verify", &[]).await;
        assert!(!page(&auditor, "/audit").await.contains("鎖が切れています"));

        lift_the_rules(&town.db).await;
        let change = "UPDATE audit_entry SET act = 'nothing.happened' WHERE seq = 3";
        town.db.conn().execute_unprepared(change).await.unwrap();
        auditor.post("/audit/verify", &[]).await;
        for reader in [&auditor, &chief] {
            let home = page(reader, "/").await;
            assert!(home.contains("監査記録の鎖が切れています"), "{home}");
        }
    }
);

/// Words with a point in them that are no acts: sealed columns, columns of queries, what a step-up is for.
const NO_ACTS: [&str; 28] = [
    "account.totp",
    "call.token",
    "ceremony.state",
    "countersign.agree",
    "data_key.known_word",
    "delivery.lift",
    "emergency.accept",
    "emergency.accept_concur",
    "emergency.agree",
    "emergency.concur",
    "emergency.resume",
    "emergency.resume_concur",
    "emergency.send",
    "emergency.send_correction",
    "excluded.children_answered",
    "excluded.topics_answered",
    "passkey.credential",
    "person.mail",
    "person.name",
    "policy.adopt",
    "policy.second",
    "push_subscription.endpoint",
    "push_subscription.keys",
    "resident.line_user_id",
    "telephone.number",
    "webhook_event.body",
    "webhook_event.line_user_id",
    "webhook_event.reply",
];
const FILES: [&str; 19] = [
    "css", "csv", "db", "example", "html", "jpg", "js", "json", "key", "me", "png", "rs", "svg",
    "toml", "tsv", "txt", "xlsx", "yaml", "zip",
];

#[test]
fn every_act_that_anything_records_has_words() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![src];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|kind| kind != "rs") || path.ends_with("acts.rs") {
                continue;
            }
            let code = std::fs::read_to_string(&path).unwrap();
            if !code.contains("audit") {
                continue;
            }
            for word in code.split('"').skip(1) {
                let Some((room, deed)) = word.split_once('.') else {
                    continue;
                };
                let plain = |part: &str| {
                    !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                };
                if !plain(room) || !plain(deed) || FILES.contains(&deed) || NO_ACTS.contains(&word)
                {
                    continue;
                }
                found += 1;
                let known = ACTS.iter().any(|(act, _)| *act == word);
                assert!(
                    known,
                    "`{word}` in {} has no words in console/acts.rs",
                    path.display()
                );
                assert!(ROOMS.iter().any(|(act, _)| word.starts_with(act)), "{word}");
            }
        }
    }
    assert!(found > 20, "{found}");
}
