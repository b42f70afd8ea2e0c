//! What emergencies say: another wording takes two administrators, the second of whom reads exactly what was proposed.

use chrono::TimeDelta;
use kairan::emergency::template::{self, Version};

use super::emergencies::Night;
use super::office::{Office, page, text};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;
use crate::support::form_data::hidden;
use crate::support::town::Town;

const LIST: &str = "/emergencies/templates";
const NEW: &str = "/emergencies/templates/new";

/// The file of a template that comes with the program.
fn file(code: &str) -> String {
    let path = format!(
        "{}/emergency-templates/{code}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).unwrap()
}

/// The road's template in other words.
fn other_road() -> String {
    let (from, to) = ("通らず回り道を", "回り道をお願い");
    assert!(file("ROAD").contains(from));
    file("ROAD").replace(from, to)
}

async fn hands_in(staff: &Staff, text: &str) -> reqwest::Response {
    staff.send(NEW, &[("text", text)], &[]).await
}

/// Proposed by the first administrator; the path of the version.
async fn proposed(office: &Office, file: &str) -> String {
    let answer = hands_in(&office.first, file).await;
    let status = answer.status();
    let to = answer.headers().get("location").cloned();
    assert_eq!(status, 303, "{}", text(answer).await);
    to.unwrap().to_str().unwrap().to_owned()
}

/// The second administrator agrees to what `page` shows.
async fn agrees(office: &Office, path: &str) -> crate::support::guest::Seen {
    let seen = hidden(&page(&office.second, path).await, "seen");
    let mut browser = office.second.browser();
    browser
        .proves(&format!("{path}/agree"), &[("seen", &seen)])
        .await
}

async fn in_force(town: &Town, code: &str) -> Option<Version> {
    let versions = template::versions(&town.db).await.unwrap();
    versions
        .into_iter()
        .find(|version| version.code == code && version.is_in_force())
}

/// What the next page says after a deed.
async fn told(staff: &Staff, path: &str, fields: &[(&str, &str)]) -> String {
    let browser = staff.browser();
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.page);
    browser.get(&answer.to).await.page
}

on_both!(
    a_wording_is_proposed_by_one_and_read_by_another,
    |office: Office| {
        let before = in_force(&office.town, "ROAD").await.unwrap();
        let list = page(&office.first, LIST).await;
        for says in [
            "警戒レベル4 避難指示",
            "製品に付属",
            "2027年5月20日",
            "新しい文面を申請する",
        ] {
            assert!(list.contains(says), "{says}: {list}");
        }
        let path = proposed(&office, &other_road()).await;
        let own = page(&office.first, &path).await;
        assert!(own.contains("自分の申請には同意できません") && !own.contains("同意して公開する"));
        let home = page(&office.second, "/").await;
        assert!(
            home.contains("確認してください：緊急配信の定型文「"),
            "{home}"
        );

        // The second reads the difference, and how it looks.
        let read = page(&office.second, &path).await;
        for says in [
            "<del>",
            "<ins>",
            "回り道をお願い",
            "もう一人の確認待ち",
            "記入例での見え方",
        ] {
            assert!(read.contains(says), "{says}: {read}");
        }
        // Whoever sees emergencies reads it, too, and decides nothing.
        let chief = page(&office.chief, &path).await;
        assert!(!chief.contains("同意して公開する") && !chief.contains("取り下げる"));
        let seen = hidden(&read, "seen");
        let agree = format!("{path}/agree");
        let denied = office.chief.post(&agree, &[("seen", &seen)]).await;
        assert_eq!(denied.status(), 403);
        // Not by who asked, not unproven, not what was not read.
        let said = told(&office.first, &agree, &[("seen", &seen)]).await;
        assert!(said.contains("自分では決められません"), "{said}");
        let unproven = office.second.post(&agree, &[("seen", &seen)]).await;
        assert_eq!(unproven.status(), 200);
        assert!(text(unproven).await.contains("定型文の公開に同意する"));
        for stale in ["", "0000"] {
            let said = told(&office.second, &agree, &[("seen", stale)]).await;
            assert!(
                said.contains("読みなおしてから、同意してください"),
                "{said}"
            );
        }
        assert_eq!(in_force(&office.town, "ROAD").await.unwrap(), before);

        agrees(&office, &path).await.leads(&path);
        let after = in_force(&office.town, "ROAD").await.unwrap();
        assert!(after.text.contains("回り道をお願い"));
        assert_eq!(after.written_by, Some(office.hall.first));
        assert_eq!(after.seconded_by, Some(office.hall.second));
        let shown = page(&office.auditor, &path).await;
        assert!(
            shown.contains("使用中") && shown.contains("同意して公開"),
            "{shown}"
        );
        // The old one is there, and can be asked for again.
        let old = format!("{LIST}/ROAD/{}", before.version);
        let shown = page(&office.second, &old).await;
        assert!(shown.contains("以前の版") && shown.contains("この版の公開を申請する"));
        office.second.post(&format!("{old}/ask"), &[]).await;
        assert!(page(&office.first, "/").await.contains("の公開"));
        for act in ["emergency.template_asked", "emergency.template_published"] {
            assert!(!office.hall.record(act).await.is_empty(), "{act}");
        }
    }
);

