//! Calendar, timetable and menus in a real browser, on a phone and at a desk.

use crate::console::garbage::{NEW, OLD, files, hand_in};
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::leads_to;
use crate::support::database::Engine;
use crate::support::town::Town;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_town_publishes_is_sound_on_a_phone_and_at_a_desk() {
    let town = Town::begin(Engine::Sqlite).await;
    let staff = town.staff().await;
    let list = staff.get("/garbage").await.text().await.unwrap();
    let area = list.split("/garbage/areas/").nth(2).unwrap();
    let area = area.split('"').next().unwrap();
    let shown = hand_in(&staff, &files(OLD, NEW)).await;
    let pages = [
        ("/garbage", "garbage"),
        (
            &format!("/garbage/areas/{area}?month=2026-12"),
            "garbage-area",
        ),
        ("/garbage/import", "garbage-import"),
        (leads_to(&shown), "garbage-preview"),
        ("/childcare", "childcare"),
        ("/childcare?kind=birth&month=2026-08", "childcare-trial"),
        ("/childcare/rules/checkup-18m", "childcare-rule"),
        ("/childcare/new", "childcare-new"),
        ("/childcare/import", "childcare-import"),
        ("/menus", "menus"),
        ("/menus?menu=disaster&variant=ja%2Blarge", "menus-large"),
    ];
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let told = async {
            for (path, name) in pages {
                staff.opens(&window, path).await;
                picture(&window, &format!("{name}-{width}")).await;
                nothing_is_wrong(&window).await;
            }
        };
        told.await;
        window.quit().await.unwrap();
    }
}
