//! What the database refuses by itself, whoever speaks to it.

use kairan::calling::{self, Ended, Side};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{Ring, Who};
use crate::on_both;

impl Ring {
    /// Says it in SQL; never kept, it is asked only whether it would be.
    async fn sql(&self, sql: &str, values: Vec<Value>) -> Result<u64, String> {
        let db = &self.night.hall.db;
        let sql = match db.is_embedded() {
            true => sql.to_owned(),
            false => (1..9).fold(sql.to_owned(), |sql, n| {
                sql.replacen('?', &format!("${n}"), 1)
            }),
        };
        let tx = db.db.begin().await.unwrap();
        let backend = tx.conn().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let done = tx.conn().execute_raw(statement).await;
        done.map(|done| done.rows_affected())
            .map_err(|error| error.to_string())
    }
}

on_both!(a_calling_that_has_ended_stays_ended, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    let running = "UPDATE calling SET runs_until = runs_until WHERE id = ?";
    assert_eq!(
        ring.sql(running, vec![id.0.into()]).await,
        Ok(1),
        "a baseline"
    );
    let lends = "UPDATE call SET state = 'lent', leased_until = due_at WHERE calling_id = ?";
    assert!(
        ring.sql(lends, vec![id.0.into()])
            .await
            .is_ok_and(|rows| rows > 0)
    );
    let tx = ring.night.hall.db.db.begin().await.unwrap();
    let section = ring.night.hall.childcare.0;
    let ended = calling::end(&tx, ring.now(), section, Some(Side::Concurs), Ended::Over).await;
    assert_eq!(ended.unwrap(), 1);
    tx.commit().await.unwrap();

    let chief: Value = ring.person(Who::PrChief).0.into();
    for (sql, values) in [
        ("UPDATE calling SET ended_at = NULL, ended = NULL WHERE id = ?", vec![id.0.into()]),
        (
            "UPDATE calling SET ended = 'answered', answered_by = ?, answered_how = 'link' WHERE id = ?",
            vec![chief.clone(), id.0.into()],
        ),
        ("DELETE FROM calling WHERE id = ?", vec![id.0.into()]),
        ("DELETE FROM call WHERE calling_id = ?", vec![id.0.into()]),
        (
            "UPDATE call SET state = 'due', outcome = NULL WHERE calling_id = ?",
            vec![id.0.into()],
        ),
        (
            "UPDATE call SET state = 'made', made_at = due_at WHERE calling_id = ?",
            vec![id.0.into()],
        ),
        (
            "INSERT INTO call (id, calling_id, rung, person_id, channel, due_at, try_at, state, attempts, fence)
             SELECT ?, id, 99, ?, 'sms', begun_at, begun_at, 'due', 0, 0 FROM calling WHERE id = ?",
            vec![uuid::Uuid::now_v7().into(), chief, id.0.into()],
        ),
    ] {
        assert!(ring.sql(sql, values).await.is_err(), "{sql}");
    }
});

on_both!(a_calling_is_what_it_was_begun_as, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    let of = |id: kairan::ids::CallingId| vec![Value::from(id.0)];
    let begun = "INSERT INTO calling (id, kind, drill, matter, number, side, begun_at, runs_until)
         SELECT ?, kind, drill, matter, 9, side, begun_at, runs_until FROM calling WHERE id = ?";
    let twice = vec![Value::from(uuid::Uuid::now_v7()), id.0.into()];
    assert!(
        ring.sql(begun, twice).await.is_err(),
        "one side, one calling at a time"
    );
    for sql in [
        "UPDATE calling SET kind = 'test', side = NULL WHERE id = ?",
        "UPDATE calling SET drill = (1 = 0) WHERE id = ?",
        "UPDATE calling SET number = 7 WHERE id = ?",
        "UPDATE calling SET ended_at = begun_at WHERE id = ?",
        "UPDATE calling SET ended_at = begun_at, ended = 'answered' WHERE id = ?",
        "UPDATE calling SET ended_at = begun_at, ended = 'slept' WHERE id = ?",
        "UPDATE call SET person_id = calling_id WHERE calling_id = ?",
        "UPDATE call SET channel = 'line' WHERE calling_id = ?",
        "UPDATE call SET state = 'made' WHERE calling_id = ?",
        "UPDATE call SET state = 'failed' WHERE calling_id = ?",
        "UPDATE call SET state = 'lent' WHERE calling_id = ?",
    ] {
        assert!(ring.sql(sql, of(id)).await.is_err(), "{sql}");
    }
    let plain = "UPDATE call SET state = 'failed', outcome = 'refused' WHERE calling_id = ?";
    assert!(ring.sql(plain, of(id)).await.is_ok(), "a baseline");
});
