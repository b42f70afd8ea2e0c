//! A notice from the first word to the last phone: drafted, checked, agreed to, sent, reported, corrected.

use chrono::TimeDelta;
use kairan::ids::PersonId;
use kairan::staff::people::{self, NewPerson, Place, PostKind, Term};
use reqwest::Response;

use crate::broadcast::pictures::{self, entitled, kept};
use crate::on_both;
use crate::staff::{Hall, named};
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;
use crate::support::town::{Person, Town};

/// The sample town with a drafter of the childcare section and a colleague of the PR section at their desks.
pub struct Room {
    pub town: Town,
    pub hall: Hall,

    pub drafter: Staff,
    pub reader: Staff,
}

impl Begin for Room {
    async fn begin(engine: Engine) -> Self {
        let town = Town::begin(engine).await;
        let hall = town.hall().await;
        let drafter = holder(&hall, "1001", hall.childcare_staff).await;
        let reader = holder(&hall, "2001", hall.pr_staff).await;
        Self {
            drafter: town.signs_in(drafter).await,
            reader: town.signs_in(reader).await,
            town,
            hall,
        }
    }
}

pub async fn holder(hall: &Hall, number: &str, post: kairan::ids::PostId) -> PersonId {
    let person = hall.person(number).await;
    hall.granted(post, person, Term::since(hall.today())).await;
    person
}

pub const TEXT: &str = "親子ひろばを12月3日(木)10時から、中央公民館で開きます。申し込みはいりません。\n問い合わせ 子育て支援課 0000-00-1234";

/// What the form sends for a notice of one text to everybody.
pub fn notice<'a>(title: &'a str, text: &'a str, audience: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("title", title),
        ("category", "event"),
        ("block-0-kind", "text"),
        ("block-0-text", text),
        ("audience", audience),
        ("until-date", "2026-11-25"),
        ("until-time", "18:00"),
        ("revision", "0"),
    ]
}

const ANSWERS: [(&str, &str); 3] = [
    ("question-source", "yes"),
    ("question-undecided", "no"),
    ("question-clear", "yes"),
];

pub async fn text(response: Response) -> String {
    response.text().await.unwrap()
}

impl Room {
    /// Drafts a notice; gives its path.
    pub async fn drafts(&self, fields: &[(&str, &str)]) -> String {
        let saved = self.drafter.post("/broadcasts/new", fields).await;
        assert_eq!(saved.status(), 303, "{}", text(saved).await);
        leads_to(&saved).to_owned()
    }

    pub async fn hands_in(&self, path: &str, revision: &str) -> Response {
        let mut fields = ANSWERS.to_vec();
        fields.extend([("revision", revision), ("do", "submit")]);
        self.drafter.post(&format!("{path}/check"), &fields).await
    }

    pub async fn agrees(&self, path: &str) {
        let page = text(self.reader.get(path).await).await;
        let request = crate::support::form_data::hidden(&page, "request");
        let digest = crate::support::form_data::hidden(&page, "digest");
        let fields = [
            ("request", request.as_str()),
            ("digest", &digest),
            ("verdict", "agree"),
        ];
        let decided = self.reader.post(&format!("{path}/decide"), &fields).await;
        assert_eq!(leads_to(&decided), path);
    }

    /// The product works until what is on its way has arrived.
    pub async fn sends(&self) {
        for _ in 0..60 {
            self.town.product.releasing.turn().await.unwrap();
            self.town.product.sender.step().await.unwrap();
            self.town.later(TimeDelta::seconds(1));
        }
        self.town.product.releasing.turn().await.unwrap();
    }

    pub fn told(&self, person: &Person<'_>, words: &str) -> usize {
        let said = self.town.line.inbox(&person.id);
        said.iter()
            .filter(|message| message.to_string().contains(words))
            .count()
    }
}

on_both!(
    a_notice_goes_from_the_first_word_to_every_phone_once,
    |room: Room| {
        let hanako = room.town.resident("花子").await;
        let taro = room.town.resident("太郎").await;
        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;

        let check = format!("{path}/check");
        let half = room
            .drafter
            .post(&check, &[("revision", "1"), ("do", "submit")]);
        assert!(
            leads_to(&half.await).ends_with("/check"),
            "questions come first"
        );
        let handed_in = room.hands_in(&path, "1").await;
        assert_eq!(leads_to(&handed_in), path);

        let home = text(room.reader.get("/").await).await;
        assert!(
            home.contains("「親子ひろば」の決裁"),
            "it waits on the reader's home"
        );
        let own = text(room.drafter.get(&path).await).await;
        assert!(!own.contains("差し戻す理由"), "nobody decides on their own");
        room.sends().await;
        assert_eq!(
            room.told(&hanako, "親子ひろば"),
            0,
            "nothing goes out before the decision"
        );

        room.agrees(&path).await;
        room.sends().await;
        for person in [&hanako, &taro] {
            assert_eq!(room.told(person, "親子ひろば"), 1);
        }
        let report = text(room.drafter.get(&path).await).await;
        assert!(
            report.contains("配信済") && report.contains("LINEが受け付けた"),
            "{report}"
        );
        let archive = reqwest_get(&room, "/notices").await;
        assert!(archive.contains("親子ひろばを12月3日(木)"), "{archive}");
    }
);

