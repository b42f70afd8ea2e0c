//! Telephones and devices on pages: one's own, and somebody else's by an administrator.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use kairan::calling;
use kairan::ids::PersonId;
use kairan::policy::Channel;
use kairan::staff::contact::{self, DEVICES, Ways};
use serde_json::json;
use thirtyfour::{By, WebDriver};

use super::live::until;
use super::office::{Office, page, text};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;

async fn ways(office: &Office, person: PersonId) -> Ways {
    let db = &office.town.db;
    let mut ways = contact::ways(db, &[person]).await.unwrap();
    ways.remove(&person).unwrap()
}

/// As the browser's script fills the form.
async fn subscribes(staff: &Staff, endpoint: &str) {
    let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (key, auth) = (word(&[4; 65]), word(&[9; 16]));
    let form = [("endpoint", endpoint), ("p256dh", &key), ("auth", &auth)];
    let answer = staff.post("/me/contact/devices", &form).await;
    assert_eq!(leads_to(&answer), "/me/contact");
}

on_both!(
    ones_own_number_is_kept_and_not_shown_again,
    |office: Office| {
        let chief = &office.chief;
        let shown = page(chief, "/me/contact").await;
        assert!(shown.contains("呼び出しが届きません"));
        assert!(page(chief, "/me").await.contains("呼び出しが届きません"));
        for (typed, says) in [
            ("内線2345", "0から始まる10桁か11桁"),
            ("+1 212 555 0100", "日本の電話番号"),
            ("0120-123-456", "本人が出る電話"),
        ] {
            let answer = chief
                .post("/me/contact/telephone", &[("telephone", typed)])
                .await;
            assert_eq!(answer.status(), 422, "{typed}");
            let shown = text(answer).await;
            assert!(shown.contains(says), "{typed}: {shown}");
            assert!(shown.contains(typed), "what was typed can be mended");
        }
        assert_eq!(ways(&office, chief.person).await.telephone, None);

        let typed = [("telephone", "０９０−１２３４−５６７８")];
        let answer = chief.post("/me/contact/telephone", &typed).await;
        assert_eq!(leads_to(&answer), "/me/contact");
        let number = ways(&office, chief.person).await.telephone.unwrap();
        assert_eq!(number.as_str(), "+819012345678");
        for path in ["/me/contact", "/me"] {
            let shown = page(chief, path).await;
            assert!(shown.contains("…5678"), "{path}: {shown}");
            for whole in ["1234", "9012345678", "１２３４"] {
                let told = shown.replace("090-1234-5678", "");
                assert!(!told.contains(whole), "{path} shows {whole}");
            }
        }
        let answer = chief.post("/me/contact/telephone", &[]).await;
        assert_eq!(leads_to(&answer), "/me/contact");
        assert_eq!(ways(&office, chief.person).await, Ways::default());
        // A browser left open gives nobody else's number.
        office.town.later(TimeDelta::minutes(20));
        let answer = chief.post("/me/contact/telephone", &typed).await;
        assert_eq!(leads_to(&answer), "/login?next=%2Fme%2Fcontact");
        assert_eq!(ways(&office, chief.person).await, Ways::default());
    }
);

on_both!(devices_are_added_listed_and_removed, |office: Office| {
    let chief = &office.chief;
    let at = |n: usize| format!("https://fcm.googleapis.com/fcm/send/{n}");
    let nothing = chief.post("/me/contact/devices", &[]).await;
    assert_eq!(leads_to(&nothing), "/me/contact");
    subscribes(chief, "https://192.168.0.1/inside").await;
    subscribes(chief, "https://push.example/").await;
    assert!(!ways(&office, chief.person).await.is_reachable());

    for n in 0..=DEVICES {
        subscribes(chief, &at(n)).await;
    }
    let push = ways(&office, chief.person).await.push;
    assert_eq!(push.len(), DEVICES, "and no more");
    let shown = page(chief, "/me/contact").await;
    assert!(
        !shown.contains("fcm.googleapis.com"),
        "addresses stay sealed"
    );
    assert_eq!(shown.matches("name=\"device\"").count(), DEVICES);
    assert!(shown.contains("curl"), "called as the session is");

    let first = push[0].id.to_string();
    let colleague = &office.auditor;
    let foreign = [("device", first.as_str())];
    let answer = colleague.post("/me/contact/devices/end", &foreign).await;
    assert_eq!(leads_to(&answer), "/me/contact");
    assert_eq!(ways(&office, chief.person).await.push.len(), DEVICES);
    chief.post("/me/contact/devices/end", &foreign).await;
    assert_eq!(ways(&office, chief.person).await.push.len(), DEVICES - 1);

    let gone = push[1].id;
    let tx = office.town.db.db.begin().await.unwrap();
    contact::is_gone(&tx, office.now(), gone).await.unwrap();
    tx.commit().await.unwrap();
    let shown = page(chief, "/me/contact").await;
    assert!(shown.contains("端末の側で止められました"));
});

