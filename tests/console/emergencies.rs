//! The night path: two chiefs, each on a telephone, and everything that must not happen between them.

use chrono::TimeDelta;
use kairan::emergency::{self, Emergency};
use kairan::ids::{EmergencyId, PersonId};
use kairan::mode::Mode;
use kairan::staff::account::{Limits, settle_passkey};
use kairan::staff::people::{Place, PostKind, Term};

use crate::on_both;
use crate::staff::{Hall, deputy};
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::{Engine, TestDb};
use crate::support::form_data::hidden;
use crate::support::guest::{Guest, Seen};
use crate::support::town::{Person, Town, policy, policy_but};

/// The sample town at ten at night, with everybody who has a part in an emergency of the childcare section.
pub struct Night {
    pub town: Town,
    pub hall: Hall,
    pub drafter: Staff,
    /// The chief whose emergency it is.
    pub chief: Staff,
    /// The PR chief, who agrees.
    pub other: Staff,
    pub duty: Staff,
    pub auditor: Staff,
}

impl Begin for Night {
    async fn begin(engine: Engine) -> Self {
        let policy = policy_but("live = false", "live = true");
        Self::of(Town::with(engine, policy).await).await
    }
}

impl Night {
    pub async fn of(town: Town) -> Self {
        let mut night = Self::by_day(town).await;
        // Passkeys count a day after they were enrolled; by then everybody has to sign in again.
        night.town.later(TimeDelta::hours(36));
        for staff in [
            &mut night.drafter,
            &mut night.chief,
            &mut night.other,
            &mut night.duty,
            &mut night.auditor,
        ] {
            again(&night.town, staff).await;
        }
        night
    }

    /// At ten in the morning, with passkeys enrolled just now.
    pub async fn by_day(town: Town) -> Self {
        let hall = town.hall().await;
        let duty = hall.post(PostKind::DutyOfficer, "当直", Place::Town).await;
        let auditor = hall.post(PostKind::Auditor, "監査担当", Place::Town).await;
        let holder = async |number: &str, post| {
            let person = hall.holder(number, post).await;
            town.signs_in(person).await
        };
        for (number, staff, post) in [
            ("1003", hall.childcare_staff, hall.childcare_chief),
            ("2002", hall.pr_staff, hall.pr_chief),
        ] {
            let person = holder(number, staff).await.person;
            let standing = Term::since(hall.today());
            hall.agreed(deputy(post, person, 1, standing))
                .await
                .unwrap();
        }
        Self {
            drafter: holder("1001", hall.childcare_staff).await,
            chief: holder("1002", hall.childcare_chief).await,
            other: holder("2001", hall.pr_chief).await,
            duty: holder("3001", duty).await,
            auditor: holder("3002", auditor).await,
            town,
            hall,
        }
    }

    /// Somebody writes about the water for the whole town; gives the path.
    pub async fn drafts(&self) -> String {
        self.drafts_for(&[("reach", "town")]).await
    }

    async fn drafts_for(&self, whom: &[(&str, &str)]) -> String {
        let fields = [WATER, whom].concat();
        let saved = self.drafter.post("/emergencies/new/WATER", &fields).await;
        assert_eq!(saved.status(), 303, "{}", saved.text().await.unwrap());
        leads_to(&saved).to_owned()
    }

    pub async fn hands_in(&self, path: &str) -> Seen {
        let version = self.find(path).await.head.version.to_string();
        let chief = self.chief.browser();
        chief
            .post(&format!("{path}/submit"), &[("version", &version)])
            .await
    }

    /// Why it is not handed in, as its chief reads it.
    pub async fn refusal(&self, path: &str) -> String {
        let version = self.find(path).await.head.version.to_string();
        let chief = self.chief.browser();
        let fields = [("version", version.as_str())];
        let refused = chief.post(&format!("{path}/submit"), &fields).await;
        told(&chief, &refused).await
    }

    /// Handed in by its chief.
    pub async fn conferring(&self) -> String {
        let path = self.drafts().await;
        self.hands_in(&path).await.leads(&path);
        path
    }

    pub async fn concurs(&self, path: &str) -> Seen {
        confirms(&self.other, path, "concur", &[]).await
    }

