//! What sends by itself, from a list of rules to a phone: handed in together, read, agreed to, taken back.

use kairan::audit::Actor;
use kairan::childcare;
use kairan::reminder::Key;
use kairan::table::{Source, Strictness};
use line_simulator::Quota;

use crate::on_both;
use crate::reminders::{LAST, next_for_a_child};
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;
use crate::support::town::SAMPLE;

/// Everybody who has to do with reminders, signed in.
pub struct Room {
    pub stories: crate::reminders::Room,
    pub drafter: Staff,
    pub reader: Staff,
}

impl Begin for Room {
    async fn begin(engine: Engine) -> Self {
        let stories = crate::reminders::Room::begin(engine).await;
        Self {
            drafter: stories.town.signs_in(stories.drafter).await,
            reader: stories.town.signs_in(stories.pr_staff).await,
            stories,
        }
    }
}

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// What a page's ticks send.
fn ticks(page: &str) -> Vec<String> {
    let ticks = page.split("name=\"notice\" value=\"").skip(1);
    ticks
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

fn form<'a>(ticks: &'a [String], also: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let ticks = ticks.iter().map(|tick| ("notice", tick.as_str()));
    ticks.chain(also.iter().copied()).collect()
}

const HAND_IN: &str = "/reminders/hand-in";
const DECIDE: &str = "/reminders/decide";

on_both!(
    a_years_rules_are_handed_in_read_and_agreed_to_together,
    |room: Room| {
        let (day, key, child) = next_for_a_child(&room.stories).await;
        let mother = room.stories.resident("-", "none", None, &[child]).await;
        let home = page(&room.drafter, "/").await;
        assert!(home.contains("決裁されていないため送られません"));

        let asked = page(&room.drafter, HAND_IN).await;
        let rules = ticks(&asked);
        assert!(rules.len() > 20, "{}", rules.len());
        assert!(
            rules.iter().all(|tick| tick.starts_with("childcare/")),
            "what their section looks after"
        );
        let sent = form(&rules, &[("until", "2027-03-31")]);
        let done = room.drafter.post(HAND_IN, &sent).await;
        assert_eq!(leads_to(&done), "/reminders");
        assert_eq!(ticks(&page(&room.drafter, HAND_IN).await), [""; 0]);
        assert_eq!(
            ticks(&page(&room.drafter, DECIDE).await),
            [""; 0],
            "their own"
        );

        let home = page(&room.reader, "/").await;
        assert!(home.contains(&format!("定期お知らせ{}件の決裁", rules.len())));
        let reading = page(&room.reader, DECIDE).await;
        assert_eq!(ticks(&reading).len(), rules.len());
        let timetable = kairan::childcare::timetable(&room.stories.town.db)
            .await
            .unwrap();
        let first = &timetable.all()[0];
        assert!(reading.contains(&first.text), "what residents will read");
        let agreed = ticks(&reading);
        let long = "長".repeat(501);
        let too_long = [("verdict", "agree"), ("note", long.as_str())];
        let too_long = form(&agreed[1..], &too_long);
        let refused = room.reader.post(DECIDE, &too_long).await;
        assert_eq!(refused.status(), 422);
        let again = refused.text().await.unwrap();
        let kept = again.matches(" checked><span>").count();
        assert!(
            again.contains("認めた記録を、1文字から500文字まで") && again.contains(&long),
            "{again}"
        );
        assert_eq!(kept, agreed.len() - 1, "ticks stay as they were");
        let note = [("verdict", "agree"), ("note", "年度の決まりを読み合わせた")];
        let agreed = form(&agreed, &note);
        let done = room.reader.post(DECIDE, &agreed).await;
        assert_eq!(leads_to(&done), "/reminders");
        let list = page(&room.drafter, "/reminders").await;
        assert_eq!(list.matches("決裁済（2027年3月31日").count(), rules.len());
        assert!(
            !page(&room.drafter, "/")
                .await
                .contains("決裁されていないため送られません")
        );
        let of_rule = page(&room.drafter, &format!("/reminders/of/{key}")).await;
        assert!(of_rule.contains("が認めました") && of_rule.contains("照合番号"));
        assert!(of_rule.contains("認めた記録：年度の決まりを読み合わせた"));

        room.stories.at(&format!("{day}T10:00:00"));
        room.stories.turn().await;
        assert_eq!(room.stories.told(&mother).len(), 1);
    }
);

