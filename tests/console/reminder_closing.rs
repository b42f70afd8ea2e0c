//! What nobody can know of a reminder, or did not arrive: told until a chief closes it with a note.

use kairan::reminder::{self, Key};
use line_simulator::{Effect, Fault};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};

use crate::delivery::post::MULTICAST;
use crate::on_both;
use crate::reminders::{LAST, Room};
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;

const DAY: &str = "/calendar/2026-11-24";
const CLOSE: &str = "/calendar/2026-11-24/close";
const OCCASION: &str = "garbage/2026-11-25/before-19:00";
const ALARM: &str = "11月24日(火) 19:00の定期お知らせ「あすのごみ（11月25日(水)の収集）」が、届いたかわからない方がいます";
const LATE: &str = "11月24日(火) 19:00の定期お知らせ「あすのごみ（11月25日(水)の収集）」が、届かなかった方がいます（10人未満）。";
const NOTE: &str = "市のホームページで<b>同じこと</b>を知らせました";
/// The same on a page.
const SHOWN: &str = "市のホームページで&#60;b&#62;同じこと&#60;/b&#62;を知らせました";

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

impl Room {
    /// An evening on which LINE answers so, until it was too late.
    async fn loses_an_evening(&self, effect: Effect) {
        self.resident("本町1丁目", "before-19:00", None, &[]).await;
        self.in_force(&Key::Garbage, LAST).await;
        let lost = Fault::with_probability(1.0, effect).on("POST", MULTICAST);
        self.town.line.inject(lost);
        self.at("2026-11-24T19:00:00");
        self.town.product.releasing.turn().await.unwrap();
        self.town.product.sender.step().await.unwrap();
        self.at("2026-11-24T21:00:00");
        self.turn().await;
        self.town.line.clear_faults();
    }

    async fn closings(&self) -> u64 {
        let found = entity::reminder_closing::Entity::find();
        found.count(self.town.db.conn()).await.unwrap()
    }
}

async fn closes(staff: &Staff, note: &str) -> reqwest::Response {
    staff
        .post(CLOSE, &[("occasion", OCCASION), ("note", note)])
        .await
}

on_both!(
    what_nobody_can_know_of_a_reminder_is_told_until_a_chief_closes_it,
    |room: Room| {
        room.loses_an_evening(Effect::LostAnswer).await;
        // Not only for some days.
        room.at("2026-12-01T10:00:00");
        let chief = room.town.signs_in(room.pr_chief).await;
        let colleague = room.town.signs_in(room.pr_staff).await;
        for staff in [&chief, &colleague] {
            let home = page(staff, "/").await;
            assert!(home.contains(ALARM) && home.contains(DAY), "{home}");
        }

        let asked = format!("{CLOSE}?occasion={OCCASION}");
        assert!(!page(&colleague, DAY).await.contains(&asked));
        assert_eq!(leads_to(&colleague.get(&asked).await), DAY);
        assert_eq!(leads_to(&closes(&colleague, NOTE).await), DAY);
        assert_eq!(room.closings().await, 0, "only the chief closes");
        let day = page(&chief, DAY).await;
        assert!(day.contains("整理する") && !day.contains(SHOWN), "{day}");
        let form = page(&chief, &asked).await;
        assert!(form.contains("記録して整理を済ませる"), "{form}");

        let too_long = "長".repeat(1001);
        for odd in ["", "  ", &too_long] {
            let refused = closes(&chief, odd).await;
            assert_eq!(refused.status(), 422);
            let refused = refused.text().await.unwrap();
            assert!(refused.contains("1文字から1000文字まで") && refused.contains(odd.trim()));
        }
        let nothing = [
            ("occasion", "garbage/2026-11-26/before-19:00"),
            ("note", NOTE),
        ];
        assert_eq!(chief.post(CLOSE, &nothing).await.status(), 404);

        assert_eq!(leads_to(&closes(&chief, NOTE).await), DAY);
        assert_eq!(leads_to(&closes(&chief, "もう一度").await), DAY);
        assert_eq!(leads_to(&chief.get(&asked).await), DAY);
        let day = page(&colleague, DAY).await;
        assert!(
            day.contains(SHOWN) && day.contains("12月1日(火) 10:00に記録しました"),
            "{day}"
        );
        assert!(
            !day.contains("もう一度") && !day.contains("整理する"),
            "once"
        );
        assert!(!page(&chief, "/").await.contains("届いたかわからない方"));
        let record = room.hall.record("reminder.closed").await;
        assert_eq!(record.len(), 1);
        assert_eq!(record[0].actor, Some(room.pr_chief));
        assert_eq!(record[0].detail["occasion"], OCCASION);
        assert_eq!(record[0].detail["reason"], NOTE);
    }
);

