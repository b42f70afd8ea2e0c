//! The calendar: what goes out on which day, and what is said on it.

use chrono::TimeDelta;
use kairan::staff::people::{NewPerson, Place, PostKind, Term};

use super::broadcasts::{Room, TEXT, notice};
use crate::on_both;
use crate::staff::named;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::Staff;
use crate::support::database::Engine;

async fn page(staff: &Staff, path: &str) -> String {
    let response = staff.get(path).await;
    let status = response.status();
    let page = response.text().await.unwrap();
    assert_eq!(status, 200, "{path}: {page}");
    page
}

impl Room {
    /// A draft for 3 December at half past ten; gives its path.
    async fn plans(&self, title: &str) -> String {
        let mut fields = notice(title, TEXT, "everyone");
        fields.retain(|(name, _)| !name.starts_with("until-"));
        fields.extend([
            ("send-date", "2026-12-03"),
            ("send-time", "10:30"),
            ("until-date", "2026-12-03"),
            ("until-time", "18:00"),
        ]);
        self.drafts(&fields).await
    }
}

on_both!(
    the_calendar_has_what_is_written_waits_and_went_out,
    |room: Room| {
        room.town.resident("花子").await;
        let draft = room.plans("冬の図書館").await;
        let waiting = room.plans("親子ひろば").await;
        room.hands_in(&waiting, "1").await;
        let sent = room.drafts(&notice("水道工事", TEXT, "everyone")).await;
        room.hands_in(&sent, "1").await;
        room.agrees(&sent).await;
        room.sends().await;

        let december = page(&room.reader, "/calendar?month=2026-12").await;
        for words in [
            "2026年12月",
            "冬の図書館",
            "起案中",
            "親子ひろば",
            "決裁待ち",
            "10:30",
        ] {
            assert!(december.contains(words), "`{words}` is not in {december}");
        }
        assert!(december.contains(&draft) && !december.contains("水道工事"));
        let november = page(&room.reader, "/calendar").await;
        assert!(november.contains("2026年11月") && november.contains("きょう"));
        assert!(november.contains("水道工事") && november.contains("配信済"));

        let day = page(&room.reader, "/calendar/2026-12-03").await;
        assert!(
            day.contains("中央公民館") && day.contains("いまの登録で数えた人数"),
            "{day}"
        );
        let today = page(&room.reader, "/calendar/2026-11-24").await;
        assert!(
            today.contains("<strong>1人</strong>"),
            "those it was sent to: {today}"
        );

        // A contractor's people see what went out.
        let hall = &room.hall;
        let days = Term::between(hall.today(), hall.today() + TimeDelta::days(100)).unwrap();
        let firm = hall.contractor("株式会社みどり広報", days).await;
        let place = Place::Organisation(hall.roster().await.organisations[&firm].clone());
        let post = hall.post(PostKind::ContractPoster, "投稿担当", place).await;
        let poster = NewPerson {
            organisation: Some(firm),
            ..named("K-1")
        };
        let poster = hall.add(&poster).await;
        hall.granted(post, poster, days).await;
        let poster = room.town.signs_in(poster).await;
        assert!(
            !page(&poster, "/calendar?month=2026-12")
                .await
                .contains("親子ひろば")
        );
        assert!(
            !page(&poster, "/calendar/2026-12-03")
                .await
                .contains("中央公民館")
        );
        assert!(page(&poster, "/calendar").await.contains("水道工事"));
    }
);

on_both!(
    reminders_stand_in_the_calendar_a_year_ahead,
    |room: Room| {
        let december = page(&room.reader, "/calendar?month=2026-12").await;
        assert!(!december.contains("あすのごみ"), "nobody asked for it");
        room.town.resident("花子").await.registers().await;
        let december = page(&room.reader, "/calendar?month=2026-12").await;
        for words in [
            "あすのごみ",
            "19:00",
            "地区",
            "子育て",
            "3〜4か月児健診",
            "ほか",
        ] {
            assert!(december.contains(words), "`{words}` is not in {december}");
        }
        let next_year = page(&room.reader, "/calendar?month=2027-11").await;
        assert!(next_year.contains("2027年11月") && next_year.contains("3〜4か月児健診"));
        assert!(
            !next_year.contains("次の月"),
            "further ahead nothing is planned"
        );

        let today = page(&room.reader, "/calendar/2026-11-24").await;
        for words in [
            "明日11月25日(水)は、ペットボトルの収集日です。",
            "Tomorrow, Wed, 25 Nov",
            "本町1丁目",
            "10人未満",
        ] {
            assert!(today.contains(words), "`{words}` is not in {today}");
        }
        let first = page(&room.reader, "/calendar/2026-12-01").await;
        assert!(
            first.contains("3〜4か月児健診") && first.contains("2026年9月生まれ"),
            "{first}"
        );
        let past = page(&room.reader, "/calendar/2026-11-23").await;
        assert!(past.contains("きょうから先だけ") && !past.contains("収集日です"));
    }
);

on_both!(odd_months_and_days_are_answered, |room: Room| {
    for odd in [
        "foo",
        "",
        "2026-13",
        "0000-00",
        "2031-01",
        "1990-01",
        "2026-12-01",
    ] {
        let shown = page(&room.reader, &format!("/calendar?month={odd}")).await;
        assert!(shown.contains("2026年11月"), "{odd}");
    }
    for odd in [
        "foo",
        "2026-02-30",
        "2031-01-01",
        "1990-01-01",
        "99999-01-01",
    ] {
        let path = format!("/calendar/{odd}");
        assert_eq!(room.reader.get(&path).await.status(), 404, "{odd}");
    }
    page(&room.reader, "/calendar?month=2020-02").await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_calendar_is_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    room.town.resident("花子").await.registers().await;
    room.plans("冬の図書館の開館時間").await;
    let waiting = room.plans("親子ひろば").await;
    room.hands_in(&waiting, "1").await;
    let pages = [
        ("/calendar", "calendar"),
        ("/calendar?month=2026-12", "calendar-ahead"),
        ("/calendar?month=2026-03", "calendar-empty"),
        ("/calendar/2026-12-03", "calendar-day"),
        ("/calendar/2026-12-01", "calendar-day-first"),
    ];
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let told = async {
            for (path, name) in pages {
                room.reader.opens(&window, path).await;
                picture(&window, &format!("{name}-{width}")).await;
                nothing_is_wrong(&window).await;
            }
        };
        told.await;
        window.quit().await.unwrap();
    }
}