async fn reqwest_get(room: &Room, path: &str) -> String {
    text(room.reader.get(path).await).await
}

on_both!(
    a_correction_reaches_exactly_those_who_got_the_wrong_one,
    |room: Room| {
        let hanako = room.town.resident("花子").await;
        hanako.registers().await;
        let taro = room.town.resident("太郎").await;
        let path = room
            .drafts(&notice("親子ひろば", TEXT, "language:ja"))
            .await;
        room.hands_in(&path, "1").await;
        room.agrees(&path).await;
        room.sends().await;
        assert_eq!(room.told(&taro, "親子ひろば"), 1);
        // Somebody new, who never saw the wrong one.
        let jiro = room.town.resident("次郎").await;

        let begun = room.drafter.post(&format!("{path}/correct"), &[]).await;
        let edit = leads_to(&begun).to_owned();
        let correction = edit.strip_suffix("/edit").unwrap();
        let mut fields = notice(
            "親子ひろばの訂正",
            "会場は南公民館です。\n問い合わせ 子育て支援課 0000-00-1234",
            "",
        );
        fields.retain(|(name, _)| *name != "revision" && *name != "audience");
        fields.push(("revision", "1"));
        let saved = room.drafter.post(&edit, &fields).await;
        assert_eq!(leads_to(&saved), correction);
        room.hands_in(correction, "2").await;
        let asked = text(room.reader.get(correction).await).await;
        assert!(
            asked.contains("<strong>2人</strong>")
                && asked.contains("訂正する配信が届いたか、届いたかもしれない人数"),
            "who decides knows how many they are: {asked}"
        );
        room.agrees(correction).await;
        room.sends().await;
        for (person, times) in [(&hanako, 1), (&taro, 1), (&jiro, 0)] {
            assert_eq!(room.told(person, "南公民館"), times);
            assert_eq!(room.told(person, "【訂正】"), times);
        }
        let archive = reqwest_get(&room, "/notices").await;
        assert!(archive.contains("このお知らせには誤りがありました"));
        assert!(archive.contains("のお知らせ</a>の訂正です"));
    }
);

on_both!(
    what_is_returned_is_mended_and_every_edit_voids,
    |room: Room| {
        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        room.hands_in(&path, "1").await;
        let page = text(room.reader.get(&path).await).await;
        let request = crate::support::form_data::hidden(&page, "request");
        let digest = crate::support::form_data::hidden(&page, "digest");
        let back = [
            ("request", request.as_str()),
            ("digest", &digest),
            ("verdict", "return"),
            ("reason", "持ち物を書いてください"),
        ];
        room.reader.post(&format!("{path}/decide"), &back).await;
        let told = text(room.drafter.get(&path).await).await;
        assert!(told.contains("差戻し") && told.contains("持ち物を書いてください"));

        let mended = format!("{TEXT}\n持ち物 水筒");
        let mut fields = notice("親子ひろば", &mended, "everyone");
        fields.retain(|(name, _)| *name != "revision");
        fields.push(("revision", "1"));
        room.drafter.post(&format!("{path}/edit"), &fields).await;
        room.hands_in(&path, "2").await;
        room.agrees(&path).await;
        // Written on once more after the decision: nothing goes out.
        fields.retain(|(name, _)| *name != "revision" && *name != "block-0-text");
        fields.extend([("revision", "2"), ("block-0-text", TEXT)]);
        let saved = room.drafter.post(&format!("{path}/edit"), &fields).await;
        assert_eq!(saved.status(), 303);
        let hanako = room.town.resident("花子").await;
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 0);
        let page = text(room.drafter.get(&path).await).await;
        assert!(page.contains("起案中") && page.contains("無効"));
    }
);

