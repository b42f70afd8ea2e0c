//! How a broadcast fared, and what a chief makes of what did not arrive, or may not have.

use chrono::TimeDelta;
use kairan::broadcast::response;
use kairan::line::UserId;
use kairan::resident;
use kairan::staff::people::Term;
use line_simulator::{Effect, Fault};
use reqwest::Response;

use super::broadcasts::{Room, TEXT, notice};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;

const MULTICAST: &str = "/v2/bot/message/multicast";

async fn text(response: Response) -> String {
    response.text().await.unwrap()
}

async fn page(staff: &Staff, path: &str) -> String {
    let response = staff.get(path).await;
    assert_eq!(response.status(), 200, "{path}");
    text(response).await
}

impl Room {
    /// Drafted, agreed to, and released.
    async fn releases(&self, title: &str) -> String {
        let path = self.drafts(&notice(title, TEXT, "everyone")).await;
        self.hands_in(&path, "1").await;
        self.agrees(&path).await;
        path
    }

    /// Handed in, for a quarter of an hour.
    async fn hurries(&self, title: &str) -> String {
        let mut fields = notice(title, TEXT, "everyone");
        fields.retain(|(name, _)| !name.starts_with("until-"));
        fields.extend([("until-date", "2026-11-24"), ("until-time", "10:15")]);
        let path = self.drafts(&fields).await;
        self.hands_in(&path, "1").await;
        path
    }

    /// LINE answers so to every envelope, until it is too late.
    async fn loses(&self, title: &str, effect: Effect) -> String {
        let path = self.hurries(title).await;
        self.agrees(&path).await;
        let lost = Fault::with_probability(1.0, effect).on("POST", MULTICAST);
        self.town.line.inject(lost);
        self.sends().await;
        self.town.later(TimeDelta::minutes(15));
        self.sends().await;
        self.town.line.clear_faults();
        path
    }

    /// Somebody whom LINE does not take.
    async fn nobody_lives_there(&self) {
        let bot = line_simulator::Options::default().bot_user_id;
        let (db, now) = (&self.town.db, self.town.clock.now());
        let bot = [UserId::parse(&bot).unwrap()];
        resident::meet(db, now, &bot).await.unwrap();
    }

    /// Everywhere that says where a broadcast stands.
    async fn stands(&self, path: &str, word: &str) {
        let report = format!("{path}/report");
        for at in [
            "/",
            "/broadcasts?tab=past",
            path,
            &report,
            "/calendar",
            "/calendar/2026-11-24",
        ] {
            let shown = page(&self.reader, at).await;
            assert!(shown.contains(word), "{at}: {shown}");
            let whole = word == "配信済";
            assert_eq!(shown.contains("配信済"), whole, "{at}: {shown}");
        }
    }

    /// What the clock does each hour.
    async fn asks_line(&self) {
        let line = &self.town.product.office.line;
        let told = response::fetch(&self.town.db, line, self.town.clock.now());
        told.await.unwrap();
    }

    pub async fn chief(&self) -> Staff {
        let person = self.hall.person("2002").await;
        let term = Term::since(self.hall.today());
        self.hall.granted(self.hall.pr_chief, person, term).await;
        self.town.signs_in(person).await
    }
}

