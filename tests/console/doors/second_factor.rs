//! The second step, and having to enrol one.

use chrono::TimeDelta;
use kairan::console::COOKIE;

use super::{PASSWORD, accepts, password, recovery_codes, secret, shown};
use crate::on_both;
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
