//! Confirming one deed: the example is taking one's authenticator app away.

use chrono::TimeDelta;

use super::{PASSWORD, accepts, drafter, secret, shown};
use crate::on_both;
use crate::support::guest::{Guest, pairs};
use crate::support::town::Town;

const DEED: &str = "/me/codes/end";

/// Adds an app.
async fn with_an_app(town: &Town, guest: &Guest) {
    let page = guest.post("/me/codes", &[]).await;
    let (code, ceremony) = (
        shown(&secret(&page), town.clock.now()),
        page.field("ceremony"),
    );
    let fields = [("ceremony", ceremony.as_str()), ("code", code.as_str())];
    guest
        .post("/me/codes", &fields)
        .await
        .says("class=\"recovery\"");
}

async fn has_an_app(guest: &Guest) -> bool {
    guest
        .get("/me")
        .await
        .page
        .contains("認証アプリを登録しています")
}

on_both!(a_deed_is_told_and_done_with_a_passkey_once, |town: Town| {
    let hall = town.hall().await;
    let chief = hall.holder("1", hall.pr_chief).await;
    let mut chief = town.signs_in(chief).await.browser();
    with_an_app(&town, &chief).await;
    let asked = chief.post(DEED, &[]).await;
    asked
        .says("もう一度確かめます")
        .says("残りのコードは、すべて使えなくなります");
    assert!(has_an_app(&chief).await, "asking does nothing");
    let answer = chief.answer(&asked);
    chief.post(DEED, &pairs(&answer)).await.leads("/me");
    assert!(!has_an_app(&chief).await);

    // The same assertion again, when there is something to take away again.
    with_an_app(&town, &chief).await;
    chief
        .post(DEED, &pairs(&answer))
        .await
        .says("受け付けられません");
    assert!(has_an_app(&chief).await);
    // A password does not do for who has a passkey.
    chief
        .post(DEED, &[("password", PASSWORD)])
        .await
        .says("data-passkey=\"get\"");
    assert!(has_an_app(&chief).await);
    assert_eq!(hall.record("stepup.confirmed").await.len(), 1);
});

on_both!(what_was_signed_for_one_thing_does_no_other, |town: Town| {
    let hall = town.hall().await;
    let mut chief = town
        .signs_in(hall.holder("1", hall.pr_chief).await)
        .await
        .browser();
    let mut other = town
        .signs_in(hall.holder("2", hall.pr_staff).await)
        .await
        .browser();
    with_an_app(&town, &chief).await;
    // Signed by another person, who was asked the same of themselves.
    let asked = other.post(DEED, &[]).await;
    let answer = other.answer(&asked);
    chief
        .post(DEED, &pairs(&answer))
        .await
        .says("確かめられませんでした");
    // Signed to sign in.
    let asked = chief.post("/login/passkey", &[]).await;
    let answer = chief.answer(&asked);
    chief
        .post(DEED, &pairs(&answer))
        .await
        .says("受け付けられません");
    // Signed for the deed, sent to sign in.
    let asked = chief.post(DEED, &[]).await;
    let answer = chief.answer(&asked);
    let nobody = town.guest();
    nobody
        .post("/login/passkey", &pairs(&answer))
        .await
        .says("受け付けられません");
    // Too late: two minutes.
    town.later(TimeDelta::seconds(121));
    chief
        .post(DEED, &pairs(&answer))
        .await
        .says("受け付けられません");
    assert!(has_an_app(&chief).await);
});

on_both!(who_has_no_passkey_gives_the_password_again, |town: Town| {
    let hall = town.hall().await;
    let (guest, _) = accepts(&town, drafter(&hall).await).await;
    with_an_app(&town, &guest).await;
    let asked = guest.post(DEED, &[]).await;
    asked.says("あなたのパスワード");
    let wrong = guest.post(DEED, &[("password", "nobody's password")]).await;
    wrong.says("確かめられませんでした");
    let hasty = guest.post(DEED, &[("password", PASSWORD)]).await;
    hasty.says("あと1秒");
    town.later(TimeDelta::seconds(2));
    guest
        .post(DEED, &[("password", PASSWORD)])
        .await
        .leads("/me");
    assert!(!has_an_app(&guest).await);
    let confirmed = hall.record("stepup.confirmed").await;
    assert_eq!(confirmed.len(), 1);
});
