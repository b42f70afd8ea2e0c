//! LINE is made to agree with files, whatever goes wrong on the way.

use std::io::Cursor;

use kairan::commands::rich_menu::check;
use kairan::line::UserId;
use kairan::line::client::{Client, Config, Credentials};
use kairan::line::message::Action;
use kairan::line::rich_menu::{Area, Bounds, RichMenu, Size};
use kairan::richmenu::{Found, Menu, apply, look, plan};
use kairan::table::Source;
use line_simulator::{Effect, Fault, Options, Simulator};

use crate::rich_menu::profile;

/// Every kind of call that `apply` makes, in order.
const CALLS: [(&str, &str); 11] = [
    ("GET", "/v2/bot/richmenu/list"),
    ("GET", "/v2/bot/richmenu/alias/list"),
    ("GET", "/v2/bot/user/all/richmenu"),
    ("POST", "/v2/bot/richmenu"),
    ("POST", "/v2/bot/richmenu/"),
    ("POST", "/v2/bot/richmenu/alias"),
    ("POST", "/v2/bot/user/all/richmenu"),
    ("POST", "/v2/bot/richmenu/batch"),
    ("GET", "/v2/bot/richmenu/progress"),
    ("DELETE", "/v2/bot/richmenu/alias"),
    ("DELETE", "/v2/bot/richmenu/"),
];

struct Account {
    simulator: Simulator,
    line: Client,
    /// Has the old living menu.
    hanako: String,
    /// Has none of their own.
    taro: String,
}

/// Menus of one cell, whose label says which menu is seen. The second edition changes two and drops one.
fn edition(number: u32) -> Vec<Menu> {
    let menu = |shown_to: &str, name: &str, to: &str| {
        format!(
            "name: {name}\nchat_bar: {{ ja: メニュー }}\n{shown_to}size: {{ width: 800, height: 400 }}\n\
             cells:\n  switch:\n    at: {{ x: 0, y: 0, width: 800, height: 400 }}\n    \
             label: {{ ja: {name}{number} }}\n    action: {{ switch: {to} }}\n"
        )
    };
    let mut files = vec![
        (
            "newcomer/menu.yaml",
            menu("shown_to: default\n", "新人", "town"),
        ),
        ("town/menu.yaml", menu("", "町", "newcomer")),
    ];
    if number == 1 {
        files.push(("extra/menu.yaml", menu("", "おまけ", "town")));
    }
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::new(800, 400)
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let sources = files.into_iter().flat_map(|(path, yaml)| {
        let image = path.replace("menu.yaml", "image.png");
        [
            (path.to_owned(), Source::new(path, yaml)),
            (image.clone(), Source::new(image, png.get_ref().clone())),
        ]
    });
    check(&profile(), sources.collect()).unwrap_or_else(|f| panic!("{f:#?}"))
}

impl Account {
    async fn with_the_first_edition() -> Self {
        let simulator = Simulator::start(Options::default()).unwrap();
        let options = Options::default();
        let line = Client::new(Config {
            api_base: simulator.api_base().parse().unwrap(),
            data_base: simulator.data_base().parse().unwrap(),
            ..Config::new(Credentials::Stateless {
                channel_id: options.channel_id,
                channel_secret: options.channel_secret.into(),
            })
        })
        .unwrap();
        let (hanako, taro) = (simulator.add_person("花子"), simulator.add_person("太郎"));
        simulator.follow(&hanako).unwrap();
        simulator.follow(&taro).unwrap();
        let account = Self {
            simulator,
            line,
            hanako,
            taro,
        };
        account.apply(&edition(1)).await.unwrap();
        let found = look(&account.line).await.unwrap();
        let hanako = UserId::parse(&account.hanako).unwrap();
        let town = &found.aliases["town"];
        account.line.link_rich_menu(&hanako, town).await.unwrap();
        let foreign = RichMenu::new(
            "夏まつり",
            "まつり",
            false,
            Size {
                width: 800,
                height: 400,
            },
            vec![Area {
                bounds: Bounds {
                    x: 0,
                    y: 0,
                    width: 9,
                    height: 9,
                },
                action: Action::message("踊る", "踊る").unwrap(),
            }],
        );
        let foreign = foreign.unwrap();
        account.line.create_rich_menu(&foreign).await.unwrap();
        account.see("町1", "新人1");
        account
    }