on_both!(
    a_lost_evening_is_told_until_a_chief_closes_it,
    |room: Room| {
        room.loses_an_evening(Effect::RateLimited).await;
        let chief = room.town.signs_in(room.pr_chief).await;
        let colleague = room.town.signs_in(room.pr_staff).await;
        for staff in [&chief, &colleague] {
            let home = page(staff, "/").await;
            assert!(home.contains(LATE) && home.contains(DAY), "{home}");
            let day = page(staff, DAY).await;
            assert!(
                day.contains("届かず") && day.contains("送る期限を過ぎました"),
                "{day}"
            );
        }
        let form = page(&chief, &format!("{CLOSE}?occasion={OCCASION}")).await;
        assert!(form.contains("届かなかった方がいます"), "{form}");
        assert_eq!(leads_to(&closes(&chief, NOTE).await), DAY);
        assert!(page(&colleague, DAY).await.contains(SHOWN));
        for staff in [&chief, &colleague] {
            assert!(!page(staff, "/").await.contains("届かなかった方"));
        }
    }
);

on_both!(
    what_was_made_of_it_stays_as_written_and_goes_with_what_was_said,
    |room: Room| {
        room.loses_an_evening(Effect::LostAnswer).await;
        let chief = room.town.signs_in(room.pr_chief).await;
        closes(&chief, NOTE).await;
        assert_eq!(room.closings().await, 1);
        let (db, conn) = (&room.town.db, room.town.db.conn());
        let kept = entity::reminder_closing::Entity::find_by_id(OCCASION);
        let mut other = kept.one(conn).await.unwrap().unwrap().into_active_model();
        other.note = Set("ちがうこと".to_owned());
        let written_over = other.update(conn).await.unwrap_err().to_string();
        assert!(written_over.contains("written once"), "{written_over}");
        let erased = entity::reminder_closing::Entity::delete_many().exec(conn);
        let erased = erased.await.unwrap_err().to_string();
        assert!(erased.contains("as long as what was said"), "{erased}");

        room.at("2026-12-24T10:00:00");
        let now = room.town.clock.now();
        reminder::forget(db, now, 92).await.unwrap();
        assert_eq!(room.closings().await, 1);
        reminder::forget(db, now, 10).await.unwrap();
        assert_eq!(room.closings().await, 0);
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_is_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    room.loses_an_evening(Effect::LostAnswer).await;
    let chief = room.town.signs_in(room.pr_chief).await;
    let asked = format!("{CLOSE}?occasion={OCCASION}");
    let driver = Driver::start();
    for closed in [false, true] {
        if closed {
            closes(&chief, NOTE).await;
        }
        for (width, height) in [(390, 844), (1280, 900)] {
            let window = driver.window(width, height).await;
            let pages = match closed {
                false => vec![
                    ("/", "home-unknown"),
                    (DAY, "day-unknown"),
                    (&*asked, "close"),
                ],
                true => vec![(DAY, "day-closed")],
            };
            for (path, name) in pages {
                chief.opens(&window, path).await;
                picture(&window, &format!("reminder-{name}-{width}")).await;
                nothing_is_wrong(&window).await;
            }
            window.quit().await.unwrap();
        }
    }
}
