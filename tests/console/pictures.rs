//! Pictures in the console: chosen however old they are, and used for longer once somebody has shown that they may be.

use chrono::TimeDelta;
use kairan::media;
use kairan::staff::people::{Place, PostKind};

use super::broadcasts::{Room, TEXT, holder, notice, text};
use crate::broadcast::pictures::{entitled, kept, picture};
use crate::on_both;
use crate::staff::day;
use crate::support::console::leads_to;

/// As many as are offered.
const NEWER: usize = 100;

on_both!(
    a_manuscript_keeps_its_picture_however_many_are_newer,
    |room: Room| {
        let (db, now) = (&room.town.db, room.town.clock.now());
        let before = now - TimeDelta::days(1);
        let mut over = entitled("夏の海");
        over.rights.expires_on = Some(day("2026-11-24"));
        let old = kept(db, before, &picture(10), &over).await.unwrap();
        for _ in 0..NEWER {
            let newer = kept(db, now, &picture(20), &entitled("冬の森")).await;
            newer.unwrap();
        }
        let old = old.to_string();
        let mut card = notice("親子ひろば", TEXT, "everyone");
        card.extend([
            ("block-1-kind", "card"),
            ("block-1-title", "親子ひろば"),
            ("block-1-text", "中央公民館で"),
            ("block-1-picture", old.as_str()),
        ]);
        let mut other = notice("親子ひろば", TEXT, "everyone");
        other.push(("do", "add-card"));
        let offered = text(room.drafter.post("/broadcasts/new", &other).await).await;
        assert!(
            offered.contains(">冬の森</option>") && !offered.contains(&old),
            "only the newest are offered"
        );
        let path = room.drafts(&card).await;
        let copied = room.drafter.post(&format!("{path}/copy"), &[]).await;
        let chosen = format!(r#"<option value="{old}" selected>夏の海</option>"#);
        let edit = format!("{path}/edit");
        for edit in [edit.as_str(), leads_to(&copied)] {
            let page = text(room.drafter.get(edit).await).await;
            assert!(page.contains(&chosen), "{page}");
        }

        // Its last day is today, and it goes out tomorrow.
        card.extend([("send-date", "2026-11-25"), ("send-time", "10:00")]);
        let shown = text(room.drafter.post("/broadcasts/preview", &card).await).await;
        let over = format!(r#"<option value="{old}" selected>夏の海（期限切れ："#);
        assert!(shown.contains(&over), "{shown}");
    }
);

on_both!(
    a_picture_is_used_for_longer_with_the_proofs_of_a_new_one,
    |room: Room| {
        let (db, now) = (&room.town.db, room.town.clock.now());
        let before = entitled("夏の海");
        let id = kept(db, now, &picture(10), &before).await.unwrap();
        let path = format!("/pictures/{id}");
        let form = |evidence, until| {
            [
                ("name", "夏の海"),
                ("holder", "汐見市"),
                ("evidence", evidence),
                ("checked_on", "2026-11-24"),
                ("expires_on", until),
            ]
        };
        let letter = "承諾書の更新（2026年11月24日）";
        for (fields, why, typed) in [
            (
                form("", "2027-12-31"),
                "使ってよいことの証拠」を入力",
                "2027-12-31",
            ),
            (form(letter, "2026-11-23"), "使用期限が過ぎています", letter),
            (form(letter, "来年"), "日付を 2026-12-01 の形で", letter),
        ] {
            let refused = room.drafter.post(&path, &fields).await;
            assert_eq!(refused.status(), 422);
            let page = text(refused).await;
            assert!(page.contains(why) && page.contains(typed), "{page}");
        }
        let unchanged = media::find(db, id).await.unwrap().unwrap();
        assert_eq!(unchanged.entitled, before);

        let done = room.drafter.post(&path, &form(letter, "2027-12-31")).await;
        assert_eq!(leads_to(&done), path);
        let rights = media::find(db, id).await.unwrap().unwrap().entitled.rights;
        assert_eq!(rights.expires_on, Some(day("2027-12-31")));
        assert_eq!(rights.evidence.as_deref(), Some(letter));
        assert_eq!(
            (rights.checker, rights.checked_on),
            (Some(room.drafter.person), Some(day("2026-11-24")))
        );
        let record = room.hall.record("media.entitled").await;
        assert_eq!(record.len(), 1);
        let until = ["before", "after"].map(|when| &record[0].detail[when]);
        assert_eq!(until, ["2026-12-31", "2027-12-31"]);

        let post = room
            .hall
            .post(PostKind::Auditor, "監査担当", Place::Town)
            .await;
        let auditor = holder(&room.hall, "A-9", post).await;
        let auditor = room.town.signs_in(auditor).await;
        let page = text(auditor.get(&path).await).await;
        assert!(
            page.contains(letter) && !page.contains("書き改める"),
            "{page}"
        );
    }
);