on_both!(
    an_administrator_sets_numbers_of_others_and_sees_none,
    |office: Office| {
        let (first, chief) = (&office.first, &office.chief);
        let path = format!("/people/{}", chief.person);
        assert!(page(first, &path).await.contains("届きません"));
        let form = format!("{path}/telephone");
        assert!(page(first, &form).await.contains("登録されていません"));
        let answer = first.post(&form, &[("telephone", "1234")]).await;
        assert_eq!(answer.status(), 422);
        let typed = [("telephone", "03-5803-1111")];
        let answer = first.post(&form, &typed).await;
        assert_eq!(leads_to(&answer), path);
        let number = ways(&office, chief.person).await.telephone.unwrap();
        assert_eq!(number.as_str(), "+81358031111");
        for looks in [&path, &form] {
            let shown = page(first, looks).await;
            assert!(
                !shown.contains("5803-") && !shown.contains("58031"),
                "{looks} shows the number"
            );
        }
        assert!(page(&office.auditor, &path).await.contains("電話"));

        let own = format!("/people/{}/telephone", first.person);
        for answer in [first.get(&own).await, first.post(&own, &typed).await] {
            assert_eq!(leads_to(&answer), "/me/contact");
        }
        assert_eq!(ways(&office, first.person).await.telephone, None);
        chief.post("/me/contact/telephone", &[]).await;
        assert_eq!(ways(&office, chief.person).await.telephone, None);
        let record = office.hall.record("contact.telephone_set").await;
        assert_eq!(record.len(), 1);
        let nobody = format!("/people/{}/telephone", PersonId::new(office.now()));
        assert_eq!(first.post(&nobody, &typed).await.status(), 404);
        assert_eq!(chief.post(&form, &typed).await.status(), 403);
    }
);

on_both!(
    whoever_decides_changes_their_number_themselves,
    |office: Office| {
        let (first, chief) = (&office.first, &office.chief);
        let path = format!("/people/{}", chief.person);
        let form = format!("{path}/telephone");
        let typed = [("telephone", "03-5803-1111")];
        assert_eq!(leads_to(&first.post(&form, &typed).await), path);
        // A stranger's number in its place, or none.
        for other in [&[("telephone", "090-9999-0000")][..], &[]] {
            let browser = first.browser();
            let refused = browser.post(&form, other).await;
            refused.leads(&path);
            browser.get(&path).await.says("本人だけ");
            let number = ways(&office, chief.person).await.telephone.unwrap();
            assert_eq!(number.as_str(), "+81358031111");
        }
        let shown = page(first, &form).await;
        assert!(shown.contains("本人だけが") && !shown.contains("登録する</button>"));
        assert_eq!(
            office.hall.record("contact.telephone_set").await.len(),
            1,
            "nothing was changed"
        );
        // Of who decides nothing there is nobody to be woken in their place.
        let form = format!("/people/{}/telephone", office.auditor.person);
        for (typed, kept) in [
            (&typed[..], true),
            (&[("telephone", "090-1234-5678")], true),
            (&[], false),
        ] {
            first.post(&form, typed).await;
            let known = ways(&office, office.auditor.person).await.telephone;
            assert_eq!(known.is_some(), kept);
        }
    }
);

on_both!(every_change_is_told_by_the_other_ways, |office: Office| {
    let (first, chief) = (&office.first, &office.chief);
    let told = async || {
        let callings = calling::history(&office.town.db, chief.person.0).await;
        let callings = callings.unwrap();
        // Each change at its own time.
        office.town.clock.advance(TimeDelta::seconds(1));
        assert!(callings.iter().all(|calling| calling.is_of_changed_way()));
        let last = callings.last().map(|calling| {
            let calls = calling.calls.iter();
            assert!(calls.clone().all(|call| call.person == chief.person));
            calls
                .filter_map(|call| call.channel)
                .collect::<BTreeSet<_>>()
        });
        (callings.len(), last.unwrap_or_default())
    };
    let number = [("telephone", "03-5803-1111")];
    let form = format!("/people/{}/telephone", chief.person);
    first.post(&form, &number).await;
    let (quiet, texts) = (
        BTreeSet::from([Channel::Mail, Channel::Push]),
        BTreeSet::from([Channel::Mail, Channel::Sms]),
    );
    assert_eq!(told().await, (1, quiet.clone()));
    chief
        .post("/me/contact/telephone", &[("telephone", "090-1234-5678")])
        .await;
    assert_eq!(told().await, (2, quiet.clone()));
    chief.post("/me/contact/telephone", &[]).await;
    assert_eq!(told().await, (3, quiet));
    subscribes(chief, "https://fcm.googleapis.com/fcm/send/1").await;
    assert_eq!(told().await, (4, texts.clone()));
    let device = ways(&office, chief.person).await.push[0].id.to_string();
    let which = [("device", device.as_str())];
    chief.post("/me/contact/devices/end", &which).await;
    assert_eq!(told().await, (5, texts));
    // Nothing changed, nothing told.
    chief.post("/me/contact/devices/end", &which).await;
    first.post(&form, &[("telephone", "1234")]).await;
    assert_eq!(told().await.0, 5);
});

