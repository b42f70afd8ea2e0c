//! Many residents by their numbers.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::super::store::opened;
use super::Addressee;
use crate::ids::ResidentId;
use crate::seal::Seal;

/// The numbers come as one JSON array: as bound values, each count would be a statement of its own.
const FIND_SQLITE: &str = "
    SELECT id, line_user_id, reachable FROM resident
    WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id";
const FIND_POSTGRES: &str = "
    SELECT id, line_user_id, reachable FROM resident
    WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY id";

pub(super) async fn addressees(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    ids: &[i64],
) -> Result<Vec<Addressee>, DbErr> {
    let ids = serde_json::to_string(ids).map_err(|error| DbErr::Json(error.to_string()))?;
    let backend = conn.get_database_backend();
    let find = match backend {
        DbBackend::Sqlite => FIND_SQLITE,
        _ => FIND_POSTGRES,
    };
    let find = Statement::from_sql_and_values(backend, find, [ids.into()]);
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