on_both!(
    the_form_keeps_what_was_written_and_says_what_is_wrong,
    |room: Room| {
        let wrong = room
            .drafter
            .post(
                "/broadcasts/new",
                &notice("親子ひろば", TEXT, "area:どこか"),
            )
            .await;
        assert_eq!(wrong.status(), 422);
        let page = text(wrong).await;
        assert!(
            page.contains("入力を確かめてください") && page.contains("中央公民館"),
            "{page}"
        );

        let child = room
            .drafter
            .post(
                "/broadcasts/new",
                &notice("親子ひろば", TEXT, "child:0..36"),
            )
            .await;
        assert_eq!(child.status(), 422, "children are not told for events");

        let mut more = notice("親子ひろば", TEXT, "everyone");
        more.push(("do", "add-card"));
        let page = text(room.drafter.post("/broadcasts/new", &more).await).await;
        assert!(page.contains("本文 2（カード）") && page.contains("中央公民館"));

        let mut picks = notice("親子ひろば", TEXT, "everyone");
        picks.extend([
            ("pick-topic", "event"),
            ("pick-topic", "health"),
            ("pick-language", "ja"),
            ("do", "pick"),
        ]);
        let page = text(room.drafter.post("/broadcasts/new", &picks).await).await;
        assert!(
            page.contains("(topic:event or topic:health) and language:ja</textarea>"),
            "{page}"
        );

        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        let mut theirs = notice("別の題", TEXT, "everyone");
        theirs.retain(|(name, _)| *name != "revision");
        theirs.push(("revision", "1"));
        assert_eq!(
            room.drafter
                .post(&format!("{path}/edit"), &theirs)
                .await
                .status(),
            303
        );
        let late = room
            .drafter
            .post(
                &format!("{path}/edit"),
                &theirs
                    .iter()
                    .map(|(name, value)| {
                        if *name == "title" {
                            (*name, "さらに別の題")
                        } else {
                            (*name, *value)
                        }
                    })
                    .collect::<Vec<_>>(),
            )
            .await;
        assert_eq!(late.status(), 409, "somebody was quicker");
        assert!(text(late).await.contains("ほかの職員が先に書き換えました"));
    }
);

