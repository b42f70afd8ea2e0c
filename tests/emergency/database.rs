//! What the database refuses by itself, whoever speaks to it.

use std::collections::BTreeSet;

use kairan::emergency::EmergencyError;
use kairan::emergency::moves::{Act, State, TABLE};
use kairan::ids::EmergencyId;
use sea_orm::{ConnectionTrait, ExecResult, Statement, Value};

use super::matrix::standing;
use super::{Night, Who};
use crate::on_both;

impl Night {
    /// Says it in SQL; never kept, it is asked only whether it would be.
    pub async fn sql(&self, sql: &str, values: Vec<Value>) -> Result<(), String> {
        let tx = self.hall.db.db.begin().await.unwrap();
        let done = self.run(tx.conn(), sql, values).await;
        done.map(drop).map_err(|error| error.to_string())
    }

    pub async fn run(
        &self,
        conn: &impl ConnectionTrait,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<ExecResult, sea_orm::DbErr> {
        let sql = match self.hall.db.is_embedded() {
            true => sql.to_owned(),
            false => (1..20).fold(sql.to_owned(), |sql, n| {
                sql.replacen('?', &format!("${n}"), 1)
            }),
        };
        let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
        conn.execute_raw(statement).await
    }

    pub fn person(&self, who: Who) -> Value {
        self.people[&who].0.into()
    }
}

/// Moves a row past the product, with all that the state needs besides: as somebody would who knows the tables.
pub fn moving(state: State) -> &'static str {
    match state {
        State::Draft => {
            "UPDATE emergency SET state = 'draft', issue = NULL, digest = NULL, submitted_by = NULL,
                submitted_at = NULL, expires_at = NULL, concurred_by = NULL, concurred_at = NULL,
                concurred_with = NULL WHERE id = ?"
        }
        State::Conferring => {
            "UPDATE emergency SET state = 'conferring', issue = coalesce(issue, '{}'),
                digest = coalesce(digest, '0000000000000000000000000000000000000000000000000000000000000000'),
                submitted_by = coalesce(submitted_by, created_by), submitted_at = coalesce(submitted_at, created_at),
                expires_at = coalesce(expires_at, created_at), concurred_by = NULL, concurred_at = NULL,
                concurred_with = NULL WHERE id = ?"
        }
        State::Declined => "UPDATE emergency SET state = 'declined' WHERE id = ?",
        State::Withdrawn => "UPDATE emergency SET state = 'withdrawn' WHERE id = ?",
        State::Expired => "UPDATE emergency SET state = 'expired' WHERE id = ?",
        State::Halted => "UPDATE emergency SET state = 'halted' WHERE id = ?",
        State::Attention => "UPDATE emergency SET state = 'attention' WHERE id = ?",
        State::Sent => "UPDATE emergency SET state = 'sent' WHERE id = ?",
        State::Partial => "UPDATE emergency SET state = 'partial' WHERE id = ?",
        State::Closed => "UPDATE emergency SET state = 'closed' WHERE id = ?",
        State::Concurred | State::Dispatching => "",
    }
}

on_both!(the_database_has_the_same_table, |night: Night| {
    let known: BTreeSet<(State, State)> = TABLE.iter().map(|(from, _, to)| (*from, *to)).collect();
    for from in State::ALL {
        let id = standing(&mut night, from).await;
        for to in State::ALL {
            // These take signatures: `nobody_agrees_or_sends_in_sql`.
            if moving(to).is_empty() {
                continue;
            }
            let moved = night.sql(moving(to), vec![id.0.into()]).await;
            // Closing takes a report that was confirmed, too, and leaving it at that a reason.
            let takes_more = matches!(to, State::Closed | State::Partial);
            let allowed = from == to || (known.contains(&(from, to)) && !takes_more);
            assert_eq!(moved.is_ok(), allowed, "{from} to {to}: {moved:?}");
        }
    }
});

pub const CONCUR: &str =
    "UPDATE emergency SET state = 'concurred', concurred_by = ?, concurred_at = moved_at,
    concurred_with = id WHERE id = ?";
pub const SEND: &str =
    "UPDATE emergency SET state = 'dispatching', sent_by = ?, sent_at = moved_at, people = 10,
    dispatch_id = id WHERE id = ?";
pub const ALONE: &str =
    "UPDATE emergency SET state = 'dispatching', sent_by = ?, sent_at = moved_at, people = 10,
    dispatch_id = id, agreement_id = ? WHERE id = ?";

