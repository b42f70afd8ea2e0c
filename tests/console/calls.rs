//! Being called at night: where a link leads, who was called, telephoning by hand, drills, and who could be woken.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::calling::{self, Answer, Calling, Gateway, Kind, Senders};
use kairan::clock::date_in_japan;
use kairan::ids::{PersonId, PushId};
use kairan::staff::contact::{self, PushTarget, Telephone};
use kairan::staff::people::{self, End};
use serde_json::json;

use super::emergencies::Night;
use super::office::{page, text};
use crate::calling::servers::{SECRET, Taker};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;

/// The night, with a gateway that takes text messages.
pub struct Bell {
    gateway: Taker,
    senders: Senders,
}

impl Bell {
    pub fn start() -> Self {
        let gateway = Taker::start();
        let senders = Senders {
            public_url: "https://line.city.example.jp".into(),
            mail: None,
            push: None,
            gateway: Some(Gateway::new(&gateway.address, SECRET.into()).unwrap()),
        };
        Self { gateway, senders }
    }

    /// Makes what is due; gives where the newest text message leads.
    pub async fn rings(&self, night: &Night) -> String {
        let (db, clock) = (&night.town.db, &night.town.clock);
        while calling::step(db, clock, &self.senders).await.unwrap() > 0 {}
        let requests = self.gateway.requests();
        let mut texts = requests.iter().map(|request| request.json());
        let text = texts.rfind(|json| json["kind"] == "sms").unwrap();
        let text = text["text"].as_str().unwrap().to_owned();
        let (_, token) = text.split_once("/calls/").unwrap();
        format!("/calls/{token}")
    }
}

