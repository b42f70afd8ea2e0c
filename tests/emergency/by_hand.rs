//! Somebody knows the tables and signs for real, but too late, alone or out of turn: what the databases make of that.

use kairan::emergency::agreement::Promise;
use kairan::emergency::moves::{Act, State};
use kairan::ids::EmergencyId;
use sea_orm::Value;

use super::database::{ALONE, CONCUR, EVENT, SEND, moving};
use super::matrix::standing;
use super::{Night, Who};
use crate::on_both;

impl Night {
    /// Signs an act for real, adds it to the history by hand, and then tries a change; never kept.
    async fn signs_and_tries(
        &self,
        id: EmergencyId,
        signed: &[(Who, Act)],
        change: (&str, Vec<Value>),
    ) -> Result<(), String> {
        let mut events = Vec::new();
        for (who, act) in signed {
            let (digest, name) = match act.confirmed_as() {
                Some(_) => {
                    let confirmed = self.confirmed(*who, id, *act).await;
                    let digest = Some(confirmed.digest().to_owned());
                    (digest, Some(confirmed.evidence().to_owned()))
                }
                None => (None, None),
            };
            let to = self.state(id).await.after(*act).unwrap();
            let (act, to) = (act.code().into(), to.code().into());
            let (digest, name) = (digest.into(), name.into());
            events.push(vec![act, to, self.person(*who), digest, name, id.0.into()]);
        }
        let tx = self.hall.db.db.begin().await.unwrap();
        for event in events {
            self.run(tx.conn(), EVENT, event).await.unwrap();
        }
        let done = self.run(tx.conn(), change.0, change.1).await;
        done.map(drop).map_err(|error| error.to_string())
    }
}

on_both!(nobody_agrees_or_sends_too_late_in_sql, |night: Night| {
    let (waits, agreed) = (night.conferring().await, night.concurred().await);
    for (sql, id, who, act) in [
        (CONCUR, waits, Who::PrChief, Act::Concur),
        (SEND, agreed, Who::OwnChief, Act::Send),
    ] {
        let values = || vec![night.person(who), id.0.into()];
        let done = night
            .signs_and_tries(id, &[(who, act)], (sql, values()))
            .await;
        assert_eq!(done, Ok(()), "{act}: but for the time it would be");
        let late = sql.replace("_at = moved_at", "_at = expires_at");
        let refused = night
            .signs_and_tries(id, &[(who, act)], (&late, values()))
            .await;
        let refused = refused.unwrap_err();
        assert!(refused.contains("its time was over"), "{act}: {refused}");
    }
});

on_both!(
    what_was_taken_back_is_not_agreed_to_again_in_sql,
    |night: Night| {
        let id = night.concurred().await;
        night.done(Who::PrChief, id, Act::Revoke).await;
        let values = vec![night.person(Who::PrChief), id.0.into()];
        let refused = night.sql(CONCUR, values).await.unwrap_err();
        assert!(refused.contains("is not the last"), "{refused}");
    }
);

on_both!(
    nobody_tries_again_or_leaves_it_at_that_in_sql,
    |night: Night| {
        let again = "UPDATE emergency SET state = 'dispatching' WHERE id = ?";
        let leave = moving(State::Partial);
        let change = |sql, id: EmergencyId| (sql, vec![id.0.into()]);
        let refused = standing(&mut night, State::Attention).await;
        let unknown = night.ended("unknown").await;
        let (own, pr) = (Who::OwnChief, Who::PrChief);
        let unanswered = Some("nobody left it at that");
        type Case<'a> = (EmergencyId, &'a [(Who, Act)], &'a str, Option<&'a str>);
        let cases: [Case<'_>; 8] = [
            (refused, &[], again, Some("nobody had it tried again")),
            (refused, &[(own, Act::Retry)], again, None),
            (refused, &[], leave, unanswered),
            (unknown, &[], leave, unanswered),
            (unknown, &[(own, Act::Accept)], leave, Some("two people")),
            (unknown, &[(pr, Act::ConcurAccept)], leave, unanswered),
            // One person for both.
            (
                unknown,
                &[(own, Act::ConcurAccept), (own, Act::Accept)],
                leave,
                Some("two people"),
            ),
            (
                unknown,
                &[(pr, Act::ConcurAccept), (own, Act::Accept)],
                leave,
                None,
            ),
        ];
        for (id, signed, sql, says) in cases {
            let done = night.signs_and_tries(id, signed, change(sql, id)).await;
            match says {
                None => assert_eq!(done, Ok(()), "{signed:?}"),
                Some(says) => {
                    let refused = done.unwrap_err();
                    assert!(refused.contains(says), "{signed:?}: {refused}");
                }
            }
        }
    }
);