    pub async fn concurred(&self) -> String {
        let path = self.conferring().await;
        self.concurs(&path).await.leads(&path);
        path
    }

    pub async fn sends(&self, path: &str) -> Seen {
        let people = self.find(path).await.issue.unwrap().people.to_string();
        confirms(&self.chief, path, "send", &[("people", &people)]).await
    }

    pub async fn sent(&self) -> String {
        let path = self.concurred().await;
        self.sends(&path).await.leads(&path);
        path
    }

    pub async fn find(&self, path: &str) -> Emergency {
        let id: EmergencyId = path.rsplit('/').next().unwrap().parse().unwrap();
        emergency::find(&self.town.db, id).await.unwrap().unwrap()
    }

    /// The product works until what is on its way has arrived.
    pub async fn arrives(&self) {
        for _ in 0..20 {
            self.town.product.releasing.turn().await.unwrap();
            self.town.product.sender.step().await.unwrap();
            self.town.later(TimeDelta::seconds(1));
        }
        self.town.product.releasing.turn().await.unwrap();
    }

    pub fn told(&self, person: &Person<'_>, words: &str) -> usize {
        let said = self.town.line.inbox(&person.id);
        let said = said.iter();
        said.filter(|message| message.to_string().contains(words))
            .count()
    }
}

/// What the form sends of a burst main.
pub const WATER: &[(&str, &str)] = &[
    ("field-state", "out"),
    ("field-since", "2026-11-25T20:30"),
    ("field-cause", "unknown"),
    ("field-phone", "0000-00-1111"),
];

/// What the form sends of a mistake.
pub const FALSE_ALARM: &[(&str, &str)] = &[
    ("field-sent", "2026-11-25T22:00"),
    ("field-title", "断水"),
    ("field-fact", "断水"),
    ("field-evacuation", "unconcerned"),
    ("field-cause", "input"),
];

/// Signs in again with the same passkey.
pub async fn again(town: &Town, staff: &mut Staff) {
    let (accounts, now) = (&town.product.accounts, town.clock.now());
    let asked = accounts.begin_sign_in(now, None).await.unwrap();
    let answer = staff.phone.get(&asked.options);
    let signed = accounts.sign_in_by_passkey(now, &asked.token, &answer);
    let signed = signed.await.unwrap();
    let key = accounts.open_session(now, Limits::default(), signed, "curl/8.5");
    staff.key = key.await.unwrap().reveal().to_owned();
}

/// Presses the button of a page that takes a passkey, with what that page carries.
pub async fn confirms(staff: &Staff, path: &str, act: &str, more: &[(&str, &str)]) -> Seen {
    let mut browser: Guest = staff.browser();
    let asks = match act {
        "concur" => path.to_owned(),
        act => format!("{path}/{act}"),
    };
    let page = browser.get(&asks).await;
    if page.status != 200 {
        return page;
    }
    let digest = page.field("digest");
    let fields = [&[("digest", digest.as_str())], more].concat();
    browser.proves(&format!("{path}/{act}"), &fields).await
}

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// What the page after a deed says of it.
async fn told(browser: &Guest, seen: &Seen) -> String {
    assert_eq!(seen.status, 303, "{}", seen.page);
    browser.get(&seen.to).await.page
}