pub async fn has_telephone(night: &Night, staff: &Staff, number: &str) {
    let tx = night.town.db.db.begin().await.unwrap();
    let number = Telephone::parse(number).unwrap();
    let (now, by) = (night.town.clock.now(), Actor::Operator);
    contact::set_telephone(&tx, now, &by, staff.person, Some(number))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn has_device(night: &Night, person: PersonId) {
    let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let now = night.town.clock.now();
    let at = format!("https://fcm.googleapis.com/fcm/send/{person}");
    let id = PushId::new(now);
    let target = PushTarget::parse(id, &at, &word(&[4; 65]), &word(&[9; 16])).unwrap();
    let tx = night.town.db.db.begin().await.unwrap();
    contact::subscribe(&tx, now, person, &target, "iPhone")
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// The newest calling about an emergency.
async fn calling(night: &Night, path: &str) -> Calling {
    let id = night.find(path).await.head.id.0;
    let all = calling::history(&night.town.db, id).await.unwrap();
    let mut all = all.into_iter().filter(|c| c.kind == Kind::Emergency);
    all.next_back().unwrap()
}

on_both!(
    a_changed_way_leads_to_whoever_can_mend_it,
    |night: Night| {
        has_telephone(&night, &night.other, "090-1234-5678").await;
        let bell = Bell::start();
        let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (key, auth) = (word(&[4; 65]), word(&[9; 16]));
        let endpoint = "https://fcm.googleapis.com/fcm/send/1";
        let form = [("endpoint", endpoint), ("p256dh", &key), ("auth", &auth)];
        night.other.post("/me/contact/devices", &form).await;
        let link = bell.rings(&night).await;
        let seen = night.town.guest().get(&link).await;
        seen.says("連絡先の変更のお知らせ")
            .says("覚えがないときは")
            .says("href=\"/me/contact\"");
        assert!(!seen.page.contains("受けました</button>"));
    }
);

on_both!(a_link_tells_nothing_and_is_answered_once, |night: Night| {
    night.town.resident("花子").await;
    has_telephone(&night, &night.other, "090-1234-5678").await;
    let bell = Bell::start();
    let path = night.conferring().await;
    let link = bell.rings(&night).await;
    let guest = night.town.guest();
    for _ in 0..2 {
        let seen = guest.get(&link).await;
        assert_eq!(seen.status, 200);
        seen.says("緊急配信の協議依頼").says("受けました</button>");
        for told in ["断水", "青葉", "1234", "照合番号"] {
            assert!(!seen.page.contains(told), "{told} before signing in");
        }
    }
    let began = calling(&night, &path).await;
    assert_eq!(began.ended, None, "looking answers nothing");

    night.town.clock.advance(TimeDelta::seconds(72));
    guest.post(&link, &[]).await.leads(&link);
    let seen = guest.get(&link).await;
    seen.says("呼び出しから1分12秒でした").says(&path);
    guest.post(&link, &[]).await.leads(&link);
    guest.get(&link).await.says("1分12秒");
    let ended = calling(&night, &path).await;
    assert_eq!(ended.answered(), Some((night.other.person, Answer::Link)));
    let on = guest.get(&path).await;
    assert!(
        on.to.starts_with("/login"),
        "the content is behind the door"
    );
    let shown = page(&night.auditor, &path).await;
    assert!(
        shown.contains("届いたリンクで応答しました（1分12秒）"),
        "{shown}"
    );

    for wrong in ["/calls/AAAAAAAAAAAAAAAAAAAAAA", "/calls/x", "/calls/%00"] {
        for seen in [guest.get(wrong).await, guest.post(wrong, &[]).await] {
            assert_eq!(seen.status, 404, "{wrong}");
            seen.says("このリンクは使えません");
        }
    }
});

on_both!(
    who_is_on_duty_is_asked_to_telephone_and_silences_nobody,
    |night: Night| {
        night.town.resident("花子").await;
        has_telephone(&night, &night.duty, "090-1234-5678").await;
        let bell = Bell::start();
        let path = night.conferring().await;
        night.town.clock.advance(TimeDelta::minutes(8));
        let link = bell.rings(&night).await;
        let guest = night.town.guest();
        let seen = guest.get(&link).await;
        seen.says("電話の一覧から一人ずつかけてください");
        assert!(!seen.page.contains("受けました</button>"));
        guest.post(&link, &[]).await.leads(&link);
        assert_eq!(calling(&night, &path).await.ended, None);
    }
);

on_both!(a_link_says_when_it_is_over, |night: Night| {
    night.town.resident("花子").await;
    has_telephone(&night, &night.duty, "090-1234-5678").await;
    has_telephone(&night, &night.other, "090-1234-5679").await;
    let bell = Bell::start();
    let path = night.conferring().await;
    let link = bell.rings(&night).await;
    night.concurs(&path).await.leads(&path);
    let guest = night.town.guest();
    // They agreed without it: that was an answer, too.
    guest.get(&link).await.says("受けました。");

    let path = night.conferring().await;
    let link = bell.rings(&night).await;
    night.town.clock.advance(TimeDelta::hours(2));
    guest.get(&link).await.says("この呼び出しは終わりました");
    guest.post(&link, &[]).await.leads(&link);
    guest.get(&link).await.says("この呼び出しは終わりました");
    assert_eq!(calling(&night, &path).await.answered(), None);
});

on_both!(whoever_is_called_answers_on_the_page, |night: Night| {
    night.town.resident("花子").await;
    let path = night.conferring().await;
    let id = calling(&night, &path).await.id.to_string();
    let form = [("calling", id.as_str())];
    let answer = format!("{path}/answer");
    let shown = page(&night.other, &path).await;
    assert!(shown.contains("同意する側への呼び出し") && shown.contains("受けました</button>"));
    assert!(
        !page(&night.drafter, &path)
            .await
            .contains("受けました</button>")
    );
    let drafter = night.drafter.browser();
    drafter.post(&answer, &form).await.leads(&path);
    drafter.get(&path).await.says("呼び出された人だけです");
    let other = night.other.browser();
    other.post(&answer, &form).await.leads(&path);
    other
        .get(&path)
        .await
        .says("ほかの人への呼び出しは止めました");
    let ended = calling(&night, &path).await;
    assert_eq!(ended.answered(), Some((night.other.person, Answer::Page)));
    other.post(&answer, &form).await.leads(&path);
    other.get(&path).await.says("すでに応答があったか");
    let nobody = uuid::Uuid::nil().to_string();
    let lost = other.post(&answer, &[("calling", &nobody)]).await;
    assert_eq!(lost.status, 404);
});

on_both!(who_is_on_duty_telephones_by_hand, |night: Night| {
    night.town.resident("花子").await;
    has_telephone(&night, &night.other, "090-1234-5678").await;
    let path = night.conferring().await;
    let shown = page(&night.duty, &path).await;
    assert!(shown.contains("href=\"tel:+819012345678\""), "{shown}");
    assert!(shown.contains("090-1234-5678にかける") && shown.contains("つながった"));
    assert!(
        shown.contains("電話番号の登録がありません"),
        "others have none"
    );
    for staff in [&night.other, &night.chief, &night.drafter, &night.auditor] {
        let shown = page(staff, &path).await;
        assert!(!shown.contains("tel:") && !shown.contains("1234-5678"));
    }
    let began = calling(&night, &path).await;
    let (id, person) = (began.id.to_string(), night.other.person.to_string());
    let told = |reached| {
        [
            ("calling", id.as_str()),
            ("person", &person),
            ("reached", reached),
        ]
    };
    let telephoned = format!("{path}/telephoned");
    night.chief.post(&telephoned, &told("true")).await;
    assert_eq!(calling(&night, &path).await.ended, None, "only on duty");
    let stranger = night.auditor.person.to_string();
    let stranger = [
        ("calling", id.as_str()),
        ("person", &stranger),
        ("reached", "true"),
    ];
    assert_eq!(night.duty.post(&telephoned, &stranger).await.status(), 404);

    let duty = night.duty.browser();
    duty.post(&telephoned, &told("false")).await.leads(&path);
    duty.get(&path)
        .await
        .says("次の人にかけてください")
        .says("出ませんでした");
    assert_eq!(calling(&night, &path).await.ended, None);
    duty.post(&telephoned, &told("true")).await.leads(&path);
    duty.get(&path).await.says("手でかけた電話で応答しました");
    let ended = calling(&night, &path).await;
    assert_eq!(
        ended.answered(),
        Some((night.other.person, Answer::Telephone))
    );
    assert!(
        !page(&night.duty, &path).await.contains("tel:"),
        "it is done"
    );
    assert_eq!(night.hall.record("calling.telephoned").await.len(), 2);
});

on_both!(
    who_is_on_duty_and_noticed_telephones_all_the_same,
    |night: Night| {
        night.town.resident("花子").await;
        has_telephone(&night, &night.other, "090-1234-5678").await;
        has_telephone(&night, &night.duty, "090-1234-5679").await;
        let path = night.conferring().await;
        let shown = page(&night.duty, &path).await;
        assert!(!shown.contains("12345679"), "nobody telephones themselves");
        assert!(!shown.contains("受けました</button>"), "others ring on");
        let id = calling(&night, &path).await.id.to_string();
        let form = [("calling", id.as_str())];
        night.duty.post(&format!("{path}/answer"), &form).await;
        let ended = calling(&night, &path).await.answered();
        assert_eq!(ended, Some((night.duty.person, Answer::Page)));
        let shown = page(&night.duty, &path).await;
        assert!(shown.contains("tel:+819012345678"), "{shown}");
        night.concurs(&path).await.leads(&path);
    }
);

on_both!(a_drill_tells_how_soon_somebody_answers, |night: Night| {
    let readiness = "/emergencies/readiness";
    assert!(
        page(&night.other, readiness)
            .await
            .contains("今月の呼出訓練は、まだです")
    );
    let section = night.hall.childcare.to_string();
    let form = [("section", section.as_str()), ("side", "concurs")];
    let out = "/emergencies/call-out";
    let refused = night.auditor.post(out, &form).await;
    assert_eq!(refused.status(), 422);
    assert!(text(refused).await.contains("始められるのは"));
    for wrong in [&[][..], &[("section", "x"), ("side", "both")]] {
        let refused = night.duty.post(out, wrong).await;
        assert_eq!(refused.status(), 422);
        assert!(text(refused).await.contains("課を選んでください"));
    }
    for seconds in [40, 72, 300] {
        let begun = night.duty.post(out, &form).await;
        assert_eq!(leads_to(&begun), readiness);
        let shown = page(&night.duty, readiness).await;
        assert!(shown.contains("応答を待っています"), "{shown}");
        night.town.clock.advance(TimeDelta::seconds(seconds));
        let now = night.town.clock.now();
        let drills = calling::drills(&night.town.db, now - TimeDelta::days(1));
        let drill = drills.await.unwrap()[0].id;
        let tx = night.town.db.db.begin().await.unwrap();
        calling::answer(&tx, now, drill, night.other.person)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let shown = page(&night.duty, readiness).await;
    assert!(!shown.contains("まだです"));
    assert!(
        shown.contains("<dt>応答までの時間（中央値）</dt><dd>1分12秒</dd>"),
        "{shown}"
    );
    assert!(shown.contains("<dt>いちばん長かった</dt><dd>5分</dd>"));
    assert_eq!(night.hall.record("emergency.called_out").await.len(), 3);
});

on_both!(readiness_looks_three_nights_ahead, |night: Night| {
    let readiness = "/emergencies/readiness";
    let shown = page(&night.chief, readiness).await;
    assert!(shown.contains("連絡先なし") && shown.contains("いま、夜に動ける人が0人です"));
    assert!(shown.contains("SMS") && shown.contains("では呼び出せません"));
    let now = night.town.clock.now();
    let roster = people::roster(&night.town.db).await.unwrap();
    let mut speak: Vec<PersonId> = roster.deputies.iter().map(|d| d.person).collect();
    speak.extend([night.chief.person, night.other.person]);
    for person in speak {
        has_device(&night, person).await;
    }
    let shown = page(&night.chief, readiness).await;
    assert!(
        shown.contains("そろっています") && !shown.contains("夜に動ける人が"),
        "{shown}"
    );
    assert!(shown.contains("呼び出しの試験をしていません"));

    let mut deputies = roster.deputies.iter();
    let deputy = deputies.find(|d| roster.posts[&d.post].of_owner());
    let tx = night.town.db.db.begin().await.unwrap();
    let end = End::After(date_in_japan(now) + TimeDelta::days(1));
    people::end_deputy(&tx, now, &Actor::Operator, deputy.unwrap().id, end)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let shown = page(&night.chief, readiness).await;
    assert!(
        shown.contains("11月27日(金)から、夜に動ける人が1人です"),
        "{shown}"
    );
    assert!(shown.contains("足りません"));
});

on_both!(anybody_tries_whether_calls_reach_them, |night: Night| {
    has_telephone(&night, &night.other, "090-1234-5678").await;
    let other = night.other.browser();
    other
        .post("/me/contact/test", &[])
        .await
        .leads("/me/contact");
    other
        .get("/me/contact")
        .await
        .says("試しの呼び出しを送りました")
        .says("これから");
    other
        .post("/me/contact/test", &[])
        .await
        .leads("/me/contact");
    other.get("/me/contact").await.says("いま試したばかりです");
    let link = Bell::start().rings(&night).await;
    let guest = night.town.guest();
    guest.get(&link).await.says("呼出の試験").says("試験です");
    night.town.clock.advance(TimeDelta::seconds(61));
    guest.post(&link, &[]).await.leads(&link);
    guest.get(&link).await.says("ありがとうございました");
    other
        .get("/me/contact")
        .await
        .says("1分1秒で応答しました")
        .says("送りました");
    let loudly = [("loudly", "true")];
    other
        .post("/me/contact/test", &loudly)
        .await
        .leads("/me/contact");
    other.get("/me/contact").await.says("自動音声の電話");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_sound_on_a_phone_and_at_a_desk() {
    let night = Night::begin(Engine::Sqlite).await;
    night.town.resident("花子").await;
    has_telephone(&night, &night.other, "090-1234-5678").await;
    has_telephone(&night, &night.duty, "090-1234-5679").await;
    has_device(&night, night.other.person).await;
    let bell = Bell::start();
    let section = night.hall.childcare.to_string();
    let form = [("section", section.as_str()), ("side", "concurs")];
    night.duty.post("/emergencies/call-out", &form).await;
    let drill = bell.rings(&night).await;
    night.town.clock.advance(TimeDelta::seconds(95));
    let guest = night.town.guest();
    guest.post(&drill, &[]).await.leads(&drill);
    night.other.post("/me/contact/test", &[]).await;
    bell.rings(&night).await;
    let path = night.conferring().await;
    let link = bell.rings(&night).await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        if width < 500 {
            let dark = json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]});
            let cdp = window.cdp();
            let set = cdp.send_raw("Emulation.setEmulatedMedia", dark).await;
            set.unwrap();
        }
        for (path, name) in [(link.as_str(), "waits"), (&drill, "drill-answered")] {
            window
                .goto(format!("{}{path}", guest.origin))
                .await
                .unwrap();
            nothing_is_wrong(&window).await;
            picture(&window, &format!("calls-{name}-{width}")).await;
        }
        for (staff, path, name) in [
            (&night.duty, path.as_str(), "duty"),
            (&night.other, &path, "called"),
            (&night.other, "/emergencies/readiness", "readiness"),
            (&night.other, "/emergencies/call-out", "call-out"),
            (&night.other, "/me/contact", "contact"),
        ] {
            staff.opens(&window, path).await;
            nothing_is_wrong(&window).await;
            picture(&window, &format!("calls-{name}-{width}")).await;
        }
        window
            .goto(format!("{}/calls/x", guest.origin))
            .await
            .unwrap();
        picture(&window, &format!("calls-unknown-{width}")).await;
        window.quit().await.unwrap();
    }
}
