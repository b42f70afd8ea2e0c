//! Every page in a real browser, on a phone and at a desk: nothing serious for axe, no fault in the
//! browser's console, no wider than the window.
//!
//! `KAIRAN_SCREENSHOTS=some/folder cargo test --test stories looks` keeps pictures to look at.

use kairan::policy::{Document, record};
use thirtyfour::By;

use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::database::Engine;
use crate::support::town::{Town, policy_but};

/// Every page that can be opened by its path alone, with the name of its picture.
const PAGES: [(&str, &str); 13] = [
    ("/", "home"),
    ("/login", "login"),
    ("/policy", "policy"),
    ("/policy/versions", "policy-versions"),
    ("/policy/staff", "policy-for-staff"),
    ("/account", "account-proof"),
    ("/notices", "notices"),
    ("/audit", "audit"),
    ("/audit/12", "audit-entry"),
    ("/settings", "settings"),
    ("/settings/compliance", "compliance"),
    ("/settings/health", "health"),
    // Last: the browser notes that it is not there.
    ("/nowhere", "not-found"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_sound_on_a_phone_and_at_a_desk() {
    let town = Town::begin(Engine::Sqlite).await;
    let [chief, _, auditor] = town.readers().await;
    // A version that waits, so that it is looked at as well.
    let next = policy_but("version = \"2026-04-01\"", "version = \"2026-12\"");
    let next = next.text.replace("word_days = 90", "word_days = 60");
    let next = Document::parse(next).unwrap();
    record(&town.db, &next, town.clock.now()).await.unwrap();
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let told = async {
            for (path, name) in PAGES {
                let audit = path.starts_with("/audit");
                let staff = if audit { &auditor } else { &chief };
                staff.opens(&window, path).await;
                if path != "/nowhere" {
                    nothing_is_wrong(&window).await;
                }
                picture(&window, &format!("{name}-{width}")).await;
                if path == "/policy" && width > 500 {
                    print_media(&window, "print").await;
                    picture(&window, "policy-print").await;
                    print_media(&window, "").await;
                }
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

/// Shows the page as it would be on paper, or (empty) on a screen again.
async fn print_media(window: &thirtyfour::WebDriver, media: &str) {
    let wish = serde_json::json!({ "media": media });
    let browser = window.cdp();
    let done = browser.send_raw("Emulation.setEmulatedMedia", wish);
    done.await.unwrap();
}