on_both!(
    a_stopped_notice_goes_on_only_when_it_is_resumed,
    |room: Room| {
        let hanako = room.town.resident("花子").await;
        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        room.hands_in(&path, "1").await;
        room.agrees(&path).await;
        room.town.product.releasing.turn().await.unwrap();
        let (bar, polls) = (r#"<progress value="0" max="1""#, r#"hx-trigger="every 2s""#);
        let going = text(room.drafter.get(&path).await).await;
        assert!(going.contains(bar) && going.contains(polls), "{going}");
        let stopped = room.drafter.post(&format!("{path}/stop"), &[]).await;
        assert_eq!(leads_to(&stopped), path);
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 0);
        let page = text(room.drafter.get(&path).await).await;
        assert!(page.contains("停止中") && page.contains("職員が止めました"));
        room.drafter.post(&format!("{path}/resume"), &[]).await;
        let page = text(room.drafter.get(&path).await).await;
        assert!(page.contains("停止中"), "going on is for the PR section");
        room.reader.post(&format!("{path}/resume"), &[]).await;
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 1);
        let done = text(room.drafter.get(&path).await).await;
        assert!(!done.contains(polls) && done.contains(r#"<progress value="1" max="1""#));
    }
);

on_both!(
    while_somebody_types_they_see_what_room_is_left,
    |room: Room| {
        let typed = async |words: &str| {
            let fields = notice("親子ひろば", words, "everyone");
            text(room.drafter.post("/broadcasts/preview", &fields).await).await
        };
        let page = typed(TEXT).await;
        let used = TEXT.encode_utf16().count();
        let room_used = format!(r#"id="room-block-0-text">{used}／5000文字"#);
        for words in [room_used.as_str(), ",#room-block-0-text"] {
            assert!(page.contains(words), "`{words}` is not in {page}");
        }
        let page = typed(&"あ".repeat(5_003)).await;
        let beyond = r#"id="room-block-0-text">3文字多すぎます（5000文字まで）"#;
        assert!(page.contains(beyond), "{page}");
        let mut card = notice("親子ひろば", TEXT, "everyone");
        card.retain(|(name, _)| !name.starts_with("block-"));
        card.extend([
            ("block-0-kind", "card"),
            ("block-0-title", "親子ひろば"),
            ("block-0-button-0-label", "くわしく見る"),
            ("block-0-button-0-target", "0312345678"),
            ("block-0-button-0-kind", "phone"),
        ]);
        let page = text(room.drafter.post("/broadcasts/preview", &card).await).await;
        for (field, used) in [
            ("title", "5／100文字"),
            ("block-0-title", "5／40文字"),
            ("block-0-button-0-label", "6／20文字"),
            ("block-0-button-0-target", "10／20文字"),
        ] {
            let told = format!(r#"id="room-{field}">{used}"#);
            assert!(page.contains(&told), "`{told}` is not in {page}");
        }
    }
);

on_both!(
    a_contractors_people_see_their_own_and_what_went_out,
    |room: Room| {
        let hall = &room.hall;
        let days = Term::between(hall.today(), hall.today() + TimeDelta::days(100)).unwrap();
        let firm = hall.contractor("株式会社みどり広報", days).await;
        let organisations = people::organisations(&room.town.db).await.unwrap();
        let whole = organisations.into_iter().find(|o| o.id == firm).unwrap();
        let place = Place::Organisation(whole);
        let post = hall.post(PostKind::ContractPoster, "投稿担当", place).await;
        let poster = hall
            .add(&NewPerson {
                organisation: Some(firm),
                ..named("K-1")
            })
            .await;
        hall.granted(post, poster, days).await;
        let poster = room.town.signs_in(poster).await;

        let path = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        assert_eq!(poster.get(&path).await.status(), 404);
        let list = text(poster.get("/broadcasts").await).await;
        assert!(!list.contains("親子ひろば"));
        let copied = poster.post(&format!("{path}/copy"), &[]).await;
        assert_eq!(copied.status(), 404);
        room.hands_in(&path, "1").await;
        room.agrees(&path).await;
        room.sends().await;
        assert_eq!(poster.get(&path).await.status(), 200);
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_a_broadcast_is_sound_on_a_phone_and_at_a_desk() {
    let room = Room::begin(Engine::Sqlite).await;
    for name in ["花子", "太郎"] {
        room.town.resident(name).await;
    }
    let linked = format!("{TEXT}\nhttps://www.city.shiomi.example/hiroba/\n12月4日(月)まで");
    let draft = room.drafts(&notice("書きかけ", &linked, "everyone")).await;
    let waiting = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
    room.hands_in(&waiting, "1").await;
    let sent = room.drafts(&notice("冬の図書館", TEXT, "everyone")).await;
    room.hands_in(&sent, "1").await;
    room.agrees(&sent).await;
    room.sends().await;
    let (db, now) = (&room.town.db, room.town.clock.now());
    let shown = kept(db, now, &pictures::picture(10), &entitled("冬の海")).await;
    let shown = shown.unwrap();
    let pages = [
        (&room.drafter, "/broadcasts".to_owned(), "broadcasts"),
        (&room.drafter, "/broadcasts/new".to_owned(), "broadcast-new"),
        (&room.drafter, format!("{draft}/edit"), "broadcast-edit"),
        (&room.drafter, format!("{draft}/check"), "broadcast-check"),
        (&room.reader, waiting, "broadcast-decide"),
        (&room.drafter, sent.clone(), "broadcast-report"),
        (
            &room.drafter,
            format!("{sent}/correct"),
            "broadcast-correct",
        ),
        (&room.drafter, "/pictures".to_owned(), "pictures"),
        (&room.drafter, "/pictures/new".to_owned(), "picture-new"),
        (&room.drafter, format!("/pictures/{shown}"), "picture"),
        (&room.drafter, "/notices".to_owned(), "notices-sent"),
    ];
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        let told = async {
            for (staff, path, name) in &pages {
                staff.opens(&window, path).await;
                picture(&window, &format!("{name}-{width}")).await;
                nothing_is_wrong(&window).await;
            }
        };
        told.await;
        window.quit().await.unwrap();
    }
}

on_both!(
    what_is_shown_of_a_link_is_never_lost_and_can_be_put_right,
    |room: Room| {
        let linked = format!("{TEXT}\nhttps://www.city.shiomi.example/hiroba/");
        let path = room
            .drafts(&notice("親子ひろば", &linked, "everyone"))
            .await;
        let check = format!("{path}/check");
        let says = async |arrived: &str, title: &str| {
            let mut fields = ANSWERS.to_vec();
            fields.extend([("revision", "1"), ("do", "submit")]);
            fields.extend([("link-0-arrived", arrived), ("link-0-title", title)]);
            room.drafter.post(&check, &fields).await
        };
        let typed = |value: &str| format!("value=\"{value}\"");
        // Half of it: the page comes back with that half, and with the answers, which are kept.
        let arrived = "https://www.city.shiomi.example/hiroba/";
        let half = says(arrived, "").await;
        assert_eq!(half.status(), 422);
        let half = text(half).await;
        assert!(
            half.contains("題名の両方") && half.contains(&typed(arrived)),
            "{half}"
        );
        assert_eq!(half.matches(" checked").count(), ANSWERS.len(), "{half}");
        // Another site, by a slip: told, and there to be written over.
        let elsewhere = "https://www.shiomi-kanko.example/";
        let wrong = says(elsewhere, "親子ひろば").await;
        assert!(leads_to(&wrong).ends_with("/check"));
        let shown = text(room.drafter.get(&check).await).await;
        assert!(
            shown.contains(&typed(elsewhere)) && shown.contains(&typed("親子ひろば")),
            "{shown}"
        );
        let right = says(arrived, "親子ひろば").await;
        assert_eq!(leads_to(&right), path);
    }
);
