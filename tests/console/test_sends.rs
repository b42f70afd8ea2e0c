//! Test sends: a draft on phones of staff, marked as a test, on record, and on nobody else's phone.

use chrono::TimeDelta;
use kairan::area::Directory;
use kairan::audit;
use kairan::broadcast::Terms;
use kairan::broadcast::test_send::{self, MOST_A_DAY, newest};
use kairan::ids::BroadcastId;
use reqwest::Response;

use super::broadcasts::{Room, TEXT, holder, notice, text};
use crate::broadcast::PUBLIC;
use crate::broadcast::pictures::{entitled, kept, picture};
use crate::on_both;
use crate::support::console::{Staff, leads_to};
use crate::support::town::{Person, policy};

const TEST: &str = "【試し送り】";

impl Room {
    /// Asks for a code at the desk, and sends it from the own phone.
    pub async fn links<'a>(&'a self, staff: &Staff, name: &str) -> Person<'a> {
        let page = text(staff.post("/me/line", &[]).await).await;
        let (_, rest) = page.split_once("translate=\"no\">").unwrap();
        let code = rest.split('<').next().unwrap();
        let phone = self.town.resident(name).await;
        phone
            .says(code)
            .await
            .contains("試し送りの届け先にしました");
        phone
    }

    pub async fn tests(&self, draft: &str, to: &[&Staff]) -> Response {
        self.tests_as(&self.drafter, draft, to).await
    }

    async fn tests_as(&self, by: &Staff, draft: &str, to: &[&Staff]) -> Response {
        let to: Vec<String> = to.iter().map(|staff| staff.person.to_string()).collect();
        let mut fields = vec![("revision", "1")];
        fields.extend(to.iter().map(|id| ("to", id.as_str())));
        by.post(&format!("{draft}/test"), &fields).await
    }

    /// How many test sends of it are on record.
    async fn tested(&self, draft: &str) -> usize {
        let id: BroadcastId = draft.rsplit('/').next().unwrap().parse().unwrap();
        let sent = newest(&self.town.db, self.town.clock.now(), id, 100).await;
        sent.unwrap().len()
    }
}

on_both!(
    a_draft_is_tried_on_the_phones_of_who_wrote_it,
    |room: Room| {
        let colleague = holder(&room.hall, "1003", room.hall.childcare_staff).await;
        let colleague = room.town.signs_in(colleague).await;
        let draft = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        let page = text(room.drafter.get(&format!("{draft}/test")).await).await;
        assert!(
            page.contains("自分のLINEがつながっていません") && page.contains("送れる人がいません"),
            "{page}"
        );
        room.tests(&draft, &[&room.drafter]).await;
        assert_eq!(room.tested(&draft).await, 0, "nobody has linked a phone");

        let hanako = room.links(&room.drafter, "花子").await;
        let jiro = room.links(&colleague, "次郎").await;
        let taro = room.town.resident("太郎").await;
        for nobody in [vec![], vec![&room.reader]] {
            let refused = room.tests(&draft, &nobody).await;
            assert_eq!(leads_to(&refused), format!("{draft}/test"));
            assert_eq!(room.tested(&draft).await, 0);
        }
        let sent = room.tests(&draft, &[&room.drafter, &colleague]).await;
        assert_eq!(leads_to(&sent), format!("{draft}/test"));
        room.sends().await;
        for (phone, times) in [(&hanako, 1), (&jiro, 1), (&taro, 0)] {
            assert_eq!(room.told(phone, TEST), times);
            assert_eq!(room.told(phone, "親子ひろばを12月3日"), times);
        }
        let page = text(room.drafter.get(&format!("{draft}/test")).await).await;
        assert!(page.contains("LINEが受け付けました"), "{page}");
        let record = audit::search(&room.town.db, &audit::Query::default())
            .await
            .unwrap();
        assert!(
            record
                .entries
                .iter()
                .any(|entry| entry.act == "broadcast.test_sent")
        );

        // The section that owns the account may try others' drafts, on their own phones.
        let saburo = room.links(&room.reader, "三郎").await;
        room.tests_as(&room.reader, &draft, &[&room.reader]).await;
        room.sends().await;
        assert_eq!(room.told(&saburo, TEST), 1);
        room.tests(&draft, &[&room.reader]).await;
        assert_eq!(
            room.tested(&draft).await,
            2,
            "their phone is not the drafter's to ring"
        );
    }
);

