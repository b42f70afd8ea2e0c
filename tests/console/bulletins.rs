//! Official bulletins at the console: shown whatever they are, drafted by a person, once, or passed over for a reason.

use kairan::emergency::Audience;
use kairan::jma;
use kairan::policy::Document;
use sea_orm::ConnectionTrait;

use super::emergencies::Night;
use crate::jma::{EARTHQUAKE, LANDSLIDE, TSUNAMI, place, policy_text};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::Staff;
use crate::support::database::Engine;
use crate::support::guest::Seen;
use crate::support::town::Town;

const LIST: &str = "/emergencies/bulletins";

/// A town at night whose policy says which areas it is.
struct Watch(Night);

impl Begin for Watch {
    async fn begin(engine: Engine) -> Self {
        let policy = policy_text().replacen("live = false", "live = true", 1);
        let policy = Document::parse(policy).unwrap();
        Self(Night::of(Town::with(engine, policy).await).await)
    }
}

impl Watch {
    /// A telegram of this evening comes in; gives its id.
    async fn comes(&self, telegram: &str) -> String {
        let town = &self.0.town;
        let now = town.clock.now();
        let telegram = telegram.replace("2026-11-24T", "2026-11-25T");
        let taken = jma::take(&town.db, now, &place(), telegram.as_bytes()).await;
        taken.unwrap().bulletin.id
    }