on_both!(
    a_proposal_is_declined_taken_back_or_too_late,
    |office: Office| {
        let path = proposed(&office, &other_road()).await;
        let (decline, withdraw) = (format!("{path}/decline"), format!("{path}/withdraw"));
        let long = "長".repeat(501);
        for reason in ["", "  ", &long] {
            let said = told(&office.second, &decline, &[("reason", reason)]).await;
            assert!(said.contains("1文字から500文字"), "{said}");
        }
        let said = told(&office.second, &withdraw, &[]).await;
        assert!(said.contains("申請した人だけです"), "{said}");
        let why = [("reason", "<b>警察</b>と合わせてから")];
        let said = told(&office.second, &decline, &why).await;
        assert!(
            said.contains("&#60;b&#62;警察") && said.contains("同意されませんでした"),
            "{said}"
        );
        let late = told(&office.second, &decline, &why).await;
        assert!(late.contains("もう一度申請してください"), "{late}");
        // It can be asked for again, and taken back.
        let said = told(&office.first, &format!("{path}/ask"), &[]).await;
        assert!(
            said.contains("もう一人の確認待ち") && !said.contains("警察"),
            "{said}"
        );
        let said = told(&office.first, &withdraw, &[]).await;
        assert!(said.contains("まだ申請されていません"), "{said}");
        // An hour later nobody agrees any more.
        told(&office.first, &format!("{path}/ask"), &[]).await;
        office.town.later(TimeDelta::minutes(61));
        let second = office.again(&office.second).await;
        let shown = page(&second, &path).await;
        assert!(
            shown.contains("期限切れ") && !shown.contains("同意して公開する"),
            "{shown}"
        );
        let said = told(&second, &format!("{path}/agree"), &[("seen", "x")]).await;
        assert!(said.contains("1時間の期限が切れたか"), "{said}");
        // What staff wrote is not forgotten at the next start; what they took back neither.
        template::record(&office.town.db, office.now())
            .await
            .unwrap();
        assert!(page(&second, LIST).await.contains("期限切れ"));
        for act in [
            "emergency.template_declined",
            "emergency.template_withdrawn",
        ] {
            assert_eq!(office.hall.record(act).await.len(), 1, "{act}");
        }
    }
);

on_both!(
    a_new_wording_can_be_chosen_once_it_is_published,
    |office: Office| {
        let flood = file("ROAD").replace("code = \"ROAD\"", "code = \"BUS\"");
        let path = proposed(&office, &flood.replace("\nname = \"", "\nname = \"バスの")).await;
        assert!(
            page(&office.second, &path)
                .await
                .contains("新しい定型文です")
        );
        assert!(
            !page(&office.chief, "/emergencies/new")
                .await
                .contains("バスの")
        );
        agrees(&office, &path).await.leads(&path);
        let chooser = page(&office.chief, "/emergencies/new").await;
        assert!(chooser.contains("バスの"), "{chooser}");
        let saved = office.chief.get(&format!("{path}/file.toml")).await;
        assert_eq!(
            saved.headers()["content-disposition"],
            "attachment; filename=\"BUS.toml\""
        );
        assert!(text(saved).await.contains("code = \"BUS\""));
    }
);

