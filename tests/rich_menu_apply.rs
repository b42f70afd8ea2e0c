//! LINE is made to agree with files, whatever goes wrong on the way.

use chrono::TimeDelta;
use entity::menu_call;
use kairan::clock::Clock;
use kairan::line::UserId;
use kairan::line::client::{Client, Config, Credentials, MenuImage};
use kairan::line::rich_menu::{AliasId, RichMenuId};
use kairan::richmenu::{Foreign, Found, Menu, NotFound, Step, apply, look, plan};
use line_simulator::{Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::{EntityTrait, Set};

use crate::rich_menu::{festival, png, small};
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::town::tuesday;

struct Account {
    simulator: Simulator,
    line: Client,
    db: TestDb,
    clock: Clock,
    /// Has the old living menu.
    hanako: String,
    /// Has none of their own.
    taro: String,
}

/// Menus of one cell, whose label says which menu is seen. Each edition changes two; the second drops one, and adds
/// another.
fn edition(number: u32) -> Vec<Menu> {
    let [newcomer, town] = ["新人", "町"].map(|name| format!("{name}{number}"));
    let mut menus = vec![
        ["newcomer", "default", &newcomer, "switch: town"],
        ["town", "", &town, "switch: newcomer"],
    ];
    menus.push(match number {
        1 => ["extra", "", "おまけ", "switch: town"],
        _ => ["more", "", "もっと", "switch: town"],
    });
    small(&menus)
}

impl Account {
    async fn with_the_first_edition() -> Self {
        let simulator = Simulator::start(Options {
            clock: LineClock::Fixed(tuesday()),
            ..Options::default()
        })
        .unwrap();
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
            db: TestDb::begin(Engine::Sqlite).await,
            clock: Clock::fixed(tuesday()),
            hanako,
            taro,
        };
        account.apply(&edition(1)).await.unwrap();
        let found = account.look().await.unwrap();
        let hanako = UserId::parse(&account.hanako).unwrap();
        let town = &found.aliases["town"];
        account.line.link_rich_menu(&hanako, town).await.unwrap();
        account.line.create_rich_menu(&festival()).await.unwrap();
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
        let found = self.look().await.unwrap();
        let again = plan(&menus, &found, Foreign::Leave).steps;
        assert!(again.is_empty(), "{again:#?}");
        let mut names: Vec<String> = found.menus.into_iter().map(|menu| menu.name).collect();
        let mut expected: Vec<String> = menus.iter().map(|m| m.name.to_string()).collect();
        expected.push("夏まつり".to_owned());
        names.sort();
        expected.sort();
        assert_eq!(names, expected);
        assert_eq!(found.aliases.len(), menus.len());
        self.see("町2", "新人2");
    }

    /// The menu that something else made gets its picture and an alias.
    async fn shows_festival_as(&self, alias: &str) -> RichMenuId {
        let found = self.look().await.unwrap();
        let festival = found.menus.iter().find(|m| m.name == "夏まつり");
        let id = festival.unwrap().id.clone();
        let image = MenuImage::new(png(800, 400)).unwrap();
        self.line.upload_rich_menu_image(&id, image).await.unwrap();
        let alias = AliasId::parse(alias).unwrap();
        self.line.create_rich_menu_alias(&alias, &id).await.unwrap();
        id
    }

    async fn look(&self) -> Result<Found, NotFound> {
        look(&self.db, &self.line, self.clock.now()).await
    }

    async fn apply(&self, menus: &[Menu]) -> Result<usize, String> {
        self.apply_with(menus, Foreign::Leave).await
    }

    async fn apply_with(&self, menus: &[Menu], foreign: Foreign) -> Result<usize, String> {
        let found = self.look().await.map_err(|f| f.to_string())?;
        let plan = plan(menus, &found, foreign);
        apply(&self.db, &self.line, self.clock.now(), plan)
            .await
            .map_err(|stopped| stopped.to_string())
    }

    /// Both clocks move on.
    fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.simulator.advance(by.to_std().unwrap());
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
        let found = account.look().await.unwrap();
        let mut plan = plan(&menus, &found, Foreign::Leave);
        let whole = plan.steps.len();
        plan.steps.truncate(kept);
        let now = account.clock.now();
        apply(&account.db, &account.line, now, plan).await.unwrap();
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
async fn any_call_may_fail_in_any_way() {
    let account = Account::with_the_first_edition().await;
    let before = account.simulator.requests().len();
    account.apply(&edition(2)).await.unwrap();
    let calls = account.simulator.requests().split_off(before);
    let kinds = |part: &str| calls.iter().filter(|call| call.path.contains(part)).count();
    assert!(kinds("/alias") > 3 && kinds("/richmenu/batch") == 1 && kinds("/content") > 3);
    // Calls of a kind come several times, and meet each effect.
    let effects = [
        Effect::ServerError,
        Effect::RateLimited,
        Effect::Reset,
        Effect::LostAnswer,
    ];
    for (nth, effect) in (0..calls.len()).zip(effects.into_iter().cycle()) {
        let account = Account::with_the_first_edition().await;
        let nth = u32::try_from(nth).unwrap();
        account.simulator.inject(Fault::after(nth, effect));
        let failed = account.apply(&edition(2)).await;
        assert!(failed.is_err(), "call {nth} is not made");
        account.both_see_a_menu();
        // A connection that broke may take the next call with it.
        account.simulator.clear_faults();
        for _ in 0..3 {
            // LINE lists menus ten times a second.
            account.later(TimeDelta::seconds(1));
            if account.apply(&edition(2)).await.is_ok() {
                break;
            }
        }
        account.has_the_second_edition().await;
    }
}

#[tokio::test]
async fn old_menus_stay_until_line_has_moved_everybody() {
    let account = Account::with_the_first_edition().await;
    account.simulator.slow_menu_batches(1);
    account.simulator.fail_menu_batches(1);
    let failed = account.apply(&edition(2)).await.unwrap_err();
    assert!(failed.contains("apply again"), "{failed}");
    let found = account.look().await.unwrap();
    let is_first = |menu: &&kairan::richmenu::FoundMenu| menu.name.starts_with("kairan:extra:");
    assert!(found.menus.iter().any(|menu| is_first(&menu)));
    account.both_see_a_menu();
    account.later(TimeDelta::seconds(1));
    account.apply(&edition(2)).await.unwrap();
    account.has_the_second_edition().await;
}

#[test]
fn a_plan_says_what_it_would_do_and_why() {
    let menus: Vec<Menu> = edition(1)
        .into_iter()
        .filter(|menu| menu.variant.code() == "ja" && menu.folder == "newcomer")
        .collect();
    let name = menus[0].name.to_string();
    let lines: Vec<String> = plan(&menus, &Found::default(), Foreign::Leave)
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
            "link every resident to the menu meant for them: who sees which has changed".to_owned(),
        ]
    );
}

