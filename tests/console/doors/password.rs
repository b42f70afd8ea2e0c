//! Signing in by password, and how it is slowed down.

use chrono::TimeDelta;
use kairan::console::COOKIE;
use sea_orm::EntityTrait;

use super::{PASSWORD, accepts, drafter, password};
use crate::on_both;
use crate::support::console::client;
use crate::support::town::Town;

on_both!(
    a_number_or_a_mail_address_and_the_password_open_a_session,
    |town: Town| {
        let hall = town.hall().await;
        let person = drafter(&hall).await;
        let (guest, seen) = accepts(&town, person).await;
        seen.leads("/");
        guest.get("/").await.says("青葉 花子");
        for called in [
            "30001",
            " 30001 ",
            "hanako@city.shiomi.example",
            "HANAKO@city.shiomi.example",
        ] {
            let guest = town.guest();
            password(&guest, called, PASSWORD).await.leads("/");
            assert_eq!(guest.get("/").await.status, 200, "{called}");
        }
        let signed_in = hall.record("account.signed_in").await;
        assert_eq!(signed_in.len(), 5);
        assert!(hall.record("account.password_set").await.len() == 1);
    }
);

on_both!(
    signing_in_leads_to_the_page_that_was_wanted_and_nowhere_else,
    |town: Town| {
        let hall = town.hall().await;
        accepts(&town, drafter(&hall).await).await;
        for (next, to) in [
            ("/me?a=b", "/me?a=b"),
            ("https://evil.example/", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
        ] {
            let guest = town.guest();
            let typed = [("number", "30001"), ("password", PASSWORD), ("next", next)];
            guest.post("/login", &typed).await.leads(to);
        }
        let page = town.guest().get("/login?next=%2Fme").await;
        assert_eq!(page.field("next"), "/me");
    }
);

on_both!(
    signing_in_again_leaves_the_session_that_was,
    |town: Town| {
        let hall = town.hall().await;
        let (guest, _) = accepts(&town, drafter(&hall).await).await;
        let before = guest.cookie(COOKIE).unwrap();
        password(&guest, "30001", PASSWORD).await.leads("/");
        let after = guest.cookie(COOKIE).unwrap();
        assert_ne!(before, after);
        let copied = town.guest();
        copied.holds(COOKIE, &before);
        assert_eq!(copied.get("/").await.status, 303);
    }
);

on_both!(
    a_session_rests_half_an_hour_and_ends_after_twelve,
    |town: Town| {
        let hall = town.hall().await;
        let (guest, _) = accepts(&town, drafter(&hall).await).await;
        for _ in 0..24 {
            town.later(TimeDelta::minutes(29));
            assert_eq!(guest.get("/").await.status, 200);
        }
        town.later(TimeDelta::minutes(25));
        guest.get("/").await.leads("/login?next=%2F");
        password(&guest, "30001", PASSWORD).await.leads("/");
        town.later(TimeDelta::minutes(30));
        guest.get("/").await.leads("/login?next=%2F");
    }
);

on_both!(
    wrong_ones_wait_in_words_and_lock_the_password_but_no_passkey,
    |town: Town| {
        let hall = town.hall().await;
        let person = drafter(&hall).await;
        let mut phone = town.signs_in(person).await.browser();
        // The passkey is a second factor now; the password is the first.
        accepts(&town, person).await;
        let guest = town.guest();
        let wrong = password(&guest, "30001", "nobody's password").await;
        wrong
            .says("パスワードが違います")
            .says("パスキーではいつでも");
        assert_eq!((wrong.status, wrong.field("next")), (200, "/".to_owned()));
        wrong.says("value=\"30001\"");
        assert!(!wrong.page.contains("nobody&#39;s password"));
        let nobody = password(&guest, "99999", "nobody's password").await;
        nobody.says("パスワードが違います");
        let hasty = password(&guest, "30001", PASSWORD).await;
        hasty.says("あと1秒待ってから");
        for _ in 0..9 {
            town.later(TimeDelta::minutes(2));
            password(&guest, "30001", "nobody's password").await;
        }
        town.later(TimeDelta::minutes(2));
        // Nobody learns from outside that it is locked now, or that it would be right.
        let locked = password(&guest, "30001", PASSWORD).await;
        locked.says("パスワードが違います");
        assert_eq!(guest.cookie(COOKIE), None);
        phone.proves("/login/passkey", &[]).await.leads("/");
        let me = phone.get("/me").await;
        me.says("パスワードは使えなくなっています")
            .says("パスキーは使えます");
    }
);

on_both!(whoever_holds_no_post_today_is_told_so, |town: Town| {
    let hall = town.hall().await;
    let person = drafter(&hall).await;
    accepts(&town, person).await;
    let roster = hall.roster().await;
    let held = roster.holdings.iter().find(|held| held.person == person);
    let tx = hall.db.db.begin().await.unwrap();
    let end = kairan::staff::people::End::AtOnce;
    let by = kairan::audit::Actor::Operator;
    let ended = kairan::staff::people::end_holding(&tx, hall.now, &by, held.unwrap().id, end);
    ended.await.unwrap();
    tx.commit().await.unwrap();
    let guest = town.guest();
    password(&guest, "30001", PASSWORD).await.leads("/login");
    guest.get("/login").await.says("今日就いている役職がない");
    assert_eq!(guest.cookie(COOKIE), None);
});

on_both!(what_is_over_is_forgotten_by_the_clock, |town: Town| {
    let hall = town.hall().await;
    let (guest, _) = accepts(&town, drafter(&hall).await).await;
    guest.post("/login/passkey", &[]).await;
    let job = kairan::jobs::JOBS
        .into_iter()
        .find(|job| job.name == "forget-sessions")
        .unwrap();
    let kept = async || {
        use sea_orm::PaginatorTrait;
        let sessions = entity::session::Entity::find().count(town.db.conn());
        let ceremonies = entity::ceremony::Entity::find().count(town.db.conn());
        (sessions.await.unwrap(), ceremonies.await.unwrap())
    };
    kairan::scheduler::run_if_due(&town.product.office, job).await;
    assert_eq!(kept().await, (1, 1));
    town.later(TimeDelta::hours(13));
    kairan::scheduler::run_if_due(&town.product.office, job).await;
    assert_eq!(kept().await, (0, 0));
});

on_both!(
    a_forged_way_of_a_request_makes_no_new_visitor,
    |town: Town| {
        let hall = town.hall().await;
        accepts(&town, drafter(&hall).await).await;
        let tries = async |number: &str, typed: &str, seen: &str| {
            let request = client().post(format!("{}/login", town.origin()));
            let request = request.header("x-forwarded-for", seen);
            let request = request.header("origin", town.origin());
            let sent = request.form(&[("number", number), ("password", typed)]);
            sent.send().await.unwrap().text().await.unwrap()
        };
        for n in 0..21 {
            let seen = format!("198.51.100.{n}, 203.0.113.{n}");
            let page = tries(&format!("x{n}"), "nobody's password", &seen).await;
            assert!(page.contains("パスワードが違います"), "{page}");
        }
        // All of them came from one address, whatever they wrote of others.
        let hasty = tries("30001", PASSWORD, "192.0.2.77").await;
        assert!(hasty.contains("あと1秒待ってから"), "{hasty}");
        let counted = entity::throttle::Entity::find().all(town.db.conn());
        let scopes = counted.await.unwrap().into_iter().map(|row| row.scope);
        let networks = scopes.filter(|scope| scope.starts_with("network:"));
        assert_eq!(networks.collect::<Vec<_>>(), ["network:127.0.0.1"]);
    }
);
