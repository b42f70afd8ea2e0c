//! Segments kept under a name: made, counted, chosen for a broadcast, changed, given up.

use kairan::ids::SegmentId;
use kairan::segment;

use super::broadcasts::{Room, TEXT, notice, text};
use crate::on_both;
use crate::support::console::leads_to;

impl Room {
    async fn names(&self, name: &str, audience: &str) -> u16 {
        let fields = [("name", name), ("audience", audience)];
        self.drafter
            .post("/segments/new", &fields)
            .await
            .status()
            .as_u16()
    }

    async fn segment(&self, name: &str) -> SegmentId {
        let kept = segment::list(&self.town.db).await.unwrap();
        kept.iter().find(|kept| kept.name == name).unwrap().id
    }
}

on_both!(
    a_named_segment_is_made_once_and_chosen_often,
    |room: Room| {
        let long = "あ".repeat(61);
        for (name, audience) in [
            ("", "everyone"),
            (long.as_str(), "everyone"),
            ("どこか", "area:どこにもない町"),
            ("こわれた", "topic:event and"),
            ("空", ""),
        ] {
            assert_eq!(room.names(name, audience).await, 422, "{name}: {audience}");
        }
        let event = "district:本町地区 and topic:event";
        assert_eq!(room.names("本町の催し好き", event).await, 303);
        assert_eq!(room.names("本町の催し好き", "everyone").await, 422, "taken");
        assert_eq!(room.names("子育て中", "child:0..36").await, 303);
        let list = text(room.reader.get("/segments").await).await;
        assert!(
            list.contains("本町の催し好き")
                && list.contains("本町地区で、「催し・講座」を選んでいる方"),
            "{list}"
        );
        assert!(list.contains("妊娠・子育ての配信だけで使えます"));

        // Chosen while writing.
        let id = room.segment("本町の催し好き").await.to_string();
        let mut fields = notice("親子ひろば", TEXT, "everyone");
        fields.extend([("do", "named"), ("pick-named", id.as_str())]);
        let page = text(room.drafter.post("/broadcasts/new", &fields).await).await;
        assert!(page.contains(&format!("{event}</textarea>")), "{page}");
        fields.retain(|(name, _)| *name != "pick-named");
        for wrong in ["", "nonsense", "01939999-0000-7000-8000-000000000000"] {
            let mut fields = fields.clone();
            fields.push(("pick-named", wrong));
            let answer = room.drafter.post("/broadcasts/new", &fields).await;
            assert_eq!(answer.status(), 422, "{wrong}");
            assert!(
                text(answer)
                    .await
                    .contains("配信対象の名前を選んでください")
            );
        }
    }
);

on_both!(
    a_named_segment_is_changed_and_given_up_by_its_section,
    |room: Room| {
        assert_eq!(room.names("催し", "topic:event").await, 303);
        let first = room.segment("催し").await;
        let path = format!("/segments/{first}");
        assert_eq!(room.drafter.get(&path).await.status(), 200);
        let picks = [
            ("name", "催し"),
            ("audience", "topic:event"),
            ("pick-topic", "health"),
            ("do", "pick"),
        ];
        let picked = text(room.drafter.post(&path, &picks).await).await;
        assert!(picked.contains("topic:health</textarea>"), "{picked}");
        let renamed = [("name", "催しと講座"), ("audience", "topic:event")];
        assert_eq!(
            leads_to(&room.drafter.post(&path, &renamed).await),
            "/segments"
        );
        assert_eq!(
            room.segment("催しと講座").await,
            first,
            "another name, the same meaning"
        );
        let changed = [
            ("name", "催しと講座"),
            ("audience", "topic:event or topic:health"),
        ];
        // The section that owns the account may, too.
        assert_eq!(
            leads_to(&room.reader.post(&path, &changed).await),
            "/segments"
        );
        let second = room.segment("催しと講座").await;
        assert_ne!(
            second, first,
            "what was sent to the old one still names that"
        );
        assert_eq!(room.drafter.get(&path).await.status(), 404);
        let retire = format!("/segments/{second}/retire");
        assert_eq!(room.drafter.get(&retire).await.status(), 200);
        assert_eq!(
            leads_to(&room.drafter.post(&retire, &[]).await),
            "/segments"
        );
        assert_eq!(room.drafter.post(&retire, &[]).await.status(), 404);
        let list = text(room.drafter.get("/segments").await).await;
        assert!(!list.contains("催しと講座"));
        for nowhere in [
            "/segments/nonsense",
            "/segments/01939999-0000-7000-8000-000000000000",
        ] {
            assert_eq!(room.drafter.get(nowhere).await.status(), 404);
        }
    }
);

on_both!(
    whom_a_segment_reaches_is_told_while_it_is_written,
    |room: Room| {
        for name in ["花子", "太郎"] {
            room.town.resident(name).await;
        }
        let told = async |audience: &str| {
            let fields = [("name", ""), ("audience", audience)];
            let answer = room.drafter.post("/segments/preview", &fields).await;
            assert_eq!(answer.status(), 200, "{audience}");
            text(answer).await
        };
        let page = told("language:ja").await;
        assert!(
            page.contains("10人未満") && page.contains("どの分類の配信でも使えます"),
            "{page}"
        );
        assert!(
            told("area:どこにもない町")
                .await
                .contains("ひとつに決まりません")
        );
        assert!(
            told("reminder:before-19:00")
                .await
                .contains("ごみの配信だけで使えます")
        );
    }
);
