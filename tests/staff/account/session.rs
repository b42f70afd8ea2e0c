//! Sessions: a key in a cookie, its hash in the database, and an end.

use chrono::{Days, TimeDelta};
use kairan::clock::date_in_japan;
use kairan::staff::account::{Limits, Method, Session, Token, end_sessions};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::on_both;
use crate::support::office::Office;

async fn opened(office: &Office) -> Token {
    let (mut phone, _) = office.enrol(office.chief).await;
    let sign_in = office.sign_in(&mut phone).await.unwrap();
    office.session(sign_in).await
}

async fn found(office: &Office, key: &Token) -> Option<Session> {
    let found = office
        .accounts
        .session(office.now, Limits::default(), key)
        .await;
    found.unwrap()
}

on_both!(
    a_session_is_found_by_its_key_and_stored_as_a_hash,
    |office: Office| {
        let key = opened(&office).await;
        let session = found(&office, &key).await.unwrap();
        assert_eq!(
            (session.person, session.method),
            (office.chief, Method::Passkey)
        );
        assert_eq!(session.device, "curl/8.5");
        assert_eq!(found(&office, &Token::given("made-up")).await, None);
        let rows = entity::session::Entity::find()
            .all(office.db.conn())
            .await
            .unwrap();
        assert!(!format!("{rows:?}").contains(key.reveal()));
        assert_eq!(key.reveal().len(), 43, "256 bits in base64url");
        assert!(!format!("{key:?}").contains(key.reveal()));
    }
);

on_both!(rest_and_age_end_a_session, |office: Office| {
    let key = opened(&office).await;
    let first = office.now;
    office.later(TimeDelta::minutes(29));
    assert!(found(&office, &key).await.is_some());
    office.later(TimeDelta::minutes(30));
    assert_eq!(found(&office, &key).await, None);

    let key = opened(&office).await;
    let begun = office.now;
    while office.now < begun + TimeDelta::hours(12) {
        assert!(
            found(&office, &key).await.is_some(),
            "{}",
            office.now - begun
        );
        office.later(TimeDelta::minutes(20));
    }
    assert_eq!(found(&office, &key).await, None);
    assert!(first < begun);
});

on_both!(being_seen_is_written_once_a_minute, |office: Office| {
    let key = opened(&office).await;
    let begun = office.now;
    for (seconds, seen) in [(59, 0), (60, 60), (119, 60), (120, 120)] {
        office.now = begun + TimeDelta::seconds(seconds);
        found(&office, &key).await.unwrap();
        let row = entity::session::Entity::find()
            .one(office.db.conn())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            row.last_seen_at,
            begun + TimeDelta::seconds(seen),
            "{seconds}"
        );
    }
});

on_both!(
    my_sessions_are_listed_and_ended_by_me_alone,
    |office: Office| {
        let (first, second) = (opened(&office).await, opened(&office).await);
        let mine = office
            .accounts
            .sessions(office.now, Limits::default(), office.chief)
            .await
            .unwrap();
        assert_eq!(mine.len(), 2);
        let first_id = found(&office, &first).await.unwrap().id;
        assert!(
            !office
                .accounts
                .end_session(office.newcomer, first_id)
                .await
                .unwrap()
        );
        assert!(
            office
                .accounts
                .end_session(office.chief, first_id)
                .await
                .unwrap()
        );
        assert_eq!(found(&office, &first).await, None);

        let third = opened(&office).await;
        let keep = found(&office, &second).await.unwrap().id;
        let tx = office.db.begin().await.unwrap();
        end_sessions(&tx, office.chief, Some(keep)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(found(&office, &second).await.is_some());
        assert_eq!(found(&office, &third).await, None);
    }
);

on_both!(
    who_is_locked_or_no_longer_works_here_is_out_at_once,
    |office: Office| {
        let key = opened(&office).await;
        let today = date_in_japan(office.now);
        for (last_day, inside) in [(today, true), (today - Days::new(1), false)] {
            let changed = entity::person::Entity::update_many()
                .col_expr(entity::person::Column::EndsOn, Expr::value(last_day))
                .filter(entity::person::Column::Id.eq(office.chief.0));
            changed.exec(office.db.conn()).await.unwrap();
            assert_eq!(found(&office, &key).await.is_some(), inside, "{last_day}");
        }
        office.locks(office.chief).await;
        let left = entity::session::Entity::find()
            .all(office.db.conn())
            .await
            .unwrap();
        assert_eq!(left, []);
    }
);
