//! `kairan rich-menu` as an operator runs it, and what the night says of menus that differ.

use std::path::Path;

use kairan::jobs::JOBS;
use kairan::line::rich_menu::AliasId;
use kairan::scheduler::{self, Office};
use line_simulator::Options;
use sea_orm::EntityTrait;

use crate::on_both;
use crate::rich_menu::{festival, png};
use crate::rich_menu_showing::client;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::program::{Run, run};
use crate::support::town::{Town, policy_but};

/// A town whose own site is another than the sample's.
struct Desk {
    town: Town,
    folder: tempfile::TempDir,
}

impl Begin for Desk {
    async fn begin(engine: Engine) -> Self {
        let policy = policy_but(
            r#"site = "https://www.city.shiomi.example/""#,
            r#"site = "https://www.city.shiomi.example/line/""#,
        );
        let town = Town::on(TestDb::begin(engine).await, policy).await;
        let folder = tempfile::tempdir().unwrap();
        Self { town, folder }
    }
}

impl Desk {
    fn writes(&self, label: &str) {
        let menu = self.folder.path().join("newcomer");
        std::fs::create_dir_all(&menu).unwrap();
        let yaml = format!(
            "name: はじめ\nchat_bar: {{ ja: メニュー }}\nshown_to: default\nsize: {{ width: 800, height: 400 }}\n\
             cells:\n  only:\n    at: {{ x: 0, y: 0, width: 800, height: 400 }}\n    \
             label: {{ ja: {label} }}\n    action: {{ open: \"{{site}}\" }}\n"
        );
        std::fs::write(menu.join("menu.yaml"), yaml).unwrap();
        std::fs::write(menu.join("image.png"), png(800, 400)).unwrap();
    }

    fn runs(&self, words: &[&str]) -> Run {
        let options = Options::default();
        let folder = self.folder.path().display().to_string();
        let (api, data) = (self.town.line.api_base(), self.town.line.data_base());
        let place = [
            ("DATABASE_URL", self.town.db.url.as_str()),
            ("LINE_CHANNEL_SECRET", options.channel_secret.as_str()),
            ("LINE_CHANNEL_ID", options.channel_id.as_str()),
            ("LINE_API_BASE", api.as_str()),
            ("LINE_API_DATA_BASE", data.as_str()),
            ("KAIRAN_RICH_MENUS", folder.as_str()),
        ];
        run(&place, &[&["rich-menu"], words].concat())
    }

    /// What was asked of LINE since `before`, as method and path; fetching a token aside.
    fn asked(&self, before: usize) -> Vec<(String, String)> {
        let calls = self.town.line.requests().split_off(before).into_iter();
        let calls = calls.filter(|call| call.path.starts_with("/v2/bot/"));
        calls.map(|call| (call.method, call.path)).collect()
    }
}

on_both!(
    what_would_be_done_is_said_then_done_then_nothing_is_left,
    |desk: Desk| {
        desk.writes("市のサイト");
        let line = client(&desk.town);
        line.create_rich_menu(&festival()).await.unwrap();
        let before = desk.town.line.requests().len();

        let planned = desk.runs(&["plan"]);
        assert_eq!(planned.code, 0, "{}", planned.err);
        assert!(planned.out.contains("create kairan:newcomer:ja:default:"));
        assert!(
            planned
                .out
                .contains("leave 夏まつり: something else made it")
        );
        let asked = desk.asked(before);
        assert!(asked.iter().all(|(method, _)| method == "GET"), "{asked:?}");

        let applied = desk.runs(&["apply"]);
        assert_eq!((applied.code, applied.out), (0, planned.out));
        let hanako = desk.town.resident("花子").await;
        let seen = desk.town.line.buttons(&hanako.id);
        assert_eq!(seen.last().map(String::as_str), Some("市のサイト"));
        // The town's own words, by the policy in force.
        let calls = desk.town.line.requests();
        let made = calls.iter().find(|call| {
            call.method == "POST"
                && call.json()["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with("kairan:"))
        });
        let made = made.unwrap().json().to_string();
        assert!(
            made.contains("https://www.city.shiomi.example/line/"),
            "{made}"
        );

        let again = desk.runs(&["apply"]);
        assert!(
            again
                .out
                .contains("LINE has the menus that the files describe")
        );
        let removed = desk.runs(&["apply", "--foreign"]);
        assert!(
            removed
                .out
                .contains("delete 夏まつり: something else made it"),
            "{}",
            removed.out
        );
        assert_eq!(desk.runs(&["link"]).code, 0);
    }
);

on_both!(
    faulty_files_are_refused_before_line_is_asked,
    |desk: Desk| {
        desk.writes("いくら何でも長すぎて、どの電話の画面にも入りきらない見出し");
        let before = desk.town.line.requests().len();
        for words in [&["plan"][..], &["apply"], &["render", "--out", "/nowhere"]] {
            let refused = desk.runs(words);
            assert_eq!(refused.code, 2, "{words:?}: {}", refused.err);
            assert!(
                refused.err.contains("newcomer/menu.yaml:"),
                "{}",
                refused.err
            );
        }
        assert_eq!(desk.asked(before), []);
    }
);

on_both!(pictures_are_written_for_looking_at, |desk: Desk| {
    desk.writes("市のサイト");
    let out = tempfile::tempdir().unwrap();
    let place = out.path().display().to_string();
    let rendered = desk.runs(&["render", "--out", &place]);
    assert_eq!(rendered.code, 0, "{}", rendered.err);
    for language in ["ja", "ja-Hira", "en"] {
        let file = out.path().join(format!("newcomer.{language}.png"));
        assert!(Path::new(&file).exists(), "{}", rendered.out);
    }
});

on_both!(
    the_night_says_that_line_lacks_what_files_describe,
    |desk: Desk| {
        desk.writes("市のサイト");
        let (job, town) = (
            JOBS.into_iter()
                .find(|job| job.name == "repair-menus")
                .unwrap(),
            &desk.town,
        );
        let kept = Office {
            menus: desk.folder.path().to_owned(),
            ..town.product.office.clone()
        };
        let failed = async || {
            town.later(chrono::TimeDelta::days(1));
            scheduler::run_if_due(&kept, job).await;
            let runs = entity::job_run::Entity::find()
                .all(town.db.conn())
                .await
                .unwrap();
            let run = runs
                .into_iter()
                .filter(|run| run.job == "repair-menus")
                .max_by_key(|run| run.due_at);
            run.unwrap().error
        };
        // Whoever never applied any has not lost any.
        assert_eq!(failed().await, None);
        assert_eq!(desk.runs(&["apply"]).code, 0);
        assert_eq!(failed().await, None);
        let line = client(town);
        let alias = AliasId::parse("newcomer").unwrap();
        line.delete_rich_menu_alias(&alias).await.unwrap();
        let said = failed().await.unwrap();
        assert!(said.contains("rich-menu plan"), "{said}");
        assert_eq!(desk.runs(&["apply"]).code, 0);
        assert_eq!(failed().await, None);
    }
);