on_both!(
    a_draft_is_tried_so_often_a_day_and_only_as_a_draft,
    |room: Room| {
        let hanako = room.links(&room.drafter, "花子").await;
        let draft = room.drafts(&notice("親子ひろば", TEXT, "everyone")).await;
        for _ in 0..=MOST_A_DAY {
            room.tests(&draft, &[&room.drafter]).await;
        }
        assert_eq!(room.tested(&draft).await, 20);
        room.town.later(TimeDelta::hours(14));
        let other = room.town.signs_in(room.drafter.person).await;
        room.tests_as(&other, &draft, &[&other]).await;
        assert_eq!(room.tested(&draft).await, 21, "a new day");
        // What nobody saw within ten minutes is not sent any more.
        room.town.later(TimeDelta::minutes(11));
        room.sends().await;
        assert_eq!(room.told(&hanako, TEST), 0);
        let stale = [("revision", "7"), ("to", &other.person.to_string())];
        other.post(&format!("{draft}/test"), &stale).await;
        assert_eq!(
            room.tested(&draft).await,
            21,
            "another revision than was read"
        );
        other.post(&format!("{draft}/withdraw"), &[]).await;
        room.tests_as(&other, &draft, &[&other]).await;
        assert_eq!(room.tested(&draft).await, 21);
    }
);

on_both!(
    a_tried_picture_is_fetched_by_its_own_address_for_a_day,
    |room: Room| {
        let hanako = room.links(&room.drafter, "花子").await;
        let shown = picture(10);
        let now = room.town.clock.now();
        let id = kept(&room.town.db, now, &shown, &entitled("湿原"))
            .await
            .unwrap();
        let other = kept(&room.town.db, now, &picture(20), &entitled("海"))
            .await
            .unwrap();
        let media = id.to_string();
        let mut fields = notice("親子ひろば", TEXT, "everyone");
        fields.extend([
            ("block-1-kind", "picture"),
            ("block-1-picture", &media),
            ("block-1-shows", "湿原"),
        ]);
        let draft = room.drafts(&fields).await;
        // LINE fetches by https only, and the story's own server has none.
        let by = room.hall.signed(room.drafter.person).await.unwrap();
        let terms = Terms {
            profile: &policy().profile,
            directory: &Directory::new(Vec::new()),
            public_url: PUBLIC,
        };
        let tx = room.town.db.begin().await.unwrap();
        let read = (draft.rsplit('/').next().unwrap().parse().unwrap(), 1);
        test_send::send(&tx, now, &by, terms, read, &[by.person()])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        room.sends().await;
        let told = room.town.line.inbox(&hanako.id);
        let url = told
            .iter()
            .find_map(|bubble| bubble["message"]["originalContentUrl"].as_str())
            .unwrap();
        let (_, path) = url.split_once("/media/").unwrap();
        let (of, token) = path.split_once('/').unwrap();
        assert_eq!((of, token.len()), (media.as_str(), 43));
        let guest = room.town.guest();
        let status = async |path: String| guest.get(&path).await.status;
        assert_eq!(status(format!("/media/{id}/{token}")).await, 200);
        assert_eq!(
            status(format!("/media/{id}")).await,
            404,
            "nobody has agreed to it"
        );
        assert_eq!(status(format!("/media/{other}/{token}")).await, 404);
        assert_eq!(status(format!("/media/{id}/{}", "A".repeat(43))).await, 404);
        room.town.later(TimeDelta::hours(24));
        assert_eq!(status(format!("/media/{id}/{token}")).await, 404);
    }
);