on_both!(two_chiefs_confer_and_one_of_them_sends, |night: Night| {
    let hanako = night.town.resident("花子").await;
    let path = night.drafts().await;
    let drafted = page(&night.drafter, &path).await;
    assert!(
        !drafted.contains("協議に出す</button>"),
        "only its chief hands it in"
    );
    assert!(drafted.contains("給水所へは、きれいな容器を"), "{drafted}");
    let home = page(&night.chief, "/").await;
    assert!(
        home.contains("内容を確かめて、協議に出してください。"),
        "{home}"
    );
    night.hands_in(&path).await.leads(&path);

    // Both read the same number.
    let number = night.find(&path).await.head.number().unwrap();
    let spaced = format!("照合番号 {number}");
    for staff in [&night.chief, &night.other, &night.drafter] {
        let seen = page(staff, &path).await;
        assert!(seen.contains(&spaced), "{seen}");
    }
    let home = page(&night.other, "/").await;
    assert!(home.contains("内容を読み、電話で番号を読み合わせて、決めてください。"));
    for staff in [&night.drafter, &night.chief, &night.duty, &night.auditor] {
        let seen = page(staff, &path).await;
        assert!(!seen.contains("同意する</button>"), "not theirs");
    }
    // The form alone is not enough.
    let digest = hidden(&page(&night.other, &path).await, "digest");
    let concur = format!("{path}/concur");
    let unproven = night.other.post(&concur, &[("digest", &digest)]).await;
    assert_eq!(unproven.status(), 200);
    assert!(night.find(&path).await.head.concurred.is_none());
    night.concurs(&path).await.leads(&path);
    assert_eq!(
        night.find(&path).await.head.concurred.unwrap().by,
        night.other.person
    );

    night.arrives().await;
    assert_eq!(
        night.told(&hanako, "断水"),
        0,
        "nothing goes out before both agree"
    );
    let asked = page(&night.chief, &format!("{path}/send")).await;
    assert!(asked.contains("本番：1人に配信"), "{asked}");
    night.sends(&path).await.leads(&path);
    night.arrives().await;
    assert_eq!(night.told(&hanako, "断水"), 1);
    let seen = page(&night.drafter, &path).await;
    assert!(
        seen.contains("配信済") && seen.contains("LINEが受け付けた"),
        "{seen}"
    );
});

on_both!(
    a_report_is_filed_by_one_and_confirmed_by_the_other,
    |night: Night| {
        night.town.resident("花子").await;
        let path = night.sent().await;
        night.arrives().await;
        let report = format!("{path}/report");
        let empty = night.chief.browser();
        let refused = empty.post(&report, &[("words", " ")]).await;
        assert!(told(&empty, &refused).await.contains("1文字から1000文字"));
        let filed = [("words", "想定どおりに配信しました。")];
        assert_eq!(leads_to(&night.chief.post(&report, &filed).await), report);
        let seen = page(&night.other, &report).await;
        assert!(seen.contains("想定どおりに配信しました。"), "{seen}");
        let filed_at = hidden(&seen, "filed_at");
        let stale = night.other.browser();
        let refused = stale
            .post(&format!("{report}/confirm"), &[("filed_at", "1")])
            .await;
        assert!(
            told(&stale, &refused)
                .await
                .contains("もう一度読んでから確認してください")
        );
        let confirm = format!("{report}/confirm");
        let own = night.chief.browser();
        let refused = own.post(&confirm, &[("filed_at", &filed_at)]).await;
        assert!(
            told(&own, &refused)
                .await
                .contains("いまのあなたの役職では")
        );
        let confirmed = night.other.post(&confirm, &[("filed_at", &filed_at)]).await;
        assert_eq!(leads_to(&confirmed), report);
        let seen = page(&night.auditor, &report).await;
        assert!(
            seen.contains("報告済") && seen.contains("確認した人（後閲）"),
            "{seen}"
        );
        assert!(
            seen.contains("緊急配信の協議依頼 第1号（同意する側）")
                && seen.contains("緊急配信の操作で応答しました"),
            "{seen}"
        );
        let csv = night.auditor.get(&format!("{report}.csv")).await;
        assert!(
            csv.headers()["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment;")
        );
        let csv = csv.text().await.unwrap();
        assert!(
            csv.contains("配信を始めました") && csv.contains("照合番号"),
            "{csv}"
        );
        assert!(csv.contains("自動音声の電話で呼び出し"), "{csv}");
    }
);