/// What the form says to whoever looks at it.
async fn told(window: &WebDriver) -> String {
    let status = window.find(By::Css("form[data-push] [role=status]")).await;
    status.unwrap().text().await.unwrap()
}

async fn runs(window: &WebDriver, script: &str) {
    window.execute(script, vec![]).await.unwrap();
}

/// The page answers the way real browsers do; only the push service itself, which a test must not call, is played.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_is_asked_and_hands_over_where_notifications_go() {
    let office = Office::begin(Engine::Sqlite).await;
    let chief = &office.chief;
    let driver = Driver::start();
    let window = driver.window(390, 844).await;
    let denied = json!({"permission": {"name": "notifications"}, "setting": "denied",
        "origin": chief.origin});
    let cdp = window.cdp();
    let set = cdp.send_raw("Browser.setPermission", denied).await;
    set.unwrap();
    chief.opens(&window, "/me/contact").await;
    assert!(told(&window).await.contains("許していません"));
    let button = By::Css("form[data-push] button");
    assert!(
        !window
            .find(button.clone())
            .await
            .unwrap()
            .is_enabled()
            .await
            .unwrap()
    );
    picture(&window, "contact-denied-390").await;

    let wish = json!({"permissions": ["notifications"], "origin": chief.origin});
    let granted = window
        .cdp()
        .send_raw("Browser.grantPermissions", wish)
        .await;
    granted.unwrap();
    chief.opens(&window, "/me/contact").await;
    assert_eq!(told(&window).await, "");
    runs(
        &window,
        "PushManager.prototype.subscribe = () => Promise.reject(new DOMException('', 'AbortError'))",
    )
    .await;
    window
        .find(button.clone())
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    let said = "document.querySelector('form[data-push] [role=status]').textContent.includes('できませんでした')";
    until(&window, said).await;
    assert!(
        window
            .find(button.clone())
            .await
            .unwrap()
            .is_enabled()
            .await
            .unwrap()
    );

    let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (key, auth) = (word(&[4; 65]), word(&[9; 16]));
    runs(
        &window,
        &format!(
            "PushManager.prototype.subscribe = async (wish) => {{
               if (!wish.userVisibleOnly || wish.applicationServerKey.length !== 65) throw new Error();
               return {{ toJSON: () => ({{ endpoint: 'https://fcm.googleapis.com/fcm/send/1',
                 keys: {{ p256dh: '{key}', auth: '{auth}' }} }}) }};
             }}"
        ),
    )
    .await;
    window.find(button).await.unwrap().click().await.unwrap();
    until(&window, "!!document.querySelector('[name=device]')").await;
    nothing_is_wrong(&window).await;
    picture(&window, "contact-device-390").await;
    assert_eq!(ways(&office, chief.person).await.push.len(), 1);

    window.quit().await.unwrap();
}

/// The worker that the page leaves behind, run by a browser in a place where what it does can be seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pushed_call_is_shown_and_leads_nowhere_but_here() {
    let office = Office::begin(Engine::Sqlite).await;
    let answer = office.town.guest().get("/service-worker.js").await;
    assert_eq!(answer.status, 200);
    let driver = Driver::start();
    let window = driver.window(390, 844).await;
    office.chief.opens(&window, "/me/contact").await;
    let script = format!(
        "const heard = {{}}, seen = [];
         const self = {{
           location: window.location, skipWaiting: () => {{}},
           addEventListener: (name, does) => {{ heard[name] = does; }},
           registration: {{ showNotification: async (title, how) => seen.push([title, how.data.url, how.tag ?? '']) }},
           clients: {{ openWindow: async (url) => seen.push(['opened', new URL(url).pathname, '']) }},
         }};
         {}
         const push = (json) => heard.push({{ data: {{ json }}, waitUntil: () => {{}} }});
         push(() => ({{ title: '第3号', url: '/calls/abc', tag: 't' }}));
         push(() => {{ throw new Error('no words'); }});
         const tap = (url) => heard.notificationclick({{
           waitUntil: () => {{}}, notification: {{ close: () => {{}}, data: {{ url }} }} }});
         tap('/calls/abc');
         tap('https://evil.example/calls/abc');
         return seen.map((line) => line.join(' ')).join('; ');",
        answer.page
    );
    let seen = window.execute(script, vec![]).await.unwrap();
    let seen: String = seen.convert().unwrap();
    assert_eq!(
        seen,
        "第3号 /calls/abc t; 呼び出しがあります / ; opened /calls/abc "
    );
    window.quit().await.unwrap();
}
