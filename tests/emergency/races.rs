//! Many at once: one dispatch, and nothing but what was agreed to.

use futures_util::future::join_all;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, EmergencyError};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Night, Who};
use crate::on_both;

on_both!(two_hundred_sends_make_one_dispatch, |night: Night| {
    let id = night.concurred().await;
    night.later(4);
    let mut ready = Vec::new();
    for number in 0..200 {
        let who = [Who::OwnChief, Who::OwnDeputy][number % 2];
        let confirmed = night.confirmed(who, id, Act::Send).await;
        ready.push((night.signed(who).await, confirmed));
    }
    let (now, terms) = (night.hall.now, night.terms());
    let tries = ready.into_iter().map(|(by, confirmed)| {
        let night = &night;
        async move {
            let by = &by;
            night
                .does(async |tx| emergency::send(tx, now, terms, by, id, confirmed).await)
                .await
        }
    });
    let sent = join_all(tries).await;
    assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 1);
    let refused = |sent: &Result<_, _>| matches!(sent, Ok(_) | Err(EmergencyError::Refused { .. }));
    assert!(sent.iter().all(refused), "{sent:?}");
    let dispatches = entity::dispatch::Entity::find()
        .count(night.hall.db.conn())
        .await
        .unwrap();
    assert_eq!(dispatches, 1);
});

on_both!(
    an_edit_and_a_send_at_once_never_send_what_was_not_agreed_to,
    |night: Night| {
        let mut outcomes = [0, 0];
        for round in 0..200 {
            let id = night.concurred().await;
            let found = night.find(id).await;
            let agreed = found.head.digest.clone().unwrap();
            let confirmed = night.confirmed(Who::OwnChief, id, Act::Send).await;
            let (chief, drafter) = (
                night.signed(Who::OwnChief).await,
                night.signed(Who::Drafter).await,
            );
            let (now, terms) = (night.hall.now, night.terms());
            let send = night.does(async |tx| {
                emergency::send(tx, now, terms, &chief, id, confirmed)
                    .await
                    .map(drop)
            });
            let other = crate::emergency::differently(&found.written);
            let edit = night.does(async |tx| {
                emergency::edit(tx, now, terms, &drafter, id, 1, &other)
                    .await
                    .map(drop)
            });
            let (sent, edited) = match round % 2 {
                0 => tokio::join!(send, edit),
                _ => {
                    let (edited, sent) = tokio::join!(edit, send);
                    (sent, edited)
                }
            };
            assert_ne!(sent.is_ok(), edited.is_ok(), "{sent:?} {edited:?}");
            outcomes[usize::from(sent.is_ok())] += 1;
            let after = night.find(id).await;
            match after.head.dispatch {
                None => assert_eq!(after.head.state, State::Draft),
                Some(dispatch) => {
                    let row = entity::dispatch::Entity::find_by_id(dispatch.0);
                    let row = row.one(night.hall.db.conn()).await.unwrap().unwrap();
                    let mut issue = after.issue.unwrap();
                    issue.messages = serde_json::from_str(&row.messages).unwrap();
                    assert_eq!(issue.digest().unwrap(), agreed);
                    assert_eq!(after.head.version, 1);
                }
            }
        }
        assert!(
            outcomes[0] > 0 && outcomes[1] > 0,
            "both happen: {outcomes:?}"
        );
    }
);