on_both!(
    a_report_tells_people_envelopes_and_who_agreed,
    |room: Room| {
        for name in ["花子", "太郎"] {
            room.town.resident(name).await;
        }
        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        let report = format!("{path}/report");
        let early = room.drafter.get(&report).await;
        assert_eq!(leads_to(&early), path, "there is nothing to tell yet");
        assert_eq!(
            room.drafter.get(&format!("{report}.csv")).await.status(),
            404
        );
        room.hands_in(&path, "1").await;
        room.agrees(&path).await;
        room.sends().await;

        let shown = page(&room.drafter, &report).await;
        for words in [
            "LINEが受け付けた",
            "<svg viewBox",
            "表で見る",
            "起案した人",
            "認めました（",
            "決裁済",
            "すべての便（1）",
        ] {
            assert!(shown.contains(words), "`{words}` is not in {shown}");
        }
        assert!(!shown.contains("届いたかわからない方が"));
        room.stands(&path, "配信済").await;
        let home = page(&room.reader, "/").await;
        assert!(!home.contains("届かなかった") && !home.contains("届いたかわからない"));
        let calls = room.town.line.requests();
        let call = calls.iter().find(|call| call.path == MULTICAST).unwrap();
        assert!(shown.contains(&call.request_id), "LINE's own number of it");

        let amiss = page(&room.drafter, &format!("{report}?which=amiss")).await;
        assert!(amiss.contains("どの便も、LINEが受け付けました"));
        for odd in ["?page=99", "?page=foo", "?page=-1", "?which=foo&page=0"] {
            let odd = page(&room.drafter, &format!("{report}{odd}")).await;
            assert!(odd.contains(&call.request_id), "the page there is");
        }
        for odd in [
            "/broadcasts/foo/report",
            "/broadcasts/019a0000-0000-7000-8000-000000000000/report",
        ] {
            assert_eq!(room.drafter.get(odd).await.status(), 404, "{odd}");
        }

        let file = room.drafter.get(&format!("{report}.csv")).await;
        assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
        let file = file.bytes().await.unwrap();
        let file = std::str::from_utf8(&file).unwrap();
        assert!(file.starts_with('\u{feff}'), "Excel knows it by its mark");
        let rows: Vec<&str> = file.lines().collect();
        assert_eq!(rows.len(), 2, "{file}");
        assert!(rows[1].contains(",受け付けた,2,0,1,2026-11-24T"), "{file}");
    }
);

on_both!(what_went_out_is_not_counted_again, |room: Room| {
    room.town.resident("花子").await;
    let path = room.releases("親子ひろば").await;
    room.sends().await;
    for name in ["太郎", "次郎"] {
        room.town.resident(name).await;
    }
    let shown = page(&room.drafter, &path).await;
    assert!(
        shown.contains("<strong>1人</strong>") && shown.contains("配信した相手の人数"),
        "{shown}"
    );
});

on_both!(
    a_stopped_broadcast_says_how_many_still_wait,
    |room: Room| {
        room.town.resident("花子").await;
        let path = room.releases("親子ひろば").await;
        room.town.product.releasing.turn().await.unwrap();
        room.drafter.post(&format!("{path}/stop"), &[]).await;
        let shown = page(&room.drafter, &format!("{path}/report")).await;
        for words in [
            "職員が止めました",
            "止まっていて送っていない",
            "まだ終わっていません",
        ] {
            assert!(shown.contains(words), "`{words}` is not in {shown}");
        }
    }
);

on_both!(
    what_nobody_can_know_is_closed_by_the_owners_chief_with_a_note,
    |room: Room| {
        room.town.resident("花子").await;
        let path = room.loses("親子ひろば", Effect::LostAnswer).await;
        room.stands(&path, "届いたか不明").await;
        let report = format!("{path}/report");
        let close = format!("{report}/close");
        let chief = room.chief().await;
        for staff in [&chief, &room.drafter] {
            let home = page(staff, "/").await;
            assert!(
                home.contains("「親子ひろば」が、届いたかわからない方がいます（1人）。"),
                "{home}"
            );
        }

        let note = "ホームページと広報紙で同じことを知らせました";
        for staff in [&room.drafter, &room.reader] {
            let shown = page(staff, &report).await;
            assert!(
                shown.contains("届いたかわからない方がいます（1人）"),
                "{shown}"
            );
            assert!(
                !shown.contains("記録して整理を済ませる"),
                "only the chief closes"
            );
            staff.post(&close, &[("note", note)]).await;
        }
        let shown = page(&chief, &report).await;
        assert!(
            shown.contains("記録して整理を済ませる") && !shown.contains(note),
            "{shown}"
        );

        let too_long = "長".repeat(1001);
        for odd in ["", "  ", &too_long] {
            let refused = chief.post(&close, &[("note", odd)]).await;
            assert_eq!(refused.status(), 422);
            let refused = text(refused).await;
            assert!(refused.contains("1文字から1000文字まで") && refused.contains(odd.trim()));
        }
        let closed = chief.post(&close, &[("note", note)]).await;
        assert_eq!(leads_to(&closed), report);
        let again = chief.post(&close, &[("note", "もう一度")]).await;
        assert_eq!(leads_to(&again), report);
        let shown = page(&room.drafter, &report).await;
        assert!(
            shown.contains(note) && shown.contains("整理は済んでいます"),
            "{shown}"
        );
        assert!(!shown.contains("もう一度"), "it is written once");
        for staff in [&chief, &room.drafter] {
            assert!(!page(staff, "/").await.contains("届いたかわからない方"));
        }
        let query = kairan::audit::Query {
            act: Some("broadcast.closed".to_owned()),
            ..kairan::audit::Query::default()
        };
        let found = kairan::audit::search(&room.town.db, &query).await.unwrap();
        assert_eq!(found.total, 1, "and it is on record");
    }
);

