//! Many residents by their numbers.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use super::super::store::opened;
use super::{Addressee, Subscription};
use crate::ids::ResidentId;
use crate::seal::Seal;

/// The numbers come as one JSON array: as bound values, each count would be a statement of its own.
const FIND_SQLITE: &str = "
    SELECT id, line_user_id, reachable FROM resident
    WHERE id IN (SELECT value FROM json_each($1))";
const FIND_POSTGRES: &str = "
    SELECT id, line_user_id, reachable FROM resident
    WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))";
/// Who still hears of garbage days at an hour.
const AT_HOUR: &str = "garbage_reminder = $2";
/// Who still has a child of some months, and a topic unless none is asked for.
const WITH_CHILD: &str = "
    EXISTS (SELECT 1 FROM child WHERE child.resident_id = resident.id
        AND child.kind = $2 AND child.month BETWEEN $3 AND $4)
    AND ($5 = '' OR EXISTS (SELECT 1 FROM resident_topic
        WHERE resident_topic.resident_id = resident.id AND resident_topic.topic = $5))";

pub(super) async fn addressees(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    ids: &[i64],
    subscription: Option<&Subscription>,
) -> Result<Vec<Addressee>, DbErr> {
    let ids = serde_json::to_string(ids).map_err(|error| DbErr::Json(error.to_string()))?;
    let mut values: Vec<Value> = vec![ids.into()];
    let still = match subscription {
        None => None,
        Some(Subscription::Garbage(hour)) => {
            values.push(hour.to_string().into());
            Some(AT_HOUR)
        }
        Some(Subscription::Children {
            kind,
            first,
            last,
            topic,
        }) => {
            values.push(kind.as_str().into());
            values.extend([first, last].map(|month| Value::from(month.first_day())));
            values.push(topic.clone().unwrap_or_default().into());
            Some(WITH_CHILD)
        }
    };
    let backend = conn.get_database_backend();
    let find = match backend {
        DbBackend::Sqlite => FIND_SQLITE,
        _ => FIND_POSTGRES,
    };
    let find = match still {
        Some(still) => format!("{find} AND {still} ORDER BY id"),
        None => format!("{find} ORDER BY id"),
    };
    let find = Statement::from_sql_and_values(backend, find, values);
    let mut found = Vec::new();
    for row in conn.query_all_raw(find).await? {
        let id: i64 = row.try_get("", "id")?;
        let sealed: String = row.try_get("", "line_user_id")?;
        match opened(seal, &sealed) {
            Ok(user) => found.push(Addressee {
                id: ResidentId(id),
                user,
                reachable: row.try_get("", "reachable")?,
            }),
            // Whoever cannot be opened cannot be written to; their neighbours can.
            Err(error) => tracing::error!(resident = id, %error, "a resident cannot be written to"),
        }
    }
    Ok(found)
}
