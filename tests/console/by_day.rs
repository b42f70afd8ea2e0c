//! In working hours the same templates go the ordinary way: PR checks and sends, ahead of everything else.

use chrono::TimeDelta;
use kairan::broadcast;
use kairan::emergency::template::Library;
use kairan::emergency::{self, EmergencyError, Terms};
use kairan::mode::Mode;
use sea_orm::EntityTrait;

use super::broadcasts::{Room, TEXT, notice, text};
use super::emergencies::WATER;
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::leads_to;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{Town, policy};

const BY_DAY: &str = "/emergencies/by-day";
/// The policy's questions, and the town's own page, opened by hand.
const HANDED_IN: &[(&str, &str)] = &[
    ("question-source", "yes"),
    ("question-undecided", "no"),
    ("question-clear", "yes"),
    ("link-0-arrived", "https://www.city.shiomi.example/"),
    ("link-0-title", "汐見市"),
    ("revision", "1"),
    ("do", "submit"),
];

/// What the form sends of a burst main, this morning.
fn water<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = WATER.to_vec();
    fields[1].1 = "2026-11-24T09:30";
    fields.extend([("code", "WATER"), ("of", ""), ("version", "0")]);
    fields.extend(more);
    fields
}

on_both!(
    pr_checks_and_sends_ahead_of_everything_else,
    |room: Room| {
        let hanako = room.town.resident("花子").await;
        let form = text(room.drafter.get("/emergencies/new/WATER").await).await;
        assert!(
            form.contains("広報の確認で配信する") && form.contains("いまは勤務時間の中です"),
            "{form}"
        );
        let saved = room
            .drafter
            .post(BY_DAY, &water(&[("reach", "town")]))
            .await;
        let path = leads_to(&saved).to_owned();
        assert!(path.starts_with("/broadcasts/"), "{path}");
        let shown = text(room.drafter.get(&path).await).await;
        assert!(shown.contains("断水") && shown.contains("緊急"), "{shown}");
        // Writing on it keeps its category.
        let edit = text(room.drafter.get(&format!("{path}/edit")).await).await;
        assert!(edit.contains("value=\"emergency\" selected"), "{edit}");
        let new = text(room.drafter.get("/broadcasts/new").await).await;
        assert!(
            !new.contains("value=\"emergency\""),
            "it begins with a template"
        );
        let check = format!("{path}/check");
        let handed_in = room.drafter.post(&check, HANDED_IN).await;
        assert_eq!(leads_to(&handed_in), path);
        let decides = text(room.reader.get(&path).await).await;
        assert!(
            decides.contains("定型文「断水・濁り水」のままです"),
            "{decides}"
        );
        room.sends().await;
        assert_eq!(room.told(&hanako, "断水"), 0, "nobody has checked it");
        room.agrees(&path).await;
        room.sends().await;
        for words in ["断水", "水が 出ません", "No tap water"] {
            assert_eq!(room.told(&hanako, words), 1, "{words}");
        }
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let head = broadcast::find(&room.town.db, id)
            .await
            .unwrap()
            .unwrap()
            .head;
        assert_eq!(head.category, "emergency");
        let dispatch = entity::dispatch::Entity::find_by_id(head.dispatch.unwrap().0);
        let dispatch = dispatch.one(room.town.db.conn()).await.unwrap().unwrap();
        assert_eq!(dispatch.lane, 0, "the lane of emergencies");
    }
);

/// The announcement of a drill, and the drill, as the form sends them.
fn drill<'a>(code: &'a str, kind: &'a str, at: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("code", code),
        ("of", ""),
        ("version", "0"),
        ("reach", "town"),
        (kind, "quake"),
    ];
    fields.extend(at.map(|at| ("field-at", at)));
    fields
}

on_both!(
    an_announcement_by_day_lets_a_drill_be_sent_the_day_after,
    |room: Room| {
        room.town.resident("花子").await;
        let of_it = drill("DRILL-PUBLIC", "field-kind", None);
        let refused = room.drafter.post(BY_DAY, &of_it).await;
        assert_eq!(leads_to(&refused), "/emergencies");
        let announces = drill("DRILL-PRE", "field-what", Some("2026-11-25T10:00"));
        let saved = room.drafter.post(BY_DAY, &announces).await;
        let path = leads_to(&saved).to_owned();
        let announced = async |after: TimeDelta| {
            let (now, profile) = (room.town.clock.now() + after, policy().profile);
            let library = Library::builtin().unwrap();
            let terms = Terms {
                profile: &profile,
                library: &library,
            };
            let drill = library.find("DRILL-PUBLIC").unwrap();
            let tx = room.town.db.begin().await.unwrap();
            emergency::announced(&tx, now, terms, drill).await
        };
        let refused = announced(TimeDelta::days(1)).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotAnnounced(_))),
            "it is a draft: {refused:?}"
        );
        let check = format!("{path}/check");
        let handed_in = room.drafter.post(&check, HANDED_IN).await;
        assert_eq!(leads_to(&handed_in), path);
        room.agrees(&path).await;
        room.sends().await;
        announced(TimeDelta::days(1)).await.unwrap();
        for days in [0, 2] {
            let refused = announced(TimeDelta::days(days)).await;
            assert!(
                matches!(refused, Err(EmergencyError::NotAnnounced(_))),
                "{refused:?}"
            );
        }
    }
);