on_both!(what_is_sent_back_says_why, |room: Room| {
    let rules = ticks(&page(&room.drafter, HAND_IN).await);
    for (until, status) in [("", 422), ("2026-11-23", 422), ("2028-01-01", 422)] {
        let sent = form(&rules[..2], &[("until", until)]);
        let refused = room.drafter.post(HAND_IN, &sent).await;
        assert_eq!(refused.status(), status, "{until}");
    }
    let nothing = room.drafter.post(HAND_IN, &[("until", "2027-03-31")]).await;
    assert_eq!(nothing.status(), 422, "nothing is ticked");
    // What was read is not what is there.
    let other = [rules[0].replace(char::is_numeric, "0")];
    let sent = form(&other, &[("until", "2027-03-31")]);
    assert_eq!(leads_to(&room.drafter.post(HAND_IN, &sent).await), HAND_IN);

    let sent = form(&rules[..2], &[("until", "2027-03-31")]);
    room.drafter.post(HAND_IN, &sent).await;
    let waiting = ticks(&page(&room.reader, DECIDE).await);
    assert_eq!(waiting.len(), 2);
    let unsaid = form(&waiting, &[("verdict", "return"), ("reason", " ")]);
    assert_eq!(room.reader.post(DECIDE, &unsaid).await.status(), 422);
    let back = form(
        &waiting,
        &[("verdict", "return"), ("reason", "リンク先が古いようです")],
    );
    assert_eq!(
        leads_to(&room.reader.post(DECIDE, &back).await),
        "/reminders"
    );
    let key = waiting[0].split(' ').next().unwrap();
    let shown = page(&room.drafter, &format!("/reminders/of/{key}")).await;
    assert!(shown.contains("差戻し") && shown.contains("リンク先が古いようです"));
    // It can be handed in again by itself.
    let again = page(&room.drafter, &format!("{HAND_IN}?of={key}")).await;
    assert_eq!(ticks(&again).len(), 1);
});

on_both!(what_is_over_asks_for_nothing, |room: Room| {
    // One rule ended in October, the other goes on.
    let sample = std::fs::read_to_string(format!("{SAMPLE}/childcare.csv")).unwrap();
    let rules: Vec<&str> = sample.lines().take(2).collect();
    let [head, goes_on] = rules[..] else {
        panic!("{sample}")
    };
    let over = "over,訪問,終わった訪問,birth_date,P7D,,,勧奨,1,childcare,昨年度までの訪問です。,,,,,2026-10-31,,,,";
    let file = Source::new("childcare.csv", [head, goes_on, over].join("\n"));
    let (db, now) = (&room.stories.town.db, room.stories.town.clock.now());
    let read = childcare::import(db, now, Actor::Operator, &file, Strictness::Strict).await;
    assert_eq!(read.unwrap().findings, []);

    let asked = ticks(&page(&room.drafter, HAND_IN).await);
    assert_eq!(asked.len(), 1, "{asked:?}");
    let home = page(&room.drafter, "/").await;
    assert!(
        home.contains("は、決裁されていないため送られません") && !home.contains("終わった訪問")
    );
    let sent = form(&asked, &[("until", "2027-03-31")]);
    room.drafter.post(HAND_IN, &sent).await;
    let waiting = ticks(&page(&room.reader, DECIDE).await);
    room.reader
        .post(DECIDE, &form(&waiting, &[("verdict", "agree")]))
        .await;
    let home = page(&room.drafter, "/").await;
    assert!(!home.contains("決裁されていないため送られません"), "{home}");
});

on_both!(what_is_taken_back_goes_to_nobody, |room: Room| {
    let rules = ticks(&page(&room.drafter, HAND_IN).await);
    let sent = form(&rules[..1], &[("until", "2027-03-31")]);
    room.drafter.post(HAND_IN, &sent).await;
    let waiting = ticks(&page(&room.reader, DECIDE).await);
    room.reader
        .post(DECIDE, &form(&waiting, &[("verdict", "agree")]))
        .await;
    let key = waiting[0].split(' ').next().unwrap();
    let withdraw = format!("/reminders/withdraw/{key}");
    assert!(
        page(&room.drafter, &withdraw)
            .await
            .contains("だれにも送られません")
    );
    let done = room.drafter.post(&withdraw, &[]).await;
    assert_eq!(leads_to(&done), format!("/reminders/of/{key}"));
    assert!(
        page(&room.drafter, &format!("/reminders/of/{key}"))
            .await
            .contains("未決裁")
    );
    assert_eq!(
        room.drafter
            .get("/reminders/of/childcare/nobody")
            .await
            .status(),
        404
    );
});

const DAY: &str = "/calendar/2026-11-24";
const OCCASION: (&str, &str) = ("occasion", "garbage/2026-11-25/before-19:00");