on_both!(nobody_agrees_or_sends_in_sql, |night: Night| {
    let of = |id: EmergencyId| Value::from(id.0);
    let conferring = night.conferring().await;
    let concurred = night.concurred().await;
    for who in Who::ALL {
        for (sql, id, says) in [
            (CONCUR, conferring, "by passkey"),
            (SEND, concurred, "by passkey"),
        ] {
            let refused = night
                .sql(sql, vec![night.person(who), of(id)])
                .await
                .unwrap_err();
            let known = refused.contains(says)
                || refused.contains("wrote on")
                || refused.to_lowercase().contains("check");
            assert!(known, "{who:?}: {refused}");
        }
    }
    let refused = night
        .sql(SEND, vec![night.person(Who::OwnChief), of(conferring)])
        .await;
    assert!(
        refused
            .unwrap_err()
            .contains("an agreement that both signed")
    );
    // Not under an agreement either: it corrects nothing.
    let agreement = night.agree().await;
    let values = vec![
        night.person(Who::OwnChief),
        agreement.0.into(),
        of(conferring),
    ];
    assert!(night.sql(ALONE, values).await.is_err());
    // A history that somebody made up.
    let event = "INSERT INTO emergency_event (emergency_id, number, act, from_state, to_state, version, person_id,
        at, digest, evidence) SELECT id, 99, ?, state, state, version, ?, moved_at, digest, ? FROM emergency WHERE id = ?";
    let evidence = night.find(concurred).await.history.pop().unwrap().evidence;
    for (act, who, evidence) in [
        ("send", Who::OwnChief, None),
        ("send", Who::OwnChief, Some("made up".to_owned())),
        // The other chief's, of another act.
        ("send", Who::PrChief, evidence.clone()),
        ("send", Who::OwnChief, evidence.clone()),
        // The very same once more.
        ("concur", Who::PrChief, evidence),
        ("resume", Who::OwnChief, None),
    ] {
        let values = vec![
            act.into(),
            night.person(who),
            evidence.clone().into(),
            of(concurred),
        ];
        let refused = night.sql(event, values).await;
        assert!(refused.is_err(), "{act} {who:?} {evidence:?}");
    }
});

/// Adds to a history, at a time and with a signature that is kept under a name.
pub const EVENT: &str = "INSERT INTO emergency_event (emergency_id, number, act, from_state, to_state, version,
    person_id, at, digest, evidence, reason) SELECT id, (SELECT max(number) + 1 FROM emergency_event
    WHERE emergency_id = emergency.id), ?, state, ?, version, ?, moved_at, ?, ?, 'x' FROM emergency WHERE id = ?";

on_both!(
    the_same_person_never_stands_on_both_sides,
    |night: Night| {
        // With a real signature for each side, and still refused.
        let id = night.concurred().await;
        let confirmed = {
            let person = night.people[&Who::PrChief];
            let act = kairan::staff::account::Act {
                person,
                act: "emergency.send",
                digest: night
                    .find(id)
                    .await
                    .head
                    .digest
                    .unwrap()
                    .as_str()
                    .to_owned(),
            };
            night.confirms(person, act).await
        };
        let tx = night.hall.db.db.begin().await.unwrap();
        let event = "INSERT INTO emergency_event (emergency_id, number, act, from_state, to_state, version, person_id,
        at, digest, evidence) SELECT id, 99, 'send', 'concurred', 'dispatching', version, concurred_by, moved_at,
        digest, ? FROM emergency WHERE id = ?";
        let values = vec![confirmed.evidence().into(), id.0.into()];
        night.run(tx.conn(), event, values).await.unwrap();
        let sent = night
            .run(
                tx.conn(),
                SEND,
                vec![night.person(Who::PrChief), id.0.into()],
            )
            .await;
        let refused = sent.unwrap_err().to_string().to_lowercase();
        assert!(refused.contains("check"), "{refused}");
    }
);

