//! The municipality's own sign-on, against a provider on this machine.

use chrono::TimeDelta;
use kairan::sso::{Config, Provider, SsoError, Subject};
use kairan::staff::account::{AccountError, InvitedTo, Method, SignOnError, Token};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::office::{ORIGIN, Office};
use crate::support::provider::{OpenIdProvider, Says};

fn started(office: &Office) -> (OpenIdProvider, Provider) {
    let elsewhere = OpenIdProvider::start(Says {
        subject: "hanako-at-city".into(),
        mail: Some(("Hanako@City.example.jp".into(), true)),
        now: office.now.timestamp(),
        instead: Vec::new(),
        forged: false,
    });
    let provider = Provider::new(Config {
        issuer: elsewhere.issuer(),
        client_id: "kairan".into(),
        client_secret: "hunter2".into(),
        redirect: format!("{ORIGIN}/login/sso"),
    });
    (elsewhere, provider.unwrap())
}

async fn came_back(
    office: &Office,
    elsewhere: &OpenIdProvider,
    provider: &Provider,
) -> Result<Subject, SignOnError> {
    let (page, cookie) = office.accounts.begin_sign_on(office.now, provider).await?;
    let (state, code) = elsewhere.sign_in(&page);
    let accounts = &office.accounts;
    accounts
        .finish_sign_on(office.now, provider, &cookie, &state, &code)
        .await
}

on_both!(
    an_invited_person_is_bound_once_and_then_known,
    |office: Office| {
        let (elsewhere, provider) = started(&office);
        let subject = came_back(&office, &elsewhere, &provider).await.unwrap();
        assert_eq!(
            (subject.issuer.as_str(), subject.subject.as_str()),
            (elsewhere.issuer().as_str(), "hanako-at-city")
        );
        // Unknown so far, though a person has that very mail address.
        let unknown = office.accounts.sign_in_as(office.now, &subject).await;
        assert!(matches!(unknown, Err(AccountError::Refused)), "{unknown:?}");

        let for_a_passkey = office
            .invite_to(office.newcomer, InvitedTo::AddPasskey)
            .await;
        let bound = office
            .accounts
            .accept_with_sign_on(office.now, &for_a_passkey, &subject);
        assert!(matches!(bound.await, Err(AccountError::Gone)));

        let link = office.invite(office.newcomer).await;
        let accepted = office
            .accounts
            .accept_with_sign_on(office.now, &link, &subject)
            .await
            .unwrap();
        assert_eq!(
            (accepted.person(), accepted.method()),
            (office.newcomer, Method::SingleSignOn)
        );
        let twice = office
            .accounts
            .accept_with_sign_on(office.now, &link, &subject)
            .await;
        assert!(matches!(twice, Err(AccountError::Gone)), "{twice:?}");

        // A changed address later changes nothing: the subject counts.
        elsewhere.says(|says| says.mail = None);
        let subject = came_back(&office, &elsewhere, &provider).await.unwrap();
        let known = office
            .accounts
            .sign_in_as(office.now, &subject)
            .await
            .unwrap();
        assert_eq!(known.person(), office.newcomer);
        office.locks(office.newcomer).await;
        let locked = office.accounts.sign_in_as(office.now, &subject).await;
        assert!(matches!(locked, Err(AccountError::Refused)), "{locked:?}");
    }
);

on_both!(
    a_link_is_not_accepted_with_anothers_or_an_unverified_address,
    |office: Office| {
        let (elsewhere, provider) = started(&office);
        let link = office.invite(office.newcomer).await;
        for mail in [
            Some(("taro@city.example.jp", true)),
            Some(("hanako@city.example.jp", false)),
            None,
        ] {
            elsewhere.says(|says| says.mail = mail.map(|(mail, seen)| (mail.into(), seen)));
            let subject = came_back(&office, &elsewhere, &provider).await.unwrap();
            let refused = office
                .accounts
                .accept_with_sign_on(office.now, &link, &subject)
                .await;
            assert!(
                matches!(refused, Err(AccountError::Refused)),
                "{mail:?}: {refused:?}"
            );
        }
        assert!(office.accounts.invited(office.now, &link).await.is_ok());
    }
);

