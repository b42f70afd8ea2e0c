//! A link opens the door once, and only together with something to come in with.

use chrono::TimeDelta;
use futures_util::future::join_all;
use kairan::staff::account::{AccountError, INVITATION_LIFETIME, InvitedTo, Method, Token};

use crate::on_both;
use crate::support::authenticator::Authenticator;
use crate::support::office::{ORIGIN, Office, PASSWORD};

on_both!(a_link_serves_once_with_a_good_password, |office: Office| {
    let link = office.invite(office.newcomer).await;
    let accept = |password: &'static str| {
        let password = password.into();
        let (office, link) = (&office, &link);
        async move {
            let accepted =
                office
                    .accounts
                    .accept_with_password(office.now, link, &password, &["0002"]);
            accepted.await
        }
    };
    assert!(matches!(
        accept("password1234").await,
        Err(AccountError::Weak(_))
    ));
    assert!(matches!(
        accept("汐見市汐見市汐見市汐見市").await,
        Err(AccountError::Weak(_))
    ));
    // Looked at, by a mail scanner or a person, it remains.
    let invited = office.accounts.invited(office.now, &link).await.unwrap();
    assert_eq!(invited.person, office.newcomer);
    assert_eq!(accept(PASSWORD).await.unwrap(), office.newcomer);
    assert!(matches!(accept(PASSWORD).await, Err(AccountError::Gone)));
    assert!(office.password("0002", PASSWORD).await.is_ok());
});

on_both!(of_twenty_at_once_one_comes_in, |office: Office| {
    let link = office.invite(office.newcomer).await;
    let password = PASSWORD.into();
    let tries = (0..20).map(|_| {
        office
            .accounts
            .accept_with_password(office.now, &link, &password, &[])
    });
    let came_in = join_all(tries).await.into_iter().filter(Result::is_ok);
    assert_eq!(came_in.count(), 1);
});

on_both!(
    a_link_ends_with_time_with_a_newer_one_and_with_the_person,
    |office: Office| {
        let first = office.invite(office.newcomer).await;
        let second = office.invite(office.newcomer).await;
        let gone = |token: &Token| {
            let (office, token) = (&office, token.clone());
            async move {
                matches!(
                    office.accounts.invited(office.now, &token).await,
                    Err(AccountError::Gone)
                )
            }
        };
        assert!(gone(&first).await);
        assert!(!gone(&second).await);
        assert!(gone(&Token::given("never-ours")).await);
        office.locks(office.newcomer).await;
        let password = PASSWORD.into();
        let locked = office
            .accounts
            .accept_with_password(office.now, &second, &password, &[]);
        assert!(matches!(locked.await, Err(AccountError::Refused)));
        office.later(INVITATION_LIFETIME - TimeDelta::seconds(1));
        assert!(office.accounts.invited(office.now, &second).await.is_ok());
        office.later(TimeDelta::seconds(1));
        assert!(matches!(
            office.accounts.invited(office.now, &second).await,
            Err(AccountError::Gone)
        ));
    }
);

on_both!(
    a_passkey_accepts_too_but_only_its_own_persons_link,
    |office: Office| {
        let newcomer = office.invite(office.newcomer).await;
        let chief = office.invite(office.chief).await;
        let mut phone = Authenticator::new(ORIGIN);
        for (link, welcome) in [(&chief, false), (&newcomer, true)] {
            let key = office.made(&mut phone, office.newcomer).await;
            match office
                .accounts
                .accept_with_passkey(office.now, link, key)
                .await
            {
                Ok(sign_in) => assert_eq!((welcome, sign_in.method()), (true, Method::Passkey)),
                Err(AccountError::Gone) => assert!(!welcome),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(
            office.sign_in(&mut phone).await.unwrap().person(),
            office.newcomer
        );
    }
);

on_both!(a_link_for_a_passkey_sets_no_password, |office: Office| {
    let link = office.invite_to(office.chief, InvitedTo::AddPasskey).await;
    let invited = office.accounts.invited(office.now, &link).await.unwrap();
    assert_eq!(
        (invited.person, invited.to),
        (office.chief, InvitedTo::AddPasskey)
    );
    let other = "朝の市場で買う三匹の秋刀魚";
    let chosen = other.into();
    let refused = office
        .accounts
        .accept_with_password(office.now, &link, &chosen, &[]);
    assert!(matches!(refused.await, Err(AccountError::Gone)));
    assert!(office.password("0001", PASSWORD).await.is_ok());
    let unchanged = office.password("0001", other).await;
    assert!(matches!(unchanged, Err(AccountError::Refused)));

    let (mut phone, mut late) = (Authenticator::new(ORIGIN), Authenticator::new(ORIGIN));
    for (phone, good) in [(&mut phone, true), (&mut late, false)] {
        let made = office.made(phone, office.chief).await;
        let accepted = office.accounts.accept_with_passkey(office.now, &link, made);
        assert_eq!(accepted.await.is_ok(), good, "once");
    }
    assert!(office.sign_in(&mut phone).await.is_ok());
});
