//! Every page in a real browser, on a phone and at a desk: nothing serious for axe, no fault in the
//! browser's console, no wider than the window.
//!
//! `KAIRAN_SCREENSHOTS=some/folder cargo test --test stories looks` keeps pictures to look at.

use kairan::policy::{Document, record};
use kairan::staff::countersign::{self, Ask};
use kairan::staff::leaving;
use kairan::staff::people::{End, Name, NewPerson, Place, PostKind, Term};
use thirtyfour::By;

use super::office::Office;
use crate::staff::{deputy, named, term};
use crate::support::Begin;
use crate::support::browser::{Driver, axe, nothing_is_wrong, picture};
use crate::support::database::Engine;
use crate::support::town::{Town, policy_but};

/// Every page that can be opened by its path alone, with the name of its picture.
const PAGES: [(&str, &str); 19] = [
    ("/", "home"),
    ("/login", "login"),
    ("/me", "me"),
    ("/me/contact", "me-contact"),
    ("/me/password", "me-password"),
    ("/policy", "policy"),
    ("/policy/versions", "policy-versions"),
    ("/policy/staff", "policy-for-staff"),
    ("/account", "account-proof"),
    ("/notices", "notices"),
    ("/evacuation", "evacuation"),
    ("/shelters", "shelters"),
    ("/shelters/1/full", "shelter-full"),
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

/// What administrators work with; `{person}` and the like stand for those of [`furnished`].
const STAFF_PAGES: [(&str, &str); 27] = [
    ("/", "home-administrator"),
    ("/people", "people"),
    ("/people?q=x", "people-nobody"),
    ("/people/new", "people-new"),
    ("/people/{person}", "person"),
    ("/people/{person}/correct", "person-correct"),
    ("/people/{person}/telephone", "person-telephone"),
    ("/people/{person}/leave", "person-leave"),
    (
        "/people/{person}/leave?when=day&day=2026-11-20",
        "person-leave-fault",
    ),
    (
        "/people/{person}/leave?when=day&day=2027-03-31",
        "person-leave-preview",
    ),
    ("/people/{left}", "person-left"),
    ("/people/{left}/ask/reinstate", "person-reinstate"),
    ("/holdings/new?person={person}", "holding-new"),
    ("/holdings/{holding}/end", "holding-end"),
    ("/sections", "sections"),
    ("/sections/{childcare}", "section"),
    ("/sections/{section}/close", "section-close"),
    ("/posts", "posts"),
    ("/posts/{post}/close", "post-close"),
    ("/deputies", "deputies"),
    ("/deputies/new", "deputy-new"),
    ("/organisations", "organisations"),
    ("/organisations/{firm}", "organisation"),
    ("/countersigns", "countersigns"),
    ("/countersigns/{own}", "countersign-own"),
    ("/countersigns/{theirs}", "countersign"),
    ("/secrets", "secrets"),
];

/// A town hall in the middle of things, and what the names in [`STAFF_PAGES`] stand for.
pub(super) async fn furnished(office: &Office) -> Vec<(&'static str, String)> {
    let hall = &office.hall;
    let open = Term::since(hall.today());
    let called = |number: &str, name: &str| NewPerson {
        name: Name::parse(name).unwrap(),
        ..named(number)
    };
    let person = hall.add(&called("20417", "山田 花子")).await;
    hall.granted(hall.pr_staff, person, open).await;
    let days = term("2027-04-01", "2028-03-31");
    hall.granted(hall.childcare_staff, person, days).await;
    hall.agreed(deputy(hall.pr_chief, person, 1, open))
        .await
        .unwrap();
    let helper = hall.add(&called("20418", "鈴木 一郎")).await;
    let days = term("2026-11-24", "2026-12-11");
    hall.agreed(deputy(hall.pr_chief, helper, 2, days))
        .await
        .unwrap();
    let duty = hall.post(PostKind::DutyOfficer, "当直", Place::Town).await;
    let left = hall.add(&called("10310", "高橋 三郎")).await;
    hall.granted(duty, left, open).await;
    let tx = hall.db.db.begin().await.unwrap();
    let by = kairan::audit::Actor::Operator;
    leaving::leave(&tx, hall.now, &by, left, End::AtOnce)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let contract = term("2026-04-01", "2027-03-31");
    let firm = hall.contractor("株式会社みどり広報", contract).await;
    let poster = NewPerson {
        organisation: Some(firm),
        ..called("K-1", "田中 四郎")
    };
    let poster = hall.add(&poster).await;
    let place = hall.roster().await.organisations[&firm].clone();
    let place = Place::Organisation(place);
    let post = hall.post(PostKind::ContractPoster, "投稿担当", place).await;
    hall.granted(post, poster, term("2026-11-24", "2027-03-31"))
        .await;
    let grant = |person| Ask::GrantPost {
        post: hall.childcare_chief,
        person,
        term: Term::since("2027-04-01".parse().unwrap()),
    };
    let ask = |by, ask| {
        countersign::ask(
            &hall.db,
            office.now(),
            by,
            ask,
            "4月1日付の人事異動のため。総務課の発令案は庁内文書第12号です。",
        )
    };
    let own = ask(hall.first, grant(helper)).await.unwrap();
    let theirs = ask(hall.second, grant(helper)).await.unwrap();
    let declined = ask(hall.second, grant(helper)).await.unwrap();
    let why = "発令案と日付が違うため";
    countersign::decline(&hall.db, office.now(), hall.first, declined, why)
        .await
        .unwrap();
    let holdings = hall.roster().await.holdings;
    let holding = holdings
        .iter()
        .find(|held| held.person == person)
        .unwrap()
        .id;
    vec![
        ("{person}", person.to_string()),
        ("{left}", left.to_string()),
        ("{holding}", holding.to_string()),
        ("{section}", hall.pr.to_string()),
        ("{childcare}", hall.childcare.to_string()),
        ("{post}", hall.pr_staff.to_string()),
        ("{firm}", firm.to_string()),
        ("{own}", own.to_string()),
        ("{theirs}", theirs.to_string()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_staff_is_sound_on_a_phone_and_at_a_desk() {
    let office = Office::begin(Engine::Sqlite).await;
    let names = furnished(&office).await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (path, name) in STAFF_PAGES {
            let mut path = path.to_owned();
            for (word, id) in &names {
                path = path.replace(word, id);
            }
            office.first.opens(&window, &path).await;
            picture(&window, &format!("{name}-{width}")).await;
            // A refused form answers 422, which the browser's console calls a fault.
            if name.ends_with("-fault") {
                assert_eq!(axe(&window).await, [""; 0], "axe at {path}");
                drop(window.browser_log().await.unwrap());
            } else {
                nothing_is_wrong(&window).await;
            }
        }
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
