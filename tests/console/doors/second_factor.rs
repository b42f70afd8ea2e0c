//! The second step, and having to enrol one.

use chrono::TimeDelta;
use kairan::console::COOKIE;

use super::{PASSWORD, accepts, drafter, password, recovery_codes, secret, shown};
use crate::on_both;
use crate::support::guest::between;
use crate::support::town::Town;

on_both!(
    a_chief_enrols_an_app_before_coming_in_and_shows_a_code_from_then_on,
    |town: Town| {
        let hall = town.hall().await;
        let chief = hall.holder("20417", hall.pr_chief).await;
        let (guest, seen) = accepts(&town, chief).await;
        seen.leads("/login/enrol?next=%2F");
        assert_eq!(guest.cookie(COOKIE), None);
        guest.get("/").await.leads("/login?next=%2F");
        guest.get(&seen.to).await.says("パスキー（おすすめ）");
        let page = guest.post("/login/enrol/codes", &[("next", "/me")]).await;
        let (secret, ceremony) = (secret(&page), page.field("ceremony"));
        let typed = |code: &str| {
            let fields = [
                ("ceremony", ceremony.as_str()),
                ("next", "/me"),
                ("code", code),
            ];
            fields.map(|(name, value)| (name, value.to_owned()))
        };
        let send = async |code: &str| {
            let fields = typed(code);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            guest.post("/login/enrol/codes", &fields).await
        };
        let wrong = send("000000").await;
        wrong.says("確認コードが違います");
        assert_eq!(guest.cookie(COOKIE), None);
        let enrolled = send(&shown(&secret, town.clock.now())).await;
        let codes = recovery_codes(&enrolled);
        assert_eq!(codes.len(), 10);
        enrolled.says("href=\"/me\"");
        assert_eq!(guest.get("/me").await.status, 200);

        // From then on the password alone opens nothing, and nothing more can be enrolled with it.
        town.later(TimeDelta::minutes(1));
        let guest = town.guest();
        let seen = password(&guest, "20417", PASSWORD).await;
        seen.leads("/login/code?next=%2F");
        guest.get("/login/enrol").await.leads("/login");
        guest
            .post("/login/enrol/passkey", &[])
            .await
            .leads("/login");
        guest.get("/login/code").await.says("残り10個");
        let wrong = guest.post("/login/code", &[("code", "000000")]).await;
        wrong.says("確認コードが違います");
        let hasty = guest.post("/login/code", &[("code", "000000")]).await;
        hasty.says("待ってから");
        town.later(TimeDelta::minutes(1));
        let code = shown(&secret, town.clock.now());
        guest
            .post("/login/code", &[("code", &code)])
            .await
            .leads("/");
        assert_eq!(guest.get("/").await.status, 200);
        // The step is used up with it.
        guest.get("/login/code").await.leads("/login");

        // The same code once more, by somebody who looked over a shoulder.
        let guest = town.guest();
        password(&guest, "20417", PASSWORD).await;
        let used = guest.post("/login/code", &[("code", &code)]).await;
        used.says("1つのコードは1度だけ");
        town.later(TimeDelta::minutes(1));
        let typed = codes[0].to_lowercase().replace('-', " ");
        guest
            .post("/login/recovery", &[("code", &typed)])
            .await
            .leads("/");
        let guest = town.guest();
        password(&guest, "20417", PASSWORD).await;
        guest.get("/login/code").await.says("残り9個");
        let used = guest.post("/login/recovery", &[("code", &codes[0])]).await;
        used.says("もう使われています");
    }
);

on_both!(a_chief_may_enrol_a_passkey_instead, |town: Town| {
    let hall = town.hall().await;
    let chief = hall.holder("20417", hall.pr_chief).await;
    let (mut guest, _) = accepts(&town, chief).await;
    guest
        .proves("/login/enrol/passkey", &[("next", "/me")])
        .await
        .leads("/me");
    guest
        .get("/me")
        .await
        .says("緊急配信は11月25日(水) 10:00から");
    // Another browser with the password is asked for the passkey.
    let mut other = town.guest();
    other.phone = guest.phone.clone();
    password(&other, "20417", PASSWORD)
        .await
        .leads("/login/code?next=%2F");
    let page = other.get("/login/code").await;
    page.says("パスキーで確かめる");
    assert!(!page.page.contains("確認コード"));
    other.proves("/login/passkey", &[]).await.leads("/");
});