on_both!(
    what_changed_since_it_was_read_is_not_agreed_to,
    |night: Night| {
        night.town.resident("花子").await;
        let path = night.conferring().await;
        let digest = hidden(&page(&night.other, &path).await, "digest");
        // Written on and handed in anew while the other chief reads.
        let mut fields = [WATER, &[("reach", "town"), ("version", "1")]].concat();
        fields[1].1 = "2026-11-25T21:00";
        let saved = night.drafter.post(&format!("{path}/edit"), &fields).await;
        assert_eq!(leads_to(&saved), path);
        night.hands_in(&path).await.leads(&path);
        let browser = night.other.browser();
        let refused = browser
            .post(&format!("{path}/concur"), &[("digest", &digest)])
            .await;
        let said = told(&browser, &refused).await;
        assert!(said.contains("いまの内容を読みなおしてから"), "{said}");
        assert!(night.find(&path).await.head.concurred.is_none());
        // What was agreed to falls with the next word that is written.
        night.concurs(&path).await.leads(&path);
        fields[5].1 = "2";
        fields[1].1 = "2026-11-25T21:10";
        assert_eq!(
            night
                .drafter
                .post(&format!("{path}/edit"), &fields)
                .await
                .status(),
            303
        );
        let late = night.chief.browser();
        let refused = late.get(&format!("{path}/send")).await;
        assert!(told(&late, &refused).await.contains("いまは「起案」なので"));
        // Who saves over another's words is told, and keeps theirs.
        let clash = night.drafter.post(&format!("{path}/edit"), &fields).await;
        assert_eq!(clash.status(), 409);
        assert!(
            clash
                .text()
                .await
                .unwrap()
                .contains("ほかの職員が先に書き換えました")
        );
    }
);

on_both!(the_number_of_people_is_typed, |night: Night| {
    let hanako = night.town.resident("花子").await;
    let path = night.concurred().await;
    let send = format!("{path}/send");
    let digest = hidden(&page(&night.chief, &send).await, "digest");
    for (typed, says) in [
        ("", "人数を数字で入れてください（1）"),
        ("たくさん", "人数を数字で入れてください（1）"),
        ("23,418", "「23,418」と入りましたが、届ける人数は1人です"),
    ] {
        let fields = [("digest", digest.as_str()), ("people", typed)];
        let refused = night.chief.post(&send, &fields).await;
        assert_eq!(refused.status(), 422);
        let said = refused.text().await.unwrap();
        assert!(said.contains(says), "{typed}: {said}");
    }
    // As people type it.
    confirms(&night.chief, &path, "send", &[("people", "１人")])
        .await
        .leads(&path);
    night.arrives().await;
    assert_eq!(night.told(&hanako, "断水"), 1);
    let twice = night.chief.browser();
    let refused = twice.get(&send).await;
    assert!(
        told(&twice, &refused)
            .await
            .contains("この画面の状態を確かめてください")
    );
});

on_both!(a_draft_is_read_by_whom_it_concerns, |night: Night| {
    night.town.resident("花子").await;
    let path = night.drafts().await;
    let (hall, by) = (&night.hall, kairan::audit::Actor::Operator);
    let tx = hall.db.db.begin().await.unwrap();
    let roads = kairan::staff::people::add_section(&tx, hall.now, &by, "土木課", false, &[]).await;
    tx.commit().await.unwrap();
    let post = hall.section_post(roads.unwrap(), PostKind::Staff).await;
    let stranger = hall.holder("4001", post).await;
    let stranger = night.town.signs_in(stranger).await;
    for draft in [path.clone(), format!("{path}/edit")] {
        assert_eq!(stranger.get(&draft).await.status(), 404, "{draft}");
    }
    for reader in [
        &night.drafter,
        &night.chief,
        &night.other,
        &night.duty,
        &night.auditor,
    ] {
        assert_eq!(reader.get(&path).await.status(), 200);
    }
    night.hands_in(&path).await.leads(&path);
    assert_eq!(stranger.get(&path).await.status(), 200);
});

