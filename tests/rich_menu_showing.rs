//! Who sees which menu, told in the sample town with the menus that ship.

use chrono::TimeDelta;
use kairan::line::UserId;
use kairan::line::client::{Client, Config, Credentials};
use kairan::richmenu::{Foreign, Menu, NotShown, apply, follow, look, plan, repair, switch};
use line_simulator::{Effect, Fault, Options};

use crate::on_both;
use crate::rich_menu::{shipped, small};
use crate::support::town::{Person, Town};

pub fn client(town: &Town) -> Client {
    let options = Options::default();
    Client::new(Config {
        api_base: town.line.api_base().parse().unwrap(),
        data_base: town.line.data_base().parse().unwrap(),
        ..Config::new(Credentials::Stateless {
            channel_id: options.channel_id,
            channel_secret: options.channel_secret.into(),
        })
    })
    .unwrap()
}

async fn with_menus(town: &Town) -> Client {
    with_these(town, &shipped()).await
}

/// A town with small menus, see [`small`].
pub async fn with(town: &Town, menus: &[[&str; 4]]) -> Client {
    with_these(town, &small(menus)).await
}

/// A menu for newcomers, two tabs for the registered, and one for disasters.
pub fn tabs() -> [[&'static str; 4]; 4] {
    [
        ["newcomer", "default", "はじめ", "postback: 1/disaster"],
        ["living", "registered", "くらし", "switch: safety"],
        ["safety", "", "そなえ", "switch: living"],
        ["disaster", "disaster", "さいがい", "postback: 1/disaster"],
    ]
}

/// Somebody who lives in another town.
pub async fn registered<'a>(town: &'a Town, name: &str) -> Person<'a> {
    let person = town.resident(name).await;
    person.taps("同意して登録する").await;
    person.says("市外").await;
    person
}

fn id(person: &Person<'_>) -> UserId {
    UserId::parse(&person.id).unwrap()
}

async fn with_these(town: &Town, menus: &[Menu]) -> Client {
    let line = client(town);
    let now = town.clock.now();
    let found = look(&town.db, &line, now).await.unwrap();
    let plan = plan(menus, &found, Foreign::Leave);
    apply(&town.db, &line, now, plan).await.unwrap();
    line
}

pub fn sees(town: &Town, person: &Person<'_>, cell: &str) -> bool {
    town.line.buttons(&person.id).iter().any(|b| b == cell)
}

on_both!(people_see_the_menu_meant_for_them, |town: Town| {
    let line = with_menus(&town).await;
    let hanako = town.resident("花子").await;
    let taro = town.resident("太郎").await;
    assert!(sees(&town, &hanako, "登録する"));

    // She registers: the menu changes with the answer.
    hanako.taps("登録する").await;
    hanako.taps("同意して登録する").await;
    hanako.says("市外").await;
    assert!(sees(&town, &hanako, "明日のごみ"));
    assert!(sees(&town, &hanako, "子育て"));
    assert!(sees(&town, &taro, "登録する"));

    // She switches tabs; there is nothing to say to that.
    let before = town.line.inbox(&hanako.id).len();
    hanako.taps("防災").await;
    assert!(sees(&town, &hanako, "近くの避難所"));
    assert_eq!(town.line.inbox(&hanako.id).len(), before);
    hanako.taps("暮らし").await;
    let how = hanako.taps("ごみの分け方").await;
    assert!(!how.words().is_empty());

    // Another language, another menu.
    hanako.says("English").await;
    assert!(sees(&town, &hanako, "Garbage tomorrow"));

    // A disaster is in front of both, in their languages, and goes again.
    switch(&town.db, &line, true, |_| {}).await.unwrap();
    assert!(sees(&town, &hanako, "Call 119 for rescue"));
    assert!(sees(&town, &taro, "119番火事・救急"));
    let found = look(&town.db, &line, town.clock.now()).await.unwrap();
    let menus = shipped();
    assert!(plan(&menus, &found, Foreign::Leave).steps.is_empty());
    switch(&town.db, &line, false, |_| {}).await.unwrap();
    assert!(sees(&town, &hanako, "Garbage tomorrow"));
    assert!(sees(&town, &taro, "登録する"));

    // She erases everything: she is a newcomer again.
    town.line.postback(&hanako.id, "1/erase", None).unwrap();
    town.settle().await;
    town.line.postback(&hanako.id, "1/erase-yes", None).unwrap();
    town.settle().await;
    assert!(sees(&town, &hanako, "登録する"));
    town.nothing_went_wrong().await;
});