on_both!(
    a_step_waits_ten_minutes_and_only_in_its_browser,
    |town: Town| {
        let hall = town.hall().await;
        let chief = hall.holder("20417", hall.pr_chief).await;
        let (guest, _) = accepts(&town, chief).await;
        for path in [
            "/login/code",
            "/login/recovery",
            "/login/enrol/codes",
            "/login/enrol/passkey",
        ] {
            let fields = [("code", "000000")];
            town.guest().post(path, &fields).await.leads("/login");
        }
        let forged = town.guest();
        forged.holds("kairan-step", "AAAA");
        forged.get("/login/enrol").await.leads("/login");
        assert_eq!(guest.get("/login/enrol").await.status, 200);
        town.later(TimeDelta::minutes(11));
        guest.get("/login/enrol").await.leads("/login");
        guest.get("/login").await.says("はじめからサインイン");
    }
);

on_both!(
    a_reset_ends_what_somebody_with_the_password_had_begun,
    |town: Town| {
        let hall = town.hall().await;
        let chief = hall.holder("20417", hall.pr_chief).await;
        let (mut guest, _) = accepts(&town, chief).await;
        guest
            .proves("/login/enrol/passkey", &[("next", "/")])
            .await
            .leads("/");
        let mut thief = town.guest();
        password(&thief, "20417", PASSWORD)
            .await
            .leads("/login/code?next=%2F");
        let tx = town.db.db.begin().await.unwrap();
        kairan::staff::account::reset(&tx, town.clock.now(), chief)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        thief.get("/login/code").await.leads("/login");
        thief.get("/login/enrol").await.leads("/login");
        let given = thief.post("/login/enrol/passkey", &[]).await;
        given.leads("/login");
        thief
            .proves("/login/passkey", &[])
            .await
            .says("サインインできません");
        assert_eq!(guest.get("/").await.status, 303);
    }
);

on_both!(
    whoever_had_a_factor_when_they_began_enrols_none,
    |town: Town| {
        let hall = town.hall().await;
        let chief = hall.holder("20417", hall.pr_chief).await;
        let (mut guest, _) = accepts(&town, chief).await;
        guest
            .proves("/login/enrol/passkey", &[("next", "/")])
            .await
            .leads("/");
        let thief = town.guest();
        password(&thief, "20417", PASSWORD).await;
        let page = guest.get("/me").await;
        let id = between(&page.page, "/me/passkeys/", "/name").to_owned();
        guest
            .post(&format!("/me/passkeys/{id}/revoke"), &[])
            .await
            .leads("/me");
        let given = thief.post("/login/enrol/passkey", &[]).await;
        given.leads("/login");
    }
);

on_both!(
    ten_wrong_passwords_are_forgiven_by_an_administrator,
    |town: Town| {
        let hall = town.hall().await;
        let admin = town.signs_in(hall.first).await;
        let person = drafter(&hall).await;
        accepts(&town, person).await;
        // However the name is written, it is one name, with one wait.
        for n in 0..10 {
            let name = match n % 2 {
                0 => "hanako@city.shiomi.example",
                _ => "HANAKO@city.shiomi.example",
            };
            let wrong = password(&town.guest(), name, "何か別のことば").await;
            assert_eq!(wrong.status, 200);
            town.later(TimeDelta::minutes(2));
        }
        let locked = password(&town.guest(), "30001", PASSWORD).await;
        assert_eq!(locked.status, 200, "the right one no longer counts");
        let admin = town.signs_in(admin.person).await;
        let path = format!("/people/{person}");
        let shown = admin.get(&path).await.text().await.unwrap();
        assert!(shown.contains("パスワードが使えなくなっています"));
        let unlock = format!("{path}/unlock");
        assert_eq!(admin.post(&unlock, &[]).await.status(), 303);
        town.later(TimeDelta::minutes(2));
        password(&town.guest(), "30001", PASSWORD).await.leads("/");
        assert_eq!(hall.record("account.unlocked").await.len(), 1);
        let shown = admin.get(&path).await.text().await.unwrap();
        assert!(!shown.contains("パスワードが使えなくなっています"));
    }
);
