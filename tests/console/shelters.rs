//! Shelters in the console: a tap, a look, a second tap, and residents are told.

use kairan::audit;
use kairan::shelter;
use kairan::staff::countersign::Ask;
use kairan::staff::people::{Place, PostKind, Subject};
use sea_orm::ConnectionTrait;

use crate::on_both;
use crate::support::console::{Staff, leads_to};
use crate::support::town::Town;

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// The first place of the list: its number and name.
async fn first(town: &Town) -> (i64, String) {
    let places = shelter::all(&town.db).await.unwrap();
    (places[0].id.unwrap().0, places[0].name.clone())
}

on_both!(
    the_duty_officer_opens_fills_and_closes_a_shelter,
    |town: Town| {
        let hall = town.hall().await;
        let duty = hall.post(PostKind::DutyOfficer, "当直", Place::Town).await;
        let person = hall.holder("P-1", duty).await;
        let duty = town.signs_in(person).await;
        let (id, name) = first(&town).await;
        let list = page(&duty, "/shelters").await;
        assert!(list.contains("いま開いている避難所の登録はありません"));
        assert!(list.contains(&format!("href=\"/shelters/{id}/open\"")));

        let path = format!("/shelters/{id}/open");
        let asked = page(&duty, &path).await;
        assert!(
            asked.contains(&name) && asked.contains("「開設」にしますか"),
            "{asked}"
        );
        let done = duty.post(&path, &[("note", "2階の体育館へ")]).await;
        assert_eq!(leads_to(&done), "/shelters");
        let list = page(&duty, "/shelters").await;
        for words in [
            "開設中",
            "1か所",
            "2階の体育館へ",
            "11月24日(火) 10:00",
            "開設中と確認",
        ] {
            assert!(list.contains(words), "{words}: {list}");
        }
        // A double tap says it again, and nothing else.
        duty.post(&path, &[("note", "2階の体育館へ")]).await;
        let record = audit::search(&town.db, &audit::Query::default())
            .await
            .unwrap();
        let entry = &record.entries[0];
        assert_eq!(
            (entry.act.as_str(), entry.actor),
            ("shelter.opened", Some(person))
        );
        assert_eq!(entry.detail["name"], name);

        let long_ago = "UPDATE shelter_opening SET since = '2026-11-23 13:00:00+00:00',
            confirmed_at = '2026-11-23 13:00:00+00:00'";
        town.db.conn().execute_unprepared(long_ago).await.unwrap();
        let stale = page(&duty, "/shelters").await;
        assert!(stale.contains("時間のたった登録があります") && stale.contains("12時間以上"));
        let full = format!("/shelters/{id}/full");
        duty.post(&full, &[("note", "")]).await;
        let list = page(&duty, "/shelters").await;
        assert!(list.contains("満員と確認") && !list.contains("時間のたった登録"));
        let closed = format!("/shelters/{id}/closed");
        duty.post(&closed, &[("note", "")]).await;
        let list = page(&duty, "/shelters").await;
        assert!(list.contains("いま開いている避難所の登録はありません"));
    }
);

on_both!(
    what_is_no_state_and_too_long_a_note_are_told,
    |town: Town| {
        let staff = town.staff().await;
        let (id, _) = first(&town).await;
        for path in [
            format!("/shelters/{id}/burnt"),
            "/shelters/999999/open".to_owned(),
            "/shelters/x/open".to_owned(),
        ] {
            assert_eq!(staff.get(&path).await.status(), 404, "{path}");
            assert_eq!(
                staff.post(&path, &[("note", "")]).await.status(),
                404,
                "{path}"
            );
        }
        let long = "長".repeat(101);
        let refused = staff
            .post(&format!("/shelters/{id}/open"), &[("note", &long)])
            .await;
        assert_eq!(refused.status(), 422);
        let again = refused.text().await.unwrap();
        assert!(again.contains("100文字までで") && again.contains(&long));
        let found = page(&staff, "/shelters?q=%E5%B8%82%E5%BD%B9%E6%89%80").await;
        assert!(found.contains("汐見市役所前広場"), "{found}");
        let nothing = page(&staff, "/shelters?q=%3Cscript%3E").await;
        assert!(nothing.contains("当てはまるものはありません") && !nothing.contains("<script>"));
    }
);

on_both!(
    a_section_opens_shelters_once_it_is_entrusted_with_them,
    |town: Town| {
        let hall = town.hall().await;
        let nurse = hall.holder("P-1", hall.childcare_staff).await;
        let nurse = town.signs_in(nurse).await;
        assert_eq!(nurse.get("/shelters").await.status(), 403);
        let ask = Ask::Entrust {
            section: hall.childcare,
            subject: Subject::Shelters,
        };
        hall.agreed(ask).await.unwrap();
        let list = page(&nurse, "/shelters").await;
        assert!(list.contains("避難所の開設状況"));
        let (id, _) = first(&town).await;
        let path = format!("/shelters/{id}/open");
        let done = nurse.post(&path, &[("note", "")]).await;
        assert_eq!(leads_to(&done), "/shelters");
        let list = page(&nurse, "/shelters").await;
        assert!(list.contains("開設中と確認"), "{list}");
    }
);