    async fn page(&self, staff: &Staff, path: &str) -> String {
        let answer = staff.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    async fn drafts(&self, staff: &Staff, id: &str) -> Seen {
        staff
            .browser()
            .post(&format!("{LIST}/{id}/draft"), &[])
            .await
    }

    /// What the page after a deed says.
    async fn told(&self, staff: &Staff, path: &str, fields: &[(&str, &str)]) -> String {
        let browser = staff.browser();
        let answer = browser.post(path, fields).await;
        assert_eq!(answer.status, 303, "{}", answer.page);
        browser.get(&answer.to).await.page
    }
}

/// An exercise, a test.
fn with_status(telegram: &str, status: &str) -> String {
    telegram.replace(
        "<Status>通常</Status>",
        &format!("<Status>{status}</Status>"),
    )
}

fn with_info(telegram: &str, info: &str, hour: &str) -> String {
    let telegram = telegram.replace(
        "<InfoType>発表</InfoType>",
        &format!("<InfoType>{info}</InfoType>"),
    );
    telegram.replace("T18:04:00+09:00", &format!("T{hour}:00+09:00"))
}

on_both!(
    an_emergency_whose_bulletin_does_not_stand_is_an_alarm,
    |watch: Watch| {
        let night = &watch.0;
        let id = watch.comes(EARTHQUAKE).await;
        let drafted = watch.drafts(&night.drafter, &id).await;
        let path = drafted.to.strip_suffix("/edit").unwrap().to_owned();
        let home = watch.page(&night.chief, "/").await;
        assert!(!home.contains("もとの情報が"), "{home}");
        watch.comes(&with_info(EARTHQUAKE, "訂正", "18:08")).await;
        for staff in [&night.chief, &night.other, &night.duty] {
            let home = watch.page(staff, "/").await;
            assert!(
                home.contains("もとの情報が訂正か続報で変わりました（") && home.contains(&path),
                "{home}"
            );
        }
        watch.comes(&with_info(EARTHQUAKE, "取消", "18:09")).await;
        let home = watch.page(&night.chief, "/").await;
        assert!(
            home.contains("もとの情報が取り消されました（")
                && home.contains("この内容のまま配信しないでください"),
            "{home}"
        );
    }
);

on_both!(a_bulletin_becomes_one_draft_by_a_person, |watch: Watch| {
    let night = &watch.0;
    let home = watch.page(&night.drafter, "/").await;
    assert!(!home.contains("気象庁の情報が届いています"), "{home}");
    let id = watch.comes(EARTHQUAKE).await;
    for staff in [&night.drafter, &night.chief, &night.other, &night.duty] {
        let home = watch.page(staff, "/").await;
        assert!(home.contains("気象庁の情報が届いています（"), "{home}");
    }
    let list = watch.page(&night.drafter, LIST).await;
    for says in [
        "震源・震度に関する情報",
        "通常",
        "架空の海で地震があった",
        "震度5弱",
        "汐見市全域",
        "下書きにする",
    ] {
        assert!(list.contains(says), "{says}: {list}");
    }
    // Who writes for no section decides nothing.
    let seen = watch.page(&night.duty, LIST).await;
    assert!(
        seen.contains("震度5弱") && !seen.contains("下書きにする</button>"),
        "{seen}"
    );
    let refused = watch
        .told(&night.duty, &format!("{LIST}/{id}/draft"), &[])
        .await;
    assert!(refused.contains("各課の課長と担当者です"), "{refused}");

    let drafted = watch.drafts(&night.drafter, &id).await;
    assert_eq!(drafted.status, 303, "{}", drafted.page);
    let path = drafted.to.strip_suffix("/edit").unwrap().to_owned();
    let emergency = night.find(&path).await;
    assert_eq!(emergency.written.template, "EQ1");
    assert_eq!(emergency.written.audience, Audience::WholeTown);
    assert!(emergency.head.submitted.is_none() && emergency.head.sent.is_none());
    let shown = watch.page(&night.chief, &path).await;
    assert!(
        shown.contains("もとの情報：")
            && shown.contains("震源・震度に関する情報（11月25日 18時04分"),
        "{shown}"
    );
    let edit = watch.page(&night.drafter, &drafted.to).await;
    assert!(edit.contains("2026-11-25 18:00"), "{edit}");
    // Once.
    for staff in [&night.drafter, &night.chief] {
        let again = watch.told(staff, &format!("{LIST}/{id}/draft"), &[]).await;
        assert!(again.contains("ほかの人が先に決めました"), "{again}");
    }
    let list = watch.page(&night.other, LIST).await;
    assert!(
        list.contains("下書きにしました") && list.contains(&path),
        "{list}"
    );
    assert!(
        !watch
            .page(&night.drafter, "/")
            .await
            .contains("気象庁の情報が届いています")
    );
    assert_eq!(
        night.hall.record("emergency.bulletin_drafted").await.len(),
        1
    );
    // The same telegram again is the same bulletin, and changes nothing.
    assert_eq!(watch.comes(EARTHQUAKE).await, id);
    // More about the same says that there is a draft.
    watch.comes(&with_info(EARTHQUAKE, "発表", "18:20")).await;
    let list = watch.page(&night.drafter, LIST).await;
    assert!(
        list.contains("同じ事象の前の情報から") && list.contains("続報があります"),
        "{list}"
    );
});

on_both!(
    exercises_and_what_was_withdrawn_are_shown_and_never_drafted,
    |watch: Watch| {
        let night = &watch.0;
        let mut ids = Vec::new();
        for (status, chip) in [("訓練", "訓練の電文"), ("試験", "試験の電文")] {
            for telegram in [EARTHQUAKE, TSUNAMI, LANDSLIDE] {
                ids.push(watch.comes(&with_status(telegram, status)).await);
            }
            assert!(watch.page(&night.drafter, LIST).await.contains(chip));
        }
        // A withdrawal of an exercise does not touch what is meant.
        let meant = watch.comes(EARTHQUAKE).await;
        watch
            .comes(&with_status(
                &with_info(EARTHQUAKE, "取消", "18:10"),
                "訓練",
            ))
            .await;
        assert!(
            watch
                .page(&night.drafter, LIST)
                .await
                .contains("下書きにする</button>")
        );
        let cancelled = watch.comes(&with_info(EARTHQUAKE, "取消", "18:15")).await;
        let list = watch.page(&night.drafter, LIST).await;
        assert!(
            list.contains("あとで取り消されました") && !list.contains("下書きにする</button>"),
            "{list}"
        );
        ids.extend([meant, cancelled, "0".repeat(64), "x".to_owned()]);
        for id in &ids {
            let refused = watch
                .told(&night.drafter, &format!("{LIST}/{id}/draft"), &[])
                .await;
            assert!(refused.contains("いまは下書きを作れません"), "{refused}");
            let pass = format!("{LIST}/{id}/pass");
            let refused = watch
                .told(&night.drafter, &pass, &[("reason", "訓練のため")])
                .await;
            assert!(refused.contains("いまは下書きを作れません"), "{refused}");
        }
        assert!(
            !watch
                .page(&night.drafter, "/")
                .await
                .contains("気象庁の情報が届いています")
        );
        let drafted = kairan::emergency::list(&night.town.db, 10).await.unwrap();
        assert_eq!(drafted, []);
    }
);

on_both!(
    what_is_corrected_gives_its_place_to_the_correction,
    |watch: Watch| {
        let night = &watch.0;
        let wrong = watch.comes(EARTHQUAKE).await;
        let right = with_info(EARTHQUAKE, "訂正", "18:12")
            .replace("<MaxInt>5-</MaxInt></City>", "<MaxInt>4</MaxInt></City>");
        let right = watch.comes(&right).await;
        let list = watch.page(&night.drafter, LIST).await;
        assert!(
            list.contains("あとで訂正されました") && list.contains("震度4"),
            "{list}"
        );
        let refused = watch
            .told(&night.drafter, &format!("{LIST}/{wrong}/draft"), &[])
            .await;
        assert!(refused.contains("いまは下書きを作れません"), "{refused}");
        assert_eq!(watch.drafts(&night.chief, &right).await.status, 303);
    }
);

on_both!(
    one_that_is_passed_over_says_why_and_may_be_drafted_after_all,
    |watch: Watch| {
        let night = &watch.0;
        let id = watch.comes(LANDSLIDE).await;
        let pass = format!("{LIST}/{id}/pass");
        for reason in ["", "  ", &"長".repeat(501)] {
            let said = watch
                .told(&night.drafter, &pass, &[("reason", reason)])
                .await;
            assert!(said.contains("理由や説明が空か、長すぎます"), "{said}");
        }
        let why = [("reason", "市内に<b>崖</b>がないため")];
        let said = watch.told(&night.drafter, &pass, &why).await;
        assert!(
            said.contains("見送りました") && said.contains("市内に&#60;b&#62;崖"),
            "{said}"
        );
        assert!(
            !watch
                .page(&night.chief, "/")
                .await
                .contains("気象庁の情報が届いています")
        );
        let said = watch.told(&night.chief, &pass, &why).await;
        assert!(said.contains("ほかの人が先に決めました"), "{said}");
        // Her chief sees it otherwise; what the bulletin does not know is left open.
        let drafted = watch.drafts(&night.chief, &id).await;
        let path = drafted.to.strip_suffix("/edit").unwrap();
        assert_eq!(
            night.find(path).await.written.filled.get("evacuation"),
            None
        );
        let shown = watch.page(&night.chief, path).await;
        assert!(shown.contains("まだ協議に出せません"), "{shown}");
        assert_eq!(
            night
                .hall
                .record("emergency.bulletin_passed_over")
                .await
                .len(),
            1
        );
        assert!(
            shown.contains("もとの情報：汐見架空気象台 気象警報・注意報"),
            "{shown}"
        );
    }
);

on_both!(
    that_a_warning_goes_on_takes_no_decision_from_anybody,
    |watch: Watch| {
        let night = &watch.0;
        let first = watch.comes(LANDSLIDE).await;
        // The office says the same of our town again, because it says something of another.
        let later = |status: &str, hour: &str| {
            let ours = "<Code>49</Code><Status>";
            let telegram =
                LANDSLIDE.replacen(&format!("{ours}発表"), &format!("{ours}{status}"), 1);
            telegram.replace("T20:13:00+09:00", &format!("T{hour}:00+09:00"))
        };
        watch.comes(&later("継続", "20:20")).await;
        let home = watch.page(&night.chief, "/").await;
        assert!(home.contains("気象庁の情報が届いています"), "{home}");
        let drafted = watch.drafts(&night.chief, &first).await;
        assert_eq!(drafted.status, 303);
        let path = drafted.to.strip_suffix("/edit").unwrap();
        let shown = watch.page(&night.chief, path).await;
        assert!(
            shown.contains("もとの情報：") && !shown.contains("訂正か続報"),
            "{shown}"
        );
        // What changes is said where the two chiefs look.
        watch.comes(&later("解除", "20:40")).await;
        let shown = watch.page(&night.other, path).await;
        assert!(
            shown.contains("もとの情報に、訂正か続報が出ています"),
            "{shown}"
        );
        let withdrawn = later("発表", "20:50")
            .replace("<InfoType>発表</InfoType>", "<InfoType>取消</InfoType>");
        watch.comes(&withdrawn).await;
        let shown = watch.page(&night.other, path).await;
        assert!(shown.contains("もとの情報は、取り消されました"), "{shown}");
    }
);

on_both!(
    the_database_keeps_one_decision_of_a_bulletin,
    |watch: Watch| {
        let night = &watch.0;
        let id = watch.comes(EARTHQUAKE).await;
        watch.drafts(&night.drafter, &id).await;
        let refused = async |statement: String| {
            let done = night.town.db.conn().execute_unprepared(&statement).await;
            assert!(done.is_err(), "{statement}");
        };
        for statement in [
            "DELETE FROM bulletin_decision".to_owned(),
            "UPDATE bulletin_decision SET emergency = NULL, reason = 'x'".to_owned(),
            "UPDATE bulletin_decision SET source = 'x'".to_owned(),
            format!(
                "INSERT INTO bulletin_decision (bulletin, source, decided_by, decided_at) SELECT '{}', source, decided_by, decided_at FROM bulletin_decision",
                "0".repeat(64)
            ),
            format!(
                "INSERT INTO bulletin_decision (bulletin, source, emergency, decided_by, decided_at) SELECT '{}', source, emergency, decided_by, decided_at FROM bulletin_decision",
                "0".repeat(64)
            ),
        ] {
            refused(statement).await;
        }
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulletins_are_sound_on_a_phone_and_at_a_desk() {
    let watch = Watch::begin(Engine::Sqlite).await;
    let night = &watch.0;
    watch.comes(&with_status(EARTHQUAKE, "訓練")).await;
    watch.comes(TSUNAMI).await;
    watch.comes(LANDSLIDE).await;
    let id = watch.comes(EARTHQUAKE).await;
    let drafted = watch.drafts(&night.drafter, &id).await;
    watch.comes(&with_info(EARTHQUAKE, "発表", "18:20")).await;
    let path = drafted.to.strip_suffix("/edit").unwrap().to_owned();
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (page, name) in [
            (LIST, "bulletins"),
            ("/", "bulletins-home"),
            (path.as_str(), "bulletins-draft"),
        ] {
            night.chief.opens(&window, page).await;
            picture(&window, &format!("{name}-{width}")).await;
            nothing_is_wrong(&window).await;
        }
        window.quit().await.unwrap();
    }
}
