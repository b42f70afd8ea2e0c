//! One's own account.

use chrono::TimeDelta;

use super::{PASSWORD, accepts, drafter, password, recovery_codes, secret, shown};
use crate::on_both;
use crate::support::guest::between;
use crate::support::town::Town;

on_both!(everyone_sees_and_ends_their_own_sessions, |town: Town| {
    let hall = town.hall().await;
    let person = drafter(&hall).await;
    let (guest, _) = accepts(&town, person).await;
    let others = [town.guest(), town.guest(), town.guest()];
    for other in &others {
        password(other, "30001", PASSWORD).await.leads("/");
    }
    let stranger = town.signs_in(hall.holder("2", hall.pr_staff).await);
    let stranger = stranger.await.browser();
    let page = guest.get("/me").await;
    let id = page.field("session");
    let foreign = stranger.post("/me/sessions", &[("session", &id)]).await;
    foreign.leads("/me");
    stranger.get("/me").await.says("もう終わっています");
    let alive = async || {
        let mut alive = 0;
        for other in &others {
            alive += usize::from(other.get("/").await.status == 200);
        }
        alive
    };
    assert_eq!(alive().await, 3);
    guest
        .post("/me/sessions", &[("session", &id)])
        .await
        .leads("/me");
    assert_eq!(alive().await, 2);
    guest
        .post("/me/sessions", &[("session", "nonsense")])
        .await
        .says("読み取れません");
    guest.post("/me/sessions", &[]).await.leads("/me");
    assert_eq!(alive().await, 0);
    assert_eq!(guest.get("/").await.status, 200);
    assert_eq!(stranger.get("/").await.status, 200);
});

on_both!(passkeys_are_added_named_and_revoked, |town: Town| {
    let hall = town.hall().await;
    let (mut guest, _) = accepts(&town, drafter(&hall).await).await;
    let label = "<script>alert(1)</script>";
    guest
        .proves("/me/passkeys", &[("label", label)])
        .await
        .leads("/me");
    let page = guest.get("/me").await;
    page.says("&#60;script&#62;").says("24時間後から");
    let id = between(&page.page, "/me/passkeys/", "/name").to_owned();
    // The very same key is not added twice.
    let twice = guest.proves("/me/passkeys", &[]).await;
    twice.says("パスキーを登録できませんでした");
    let name = format!("/me/passkeys/{id}/name");
    guest
        .post(&name, &[("label", "窓口のパソコン")])
        .await
        .leads("/me");
    guest.get("/me").await.says("窓口のパソコン");
    let stranger = town.signs_in(hall.holder("2", hall.pr_staff).await);
    let stranger = stranger.await.browser();
    for (path, fields) in [("name", vec![("label", "他人の")]), ("revoke", vec![])] {
        let path = format!("/me/passkeys/{id}/{path}");
        stranger.post(&path, &fields).await.leads("/me");
        stranger.get("/me").await.says("もう取り消されています");
    }
    guest.proves("/login/passkey", &[]).await.leads("/");
    guest
        .post(&format!("/me/passkeys/{id}/revoke"), &[])
        .await
        .leads("/me");
    assert!(!guest.get("/me").await.page.contains("窓口のパソコン"));
    let mut late = town.guest();
    late.phone = guest.phone.clone();
    late.proves("/login/passkey", &[])
        .await
        .says("サインインできません");
    assert_eq!(hall.record("account.passkey_revoked").await.len(), 1);
});

on_both!(
    a_chiefs_second_passkey_takes_two_administrators,
    |town: Town| {
        let chief = town.staff().await;
        let chief = chief.browser();
        chief
            .get("/me")
            .await
            .says("システム管理者2人の同意が要ります");
        chief.post("/me/passkeys", &[]).await.leads("/me");
        chief.get("/me").await.says("発行されるリンク");
        // Nor by giving up the first: whoever holds a stolen browser could.
        let page = chief.get("/me").await;
        let id = between(&page.page, "/me/passkeys/", "/name").to_owned();
        let revoke = format!("/me/passkeys/{id}/revoke");
        chief.post(&revoke, &[]).await.leads("/me");
        chief.post("/me/passkeys", &[]).await.leads("/me");
        chief.get("/me").await.says("発行されるリンク");
    }
);