on_both!(
    what_drifted_is_repaired_and_nobody_is_moved_off_a_tab,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        let hanako = registered(&town, "花子").await;
        let taro = registered(&town, "太郎").await;
        let newcomer = town.resident("次郎").await;
        let repaired = async || {
            // LINE lists menus ten times a second.
            town.later(TimeDelta::seconds(1));
            repair(&town.db, &line, |_| {}).await
        };
        // She is on the other tab of her menu; he lost his; somebody who never registered has one.
        hanako.taps("くらし").await;
        assert!(sees(&town, &hanako, "そなえ"));
        line.unlink_rich_menu(&id(&taro)).await.unwrap();
        let found = look(&town.db, &line, town.clock.now()).await.unwrap();
        let living = &found.aliases["living"];
        line.link_rich_menu(&id(&newcomer), living).await.unwrap();
        for (method, path) in [
            ("GET", "/v2/bot/richmenu/list"),
            ("GET", "/v2/bot/user/U"),
            ("POST", "/v2/bot/richmenu/bulk/link"),
            ("POST", "/v2/bot/richmenu/bulk/unlink"),
        ] {
            for effect in [Effect::ServerError, Effect::Reset, Effect::RateLimited] {
                // Every call: one that broke before it was answered may be made again by the connection itself.
                town.line
                    .inject(Fault::with_probability(1.0, effect).on(method, path));
                assert!(repaired().await.is_err(), "{method} {path}");
                town.line.clear_faults();
                // One half may be done. A connection that broke may take the next call with it.
                while line.unlink_rich_menu(&id(&taro)).await.is_err() {}
                while line.link_rich_menu(&id(&newcomer), living).await.is_err() {}
            }
        }
        for _ in 0..3 {
            // A connection that broke may take the next call with it.
            if repaired().await.is_ok() {
                break;
            }
        }
        assert!(sees(&town, &taro, "くらし"));
        assert!(sees(&town, &newcomer, "はじめ"));
        assert!(sees(&town, &hanako, "そなえ"), "she is left where she is");
        assert_eq!(repaired().await.unwrap(), 0);
        town.nothing_went_wrong().await;
    }
);

on_both!(who_sees_which_may_change_in_the_files, |town: Town| {
    let before: Vec<[&str; 4]> = tabs()
        .into_iter()
        .map(|[folder, shown_to, label, action]| match shown_to {
            "registered" => [folder, "", label, action],
            _ => [folder, shown_to, label, action],
        })
        .collect();
    let line = with(&town, &before).await;
    let hanako = registered(&town, "花子").await;
    assert!(sees(&town, &hanako, "はじめ"));
    // The run is cut off where it links her.
    let bulk = Fault::next(1, Effect::ServerError).on("POST", "/v2/bot/richmenu/bulk/link");
    town.line.inject(bulk);
    let after = small(&tabs());
    let applied = async || {
        let now = town.clock.now();
        let found = look(&town.db, &line, now).await.unwrap();
        let plan = plan(&after, &found, Foreign::Leave);
        apply(&town.db, &line, now, plan).await
    };
    assert!(applied().await.is_err());
    assert!(!sees(&town, &hanako, "くらし"));
    applied().await.unwrap();
    assert!(sees(&town, &hanako, "くらし"));
    assert_eq!(applied().await.unwrap(), 0);
});

on_both!(
    a_server_at_work_leaves_people_alone_until_the_new_menus_are_there,
    |town: Town| {
        let before = tabs().map(|[folder, shown_to, label, action]| match shown_to {
            "registered" => [folder, "", label, action],
            _ => [folder, shown_to, label, action],
        });
        let line = with(&town, &before).await;
        let hanako = registered(&town, "花子").await;
        let after = small(&tabs());
        let now = town.clock.now();
        let planned = async || {
            town.later(TimeDelta::seconds(1));
            let found = look(&town.db, &line, now).await.unwrap();
            plan(&after, &found, Foreign::Leave)
        };
        // Cut off anywhere, with a server that follows at once.
        let whole = planned().await.steps.len();
        for kept in 0..=whole {
            let mut part = planned().await;
            part.steps.truncate(kept);
            apply(&town.db, &line, now, part).await.unwrap();
            follow(&town.db, &line).await.unwrap();
        }
        assert!(sees(&town, &hanako, "くらし"));
        assert!(planned().await.steps.is_empty());
    }
);

