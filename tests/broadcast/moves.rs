//! The table of moves, held to the database's own.

use std::collections::BTreeSet;

use kairan::approval::{self, Verdict};
use kairan::broadcast::{
    self,
    moves::{Move, State, TABLE},
};
use kairan::clock::Instant;
use kairan::ids::BroadcastId;
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{Desk, manuscript, tomorrow};
use crate::on_both;

#[test]
fn each_row_stands_once_and_says_where_to() {
    let rows: BTreeSet<(State, Move)> = TABLE.iter().map(|(from, by, _)| (*from, *by)).collect();
    assert_eq!(rows.len(), TABLE.len());
    for from in State::ALL {
        for by in Move::ALL {
            let row = TABLE
                .iter()
                .find(|(of, happens, _)| (*of, *happens) == (from, by));
            assert_eq!(from.after(by), row.map(|(_, _, to)| *to));
        }
        assert_eq!(State::of_code(from.code()), Some(from));
    }
}

#[test]
fn the_table_keeps_its_promises() {
    for (from, by, to) in TABLE {
        assert!(
            !matches!(from, State::Done | State::Withdrawn),
            "these are ends"
        );
        assert_eq!(
            to == State::Approved,
            by == Move::Approve,
            "one way to be approved"
        );
        assert!(to != State::Approved || from == State::Submitted);
        let goes_out = to == State::Sending && !from.went_out();
        assert!(
            !goes_out || (from, by) == (State::Approved, Move::Release),
            "one way to go out"
        );
        assert!(
            !from.went_out() || to.went_out(),
            "what went out is never undone"
        );
    }
}

impl Desk {
    async fn sql(&self, sql: &str, values: Vec<Value>) -> Result<(), String> {
        let tx = self.hall.db.db.begin().await.unwrap();
        let sql = match self.hall.db.is_embedded() {
            true => sql.to_owned(),
            false => (1..20).fold(sql.to_owned(), |sql, n| {
                sql.replacen('?', &format!("${n}"), 1)
            }),
        };
        let conn = tx.conn();
        let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
        let done = conn.execute_raw(statement).await;
        // Never kept: it is asked only whether it would be.
        done.map(drop).map_err(|error| error.to_string())
    }

    /// Moves a row past the product, with all that the state needs besides.
    async fn moves(&self, id: BroadcastId, to: State) -> Result<(), String> {
        let issue = match to {
            State::Draft => "NULL",
            State::Withdrawn => "issue",
            _ => "coalesce(issue, '{}')",
        };
        let (released, dispatch): (Option<Instant>, Option<uuid::Uuid>) = match to.went_out() {
            true => (Some(self.hall.now), Some(uuid::Uuid::nil())),
            false => (None, None),
        };
        // What went out keeps how it did.
        let found = self.find(id).await.head;
        let released = found.released_at.filter(|_| to.went_out()).or(released);
        let dispatch = found
            .dispatch
            .map(|d| d.0)
            .filter(|_| to.went_out())
            .or(dispatch);
        self.sql(
            &format!("UPDATE broadcast SET state = ?, issue = {issue}, released_at = ?, dispatch_id = ? WHERE id = ?"),
            vec![to.code().into(), released.into(), dispatch.into(), id.0.into()],
        )
        .await
    }

    /// A broadcast that stands there; a submitted one has every agreement already.
    async fn standing(&mut self, state: State) -> BroadcastId {
        let by = self.signed(self.drafter).await;
        let before = self.hall.now;
        let id = match state {
            State::Draft => self.drafts(&manuscript()).await,
            State::Withdrawn => {
                let id = self.drafts(&manuscript()).await;
                self.does(async |tx| broadcast::withdraw(tx, before, &by, id).await)
                    .await
                    .unwrap();
                id
            }
            State::Submitted => {
                let id = self.drafts(&manuscript()).await;
                self.vouches(id).await;
                let request = self.submits(id).await.unwrap();
                let tx = self.hall.db.begin().await.unwrap();
                let seen = &request.frozen.digest;
                approval::decide(
                    &tx,
                    before,
                    self.pr_staff,
                    request.id,
                    seen,
                    Verdict::Agree(None),
                )
                .await
                .unwrap();
                tx.commit().await.unwrap();
                id
            }
            State::Approved => self.approved(&manuscript()).await,
            State::Late => {
                let id = self.approved(&manuscript()).await;
                self.does(async |tx| broadcast::lapse_overdue(tx, tomorrow(18)).await)
                    .await
                    .unwrap();
                id
            }
            State::Sending => self.sent(&manuscript()).await,
            State::Stopped => {
                let id = self.sent(&manuscript()).await;
                let now = self.hall.now;
                self.does(async |tx| broadcast::stop(tx, now, &by, id).await)
                    .await
                    .unwrap();
                id
            }
            State::Done => {
                let id = self.sent(&manuscript()).await;
                let done = format!(
                    "UPDATE broadcast SET state = 'done' WHERE id = {}",
                    self.literal(id)
                );
                self.hall.db.conn().execute_unprepared(&done).await.unwrap();
                id
            }
        };
        self.hall.now = before;
        assert_eq!(self.state(id).await, state);
        id
    }

