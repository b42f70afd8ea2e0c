//! Whoever dies at an act has done all of it or nothing.

use kairan::emergency::moves::{Act, State};

use super::matrix::{TABLE, standing};
use super::{Night, Who};
use crate::on_both;
use crate::support::database::everything;

impl Night {
    /// All that is kept, in an order of its own.
    async fn kept(&self) -> Vec<String> {
        let rows = everything(&self.hall.db).await.into_iter();
        let mut rows: Vec<String> = rows.map(|(table, row)| format!("{table} {row}")).collect();
        rows.sort();
        rows
    }
}

on_both!(who_dies_at_an_act_leaves_no_trace_of_it, |night: Night| {
    for (state, act, who) in TABLE {
        let Some(who) = who.first() else {
            continue;
        };
        let id = standing(&mut night, state).await;
        let by = night.signed(*who).await;
        let found = night.find(id).await;
        // The passkey's answer is taken, and kept, by itself: what dies is the act.
        let confirmed = match act.confirmed_as() {
            Some(_) if act != Act::Accept => Some(night.confirmed(*who, id, act).await),
            _ => None,
        };
        let before = night.kept().await;
        let tx = night.hall.db.db.begin().await.unwrap();
        night
            .act_in(&tx, &by, &found, act, confirmed)
            .await
            .unwrap();
        drop(tx);
        assert!(
            night.kept().await == before,
            "{state}: {act} left something behind"
        );
        // And whoever comes next does it, all of it.
        night.done(*who, id, act).await;
        assert!(night.kept().await != before, "{state}: {act} kept nothing");
    }
});

on_both!(
    what_was_decided_is_sent_by_whoever_is_up_next,
    |night: Night| {
        // The process that took the decision is gone before it rang anybody: there is no other than the one in the database.
        let id = night.concurred().await;
        night.done(Who::OwnChief, id, Act::Send).await;
        assert_eq!(night.state(id).await, State::Dispatching);
        let dispatch = night.find(id).await.head.dispatch.unwrap();
        let waiting = kairan::delivery::progress(&night.hall.db, night.hall.now, dispatch).await;
        let waiting = waiting.unwrap().unwrap();
        let people = night.find(id).await.head.people.unwrap();
        assert_eq!(waiting.audience, people, "cut in the same transaction");
    }
);
