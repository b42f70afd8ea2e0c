//! Who registers a child late is answered with what can still be had.

use kairan::childcare;
use kairan::reminder::childcare::still_useful;
use kairan::resident::{Child, ChildKind, Month};

use crate::on_both;
use crate::support::town::Town;

on_both!(
    a_child_registered_late_still_has_what_it_can_have,
    |town: Town| {
        let hanako = town.resident("花子").await;
        for label in ["同意して登録する", "答えない", "どれも受け取らない"] {
            hanako.taps(label).await;
        }
        let born = "2026-05-10".parse().unwrap();
        let answer = hanako.picks("生まれた月を追加", born).await;
        let child = Child {
            kind: ChildKind::Born,
            month: Month::of(born),
        };
        let timetable = childcare::timetable(&town.db).await.unwrap();
        let today = kairan::clock::date_in_japan(town.clock.now());
        let mut useful = still_useful(&timetable, &child, today);
        assert!(useful.len() > 5, "{}", useful.len());
        useful.sort_by_key(|(_, due)| due.until);
        answer.contains("いまからでも間に合うもの");
        for (rule, _) in &useful[..5] {
            answer.contains(&format!("・{}（", rule.title));
        }
        assert_eq!(answer.words().matches('・').count(), 5);
        // The question goes on below.
        answer
            .contains("ほかにもいらっしゃいますか")
            .offers("これで全部");

        // Said once: not of a child that is there, nor of one that is too old.
        let again = hanako.picks("生まれた月を追加", born).await;
        again.lacks("間に合うもの");
        let old = "2010-01-10".parse().unwrap();
        let old = hanako.picks("生まれた月を追加", old).await;
        old.contains("登録しました").lacks("間に合うもの");
        town.nothing_went_wrong().await;
    }
);
