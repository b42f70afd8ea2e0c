//! Templates: kept from a broadcast, begun with, renamed, given up.

use chrono::TimeDelta;
use kairan::approval::House;
use kairan::broadcast::template;
use kairan::ids::TemplateId;
use kairan::staff::people::{self, NewPerson, Place, PostKind, Term};

use super::broadcasts::{Room, TEXT, notice, text};
use crate::on_both;
use crate::staff::named;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;

impl Room {
    /// The only template of the drafter's section.
    async fn template(&self) -> TemplateId {
        let house = House::Section(self.hall.childcare);
        let kept = template::of(&self.town.db, house).await.unwrap();
        assert_eq!(kept.len(), 1);
        kept[0].id
    }

    async fn poster(&self) -> Staff {
        let hall = &self.hall;
        let days = Term::between(hall.today(), hall.today() + TimeDelta::days(100)).unwrap();
        let firm = hall.contractor("株式会社みどり広報", days).await;
        let organisations = people::organisations(&self.town.db).await.unwrap();
        let whole = organisations.into_iter().find(|o| o.id == firm).unwrap();
        let place = Place::Organisation(whole);
        let post = hall.post(PostKind::ContractPoster, "投稿担当", place).await;
        let poster = NewPerson {
            organisation: Some(firm),
            ..named("K-1")
        };
        let poster = hall.add(&poster).await;
        hall.granted(post, poster, days).await;
        self.town.signs_in(poster).await
    }
}

on_both!(a_template_is_kept_begun_with_and_given_up, |room: Room| {
    let draft = room
        .drafts(&notice("親子ひろば", TEXT, "topic:event"))
        .await;
    let keep = format!("{draft}/template");
    assert_eq!(room.drafter.get(&keep).await.status(), 200);
    let long = "あ".repeat(61);
    for wrong in ["", "  ", long.as_str()] {
        let refused = room.drafter.post(&keep, &[("name", wrong)]).await;
        assert_eq!(refused.status(), 422);
    }
    let kept = room
        .drafter
        .post(&keep, &[("name", "ひろばのお知らせ")])
        .await;
    assert_eq!(leads_to(&kept), "/templates");
    let list = text(room.drafter.get("/templates").await).await;
    assert!(
        list.contains("ひろばのお知らせ") && list.contains("親子ひろばを12月3日"),
        "{list}"
    );
    let elsewhere = text(room.reader.get("/templates").await).await;
    assert!(
        !elsewhere.contains("ひろばのお知らせ"),
        "each section has its own"
    );

    let id = room.template().await;
    let begun = text(
        room.drafter
            .get(&format!("/broadcasts/new?from={id}"))
            .await,
    )
    .await;
    assert!(
        begun.contains("中央公民館") && begun.contains("topic:event</textarea>"),
        "{begun}"
    );
    assert!(!begun.contains("value=\"2026-11-25\""), "without its hour");
    let nobodys = "/broadcasts/new?from=01939999-0000-7000-8000-000000000000";
    assert_eq!(room.drafter.get(nobodys).await.status(), 404);

    let path = format!("/templates/{id}");
    let unnamed = room.drafter.post(&path, &[("name", "")]).await;
    assert_eq!(unnamed.status(), 422);
    let renamed = room.drafter.post(&path, &[("name", "毎月のひろば")]).await;
    assert_eq!(leads_to(&renamed), "/templates");
    assert!(
        text(room.drafter.get(&path).await)
            .await
            .contains("毎月のひろば")
    );

    let poster = room.poster().await;
    for theirs in [
        path.clone(),
        format!("/broadcasts/new?from={id}"),
        format!("{path}/retire"),
    ] {
        assert_eq!(poster.get(&theirs).await.status(), 404, "{theirs}");
    }
    assert_eq!(poster.post(&path, &[("name", "よそ")]).await.status(), 404);
    poster.post(&format!("{path}/retire"), &[]).await;
    assert_eq!(poster.get("/segments").await.status(), 200);
    assert_eq!(
        poster.get("/segments/new").await.status(),
        403,
        "they use what there is"
    );
    let add = [("name", "よそ"), ("audience", "everyone")];
    assert_eq!(poster.post("/segments/new", &add).await.status(), 403);

    assert_eq!(room.template().await, id, "it is still there");
    let retire = format!("{path}/retire");
    assert_eq!(room.drafter.get(&retire).await.status(), 200);
    assert_eq!(
        leads_to(&room.drafter.post(&retire, &[]).await),
        "/templates"
    );
    assert_eq!(room.drafter.get(&path).await.status(), 404);
    let house = House::Section(room.hall.childcare);
    assert_eq!(template::of(&room.town.db, house).await.unwrap(), []);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_around_a_draft_is_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    room.links(&room.drafter, "花子").await;
    let draft = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
    room.drafter
        .post(
            &format!("{draft}/template"),
            &[("name", "毎月の親子ひろばのお知らせ")],
        )
        .await;
    for (name, audience) in [
        ("本町地区の催し好き", "district:本町地区 and topic:event"),
        ("0〜3歳のお子さんがいる方", "child:0..36"),
    ] {
        let fields = [("name", name), ("audience", audience)];
        room.drafter.post("/segments/new", &fields).await;
    }
    let id = room.template().await;
    room.tests(&draft, &[&room.drafter]).await;
    room.sends().await;
    let copy = room.drafter.post(&format!("{draft}/copy"), &[]).await;
    let copy = leads_to(&copy).trim_end_matches("/edit").to_owned();
    let pages = [
        ("/templates".to_owned(), "templates"),
        (format!("/templates/{id}"), "template"),
        (format!("/templates/{id}/retire"), "template-retire"),
        (format!("{draft}/template"), "template-new"),
        (
            format!("/broadcasts/new?from={id}"),
            "broadcast-from-template",
        ),
        ("/segments".to_owned(), "segments"),
        ("/segments/new".to_owned(), "segment-new"),
        (format!("{draft}/test"), "broadcast-test"),
        (copy, "broadcast-copy"),
        ("/hold".to_owned(), "hold"),
        ("/me".to_owned(), "me-line"),
    ];
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (path, name) in &pages {
            room.drafter.opens(&window, path).await;
            nothing_is_wrong(&window).await;
            picture(&window, &format!("{name}-{width}")).await;
        }
        window.quit().await.unwrap();
    }
}
