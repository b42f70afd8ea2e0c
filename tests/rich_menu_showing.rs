//! Who sees which menu, told in the sample town with the menus that ship.

use chrono::TimeDelta;
use kairan::line::UserId;
use kairan::line::client::{Client, Config, Credentials};
use kairan::richmenu::{apply, link_everybody, look, plan, switch};
use line_simulator::{Effect, Fault, Options};

use crate::on_both;
use crate::rich_menu::shipped;
use crate::support::town::{Person, Town};

fn client(town: &Town) -> Client {
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
    let line = client(town);
    let menus = shipped();
    let found = look(&line).await.unwrap();
    apply(&line, plan(&menus, &found)).await.unwrap();
    line
}

fn sees(town: &Town, person: &Person<'_>, cell: &str) -> bool {
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
    assert!(sees(&town, &hanako, "Call 119 Emergency"));
    assert!(sees(&town, &taro, "119番火事・救急"));
    let found = look(&line).await.unwrap();
    assert!(plan(&shipped(), &found).steps.is_empty());
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
    what_drifted_is_repaired_and_what_was_cut_off_is_continued,
    |town: Town| {
        let line = with_menus(&town).await;
        let hanako = town.resident("花子").await;
        hanako.taps("登録する").await;
        hanako.taps("同意して登録する").await;
        hanako.says("市外").await;
        let user = UserId::parse(&hanako.id).unwrap();
        line.unlink_rich_menu(&user).await.unwrap();
        assert!(!sees(&town, &hanako, "明日のごみ"));
        for effect in [
            Effect::ServerError,
            Effect::Reset,
            Effect::LostAnswer,
            Effect::RateLimited,
        ] {
            town.line
                .inject(Fault::next(1, effect).on("POST", "/v2/bot/richmenu/bulk/link"));
            assert!(link_everybody(&town.db, &line, |_| {}).await.is_err());
        }
        town.line.clear_faults();
        // A connection that broke may take the next call with it; LINE lists menus ten times a second.
        let mut linked = Err(());
        for _ in 0..3 {
            town.later(TimeDelta::seconds(1));
            linked = link_everybody(&town.db, &line, |_| {}).await.map_err(drop);
            if linked.is_ok() {
                break;
            }
        }
        assert_eq!(linked, Ok(1));
        assert!(sees(&town, &hanako, "明日のごみ"));
        town.nothing_went_wrong().await;
    }
);