on_both!(an_answer_that_does_not_hold_is_nobody, |office: Office| {
    let (elsewhere, provider) = started(&office);
    let now = office.now.timestamp();
    let lies: [(&str, Value); 6] = [
        ("nonce", json!("another")),
        ("aud", json!("another")),
        ("iss", json!("https://id.example.com")),
        ("exp", json!(now - 1)),
        ("nonce", Value::Null),
        ("sub", Value::Null),
    ];
    for (claim, value) in lies {
        elsewhere.says(|says| says.instead = vec![(claim, value.clone())]);
        let refused = came_back(&office, &elsewhere, &provider).await;
        let refused = matches!(refused, Err(SignOnError::Provider(SsoError::Refused(_))));
        assert!(refused, "{claim}: {value}");
    }
    elsewhere.says(|says| (says.instead, says.forged) = (Vec::new(), true));
    let forged = came_back(&office, &elsewhere, &provider).await;
    assert!(
        matches!(forged, Err(SignOnError::Provider(SsoError::Refused(_)))),
        "{forged:?}"
    );
    elsewhere.says(|says| says.forged = false);
    assert!(came_back(&office, &elsewhere, &provider).await.is_ok());
});

on_both!(
    state_code_and_browser_belong_together_and_serve_once,
    |office: Office| {
        let (elsewhere, provider) = started(&office);
        let begin = || office.accounts.begin_sign_on(office.now, &provider);
        let finish = async |cookie: &Token, state: &str, code: &str| {
            let accounts = &office.accounts;
            accounts
                .finish_sign_on(office.now, &provider, cookie, state, code)
                .await
        };
        let (page, mine) = begin().await.unwrap();
        let (other_page, other) = begin().await.unwrap();
        let (state, code) = elsewhere.sign_in(&page);
        let (_, other_code) = elsewhere.sign_in(&other_page);
        // Somebody else's browser; a browser of nobody's.
        let crossed = finish(&other, &state, &code).await;
        assert!(
            matches!(crossed, Err(SignOnError::Provider(SsoError::Refused(_)))),
            "{crossed:?}"
        );
        let nobody = finish(&Token::given("nobody"), &state, &code).await;
        assert!(
            matches!(nobody, Err(SignOnError::Account(AccountError::Gone))),
            "{nobody:?}"
        );
        // A code that was asked for with another verifier (RFC 7636).
        let injected = finish(&mine, &state, &other_code).await;
        assert!(
            matches!(injected, Err(SignOnError::Provider(SsoError::Refused(_)))),
            "{injected:?}"
        );
        let replayed = finish(&mine, &state, &code).await;
        assert!(
            matches!(replayed, Err(SignOnError::Account(AccountError::Gone))),
            "{replayed:?}"
        );

        // A code that was exchanged already, under a fresh sign-on.
        let (page, mine) = begin().await.unwrap();
        let (state, code) = elsewhere.sign_in(&page);
        assert!(finish(&mine, &state, &code).await.is_ok());
        let (page, again) = begin().await.unwrap();
        let (state, _) = elsewhere.sign_in(&page);
        let used = finish(&again, &state, &code).await;
        assert!(
            matches!(used, Err(SignOnError::Provider(SsoError::Refused(_)))),
            "{used:?}"
        );

        let (page, late) = begin().await.unwrap();
        let (state, code) = elsewhere.sign_in(&page);
        let then = office.now + TimeDelta::minutes(10);
        let late = office
            .accounts
            .finish_sign_on(then, &provider, &late, &state, &code)
            .await;
        assert!(
            matches!(late, Err(SignOnError::Account(AccountError::Gone))),
            "{late:?}"
        );
    }
);

on_both!(a_provider_that_is_away_is_said_to_be, |office: Office| {
    let provider = Provider::new(Config {
        issuer: "http://127.0.0.1:9".into(),
        client_id: "kairan".into(),
        client_secret: "hunter2".into(),
        redirect: format!("{ORIGIN}/login/sso"),
    });
    let provider = provider.unwrap();
    let away = office.accounts.begin_sign_on(office.now, &provider).await;
    assert!(
        matches!(away, Err(SignOnError::Provider(SsoError::Unreachable(_)))),
        "{away:?}"
    );
    assert!(!format!("{provider:?}").contains("hunter2"));
});
