//! Taps on menus are counted, and say nothing of who tapped.

use chrono::TimeDelta;
use kairan::clock::date_in_japan;
use kairan::commands::rich_menu::{self, RichMenu};
use kairan::richmenu::{forget_taps, taps};

use crate::on_both;
use crate::rich_menu_showing::{registered, tabs, with};
use crate::support::town::{Town, settings};

async fn counted(town: &Town) -> Vec<(String, String, i64)> {
    let today = date_in_japan(town.clock.now());
    let taps = taps(&town.db, today, today).await.unwrap();
    taps.into_iter()
        .map(|tapped| (tapped.menu, tapped.cell, tapped.times))
        .collect()
}

fn row(menu: &str, times: i64) -> (String, String, i64) {
    (menu.to_owned(), "only".to_owned(), times)
}

on_both!(taps_are_counted_by_day_and_cell, |town: Town| {
    with(&town, &tabs()).await;
    let taro = town.resident("太郎").await;
    taro.taps("はじめ").await;
    taro.taps("はじめ").await;
    let hanako = registered(&town, "花子").await;
    hanako.taps("くらし").await;
    hanako.taps("そなえ").await;
    hanako.taps("くらし").await;
    let expected = [row("living", 2), row("newcomer", 2), row("safety", 1)];
    assert_eq!(counted(&town).await, expected);

    // What no menu has, has not been tapped, whatever a forged postback says; nor has a button in the chat.
    for data in [
        "menu/nowhere/only/1/help",
        "menu/newcomer/nothing/1/help",
        "menu/newcomer/only2",
        "1/help",
    ] {
        town.line.postback(&taro.id, data, None).unwrap();
        town.settle().await;
    }
    assert_eq!(counted(&town).await, expected);

    // A day goes by, in Japan: the counts of both stand in the table.
    town.later(TimeDelta::hours(14));
    assert_eq!(counted(&town).await, []);
    taro.taps("はじめ").await;
    assert_eq!(counted(&town).await, [row("newcomer", 1)]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = rich_menu::run(
        &RichMenu::Taps { days: 2 },
        None,
        || Ok(settings(&town.line, &town.db.url)),
        town.clock.now(),
        &mut out,
        &mut err,
    );
    assert_eq!(code.await.unwrap(), 0);
    let table = String::from_utf8(out).unwrap();
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines,
        [
            vec!["menu", "cell", "taps"],
            vec!["newcomer", "only", "3"],
            vec!["living", "only", "2"],
            vec!["safety", "only", "1"],
            vec!["all", "6"],
        ]
    );

    let today = date_in_japan(town.clock.now());
    assert_eq!(forget_taps(&town.db, today).await.unwrap(), 3);
    let yesterday = today - TimeDelta::days(1);
    assert_eq!(taps(&town.db, yesterday, today).await.unwrap().len(), 1);
    town.nothing_went_wrong().await;
});