    /// What the two see of the menus; each sees one at any time.
    fn see(&self, hanako: &str, taro: &str) {
        assert_eq!(self.simulator.buttons(&self.hanako), [hanako]);
        assert_eq!(self.simulator.buttons(&self.taro), [taro]);
    }

    fn both_see_a_menu(&self) {
        for person in [&self.hanako, &self.taro] {
            let seen = self.simulator.buttons(person);
            assert_eq!(seen.len(), 1, "{seen:?}");
        }
        assert!(self.simulator.buttons(&self.hanako)[0].starts_with('町'));
    }

    /// The second edition is there, nothing else of ours is, and nothing is left to do.
    async fn has_the_second_edition(&self) {
        let menus = edition(2);
        let found = look(&self.line).await.unwrap();
        let again = plan(&menus, &found).steps;
        assert!(again.is_empty(), "{again:#?}");
        let mut names: Vec<String> = found.menus.into_iter().map(|(_, name)| name).collect();
        let mut expected: Vec<String> = menus.iter().map(|m| m.name.to_string()).collect();
        expected.push("夏まつり".to_owned());
        names.sort();
        expected.sort();
        assert_eq!(names, expected);
        assert_eq!(found.aliases.len(), menus.len());
        self.see("町2", "新人2");
    }

    async fn apply(&self, menus: &[Menu]) -> Result<usize, String> {
        let found = look(&self.line).await.map_err(|f| f.to_string())?;
        apply(&self.line, plan(menus, &found))
            .await
            .map_err(|stopped| stopped.to_string())
    }
}

#[tokio::test]
async fn a_second_run_finds_nothing_to_do_and_foreign_menus_stay() {
    let account = Account::with_the_first_edition().await;
    let steps = account.apply(&edition(2)).await.unwrap();
    assert!(steps > 0);
    let before = account.simulator.requests().len();
    assert_eq!(account.apply(&edition(2)).await, Ok(0));
    let calls = account.simulator.requests();
    assert!(calls[before..].iter().all(|call| call.method == "GET"));
    account.has_the_second_edition().await;
}

#[tokio::test]
async fn a_run_cut_off_between_any_two_calls_is_continued_and_nobody_is_without_a_menu() {
    let menus = edition(2);
    let mut kept = 0;
    loop {
        let account = Account::with_the_first_edition().await;
        let found = look(&account.line).await.unwrap();
        let mut plan = plan(&menus, &found);
        let whole = plan.steps.len();
        plan.steps.truncate(kept);
        apply(&account.line, plan).await.unwrap();
        account.both_see_a_menu();
        account.apply(&menus).await.unwrap();
        account.has_the_second_edition().await;
        if kept == whole {
            break;
        }
        kept += 1;
    }
    assert!(kept > 20, "{kept} steps are too few to show anything");
}

#[tokio::test]
async fn a_call_of_any_kind_may_fail_in_any_way() {
    for (method, path) in CALLS {
        for effect in [
            Effect::ServerError,
            Effect::RateLimited,
            Effect::Reset,
            Effect::LostAnswer,
        ] {
            let account = Account::with_the_first_edition().await;
            let fault = Fault::next(1, effect).on(method, path);
            account.simulator.inject(fault);
            let failed = account.apply(&edition(2)).await;
            assert!(failed.is_err(), "{method} {path} is not called");
            account.both_see_a_menu();
            // A connection that broke may take the next call with it.
            account.simulator.clear_faults();
            for _ in 0..3 {
                if account.apply(&edition(2)).await.is_ok() {
                    break;
                }
            }
            account.has_the_second_edition().await;
        }
    }
}

#[test]
fn a_plan_says_what_it_would_do_and_why() {
    let menus: Vec<Menu> = edition(1)
        .into_iter()
        .filter(|menu| menu.language.code() == "ja" && menu.folder == "newcomer")
        .collect();
    let name = menus[0].name.to_string();
    let lines: Vec<String> = plan(&menus, &Found::default())
        .steps
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        lines,
        [
            format!("create {name}: LINE has none"),
            format!("upload the picture of {name}: a menu is shown only with one"),
            format!("point alias newcomer at {name}: LINE has none"),
            format!("show {name} by default: another is, or none"),
        ]
    );
}