on_both!(who_may_not_is_told_who_may, |night: Night| {
    night.town.resident("花子").await;
    let path = night.conferring().await;
    for (staff, act, says) in [
        (&night.drafter, "concur", "書いた人・協議に出した人"),
        (&night.chief, "concur", "書いた人・協議に出した人"),
        (&night.duty, "concur", "課長と、登録された代理"),
        (&night.duty, "withdraw", "課長と、登録された代理"),
        (&night.other, "send", "いまは「協議中」なので"),
        (&night.auditor, "decline", "課長と、登録された代理"),
    ] {
        let browser = staff.browser();
        let fields = [("reason", "理由"), ("digest", "00")];
        let refused = browser.post(&format!("{path}/{act}"), &fields).await;
        let said = told(&browser, &refused).await;
        assert!(said.contains(says), "{act}: {said}");
    }
    assert_eq!(
        night.other.get(&format!("{path}/expire")).await.status(),
        404
    );
    // A reason is asked for, and read by whom it is for.
    let silent = night
        .other
        .post(&format!("{path}/return"), &[("reason", "")])
        .await;
    assert_eq!(silent.status(), 422);
    let returned = [("reason", "時刻を確かめてください")];
    night.other.post(&format!("{path}/return"), &returned).await;
    let seen = page(&night.drafter, &path).await;
    assert!(seen.contains("修正を依頼しました") && seen.contains("時刻を確かめてください"));
    night.hands_in(&path).await.leads(&path);
    night
        .other
        .post(&format!("{path}/decline"), &[("reason", "事実と違います")])
        .await;
    let seen = page(&night.chief, &path).await;
    assert!(
        seen.contains("不同意") && seen.contains("事実と違います"),
        "{seen}"
    );
});

on_both!(it_is_taken_back_and_runs_out, |night: Night| {
    night.town.resident("花子").await;
    let path = night.concurred().await;
    let asked = page(&night.other, &format!("{path}/revoke")).await;
    assert!(asked.contains("配信できなくなります"));
    night.other.post(&format!("{path}/revoke"), &[]).await;
    assert!(page(&night.chief, &path).await.contains("協議中"));
    night.concurs(&path).await.leads(&path);
    night.chief.post(&format!("{path}/withdraw"), &[]).await;
    assert!(
        page(&night.other, &path)
            .await
            .contains("取り下げられました")
    );

    let path = night.conferring().await;
    assert!(page(&night.other, &path).await.contains("残り60分"));
    let digest = hidden(&page(&night.other, &path).await, "digest");
    night.town.later(TimeDelta::minutes(20));
    assert!(page(&night.other, &path).await.contains("残り40分"));
    for _ in 0..2 {
        night.town.later(TimeDelta::minutes(20));
        page(&night.other, "/").await;
    }
    let browser = night.other.browser();
    let refused = browser
        .post(&format!("{path}/concur"), &[("digest", &digest)])
        .await;
    let said = told(&browser, &refused).await;
    assert!(
        said.contains("期限（協議に出してから一定時間）が過ぎました"),
        "{said}"
    );
    assert!(said.contains("失効"));
});

on_both!(stopping_is_easy_and_going_on_takes_both, |night: Night| {
    let hanako = night.town.resident("花子").await;
    let path = night.sent().await;
    // The duty officer, by one tap and one more.
    let seen = page(&night.duty, &path).await;
    assert!(seen.contains("popovertarget=\"stop\"") && seen.contains("止める</button>"));
    assert!(!page(&night.auditor, &path).await.contains("配信を止める"));
    assert!(
        page(&night.duty, &format!("{path}/stop"))
            .await
            .contains("もう届いた分は消せません")
    );
    night.duty.post(&format!("{path}/stop"), &[]).await;
    night.arrives().await;
    assert_eq!(night.told(&hanako, "断水"), 0);
    assert!(page(&night.drafter, &path).await.contains("停止"));

    let alone = night.chief.browser();
    let refused = alone.get(&format!("{path}/resume")).await;
    assert!(
        told(&alone, &refused)
            .await
            .contains("課長と、登録された代理")
    );
    confirms(&night.other, &path, "resume_concur", &[])
        .await
        .leads(&path);
    let own = night.other.browser();
    let refused = own.post(&format!("{path}/resume"), &[]).await;
    assert_eq!(refused.status, 303, "who agreed does not let it go on");
    confirms(&night.chief, &path, "resume", &[])
        .await
        .leads(&path);
    night.arrives().await;
    assert_eq!(night.told(&hanako, "断水"), 1);
    let late = night.duty.browser();
    let refused = late.post(&format!("{path}/stop"), &[]).await;
    assert!(
        told(&late, &refused)
            .await
            .contains("いまは「配信済」なので")
    );
});