on_both!(
    what_came_to_nobody_is_an_alarm_until_a_chief_closes_it,
    |room: Room| {
        room.town.resident("花子").await;
        let path = room.loses("親子ひろば", Effect::RateLimited).await;
        room.stands(&path, "届かず").await;
        let report = format!("{path}/report");
        let alarm = "「親子ひろば」が、届かなかった方がいます（1人）。";
        for staff in [&room.drafter, &room.reader] {
            let home = page(staff, "/").await;
            assert!(home.contains(alarm) && home.contains(&report), "{home}");
        }
        let chief = room.chief().await;
        let shown = page(&chief, &report).await;
        for words in ["届ける期限を過ぎました", "記録して整理を済ませる"] {
            assert!(shown.contains(words), "`{words}` is not in {shown}");
        }
        let note = [("note", "広報車で知らせました")];
        let closed = chief.post(&format!("{report}/close"), &note).await;
        assert_eq!(leads_to(&closed), report);
        for staff in [&chief, &room.drafter, &room.reader] {
            assert!(!page(staff, "/").await.contains("届かなかった方"));
        }
        room.stands(&path, "届かず").await;
    }
);

on_both!(whom_line_refused_is_an_alarm, |room: Room| {
    room.town.resident("花子").await;
    room.nobody_lives_there().await;
    let path = room.releases("親子ひろば").await;
    room.sends().await;
    room.stands(&path, "一部届かず").await;
    let home = page(&room.drafter, "/").await;
    assert!(
        home.contains("「親子ひろば」が、届かなかった方がいます（1人）。"),
        "{home}"
    );
});

on_both!(one_refused_among_many_is_no_alarm, |room: Room| {
    crate::delivery::post::people(&room.town.db, &room.town.line, 100).await;
    room.nobody_lives_there().await;
    let path = room.releases("親子ひろば").await;
    room.sends().await;
    room.stands(&path, "一部届かず").await;
    let home = page(&room.drafter, "/").await;
    assert!(!home.contains("届かなかった"), "{home}");
    let shown = page(&room.drafter, &format!("{path}/report")).await;
    assert!(shown.contains("届かなかった方がいます（1人）"), "{shown}");
});

on_both!(
    what_was_never_sent_is_told_until_it_is_seen_to,
    |room: Room| {
        let told = "」が、配信されないまま期限を過ぎました。";
        let seen = room.hurries("親子ひろば").await;
        let left = room.hurries("冬の図書館").await;
        room.agrees(&seen).await;
        room.town.later(TimeDelta::minutes(16));
        room.sends().await;
        let home = page(&room.drafter, "/").await;
        assert!(
            home.contains("など2件が、配信されないまま期限を過ぎました。"),
            "{home}"
        );
        let withdrawn = room.drafter.post(&format!("{seen}/withdraw"), &[]).await;
        assert_eq!(leads_to(&withdrawn), seen);
        let home = page(&room.drafter, "/").await;
        assert!(
            home.contains(&format!("「冬の図書館{told}")) && home.contains(&left),
            "{home}"
        );
        room.town.later(TimeDelta::days(3));
        // Sessions end over night.
        let drafter = room.town.signs_in(room.drafter.person).await;
        assert!(!page(&drafter, "/").await.contains(told));
    }
);