on_both!(
    what_is_no_template_is_refused_line_by_line,
    |office: Office| {
        let before = template::versions(&office.town.db).await.unwrap().len();
        let road = file("ROAD");
        for (text_, says) in [
            (String::new(), "ファイルを選ぶか、文面を貼り付けてください"),
            (
                "  \r\n ".to_owned(),
                "ファイルを選ぶか、文面を貼り付けてください",
            ),
            ("住民のみなさまへ".to_owned(), "TOMLとして読めないか"),
            (road.replace("minutes = 180", "minuets = 180"), "minuets"),
            (
                road.replace("code = \"ROAD\"", "code = \"道\""),
                "code「道」は使えません",
            ),
            (
                road.replace("code = \"ROAD\"", &format!("code = \"{}\"", "A".repeat(21))),
                "20文字まで",
            ),
            (
                road.replace("\nname = \"", "\nname = \"\"\nold = \""),
                "unknown field",
            ),
            (
                road.replace("answers = \"FIX-PART\"", ""),
                "解除・訂正する文面が決まっていません",
            ),
            (
                road.replace("answers = \"FIX-PART\"", "answers = \"NONE\""),
                "という文面がありません",
            ),
            (
                road.replace("道路：{road}", "道路：{rood}"),
                "埋める欄がありません",
            ),
            (
                road.replace("この道路には入らず", "避難勧告です。この道路には入らず"),
                "いまは使われていません",
            ),
            (road.clone(), "いま使用中の文面と同じです"),
            (format!("{road}\n# {}", "長".repeat(30_000)), "長すぎます"),
        ] {
            let answer = hands_in(&office.first, &text_).await;
            assert_eq!(answer.status(), 422, "{says}");
            let told = text(answer).await;
            assert!(told.contains(says), "{says}: {told}");
        }
        // As a file, and one whose bytes are no text.
        let bad = road.replace("\n[ja]", "\n[ja]\nsingal = \"x\"");
        let line = bad
            .lines()
            .position(|line| line.contains("singal"))
            .unwrap()
            + 1;
        let answer = office
            .first
            .send(
                NEW,
                &[("text", "")],
                &[("file", "road.toml", bad.as_bytes())],
            )
            .await;
        assert_eq!(answer.status(), 422);
        let told = text(answer).await;
        assert!(
            told.contains(&format!("{line}行目")) && told.contains("singal"),
            "{told}"
        );
        let answer = office
            .first
            .send(NEW, &[], &[("file", "x.toml", b"\xff\xfe\x00\xd8\x00")])
            .await;
        assert_eq!(answer.status(), 422);
        // Nobody else hands anything in, and nothing is there that is not.
        assert_eq!(hands_in(&office.chief, &other_road()).await.status(), 403);
        for nowhere in [
            "/emergencies/templates/ROAD/000000000000",
            "/emergencies/templates/new?of=ROAD/x",
        ] {
            assert_eq!(office.first.get(nowhere).await.status(), 404, "{nowhere}");
        }
        let nothing = "/emergencies/templates/ROAD/000000000000";
        let gone = office
            .first
            .browser()
            .post(&format!("{nothing}/ask"), &[])
            .await;
        gone.leads(nothing);
        assert_eq!(
            template::versions(&office.town.db).await.unwrap().len(),
            before
        );
    }
);

on_both!(
    a_review_that_is_due_is_told_until_somebody_has_read_it,
    |office: Office| {
        for staff in [&office.chief, &office.first] {
            assert!(!page(staff, "/").await.contains("見直しの期日"));
        }
        let due = file("ROAD").replace("review = 2027-05-20", "review = 2026-11-24");
        let path = proposed(&office, &due).await;
        agrees(&office, &path).await.leads(&path);
        for staff in [&office.chief, &office.first, &office.auditor] {
            let home = page(staff, "/").await;
            assert!(home.contains("見直しの期日が来ています（「"), "{home}");
            assert!(page(staff, LIST).await.contains("期日が来ています"));
        }
        let ready = page(&office.chief, "/emergencies/readiness").await;
        assert!(ready.contains("見直しの期日が来ている定型文"), "{ready}");
        // Read again, with a later day.
        let path = proposed(
            &office,
            &file("ROAD").replace("review = 2027-05-20", "review = 2027-11-24"),
        )
        .await;
        agrees(&office, &path).await.leads(&path);
        assert!(!page(&office.chief, "/").await.contains("見直しの期日"));
    }
);

on_both!(what_a_publication_voids_is_said_before, |night: Night| {
    night.town.resident("花子").await;
    let emergency = night.concurred().await;
    let text = file("WATER").replace("review = 2027-05-20", "review = 2027-06-20");
    let first = night.town.signs_in(night.hall.first).await;
    let second = night.town.signs_in(night.hall.second).await;
    let answer = hands_in(&first, &text).await;
    let path = leads_to(&answer).to_owned();
    let read = page(&second, &path).await;
    assert!(
        read.contains("協議済1件") && read.contains("同意が無効になり"),
        "{read}"
    );
    let seen = hidden(&read, "seen");
    let mut browser = second.browser();
    browser
        .proves(&format!("{path}/agree"), &[("seen", &seen)])
        .await
        .leads(&path);
    // It was agreed to in other words.
    let refused = night.sends(&emergency).await;
    assert_eq!(night.find(&emergency).await.head.sent, None, "{refused:?}");
    assert!(
        template::in_force(&night.town.db)
            .await
            .unwrap()
            .find("WATER")
            .is_some()
    );
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wordings_are_sound_on_a_phone_and_at_a_desk() {
    let office = Office::begin(Engine::Sqlite).await;
    let due = file("EV4").replace("review = 2027-05-20", "review = 2026-11-24");
    let path = proposed(&office, &due).await;
    agrees(&office, &path).await.leads(&path);
    let path = proposed(&office, &other_road()).await;
    let base = format!(
        "{NEW}?of={}",
        path.strip_prefix(&format!("{LIST}/")).unwrap()
    );
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (staff, page, name) in [
            (&office.second, LIST, "wordings"),
            (&office.second, path.as_str(), "wording-decide"),
            (&office.first, path.as_str(), "wording-own"),
            (&office.second, base.as_str(), "wording-new"),
            (&office.chief, "/emergencies/new", "chooser"),
        ] {
            staff.opens(&window, page).await;
            picture(&window, &format!("{name}-{width}")).await;
            nothing_is_wrong(&window).await;
        }
        window.quit().await.unwrap();
    }
}
