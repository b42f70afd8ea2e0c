//! The municipality's own sign-on, through the pages.

use kairan::console::COOKIE;
use kairan::sso::Config;
use kairan::startup::{self, Running};

use super::drafter;
use crate::on_both;
use crate::support::authenticator::Authenticator;
use crate::support::guest::{Guest, Seen};
use crate::support::provider::{OpenIdProvider, Says};
use crate::support::town::{Town, policy, settings};

const SUBJECT: &str = "hanako-at-city";

/// The product once more, with a sign-on beside it.
async fn opened(town: &Town) -> (Running, OpenIdProvider) {
    let elsewhere = OpenIdProvider::start(Says {
        subject: SUBJECT.into(),
        mail: Some(("hanako@city.shiomi.example".into(), true)),
        now: town.clock.now().timestamp(),
        instead: Vec::new(),
        forged: false,
    });
    let mut settings = settings(&town.line, &town.db.url);
    settings.sso = Some(Config {
        issuer: elsewhere.issuer(),
        client_id: "kairan".into(),
        client_secret: "hunter2".into(),
        redirect: format!("{}/login/sso", settings.public_url),
    });
    let product = startup::open(&settings, policy(), town.clock.clone(), None);
    (product.await.unwrap(), elsewhere)
}

fn guest(product: &Running) -> Guest {
    let phone = Authenticator::new("http://localhost:8080");
    Guest::at(&format!("http://{}", product.address), phone)
}

/// Begins at `path`, signs in elsewhere and comes back.
async fn goes(guest: &Guest, elsewhere: &OpenIdProvider, path: &str) -> Seen {
    let begun = guest.get(path).await;
    assert_eq!(begun.status, 303, "{}", begun.page);
    let (state, code) = elsewhere.sign_in(&begun.to.parse().unwrap());
    guest
        .get(&format!("/login/sso?state={state}&code={code}"))
        .await
}

on_both!(
    an_invited_person_is_bound_and_signs_in_from_then_on,
    |town: Town| {
        let hall = town.hall().await;
        let link = town.invites(drafter(&hall).await).await;
        let (product, elsewhere) = opened(&town).await;
        let nobody = guest(&product);
        nobody.get("/login").await.says("シングルサインオンへ進む");
        goes(&nobody, &elsewhere, "/login/sso/begin")
            .await
            .leads("/login");
        nobody.get("/login").await.says("誰にも結び付いていません");
        assert_eq!(nobody.cookie(COOKIE), None);

        let hanako = guest(&product);
        hanako.get(&link).await.says("シングルサインオンを使う");
        let bound = goes(&hanako, &elsewhere, &format!("{link}/sso")).await;
        bound.says("content=\"0;url=/\"");
        assert_eq!(hanako.get("/").await.status, 200);

        let again = guest(&product);
        let back = goes(&again, &elsewhere, "/login/sso/begin?next=%2Fme").await;
        back.says("content=\"0;url=/me\"");
        again.get("/me").await.says("庁内の認証");
        let evil = guest(&product);
        let back = goes(
            &evil,
            &elsewhere,
            "/login/sso/begin?next=%2F%2Fevil.example",
        )
        .await;
        back.says("content=\"0;url=/\"");
    }
);

on_both!(
    an_answer_counts_once_and_in_the_browser_that_asked,
    |town: Town| {
        let (product, elsewhere) = opened(&town).await;
        let (hanako, thief) = (guest(&product), guest(&product));
        let begun = hanako.get("/login/sso/begin").await;
        let (state, code) = elsewhere.sign_in(&begun.to.parse().unwrap());
        let back = format!("/login/sso?state={state}&code={code}");
        thief.get(&back).await.leads("/login");
        thief.get("/login").await.says("はじめからやりなおして");
        for wrong in [
            "/login/sso",
            "/login/sso?error=access_denied",
            "/login/sso?state=a&code=b",
        ] {
            hanako.get("/login/sso/begin").await;
            hanako.get(wrong).await.leads("/login");
        }
    }
);

on_both!(without_a_sign_on_there_is_no_such_door, |town: Town| {
    let hall = town.hall().await;
    let link = town.invites(drafter(&hall).await).await;
    let guest = town.guest();
    for path in ["/login/sso/begin", "/login/sso", &format!("{link}/sso")] {
        assert_eq!(guest.get(path).await.status, 404, "{path}");
    }
    assert!(
        !guest
            .get("/login")
            .await
            .page
            .contains("シングルサインオン")
    );
});

on_both!(
    a_chief_shows_a_second_factor_also_after_the_sign_on,
    |town: Town| {
        let hall = town.hall().await;
        let person = drafter(&hall).await;
        let link = town.invites(person).await;
        let (product, elsewhere) = opened(&town).await;
        let hanako = guest(&product);
        goes(&hanako, &elsewhere, &format!("{link}/sso"))
            .await
            .says("content=\"0;url=/\"");
        let term = kairan::staff::people::Term::since(hall.today());
        hall.granted(hall.pr_chief, person, term).await;
        let again = guest(&product);
        let back = goes(&again, &elsewhere, "/login/sso/begin?next=%2Fme").await;
        back.says("0;url=/login/enrol?next=%2Fme");
        assert_eq!(again.cookie(COOKIE), None);
        assert_eq!(again.get("/").await.status, 303);
        assert_eq!(again.get("/login/enrol").await.status, 200);
    }
);