    fn literal(&self, id: BroadcastId) -> String {
        match self.hall.db.is_embedded() {
            true => format!("x'{}'", id.0.simple()),
            false => format!("'{id}'"),
        }
    }
}

on_both!(the_database_has_the_same_table, |desk: Desk| {
    let known: BTreeSet<(State, State)> = TABLE.iter().map(|(from, _, to)| (*from, *to)).collect();
    for from in State::ALL {
        let id = desk.standing(from).await;
        for to in State::ALL {
            let moved = desk.moves(id, to).await;
            let allowed = from == to || known.contains(&(from, to));
            assert_eq!(moved.is_ok(), allowed, "{from} to {to}: {moved:?}");
        }
    }
});

on_both!(
    the_database_keeps_words_and_agreements_by_itself,
    |desk: Desk| {
        let draft = desk.drafts(&manuscript()).await;
        let waits = desk.drafts(&manuscript()).await;
        desk.vouches(waits).await;
        desk.submits(waits).await.unwrap();
        let id = |id: BroadcastId| vec![Value::from(id.0)];
        // Nobody agreed to it yet.
        assert!(
            desk.moves(waits, State::Approved)
                .await
                .unwrap_err()
                .contains("not agreed to")
        );
        for (change, of, says) in [
        ("UPDATE broadcast SET title = 'x' WHERE id = ?", waits, "words of a draft"),
        ("UPDATE broadcast SET revision = 2 WHERE id = ?", waits, "words of a draft"),
        ("UPDATE broadcast SET valid_until = NULL WHERE id = ?", waits, "words of a draft"),
        ("UPDATE broadcast SET issue = '{}' WHERE id = ?", waits, "does not change"),
        ("UPDATE broadcast SET revision = 3 WHERE id = ?", draft, "one by one"),
        ("UPDATE broadcast SET drafter = 'owner' WHERE id = ?", draft, "never becomes another"),
        ("UPDATE broadcast_revision SET manuscript = 'x' WHERE broadcast_id = ?", draft, "not forgotten"),
        ("DELETE FROM broadcast_revision WHERE broadcast_id = ?", draft, "not forgotten"),
        ("UPDATE broadcast_statement SET statement = 'x' WHERE broadcast_id = ?", waits, "not forgotten"),
        ("DELETE FROM broadcast_statement WHERE broadcast_id = ?", waits, "not forgotten"),
        ("DELETE FROM broadcast WHERE id = ?", draft, "not forgotten"),
        ("INSERT INTO broadcast_revision (broadcast_id, revision, manuscript, \"by\", at)
          SELECT broadcast_id, 2, manuscript, \"by\", at FROM broadcast_revision WHERE broadcast_id = ?", waits, "only a draft"),
        ("INSERT INTO broadcast_statement (broadcast_id, number, revision, statement, \"by\", at)
          SELECT broadcast_id, 9, revision, statement, \"by\", at FROM broadcast_statement
          WHERE number = 1 AND broadcast_id = ?", waits, "only a draft"),
    ] {
        let refused = desk.sql(change, id(of)).await.expect_err(change);
        assert!(refused.contains(says), "{change}: {refused}");
    }
        desk.sql("UPDATE broadcast SET title = 'x' WHERE id = ?", id(draft))
            .await
            .unwrap();
    }
);