#[tokio::test]
async fn menus_of_others_go_only_when_told() {
    let account = Account::with_the_first_edition().await;
    let found = account.look().await.unwrap();
    let menus = edition(1);
    assert_eq!(plan(&menus, &found, Foreign::Leave).left, ["夏まつり"]);
    assert!(plan(&menus, &found, Foreign::Leave).steps.is_empty());

    // Somebody has the foreign menu, and it has an alias.
    let foreign = account.shows_festival_as("festival").await;
    let taro = UserId::parse(&account.taro).unwrap();
    account.line.link_rich_menu(&taro, &foreign).await.unwrap();
    account.see("町1", "踊る");

    let steps = account.apply_with(&menus, Foreign::Remove).await.unwrap();
    assert_eq!(steps, 4, "alias, everybody, relink, delete");
    let found = account.look().await.unwrap();
    assert!(found.menus.iter().all(|menu| menu.name != "夏まつり"));
    assert!(!found.aliases.contains_key("festival"));
    account.see("町1", "新人1");
    assert_eq!(account.apply_with(&menus, Foreign::Remove).await, Ok(0));
}

#[tokio::test]
async fn two_runs_in_an_hour_do_not_ask_more_of_line_than_it_takes() {
    let account = Account::with_the_first_edition().await;
    // Each changes two menus in three languages: six made, six removed, everybody relinked once.
    for number in 2..5 {
        account.apply(&edition(number)).await.unwrap();
        account.later(TimeDelta::minutes(1));
    }
    let menus = edition(5);
    let found = account.look().await.unwrap();
    let fourth = plan(&menus, &found, Foreign::Leave);
    assert!(fourth.is_partial, "LINE takes three batches an hour");
    let first_at = account.clock.now() - TimeDelta::minutes(3);
    assert_eq!(fourth.more_at, Some(first_at + TimeDelta::minutes(65)));
    let now = account.clock.now();
    apply(&account.db, &account.line, now, fourth)
        .await
        .unwrap();
    account.both_see_a_menu();
    assert_eq!(account.simulator.buttons(&account.taro), ["新人5"]);

    account.later(TimeDelta::minutes(65));
    account.apply(&menus).await.unwrap();
    account.see("町5", "新人5");
    let found = account.look().await.unwrap();
    assert_eq!(found.menus.len(), menus.len() + 1);
}

