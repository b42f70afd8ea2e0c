//! Parts of a page that follow what is typed or what time brings, in a real browser.

use chrono::TimeDelta;
use kairan::staff::countersign::{self, Ask};
use thirtyfour::{By, WebDriver};

use super::answers::entry;
use super::office::{Office, page};
use crate::on_both;
use crate::staff::named;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::Staff;
use crate::support::database::Engine;

/// How often the browser is asked before it never will be so.
const PATIENCE: usize = 3000;

/// Looks until the page is so.
pub async fn until(window: &WebDriver, so: &str) {
    for _ in 0..PATIENCE {
        let looked = window.execute(format!("return {so}"), vec![]).await;
        if looked.unwrap().convert().unwrap() {
            return;
        }
    }
    let page = window
        .execute("return document.querySelector('main').innerText", vec![])
        .await;
    let page: String = page.unwrap().convert().unwrap();
    panic!("never so: {so}\n{page}");
}

pub fn reads(part: &str, words: &str) -> String {
    format!("document.querySelector('{part}').textContent.includes('{words}')")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_of_a_page_follow_what_is_typed() {
    let office = Office::begin(Engine::Sqlite).await;
    let kept = entry(&office.town, "印鑑登録をしたい").await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let type_into = async |field: &str, words: &str| {
            let field = window.find(By::Css(field)).await.unwrap();
            field.clear().await.unwrap();
            field.send_keys(words).await.unwrap();
        };
        office.chief.opens(&window, "/answers/try").await;
        type_into("#q", "印鑑登録をしたい").await;
        until(&window, &reads("#told", "どれのことか、聞き返しました")).await;
        until(&window, &reads("#said", "どれのことか、聞き返しました")).await;
        until(&window, "document.activeElement.id === 'q'").await;
        until(&window, "decodeURI(location.search).includes('q=印鑑登録')").await;
        nothing_is_wrong(&window).await;
        picture(&window, &format!("live-try-{width}")).await;

        let path = format!("/answers/{}", kept.entry.id);
        office.chief.opens(&window, &path).await;
        type_into("#answer", "窓口は<b>一階</b>です。").await;
        until(&window, &reads("#preview", "窓口は<b>一階</b>です。")).await;
        until(&window, "document.activeElement.id === 'answer'").await;
        nothing_is_wrong(&window).await;
        picture(&window, &format!("live-edit-{width}")).await;

        office.chief.opens(&window, "/people").await;
        type_into("#q", "10001").await;
        until(&window, &reads("#count", "1人")).await;
        until(
            &window,
            "!document.querySelector('#found').textContent.includes('90001')",
        )
        .await;
        nothing_is_wrong(&window).await;
        picture(&window, &format!("live-people-{width}")).await;

        office.auditor.opens(&window, "/audit").await;
        type_into("#q", "どこにもない言葉\t").await;
        until(&window, &reads("#result", "この条件に合う記録はありません")).await;
        nothing_is_wrong(&window).await;
        picture(&window, &format!("live-audit-{width}")).await;
        window.quit().await.unwrap();
    }
    let still = entry(&office.town, "印鑑登録をしたい").await;
    assert_eq!(still, kept, "looking changes nothing");
}

/// Another administrator asks for something that takes two.
async fn asks(office: &Office) {
    let hall = &office.hall;
    let person = hall.add(&named("20418")).await;
    let ask = Ask::Invite { person };
    let asked = countersign::ask(&hall.db, office.now(), hall.second, ask, "着任のため");
    asked.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_shows_what_has_come_and_leaves_the_focus_alone() {
    let office = Office::begin(Engine::Sqlite).await;
    let driver = Driver::start();
    let window = driver.window(1280, 900).await;
    office.first.opens(&window, "/").await;
    // Half a minute is long for a story.
    let hurry = "const now = document.querySelector('#now');
        now.setAttribute('hx-trigger', 'every 50ms'); htmx.process(now);
        document.querySelector('#menu a').focus();";
    window.execute(hurry, vec![]).await.unwrap();
    asks(&office).await;
    until(&window, &reads("#now", "着任のため")).await;
    until(&window, &reads("#said", "1件")).await;
    until(&window, "document.activeElement.matches('#menu a')").await;
    nothing_is_wrong(&window).await;
    picture(&window, "live-home").await;
    window.quit().await.unwrap();
}

/// What the page would send by itself.
fn print(page: &str) -> String {
    let (_, rest) = page.split_once("{\"Kairan-Shown\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn by_itself(staff: &Staff, print: &str) -> reqwest::Response {
    let request = staff.request(reqwest::Method::GET, "/");
    let request = request
        .header("hx-request", "true")
        .header("kairan-shown", print);
    request.send().await.unwrap()
}

on_both!(
    a_page_that_asks_by_itself_keeps_nobody_signed_in,
    |office: Office| {
        let print = print(&page(&office.first, "/").await);
        assert_eq!(by_itself(&office.first, &print).await.status(), 204);
        asks(&office).await;
        assert_eq!(
            by_itself(&office.first, &print).await.status(),
            200,
            "something came"
        );
        for _ in 0..2 {
            office.town.later(TimeDelta::minutes(14));
            assert!(by_itself(&office.first, "").await.status().is_success());
        }
        office.town.later(TimeDelta::minutes(3));
        let ended = by_itself(&office.first, "").await;
        assert_eq!(ended.status(), 401, "nobody was there for half an hour");
        assert_eq!(
            ended.headers()["hx-refresh"],
            "true",
            "it loads anew, and signs in"
        );
        assert_eq!(office.first.get("/").await.status(), 303);
    }
);