on_both!(
    a_prepared_correction_is_sent_by_one_chief_in_a_signed_year,
    |night: Night| {
        let hanako = night.town.resident("花子").await;
        hanako.registers().await;
        let whom = [("reach", "areas"), ("district", "本町地区")];
        let path = night.drafts_for(&whom).await;
        night.hands_in(&path).await.leads(&path);
        night.concurs(&path).await.leads(&path);
        night.sends(&path).await.leads(&path);
        night.arrives().await;
        // Somebody new, who never saw the mistake.
        let jiro = night.town.resident("次郎").await;
        jiro.registers().await;
        let offered = page(&night.chief, &format!("{path}/correct")).await;
        assert!(offered.contains("誤配信の取消"), "{offered}");
        let form = page(&night.chief, &format!("{path}/correct/FIX-FALSE")).await;
        assert!(
            form.contains("value=\"2026-11-25T22:00\""),
            "the hour is known: {form}"
        );
        let correct = format!("{path}/correct/FIX-FALSE");
        let half = night.chief.post(&correct, &FALSE_ALARM[..1]).await;
        assert_eq!(half.status(), 422);
        assert!(half.text().await.unwrap().contains("必ず書く欄です"));
        let begun = night.chief.post(&correct, FALSE_ALARM).await;
        let fix = leads_to(&begun).to_owned();
        night.hands_in(&fix).await.leads(&fix);
        // Without a signed year, it takes both.
        let alone = night.chief.browser();
        let refused = alone.get(&format!("{fix}/send_correction")).await;
        assert!(
            told(&alone, &refused)
                .await
                .contains("課長と、登録された代理")
        );

        for staff in [&night.chief, &night.other] {
            let seen = page(staff, "/emergencies/agreement").await;
            let fields = ["section", "from", "until"].map(|name| (name, hidden(&seen, name)));
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            // The other section's row comes first for who sees both.
            let fields = match staff.person == night.other.person {
                true => vec![
                    ("section", childcare(&night)),
                    ("from", fields[1].1.to_owned()),
                    ("until", fields[2].1.to_owned()),
                ],
                false => fields
                    .into_iter()
                    .map(|(name, value)| (name, value.to_owned()))
                    .collect(),
            };
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let signed = staff
                .browser()
                .proves("/emergencies/agreement", &fields)
                .await;
            signed.leads("/emergencies/agreement");
        }
        let seen = page(&night.auditor, "/emergencies/agreement").await;
        assert!(seen.contains("有効"), "{seen}");
        let seen = page(&night.other, &fix).await;
        assert!(seen.contains("この訂正は1人で配信できます"), "{seen}");
        confirms(&night.other, &fix, "send_correction", &[("people", "1")])
            .await
            .leads(&fix);
        night.arrives().await;
        assert_eq!(
            (
                night.told(&hanako, "先ほどの配信は誤り"),
                night.told(&jiro, "先ほどの配信は誤り")
            ),
            (1, 0)
        );
        let seen = page(&night.drafter, &path).await;
        assert!(seen.contains("この配信の訂正"), "{seen}");
        // Either ends it.
        let shown = page(&night.chief, "/emergencies/agreement").await;
        let end = shown
            .split("href=\"/emergencies/agreement/")
            .nth(1)
            .unwrap();
        let end = format!("/emergencies/agreement/{}", end.split('"').next().unwrap());
        assert!(
            page(&night.chief, &end)
                .await
                .contains("1人では配信できません")
        );
        night.chief.post(&end, &[]).await;
        assert!(
            page(&night.chief, "/emergencies/agreement")
                .await
                .contains("署名なし")
        );
    }
);

fn childcare(night: &Night) -> String {
    night.hall.childcare.to_string()
}