on_both!(what_was_handed_in_and_done_stays, |night: Night| {
    let (draft, waits) = (night.drafted().await, night.conferring().await);
    let concurred = night.concurred().await;
    let sent = night.sent().await;
    let agreement = EmergencyId(night.agree().await.0);
    for (change, of, says) in [
        ("UPDATE emergency SET mode = 'drill' WHERE id = ?", draft, "never changes its mode"),
        ("UPDATE emergency SET corrects = id WHERE id = ?", draft, "never becomes another"),
        ("UPDATE emergency SET version = 3 WHERE id = ?", draft, "one by one"),
        ("UPDATE emergency SET version = 2 WHERE id = ?", waits, "words of a draft"),
        ("UPDATE emergency SET template = 'x' WHERE id = ?", waits, "words of a draft"),
        ("UPDATE emergency SET issue = '{}' WHERE id = ?", waits, "does not change"),
        ("UPDATE emergency SET expires_at = '2099-01-01 00:00:00+00:00' WHERE id = ?", concurred, "does not change"),
        ("UPDATE emergency SET submitted_by = created_by WHERE id = ?", concurred, "does not change"),
        ("UPDATE emergency SET concurred_with = id WHERE id = ?", sent, "who agreed does not change"),
        ("UPDATE emergency SET dispatch_id = id WHERE id = ?", sent, "goes out once"),
        ("UPDATE emergency SET people = 99 WHERE id = ?", sent, "goes out once"),
        ("DELETE FROM emergency WHERE id = ?", draft, "not forgotten"),
        ("UPDATE emergency_revision SET written = '{}' WHERE emergency_id = ?", draft, "not forgotten"),
        ("DELETE FROM emergency_revision WHERE emergency_id = ?", draft, "not forgotten"),
        ("UPDATE emergency_event SET reason = 'x' WHERE emergency_id = ?", sent, "not forgotten"),
        ("DELETE FROM emergency_event WHERE emergency_id = ?", sent, "not forgotten"),
        ("DELETE FROM emergency_report WHERE emergency_id = ?", sent, "not forgotten"),
        ("UPDATE emergency_agreement SET until_day = '2099-01-01' WHERE id = ?", agreement, "signed does not change"),
        ("DELETE FROM emergency_agreement WHERE id = ?", agreement, "not forgotten"),
        ("INSERT INTO emergency_revision (emergency_id, version, written, person_id, at)
          SELECT emergency_id, 2, written, person_id, at FROM emergency_revision WHERE emergency_id = ?", waits, "only a draft"),
    ] {
        let refused = night.sql(change, vec![of.0.into()]).await.expect_err(change);
        assert!(refused.contains(says), "{change}: {refused}");
    }
    for change in [
        "UPDATE installation SET mode = 'drill'",
        "DELETE FROM installation",
    ] {
        assert!(night.sql(change, Vec::new()).await.is_err(), "{change}");
    }
    let other_mode = "INSERT INTO emergency (id, mode, section_id, state, version, template, created_by, created_at, moved_at)
        SELECT ?, 'drill', section_id, 'draft', 1, template, created_by, created_at, moved_at FROM emergency WHERE id = ?";
    let values = vec![uuid::Uuid::new_v4().into(), draft.0.into()];
    let refused = night.sql(other_mode, values).await.unwrap_err();
    assert!(refused.contains("mode of its installation"), "{refused}");
});

// Whoever gets past the database's rules still does not get past the digest.
on_both!(
    any_change_of_what_was_agreed_to_is_found_when_it_is_sent,
    |night: Night| {
        let lift = match night.hall.db.is_embedded() {
            true => "DROP TRIGGER emergency_is_frozen_update",
            false => "DROP TRIGGER emergency_is_frozen ON emergency",
        };
        night.hall.db.conn().execute_unprepared(lift).await.unwrap();
        let id = night.concurred().await;
        let agreed = night.find(id).await.issue.unwrap();
        let whole = serde_json::to_value(&agreed).unwrap();
        let set = "UPDATE emergency SET issue = ? WHERE id = ?";
        let fields: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields.len(), 15);
        for field in fields {
            let mut changed = whole.clone();
            changed[&field] = other(&whole[&field]);
            night
                .run(
                    night.hall.db.conn(),
                    set,
                    vec![changed.to_string().into(), id.0.into()],
                )
                .await
                .unwrap();
            let refused = match kairan::emergency::find(&night.hall.db, id).await {
                // Not even readable.
                Err(_) => continue,
                Ok(_) => night.tries(Who::OwnChief, id, Act::Send, true).await,
            };
            assert!(
                matches!(refused, Err(EmergencyError::Changed)),
                "{field}: {refused:?}"
            );
        }
        night
            .run(
                night.hall.db.conn(),
                set,
                vec![whole.to_string().into(), id.0.into()],
            )
            .await
            .unwrap();
        night.done(Who::OwnChief, id, Act::Send).await;
    }
);

/// Something else of the same kind.
fn other(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::{Value, json};
    match value {
        Value::String(text) if text == "live" => json!("drill"),
        Value::String(text) if text.contains('T') && text.ends_with('Z') => {
            json!("2026-11-24T15:00:00Z")
        }
        Value::String(text) => match text.parse::<uuid::Uuid>() {
            Ok(_) => json!(uuid::Uuid::nil()),
            Err(_) => json!(format!("{text}.")),
        },
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::Bool(bool) => json!(!bool),
        Value::Null => json!(uuid::Uuid::nil()),
        Value::Array(items) => Value::Array(items.iter().map(other).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(key, value)| match key.as_str() {
                    "type" => (key.clone(), value.clone()),
                    _ => (key.clone(), other(value)),
                })
                .collect(),
        ),
    }
}
