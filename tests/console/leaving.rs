//! The personnel change at the console, and the secrets to change after it.

use kairan::staff::countersign::{self, Ask};
use kairan::staff::people::Term;

use super::office::{Office, page, seen, text};
use crate::on_both;
use crate::staff::deputy;
use crate::support::console::leads_to;

on_both!(one_form_ends_everything_that_was_shown, |office: Office| {
    let hall = &office.hall;
    let person = hall.holder("81001", hall.childcare_staff).await;
    let term = Term::since(hall.today());
    hall.agreed(deputy(hall.childcare_chief, person, 1, term))
        .await
        .unwrap();
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person,
        term,
    };
    countersign::ask(&hall.db, office.now(), hall.first, ask, "兼務")
        .await
        .unwrap();
    let path = format!("/people/{person}/leave");
    assert!(
        page(&office.first, &path)
            .await
            .contains("最終日を決めます")
    );
    for query in [
        "when=day&day=",
        "when=day&day=2026-11-23",
        "when=day&day=soon",
        "when=never",
    ] {
        let answer = office.first.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status(), 422, "{query}");
    }
    let shown = page(&office.first, &format!("{path}?when=day&day=2026-11-30")).await;
    for what in [
        "11月30日(月)の終わりに",
        "子育て支援課 担当者",
        "子育て支援課 課長",
        "この人について申請中のこと",
    ] {
        assert!(shown.contains(what), "{what}");
    }
    let answer = office.leaves(person, "day", "2026-11-30").await;
    assert_eq!(
        leads_to(&answer),
        format!("/people/{person}"),
        "no secrets to change"
    );
    let clerk = office.town.signs_in(person).await;
    assert_eq!(clerk.get("/").await.status(), 200, "until the day is over");
    assert!(
        page(&office.auditor, "/people")
            .await
            .contains("11月30日(月)まで")
    );
    office.town.later(chrono::TimeDelta::days(7));
    assert_eq!(clerk.get("/").await.status(), 303);
    assert!(
        page(&office.again(&office.auditor).await, "/deputies")
            .await
            .contains("決裁できる人がいません")
    );
});

on_both!(
    a_form_that_shows_less_than_would_end_does_nothing,
    |office: Office| {
        let hall = &office.hall;
        let person = hall.holder("81001", hall.childcare_staff).await;
        let path = format!("/people/{person}/leave");
        let shown = page(&office.first, &format!("{path}?when=now")).await;
        hall.granted(hall.pr_staff, person, Term::since(hall.today()))
            .await;
        let form = [("when", "now"), ("day", ""), ("seen", &seen(&shown))];
        let stale = office.first.post(&path, &form).await;
        assert_eq!(stale.status(), 422);
        let again = text(stale).await;
        assert!(again.contains("役職や申請が変わりました") && again.contains("広報課 担当者"));
        assert!(hall.signed(person).await.is_some());
        let form = [("when", "now"), ("day", ""), ("seen", &seen(&again))];
        assert_eq!(office.first.post(&path, &form).await.status(), 303);
        assert!(hall.signed(person).await.is_none());
    }
);

on_both!(
    secrets_stay_red_until_somebody_else_changed_them,
    |office: Office| {
        let hall = &office.hall;
        let shown = page(
            &office.first,
            &format!("/people/{}/leave?when=day&day=2026-11-30", hall.first),
        )
        .await;
        assert!(shown.contains("これはあなた自身です"));
        assert!(
            shown.contains("二人操作ができなくなります"),
            "the last but one administrator"
        );
        assert!(shown.contains("LINEのチャネルシークレット"));
        let answer = office.leaves(hall.first, "day", "2026-11-30").await;
        assert_eq!(leads_to(&answer), "/secrets");
        let red = page(&office.second, "/").await;
        assert!(red.contains("秘密情報の交換が7件、終わっていません"));
        let own = page(&office.first, "/secrets").await;
        assert!(own.contains("あなた自身の退職・異動によるものです"));
        assert!(!own.contains("替えたことを記録する"));
        let open = kairan::staff::leaving::open_tasks(&hall.db).await.unwrap();
        let done = |at: usize| format!("/secrets/{}/done", open[at].id);
        office.first.post(&done(0), &[]).await;
        let left = || async {
            kairan::staff::leaving::open_tasks(&hall.db)
                .await
                .unwrap()
                .len()
        };
        assert_eq!(left().await, 7, "nobody says so of themselves");
        for at in 0..open.len() {
            assert_eq!(office.second.post(&done(at), &[]).await.status(), 303);
        }
        office.second.post(&done(0), &[]).await;
        assert_eq!(left().await, 0);
        assert_eq!(hall.record("staff.secret_changed").await.len(), 7);
        assert!(!page(&office.second, "/").await.contains("秘密情報の交換が"));
        let list = page(&office.auditor, "/secrets").await;
        assert!(list.contains("替えたもの") && list.contains("個人情報の暗号鍵"));
    }
);

on_both!(
    who_confirms_sees_which_sign_ins_and_passkeys_end,
    |office: Office| {
        let hall = &office.hall;
        let person = hall.holder("81001", hall.childcare_staff).await;
        let path = format!("/people/{person}/leave?when=now");
        let none = "いま開いているものはありません";
        let shown = page(&office.first, &path).await;
        assert!(shown.contains(none) && !shown.contains("電話（"));
        let at_work = office.town.signs_in(person).await;
        let at_home = office.town.signs_in(person).await;
        let shown = page(&office.first, &path).await;
        assert!(shown.contains("いま2件が開いています"));
        let passkeys = shown.matches("電話（11月24日(火)登録）");
        assert_eq!(passkeys.count(), 2);
        office.leaves(person, "now", "").await;
        for clerk in [at_work, at_home] {
            assert_eq!(clerk.get("/").await.status(), 303);
        }
        let shown = page(&office.first, &path).await;
        assert!(shown.contains(none) && !shown.contains("電話（"));
    }
);
