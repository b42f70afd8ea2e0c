//! Every page in a real browser, on a phone and at a desk: nothing serious for axe, no fault in the
//! browser's console, no wider than the window.
//!
//! `KAIRAN_SCREENSHOTS=some/folder cargo test --test stories looks` keeps pictures to look at.

use thirtyfour::By;

use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::database::Engine;
use crate::support::town::Town;

/// Every page that can be opened by its path alone, with the name of its picture.
const PAGES: [(&str, &str); 5] = [
    ("/", "home"),
    ("/login", "login"),
    ("/me", "me"),
    ("/me/password", "me-password"),
    ("/nowhere", "not-found"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_sound_on_a_phone_and_at_a_desk() {
    let town = Town::begin(Engine::Sqlite).await;
    let staff = town.staff().await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let told = async {
            for (path, name) in PAGES {
                staff.opens(&window, path).await;
                if path != "/nowhere" {
                    nothing_is_wrong(&window).await;
                }
                picture(&window, &format!("{name}-{width}")).await;
                if path == "/" && width < 500 {
                    // The menu opens without a line of script of ours.
                    let menu = window.find(By::Css(".menu-button")).await.unwrap();
                    menu.click().await.unwrap();
                    let home = window.find(By::Css("#menu a")).await.unwrap();
                    assert!(home.is_displayed().await.unwrap());
                    nothing_is_wrong(&window).await;
                    picture(&window, "menu").await;
                }
            }
        };
        told.await;
        window.quit().await.unwrap();
    }
}
