//! Why something was agreed to, where the policy wants that on record: asked for, kept, and shown.

use super::broadcasts::{Room, TEXT, notice, text};
use crate::on_both;
use crate::support::console::leads_to;
use crate::support::form_data::hidden;

const NOTE: &str = "<b>献血</b>の協力は、市民に広く知らせる必要がある";
const SHOWN: &str = "認めた記録：&#60;b&#62;献血&#60;/b&#62;の協力は、市民に広く知らせる必要がある";

on_both!(
    what_no_category_covers_goes_out_with_the_chiefs_words_on_record,
    |room: Room| {
        let hanako = room.town.resident("花子").await;
        let chief = room.chief().await;
        let mut fields = notice("献血", TEXT, "everyone");
        fields[1] = ("category", "other");
        let path = room.drafts(&fields).await;
        room.hands_in(&path, "1").await;
        let asked = text(chief.get(&path).await).await;
        let (request, digest) = (hidden(&asked, "request"), hidden(&asked, "digest"));
        let decide = format!("{path}/decide");
        let says = async |verdict: &str, note: &str, reason: &str| {
            let fields = [
                ("request", request.as_str()),
                ("digest", &digest),
                ("verdict", verdict),
                ("note", note),
                ("reason", reason),
            ];
            chief.post(&decide, &fields).await
        };

        let long = "長".repeat(501);
        for note in [" ", long.as_str()] {
            let refused = says("agree", note, "書きかけの理由").await;
            assert_eq!(refused.status(), 422);
            let page = text(refused).await;
            for words in [
                "認めた記録を、1文字から500文字まで",
                note.trim(),
                "書きかけの理由",
            ] {
                assert!(page.contains(words), "`{words}` is not in {page}");
            }
        }
        let refused = says("return", "書きかけの記録", " ").await;
        assert_eq!(refused.status(), 422);
        let page = text(refused).await;
        assert!(
            page.contains("差し戻す理由を、1文字から") && page.contains("書きかけの記録"),
            "{page}"
        );
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 0);

        assert_eq!(leads_to(&says("agree", NOTE, "").await), path);
        room.sends().await;
        assert_eq!(room.told(&hanako, "親子ひろば"), 1);
        for path in [path.clone(), format!("{path}/report")] {
            let page = text(room.drafter.get(&path).await).await;
            assert!(page.contains(SHOWN), "{page}");
        }
        let record = room.hall.record("approval.agreed").await;
        assert_eq!(record[0].detail["has_note"], true);
        assert!(!record[0].detail.to_string().contains("献血"));
    }
);