on_both!(the_form_never_takes_nobody_for_everybody, |night: Night| {
    for name in ["花子", "太郎"] {
        night.town.resident(name).await.registers().await;
    }
    night.town.resident("次郎").await;
    let none = night.drafter.post("/emergencies/new/WATER", WATER).await;
    assert_eq!(none.status(), 422);
    let said = none.text().await.unwrap();
    assert!(said.contains("だれに届けるかを選んでください"), "{said}");
    assert!(said.contains("0000-00-1111"), "what was typed stays");
    let empty = [WATER, &[("reach", "areas")]].concat();
    let none = night.drafter.post("/emergencies/new/WATER", &empty).await;
    assert_eq!(none.status(), 422);
    assert!(
        none.text()
            .await
            .unwrap()
            .contains("地区か町を、1つ以上選んでください")
    );
    let whom = [("reach", "areas"), ("district", "本町地区")];
    let path = night.drafts_for(&whom).await;
    night.hands_in(&path).await.leads(&path);
    assert_eq!(night.find(&path).await.issue.unwrap().people, 2);
    let form = page(&night.drafter, &format!("{path}/edit")).await;
    assert!(form.contains("value=\"本町地区\" checked"), "{form}");
    let nobody = night
        .drafts_for(&[("reach", "areas"), ("district", "港地区")])
        .await;
    let said = night.refusal(&nobody).await;
    assert!(
        said.contains("1人もいません") || said.contains("地区が選ばれていない"),
        "{said}"
    );
    // Half filled in is a draft, and no more.
    let half = [&WATER[..2], &[("reach", "town")]].concat();
    let saved = night.drafter.post("/emergencies/new/WATER", &half).await;
    let half = leads_to(&saved).to_owned();
    assert!(
        page(&night.chief, &half)
            .await
            .contains("まだ協議に出せません")
    );
    assert!(night.refusal(&half).await.contains("問い合わせ先の電話"));
    let typed = [&[("code", "WATER")], WATER].concat();
    let preview = night.drafter.post("/emergencies/preview", &typed).await;
    let shown = preview.text().await.unwrap();
    assert!(shown.contains("きれいな容器"), "{shown}");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_live_goes_this_way_by_day_or_before_everybody_is_ready() {
    let policy = policy_but("live = false", "live = true");
    let night = Night::by_day(Town::with(Engine::Sqlite, policy).await).await;
    night.town.resident("花子").await;
    let path = night.drafts().await;
    let said = night.refusal(&path).await;
    assert!(said.contains("いまは勤務時間の中です"), "{said}");
    let home = page(&night.chief, "/").await;
    assert!(home.contains("夜間の緊急配信ができません"), "{home}");
    let ready = page(&night.chief, "/emergencies/readiness").await;
    assert!(
        ready.contains("足りません") && ready.contains("パスキーなし"),
        "{ready}"
    );
    // Two administrators enrolled them in person: everybody could act now.
    for staff in [&night.chief, &night.other] {
        enrolled_in_person(&night.town, staff.person).await;
    }
    let ready = page(&night.other, "/emergencies/readiness").await;
    assert!(ready.contains("chip success\">パスキー<"), "{ready}");
    assert!(
        ready.contains("足りません"),
        "the deputies lack theirs: {ready}"
    );
}

/// Two administrators saw them enrol it: it counts at once.
pub async fn enrolled_in_person(town: &Town, person: PersonId) {
    let keys = town.product.accounts.passkeys(person).await.unwrap();
    let tx = town.db.db.begin().await.unwrap();
    for key in keys {
        let settled = settle_passkey(&tx, town.clock.now(), person, key.id).await;
        settled.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_looks_like_one_on_every_page() {
    let db = TestDb::begin(Engine::Sqlite).await;
    let night = Night::of(Town::over_as(db, policy(), Mode::Drill).await).await;
    let hanako = night.town.resident("花子").await;
    let path = night.concurred().await;
    for page_path in ["/", "/emergencies", &path, &format!("{path}/send")] {
        let seen = page(&night.chief, page_path).await;
        assert!(seen.contains("住民には届きません"), "{page_path}");
    }
    for open in ["/login", "/policy", "/nowhere"] {
        let seen = night.town.guest().get(open).await;
        seen.says("住民には届きません");
    }
    let asked = page(&night.chief, &format!("{path}/send")).await;
    assert!(
        asked.contains("訓練：1人に配信") && !asked.contains("本番"),
        "{asked}"
    );
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (page, name) in [("/login", "login"), (path.as_str(), "show")] {
            night.chief.opens(&window, page).await;
            nothing_is_wrong(&window).await;
            picture(&window, &format!("drill-{name}-{width}")).await;
        }
        window.quit().await.unwrap();
    }
    night.sends(&path).await.leads(&path);
    night.arrives().await;
    assert_eq!(night.told(&hanako, "【訓練】"), 3, "every bubble says so");
}