on_both!(
    who_decides_is_told_that_the_words_were_rewritten,
    |room: Room| {
        room.town.resident("花子").await;
        let saved = room
            .drafter
            .post(BY_DAY, &water(&[("reach", "town")]))
            .await;
        let path = leads_to(&saved).to_owned();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let found = async || broadcast::find(&room.town.db, id).await.unwrap().unwrap();
        assert_eq!(found().await.keeps_wording(), Some(true));
        let says = "水が止まっています。くわしくは 0000-00-1111";
        let mut fields = notice("断水", says, "everyone");
        fields.retain(|(name, _)| !["revision", "category"].contains(name));
        fields.extend([("category", "emergency"), ("revision", "1")]);
        let edited = room.drafter.post(&format!("{path}/edit"), &fields).await;
        assert_eq!(edited.status(), 303, "{}", text(edited).await);
        assert_eq!(found().await.keeps_wording(), Some(false));
        let handed_in = room.hands_in(&path, "2").await;
        assert_eq!(leads_to(&handed_in), path);
        let decides = text(room.reader.get(&path).await).await;
        assert!(
            decides.contains("定型文「断水・濁り水」から書きかえられています"),
            "{decides}"
        );
        // One that somebody wrote by hand into the category.
        let path = room.drafts(&fields_by_hand(says)).await;
        let handed_in = room.hands_in(&path, "1").await;
        assert_eq!(leads_to(&handed_in), path);
        let decides = text(room.reader.get(&path).await).await;
        assert!(decides.contains("定型文を使わずに書いた文面"), "{decides}");
        // Of other categories nothing is said.
        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        room.hands_in(&path, "1").await;
        let decides = text(room.reader.get(&path).await).await;
        assert!(decides.contains("認める</button>") && !decides.contains("定型文"));
    }
);

/// A notice in the category of emergencies, without any template.
fn fields_by_hand(says: &str) -> Vec<(&str, &str)> {
    let mut fields = notice("断水", says, "everyone");
    fields.retain(|(name, _)| *name != "category");
    fields.push(("category", "emergency"));
    fields
}

on_both!(areas_stay_the_areas_that_were_ticked, |room: Room| {
    let form = text(room.drafter.get("/emergencies/new/WATER").await).await;
    let district = form.split("name=\"district\" value=\"").nth(1).unwrap();
    let district = district.split('"').next().unwrap().to_owned();
    let area = form.split("name=\"area\" value=\"").last().unwrap();
    let area = area.split('"').next().unwrap().to_owned();
    let whom = [
        ("reach", "areas"),
        ("district", district.as_str()),
        ("area", area.as_str()),
    ];
    let saved = room.drafter.post(BY_DAY, &water(&whom)).await;
    let path = leads_to(&saved).to_owned();
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let found = broadcast::find(&room.town.db, id).await.unwrap().unwrap();
    let kairan::broadcast::content::Audience::Segment(segment) = found.manuscript.audience else {
        panic!("a segment");
    };
    let says = segment.to_string();
    assert!(
        says.contains("district:") && says.contains("area:"),
        "{says}"
    );
});

on_both!(what_is_not_filled_in_is_told, |room: Room| {
    for (fields, says) in [
        (water(&[]), "だれに届けるかを選んでください"),
        (water(&[("reach", "areas")]), "1つ以上選んでください"),
        (
            water(&[("reach", "areas"), ("area", "99999")]),
            "1つ以上選んでください",
        ),
        (vec![("code", "WATER"), ("reach", "town")], "必ず書く欄です"),
    ] {
        let refused = room.drafter.post(BY_DAY, &fields).await;
        assert_eq!(refused.status(), 422, "{says}");
        let page = text(refused).await;
        assert!(page.contains(says), "{says}: {page}");
    }
    let unknown = room.drafter.post(BY_DAY, &[("code", "NONE")]).await;
    assert_eq!(unknown.status(), 404);
    let all = broadcast::list(&room.town.db, &broadcast::Query::default())
        .await
        .unwrap();
    assert_eq!(all, []);
});

on_both!(at_night_the_ordinary_way_is_shut, |room: Room| {
    room.town.later(chrono::TimeDelta::hours(12));
    let drafter = room.town.signs_in(room.drafter.person).await;
    let form = text(drafter.get("/emergencies/new/WATER").await).await;
    assert!(!form.contains("広報の確認で配信する"), "{form}");
    let refused = drafter
        .browser()
        .post(BY_DAY, &water(&[("reach", "town")]))
        .await;
    refused.leads("/emergencies");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_goes_the_drills_way_by_day_too() {
    let db = TestDb::begin(Engine::Sqlite).await;
    let town = Town::over_as(db, policy(), Mode::Drill).await;
    let hall = town.hall().await;
    let person = hall.holder("1001", hall.childcare_staff).await;
    let drafter = town.signs_in(person).await;
    let refused = drafter
        .browser()
        .post(BY_DAY, &water(&[("reach", "town")]))
        .await;
    refused.leads("/emergencies");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_day_is_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    let saved = room
        .drafter
        .post(BY_DAY, &water(&[("reach", "town")]))
        .await;
    let path = leads_to(&saved).to_owned();
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (page, name) in [
            ("/emergencies/new/WATER", "by-day"),
            (path.as_str(), "by-day-broadcast"),
            ("/emergencies", "emergencies"),
        ] {
            room.drafter.opens(&window, page).await;
            picture(&window, &format!("{name}-{width}")).await;
            nothing_is_wrong(&window).await;
        }
        window.quit().await.unwrap();
    }
}
