//! Coming in for the first time.

use chrono::TimeDelta;
use kairan::console::COOKIE;

use super::{PASSWORD, drafter, password};
use crate::on_both;
use crate::support::guest::pairs;
use crate::support::town::Town;

on_both!(a_link_welcomes_and_is_good_once, |town: Town| {
    let hall = town.hall().await;
    let link = town.invites(drafter(&hall).await).await;
    let guest = town.guest();
    for _ in 0..3 {
        let page = guest.get(&link).await;
        page.says("青葉 花子さん、ようこそ").says("広報課 担当者");
        page.says("11月27日(金) 10:00まで");
    }
    let to = format!("{link}/password");
    let differ = guest
        .post(&to, &[("password", PASSWORD), ("again", "別のもの")])
        .await;
    differ.says("2つのパスワードが違います");
    for (weak, said) in [
        ("short", "12文字以上"),
        ("30001 shiomi 30001", "推測されやすい"),
    ] {
        let refused = guest
            .post(&to, &[("password", weak), ("again", weak)])
            .await;
        refused.says(said);
        assert!(!refused.page.contains(&format!("value=\"{weak}\"")));
    }
    let chosen = [("password", PASSWORD), ("again", PASSWORD)];
    guest.post(&to, &chosen).await.leads("/");
    assert_eq!(guest.get("/").await.status, 200);
    let late = town.guest();
    late.get(&link).await.leads("/login");
    late.get("/login").await.says("使用済みか期限切れ");
    late.post(&to, &chosen).await.leads("/login");
    late.get("/login").await.says("使用済みか期限切れ");
});

on_both!(
    a_link_lies_three_days_and_a_newer_one_ends_it,
    |town: Town| {
        let hall = town.hall().await;
        let person = drafter(&hall).await;
        let (first, second) = (town.invites(person).await, town.invites(person).await);
        let guest = town.guest();
        guest.get(&first).await.leads("/login");
        assert_eq!(guest.get(&second).await.status, 200);
        town.later(TimeDelta::hours(73));
        guest.get(&second).await.leads("/login");
        guest.get("/invite/AAAA").await.leads("/login");
    }
);

on_both!(a_link_is_accepted_with_a_passkey, |town: Town| {
    let hall = town.hall().await;
    let link = town.invites(drafter(&hall).await).await;
    let to = format!("{link}/passkey");
    let mut guest = town.guest();
    for nonsense in ["{", "{}", "null", "\u{0}"] {
        let asked = guest.post(&to, &[]).await;
        let ceremony = asked.field("ceremony");
        let answer = [("ceremony", ceremony.as_str()), ("answer", nonsense)];
        guest
            .post(&to, &answer)
            .await
            .says("パスキーを登録できませんでした");
    }
    // A phone that did not ask for a finger or a PIN.
    guest.phone.verifies_user = false;
    guest
        .proves(&to, &[])
        .await
        .says("パスキーを登録できませんでした");
    guest.phone.verifies_user = true;
    let asked = guest.post(&to, &[]).await;
    let answer = guest.answer(&asked);
    guest.post(&to, &pairs(&answer)).await.leads("/");
    assert_eq!(guest.get("/me").await.status, 200);
    guest.post(&to, &pairs(&answer)).await.leads("/login");

    let mut again = town.guest();
    again.phone = guest.phone.clone();
    again
        .proves("/login/passkey", &[("next", "/me")])
        .await
        .leads("/me");
    // No password was set: none is right.
    let guest = town.guest();
    password(&guest, "30001", PASSWORD)
        .await
        .says("パスワードが違います");
    assert_eq!(guest.cookie(COOKIE), None);
});

on_both!(an_assertion_opens_one_session, |town: Town| {
    let hall = town.hall().await;
    let mut guest = town.signs_in(drafter(&hall).await).await.browser();
    let asked = guest.post("/login/passkey", &[]).await;
    let answer = guest.answer(&asked);
    guest
        .post("/login/passkey", &pairs(&answer))
        .await
        .leads("/");
    let thief = town.guest();
    let replayed = thief.post("/login/passkey", &pairs(&answer)).await;
    replayed.says("受け付けられません");
    assert_eq!(thief.cookie(COOKIE), None);
    // A passkey that nobody here knows.
    town.guest()
        .proves("/login/passkey", &[])
        .await
        .says("サインインできません");
});
