//! What anybody may read without signing in.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kairan::ids::PersonId;
use kairan::policy::{self, Document};
use kairan::scheduler;
use line_simulator::{Effect, Fault};
use reqwest::{Response, StatusCode};
use uuid::Uuid;

use crate::on_both;
use crate::support::Begin;
use crate::support::console::client;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{Town, policy_but};

async fn open(town: &Town, path: &str) -> Response {
    let url = format!("{}{path}", town.origin());
    client().get(url).send().await.unwrap()
}

async fn page(town: &Town, path: &str) -> String {
    let answer = open(town, path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// Every value of `id="…"`.
fn ids(page: &str) -> Vec<&str> {
    let rest = page.split(" id=\"").skip(1);
    rest.filter_map(|rest| rest.split('"').next()).collect()
}

on_both!(
    public_pages_are_open_small_kept_and_without_cookies,
    |town: Town| {
        for path in [
            "/policy",
            "/policy/versions",
            "/account",
            "/account/qr.svg",
            "/notices",
        ] {
            let answer = open(&town, path).await;
            assert_eq!(answer.status(), 200, "{path}");
            assert!(answer.headers().get("set-cookie").is_none(), "{path}");
            let kept = answer.headers()["cache-control"].to_str().unwrap();
            assert_eq!(kept, "public, max-age=300", "{path}");
            let page = answer.text().await.unwrap();
            assert!(page.len() <= 200 * 1024, "{path}: {}", page.len());
            for word in ["<script>", "style=", "noindex", "サインアウト"] {
                assert!(!page.contains(word), "{path} has {word}");
            }
        }
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_the_real_policies_is_rendered_with_its_clauses() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies");
    let mut rendered = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let document = Document::parse(text).unwrap();
        let profile = document.profile.clone();
        let town = Town::over(TestDb::begin(Engine::Sqlite).await, document).await;
        let shown = page(&town, "/policy").await;
        let name = &profile.source.name;
        assert!(shown.contains(&format!("<h1>{name}</h1>")), "{name}");
        assert!(shown.contains(&format!("版 {}", profile.profile.version)));
        assert!(shown.len() <= 200 * 1024, "{name}: {}", shown.len());
        // Whatever a rule note of the console leads to is there, once.
        let ids = ids(&shown);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        for line in policy::page(&profile)
            .sections
            .iter()
            .flat_map(|s| &s.lines)
        {
            let Some(clause) = &line.clause else { continue };
            assert!(ids.contains(&clause.as_str()), "{name}: {clause}");
            assert!(!clause.contains(char::is_whitespace), "{name}: {clause}");
        }
        for path in ["/policy/versions", "/account", "/notices"] {
            page(&town, path).await;
        }
        rendered += 1;
    }
    assert_eq!(rendered, 6);
}

on_both!(
    a_version_to_come_is_announced_with_its_day_and_what_it_changes,
    |town: Town| {
        let text = policy_but("version = \"2026-04-01\"", "version = \"2026-12\"").text;
        let text = text
            .replace("effective_from = 2026-04-01", "effective_from = 2026-12-01")
            .replace(
                "window = \"汐見市役所 代表\"",
                "window = \"汐見市 総合案内\"",
            );
        let next = Document::parse(text).unwrap();
        let now = town.clock.now();
        policy::record(&town.db, &next, now).await.unwrap();
        // What nobody adopted is nobody's business.
        assert!(!page(&town, "/policy").await.contains("2026-12"));
        assert!(!page(&town, "/policy/versions").await.contains("2026-12"));
        let tx = town.db.begin().await.unwrap();
        policy::adopt(
            &tx,
            "2026-12",
            &next.digest(),
            PersonId(Uuid::from_u128(7)),
            now,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let shown = page(&town, "/policy").await;
        assert!(
            shown.contains("2026年12月1日(火)から、版 2026-12 になります"),
            "{shown}"
        );
        assert!(shown.contains("汐見市役所 代表") && !shown.contains("総合案内"));
        let versions = page(&town, "/policy/versions").await;
        let change = versions.find("<del>").zip(versions.find("<ins>")).unwrap();
        assert!(change.0 < change.1);
        for word in ["これから", "いまの版", "最初の版です", "汐見市 総合案内"]
        {
            assert!(versions.contains(word), "{word}");
        }
        town.later(TimeDelta::days(7));
        let shown = page(&town, "/policy").await;
        assert!(shown.contains("総合案内") && shown.contains("版 2026-12"));
        assert!(page(&town, "/policy/versions").await.contains("終わった版"));
    }
);

on_both!(the_account_proves_itself, |town: Town| {
    let shown = page(&town, "/account").await;
    for word in [
        "本物のLINE公式アカウント",
        "汐見市公式",
        "@000town",
        "広報課",
        "https://line.me/R/ti/p/%40000town",
        "https://www.city.shiomi.example/",
        "11月24日(火) 10:00",
        "0000-00-1111",
    ] {
        assert!(shown.contains(word), "{word}");
    }
    let code = page(&town, "/account/qr.svg").await;
    assert!(code.contains("<svg") && code.contains("<path"));

    // While LINE is silent, what was seen last still stands, with its hour.
    town.line.inject(Fault {
        path: "/v2/bot/info".into(),
        ..Fault::next(1, Effect::ServerError)
    });
    town.later(TimeDelta::minutes(20));
    let shown = page(&town, "/account").await;
    assert!(shown.contains("最後に確かめた時刻") && shown.contains("11月24日(火) 10:00"));
    town.later(TimeDelta::minutes(2));
    let shown = page(&town, "/account").await;
    assert!(shown.contains("11月24日(火) 10:22") && !shown.contains("最後に確かめた時刻"));
});

/// The sample town, but LINE knows its account by another ID than the policy does.
async fn drifted(engine: Engine) -> Town {
    Town::with(engine, policy_but("@000town", "@111town")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_not_the_policys_is_never_called_genuine() {
    let town = drifted(Engine::Sqlite).await;
    let shown = page(&town, "/account").await;
    assert!(shown.contains("いま、このアカウントを証明できません"));
    assert!(!shown.contains("本物の") && !shown.contains("/account/qr.svg"));
    assert!(!shown.contains("@000town"), "the other's ID is not spread");
    assert_eq!(open(&town, "/account/qr.svg").await.status(), 404);
    // The job says so as well, and staff see it at home.
    for job in kairan::jobs::JOBS {
        scheduler::run_if_due(&town.product.office, job).await;
    }
    let [chief, ..] = town.readers().await;
    let home = chief.get("/").await.text().await.unwrap();
    assert!(home.contains("確かめられませんでした"), "{home}");
    let settings = chief.get("/settings").await.text().await.unwrap();
    assert!(settings.contains("LINE IDは @000town で、運用ポリシーのIDと違います"));
}

on_both!(
    words_of_the_policy_are_words_and_nothing_else,
    |db: TestDb| {
        let purpose = "purpose = \"市政、防災、催しの情報をすばやく確かに届け、市のサービスを使いやすくします。\"";
        let document = policy_but(purpose, "purpose = '<img src=x onerror=alert(1)>\"&'");
        let town = Town::over(db, document).await;
        for path in ["/policy", "/account"] {
            let shown = page(&town, path).await;
            assert!(!shown.contains("<img src=x"), "{path}");
            assert!(shown.contains("&#60;img src=x onerror"), "{path}");
        }
        assert_eq!(
            open(&town, "/policy/none").await.status(),
            StatusCode::NOT_FOUND
        );
    }
);