#[tokio::test]
async fn what_others_name_their_menus_by_is_not_taken_from_them() {
    let account = Account::with_the_first_edition().await;
    account.shows_festival_as("more").await;
    let before = account.simulator.requests().len();
    let refused = account.apply(&edition(2)).await.unwrap_err();
    assert!(
        refused.contains("alias more") && refused.contains("夏まつり"),
        "{refused}"
    );
    let calls = account.simulator.requests().split_off(before);
    assert!(calls.iter().all(|call| call.method == "GET"));
    let removed = account.apply_with(&edition(2), Foreign::Remove).await;
    assert!(removed.unwrap() > 0);
    account.see("町2", "新人2");
}

#[tokio::test]
async fn an_alias_that_no_file_names_any_more_goes() {
    let account = Account::with_the_first_edition().await;
    let found = account.look().await.unwrap();
    let alias = AliasId::parse("town-of-old").unwrap();
    let town = &found.aliases["town"];
    account
        .line
        .create_rich_menu_alias(&alias, town)
        .await
        .unwrap();
    assert_eq!(account.apply(&edition(1)).await, Ok(1));
    let found = account.look().await.unwrap();
    assert!(!found.aliases.contains_key("town-of-old"));
    account.see("町1", "新人1");
}

#[tokio::test]
async fn what_the_hour_leaves_of_new_menus_is_made_and_nothing_old_goes() {
    let account = Account::with_the_first_edition().await;
    let made_at = account.clock.now();
    account.later(TimeDelta::minutes(10));
    let used = (0..86).map(|_| menu_call::ActiveModel {
        kind: Set("create".to_owned()),
        at: Set(account.clock.now()),
        ..Default::default()
    });
    menu_call::Entity::insert_many(used)
        .exec_without_returning(account.db.conn())
        .await
        .unwrap();
    // The first edition took nine, so that five are left of the nine it takes now.
    let menus = edition(2);
    let found = account.look().await.unwrap();
    let plan = plan(&menus, &found, Foreign::Leave);
    assert!(plan.is_partial);
    assert_eq!(plan.more_at, Some(made_at + TimeDelta::minutes(65)));
    let created = plan.steps.iter();
    let created = created.filter(|step| matches!(step, Step::Create { .. }));
    assert_eq!(created.count(), 5);
    let now = account.clock.now();
    apply(&account.db, &account.line, now, plan).await.unwrap();
    account.see("町1", "新人1");
    account.later(TimeDelta::minutes(66));
    account.apply(&menus).await.unwrap();
    account.has_the_second_edition().await;
}