on_both!(nobody_corrects_outside_the_year_in_sql, |night: Night| {
    let today = night.promise();
    let today = Promise {
        until: today.from,
        ..today
    };
    night.signs(Who::PrChief, today).await.unwrap();
    let agreement = night.signs(Who::OwnChief, today).await.unwrap();
    let wrong = night.ended("accepted").await;
    for (days, says) in [(0, None), (1, Some("does not hold on this day"))] {
        night.later(days * 24 * 60);
        let child = night
            .corrects(Who::OwnChief, wrong, "FIX-FALSE")
            .await
            .unwrap();
        night.done(Who::OwnChief, child, Act::Submit).await;
        let values = vec![
            night.person(Who::OwnChief),
            agreement.0.into(),
            child.0.into(),
        ];
        let signed = [(Who::OwnChief, Act::SendCorrection)];
        let done = night.signs_and_tries(child, &signed, (ALONE, values)).await;
        match says {
            None => assert_eq!(done, Ok(())),
            Some(says) => assert!(done.as_ref().unwrap_err().contains(says), "{done:?}"),
        }
    }
});

on_both!(only_emergencies_go_first_or_to_everybody, |night: Night| {
    let id = night.sent().await;
    let dispatch = night.dispatch(id).await.0;
    let open = |source: &str, lane: i16, everybody: bool| {
        format!(
            "INSERT INTO dispatch (id, source, source_id, lane, messages, silent, valid_until, state, opened_at, everybody)
             SELECT ?, '{source}', 'made up', {lane}, messages, silent, valid_until, 'open', opened_at, {everybody}
             FROM dispatch WHERE id = ?"
        )
    };
    for (source, lane, everybody, may) in [
        ("emergency", 0, true, true),
        ("emergency", 0, false, true),
        // By day, and only as long as there is one: `delivery::forged`.
        ("broadcast", 0, false, true),
        ("broadcast", 0, true, false),
        ("broadcast", 3, true, false),
        ("reminder", 0, false, false),
        ("reminder", 2, true, false),
        ("reminder", 2, false, true),
        ("emergency ", 0, false, false),
    ] {
        let sql = open(source, lane, everybody);
        let done = night
            .sql(&sql, vec![uuid::Uuid::new_v4().into(), dispatch.into()])
            .await;
        assert_eq!(done.is_ok(), may, "{source} {lane} {everybody}: {done:?}");
        assert!(may || done.unwrap_err().contains("only emergencies"));
    }
});

on_both!(what_was_signed_stays, |night: Night| {
    let id = night.concurred().await;
    let name = night
        .find(id)
        .await
        .history
        .pop()
        .unwrap()
        .evidence
        .unwrap();
    let copy = "INSERT INTO ceremony (token_hash, purpose, person_id, act, digest, state, made_at, expires_at,
        consumed_at, evidence) SELECT 'another', purpose, person_id, act, digest, state, made_at, expires_at,
        consumed_at, evidence FROM ceremony WHERE token_hash = ?";
    for (change, says) in [
        (copy, "was not asked"),
        (
            "UPDATE ceremony SET act = 'emergency.send' WHERE token_hash = ?",
            "does not change",
        ),
        (
            "UPDATE ceremony SET digest = 'x' WHERE token_hash = ?",
            "does not change",
        ),
        (
            "UPDATE ceremony SET evidence = '{}' WHERE token_hash = ?",
            "does not change",
        ),
        (
            "UPDATE ceremony SET evidence = NULL WHERE token_hash = ?",
            "does not change",
        ),
        ("DELETE FROM ceremony WHERE token_hash = ?", "not forgotten"),
    ] {
        let refused = night
            .sql(change, vec![name.clone().into()])
            .await
            .expect_err(change);
        assert!(refused.contains(says), "{change}: {refused}");
    }
});