on_both!(
    what_residents_did_is_told_the_day_after_and_of_few_nothing,
    |room: Room| {
        let people = crate::delivery::post::people(&room.town.db, &room.town.line, 30).await;
        let path = room.releases("親子ひろば").await;
        room.sends().await;
        let report = format!("{path}/report");
        let shown = page(&room.drafter, &report).await;
        assert!(shown.contains("LINEの集計は、配信の次の日から"), "{shown}");
        room.asks_line().await;
        for (_, user) in &people[..25] {
            room.town.line.open_chat(user).unwrap();
        }
        let asked = |room: &Room| {
            let calls = room.town.line.requests().into_iter();
            // By then LINE's token is too old, and renewed.
            let told = calls.filter(|call| call.status == 200);
            told.filter(|call| call.path.ends_with("/event/aggregation"))
                .count()
        };
        assert_eq!(asked(&room), 0, "LINE has no numbers on the day itself");

        room.town.later(TimeDelta::hours(24));
        let job = "fetch-responses".parse().unwrap();
        kairan::scheduler::run_if_due(&room.town.product.office, job).await;
        room.asks_line().await;
        assert_eq!(asked(&room), 1, "once a day");
        let chief = room.chief().await;
        let shown = page(&chief, &report).await;
        for words in [
            "25<span class=\"unit\">人",
            "20人未満のため表示されません",
            "11月24日(火)までの",
        ] {
            assert!(shown.contains(words), "`{words}` is not in {shown}");
        }

        for (_, user) in &people[25..] {
            room.town.line.open_chat(user).unwrap();
        }
        room.town.later(TimeDelta::hours(24));
        let refused = Fault::next(1, Effect::RateLimited).on("GET", "/v2/bot/insight");
        room.town.line.inject(refused);
        room.asks_line().await;
        // Sessions end over night.
        let chief = room.town.signs_in(chief.person).await;
        let before = page(&chief, &report).await;
        assert!(before.contains("25<span"), "LINE has had enough for now");
        room.asks_line().await;
        let shown = page(&chief, &report).await;
        assert!(shown.contains("30<span class=\"unit\">人"), "{shown}");

        room.town.later(TimeDelta::days(20));
        let before = asked(&room);
        room.asks_line().await;
        assert_eq!(asked(&room), before, "LINE counts no further");
    }
);

on_both!(names_for_line_are_not_used_up, |room: Room| {
    room.town.resident("花子").await;
    let used = |n: i32| kairan::delivery::NewDispatch {
        unit: Some(kairan::line::client::Unit::parse(format!("u{n}")).unwrap()),
        // Not to stand in the way.
        valid_until: room.town.clock.now() + TimeDelta::seconds(1),
        ..crate::delivery::notice(&n.to_string())
    };
    let tx = room.town.db.begin().await.unwrap();
    for n in 0..900 {
        kairan::delivery::open(&tx, room.town.clock.now(), used(n))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    room.releases("親子ひろば").await;
    room.sends().await;
    let calls = room.town.line.requests();
    let call = calls.iter().find(|call| call.path == MULTICAST).unwrap();
    assert_eq!(
        call.json()["customAggregationUnits"],
        serde_json::Value::Null
    );
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_are_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    crate::delivery::post::people(&room.town.db, &room.town.line, 3_200).await;
    let lost = room.loses("冬の図書館", Effect::LostAnswer).await;
    let sent = room.releases("親子ひろば").await;
    let troubled = Fault::with_probability(0.5, Effect::ServerError).on("POST", MULTICAST);
    room.town.line.inject(troubled);
    room.sends().await;
    room.town.line.clear_faults();
    let chief = room.chief().await;
    let pages = [
        (format!("{sent}/report"), "report"),
        (format!("{lost}/report"), "report-unknown"),
    ];
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let told = async {
            for (path, name) in &pages {
                chief.opens(&window, path).await;
                picture(&window, &format!("{name}-{width}")).await;
                nothing_is_wrong(&window).await;
            }
        };
        told.await;
        window.quit().await.unwrap();
    }
}