on_both!(
    an_evening_that_stopped_is_an_alarm_and_goes_on_when_it_is_resumed,
    |room: Room| {
        let stories = &room.stories;
        let one = stories
            .resident("本町1丁目", "before-19:00", None, &[])
            .await;
        let two = stories
            .resident("本町2丁目", "before-19:00", None, &[])
            .await;
        stories.in_force(&Key::Garbage, LAST).await;
        let approved = page(&room.reader, DAY).await;
        assert!(
            approved.contains("決裁済") && approved.contains("が認めました"),
            "who agreed to it: {approved}"
        );
        stories.town.line.set_quota(Quota::Limited(1));
        stories.at("2026-11-24T19:00:00");
        stories.turn().await;

        let reader = stories.town.signs_in(stories.pr_staff).await;
        let drafter = stories.town.signs_in(stories.drafter).await;
        let what = "11月24日(火) 19:00の定期お知らせ「あすのごみ（11月25日(水)の収集）」の送信が、途中で止まりました。";
        let home = page(&reader, "/").await;
        assert!(home.contains(what) && home.contains(DAY), "{home}");
        let day = page(&reader, DAY).await;
        for words in [
            "停止中",
            "今月送れる通数が足りない",
            "まだ送っていない",
            "再開する",
        ] {
            assert!(day.contains(words), "`{words}` is not in {day}");
        }
        assert!(!page(&drafter, DAY).await.contains("再開する"));
        let resume = format!("{DAY}/resume");
        let (name, occasion) = OCCASION;
        let asked = page(&reader, &format!("{resume}?{name}={occasion}")).await;
        assert!(asked.contains("二度届きません"), "{asked}");

        stories.town.line.set_quota(Quota::Unlimited);
        drafter.post(&resume, &[OCCASION]).await;
        stories.turn().await;
        assert!(stories.told(&one).is_empty(), "it is the PR section's");
        let resumed = reader.post(&resume, &[OCCASION]).await;
        assert_eq!(leads_to(&resumed), DAY);
        stories.turn().await;
        for person in [&one, &two] {
            assert_eq!(stories.told(person).len(), 1);
        }
        assert!(!page(&reader, "/").await.contains(what));
        let day = page(&reader, DAY).await;
        assert!(
            day.contains("送信済") && day.contains("LINEが受け付けた"),
            "{day}"
        );
        let odd = [("occasion", "garbage/2026-11-26/before-19:00")];
        assert_eq!(reader.post(&resume, &odd).await.status(), 404);
    }
);

on_both!(an_evening_that_nobody_sent_is_an_alarm, |room: Room| {
    let stories = &room.stories;
    stories
        .resident("本町1丁目", "before-19:00", None, &[])
        .await;
    stories.in_force(&Key::Garbage, LAST).await;
    stories.turn().await;
    stories.at("2026-11-25T08:00:00");
    stories.turn().await;
    let reader = stories.town.signs_in(stories.pr_staff).await;
    let home = page(&reader, "/").await;
    let what = "11月24日(火) 19:00の定期お知らせ「あすのごみ（11月25日(水)の収集）」が、送られないまま時刻を過ぎました。";
    assert!(home.contains(what), "{home}");
    let day = page(&reader, DAY).await;
    assert!(
        day.contains("送らずじまい") && day.contains("送った記録がない"),
        "{day}"
    );
    let today = page(&reader, "/calendar/2026-11-25").await;
    assert!(!today.contains("送らずじまい"));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reminders_are_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    let rules = ticks(&page(&room.drafter, HAND_IN).await);
    let sent = form(&rules[..3], &[("until", "2027-03-31")]);
    room.drafter.post(HAND_IN, &sent).await;
    let waiting = ticks(&page(&room.reader, DECIDE).await);
    let agreed = form(&waiting[..1], &[("verdict", "agree")]);
    room.reader.post(DECIDE, &agreed).await;
    let of = |tick: &str| format!("/reminders/of/{}", tick.split(' ').next().unwrap());
    let (agreed, waits) = (of(&waiting[0]), of(&waiting[1]));
    let withdraw = agreed.replace("/of/", "/withdraw/");
    let pages = [
        (&room.drafter, "/", "home-drafter"),
        (&room.reader, "/reminders", "reminders"),
        (&room.drafter, HAND_IN, "reminders-hand-in"),
        (&room.reader, DECIDE, "reminders-decide"),
        (&room.reader, "/reminders/of/garbage", "reminder-garbage"),
        (&room.drafter, agreed.as_str(), "reminder"),
        (&room.reader, waits.as_str(), "reminder-waits"),
        (&room.drafter, withdraw.as_str(), "reminder-withdraw"),
    ];
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (staff, path, name) in pages {
            staff.opens(&window, path).await;
            picture(&window, &format!("{name}-{width}")).await;
            nothing_is_wrong(&window).await;
        }
        window.quit().await.unwrap();
    }
}