on_both!(
    means_are_changed_only_soon_after_signing_in,
    |town: Town| {
        let hall = town.hall().await;
        let (guest, _) = accepts(&town, drafter(&hall).await).await;
        assert_eq!(guest.get("/me/password").await.status, 200);
        town.later(TimeDelta::minutes(11));
        guest.get("/me").await.says("もう一度確かめます");
        let chosen = [
            ("password", "夜の港で笛を吹く鯨の群れ"),
            ("again", "夜の港で笛を吹く鯨の群れ"),
        ];
        for path in ["/me/passkeys", "/me/codes", "/me/recovery"] {
            guest.post(path, &[]).await.leads("/login?next=%2Fme");
        }
        guest
            .get("/me/password")
            .await
            .leads("/login?next=%2Fme%2Fpassword");
        guest
            .post("/me/password", &chosen)
            .await
            .leads("/login?next=%2Fme%2Fpassword");
        guest
            .get("/login")
            .await
            .says("サインインしなおすと、続けられます");
        password(&guest, "30001", PASSWORD).await.leads("/");
        let other = town.guest();
        password(&other, "30001", PASSWORD).await.leads("/");
        let weak = [
            ("password", "30001 30001 30001"),
            ("again", "30001 30001 30001"),
        ];
        guest
            .post("/me/password", &weak)
            .await
            .says("推測されやすい");
        guest.post("/me/password", &chosen).await.leads("/me");
        assert_eq!(
            other.get("/").await.status,
            303,
            "signed in with the old one"
        );
        password(&other, "30001", PASSWORD)
            .await
            .says("パスワードが違います");
        town.later(TimeDelta::minutes(1));
        password(&other, "30001", chosen[0].1).await.leads("/");
    }
);

on_both!(
    an_app_is_added_and_its_recovery_codes_renewed,
    |town: Town| {
        let hall = town.hall().await;
        let (guest, _) = accepts(&town, drafter(&hall).await).await;
        guest.post("/me/recovery", &[]).await.leads("/me");
        guest
            .get("/me")
            .await
            .says("認証アプリを登録すると作れます");
        let page = guest.post("/me/codes", &[]).await;
        page.says("data:image/svg+xml;base64,");
        let code = shown(&secret(&page), town.clock.now());
        let ceremony = page.field("ceremony");
        let fields = [("ceremony", ceremony.as_str()), ("code", code.as_str())];
        // Somebody else's browser with the same page.
        let stranger = town.signs_in(hall.holder("2", hall.pr_staff).await);
        let stranger = stranger.await.browser();
        let foreign = stranger.post("/me/codes", &fields).await;
        assert!(!foreign.page.contains("class=\"recovery\""));
        let first = recovery_codes(&guest.post("/me/codes", &fields).await);
        let second = recovery_codes(&guest.post("/me/recovery", &[]).await);
        assert_eq!((first.len(), second.len()), (10, 10));
        let other = town.guest();
        password(&other, "30001", PASSWORD)
            .await
            .leads("/login/code?next=%2F");
        other
            .post("/login/recovery", &[("code", &first[0])])
            .await
            .says("回復コードが違う");
        town.later(TimeDelta::minutes(1));
        other
            .post("/login/recovery", &[("code", &second[0])])
            .await
            .leads("/");
    }
);

on_both!(
    whoever_leaves_at_once_is_out_at_once_and_stays_out,
    |town: Town| {
        let hall = town.hall().await;
        let person = hall.holder("2", hall.pr_staff).await;
        let mut clerk = town.signs_in(person).await.browser();
        let link = town.invites(person).await;
        let tx = hall.db.db.begin().await.unwrap();
        let (by, end) = (
            kairan::audit::Actor::Operator,
            kairan::staff::people::End::AtOnce,
        );
        let left = kairan::staff::leaving::leave(&tx, town.clock.now(), &by, person, end);
        left.await.unwrap();
        tx.commit().await.unwrap();
        clerk.get("/").await.leads("/login?next=%2F");
        let refused = clerk.proves("/login/passkey", &[]).await;
        refused.says("サインインできません");
        clerk.get(&link).await.leads("/login");
        let keys = town.product.accounts.passkeys(person).await.unwrap();
        assert_eq!(keys, []);
    }
);