on_both!(a_menu_under_another_name_finds_its_people, |town: Town| {
    let line = with(&town, &tabs()).await;
    let hanako = registered(&town, "花子").await;
    let renamed = tabs().map(|[folder, shown_to, label, action]| match folder {
        "living" => ["life", shown_to, "せいかつ", "switch: safety"],
        "safety" => [folder, shown_to, label, "switch: life"],
        _ => [folder, shown_to, label, action],
    });
    let menus = small(&renamed);
    let now = town.clock.now();
    let found = look(&town.db, &line, now).await.unwrap();
    let whole = plan(&menus, &found, Foreign::Leave).steps.len();
    // Cut off after ever more steps, and continued each time.
    for kept in 0..=whole {
        town.later(TimeDelta::seconds(1));
        let found = look(&town.db, &line, now).await.unwrap();
        let mut part = plan(&menus, &found, Foreign::Leave);
        part.steps.truncate(kept);
        apply(&town.db, &line, now, part).await.unwrap();
        // Old or new: never what newcomers see.
        assert!(!sees(&town, &hanako, "はじめ"), "after {kept} steps");
    }
    assert!(sees(&town, &hanako, "せいかつ"));
    let found = look(&town.db, &line, now).await.unwrap();
    assert!(plan(&menus, &found, Foreign::Leave).steps.is_empty());
});

on_both!(
    the_night_mends_what_all_see_and_passes_over_whom_line_is_silent_about,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        let hanako = registered(&town, "花子").await;
        let taro = town.resident("太郎").await;
        let found = look(&town.db, &line, town.clock.now()).await.unwrap();
        let safety = &found.aliases["safety"];
        line.set_default_rich_menu(safety).await.unwrap();
        line.unlink_rich_menu(&id(&hanako)).await.unwrap();
        assert!(sees(&town, &taro, "そなえ") && sees(&town, &hanako, "そなえ"));
        town.later(TimeDelta::seconds(1));
        let silent = format!("/v2/bot/user/{}", taro.id);
        town.line
            .inject(Fault::with_probability(1.0, Effect::ServerError).on("GET", &silent));
        let skipped = repair(&town.db, &line, |_| {}).await;
        assert!(
            matches!(skipped, Err(NotShown::Skipped { skipped: 1, .. })),
            "{skipped:?}"
        );
        assert!(sees(&town, &taro, "はじめ") && sees(&town, &hanako, "くらし"));
        town.line.clear_faults();
        town.later(TimeDelta::seconds(1));
        assert_eq!(repair(&town.db, &line, |_| {}).await.unwrap(), 0);
    }
);

on_both!(whoever_comes_back_finds_their_menu_at_once, |town: Town| {
    let line = with(&town, &tabs()).await;
    let hanako = registered(&town, "花子").await;
    town.line.block(&hanako.id).unwrap();
    town.settle().await;
    // LINE does not say that it keeps the link of somebody who blocks the account.
    line.unlink_rich_menu(&id(&hanako)).await.unwrap();
    town.line.unblock(&hanako.id).unwrap();
    town.settle().await;
    assert!(sees(&town, &hanako, "くらし"));
});

on_both!(large_letters_are_chosen_and_given_up, |town: Town| {
    let mut menus = shipped();
    menus.retain(|menu| menu.variant.language.code() == "ja");
    let line = with_these(&town, &menus).await;
    let hanako = registered(&town, "花子").await;
    let found = look(&town.db, &line, town.clock.now()).await.unwrap();
    let is_large = async || {
        // Nothing is lost in large letters.
        for cell in ["明日のごみ", "わたしの登録", "市のサイト"] {
            assert!(sees(&town, &hanako, cell), "{cell}");
        }
        let linked = line.rich_menu_of(&id(&hanako)).await.unwrap().body;
        let mut menus = found.menus.iter();
        let menu = menus.find(|menu| Some(&menu.id) == linked.as_ref());
        menu.unwrap().name.contains("+large")
    };
    assert!(!is_large().await);
    hanako.says("わたしの登録").await.contains("メニューの文字");
    hanako.taps("メニューの文字を変える").await;
    let noted = hanako.taps("大きな文字").await;
    noted.contains("メニューを「大きな文字」で表示します。");
    assert!(is_large().await);
    // The tabs lead to large letters too, and back.
    hanako.taps("防災").await;
    hanako.taps("暮らし").await;
    assert!(is_large().await);
    hanako.says("わたしの登録").await.contains("大きな文字");
    hanako.taps("メニューの文字を消す").await;
    assert!(!is_large().await);
    // Words do as well.
    hanako.says("文字を大きく").await;
    assert!(is_large().await);
    town.nothing_went_wrong().await;
});
