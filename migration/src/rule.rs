//! Rules that a database keeps whoever speaks to it, written once for both engines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// What must never be: a row for which `forbidden` finds something is refused, with `says`.
pub(crate) struct Rule {
    /// The trigger's name; unique in the schema.
    pub name: &'static str,
    pub table: &'static str,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub on: &'static [&'static str],
    /// A condition over `NEW` and `OLD` in the SQL that both engines read.
    pub forbidden: String,
    /// Rows to lock first, so that PostgreSQL's writers cannot pass each other unseen. SQLite has one writer.
    pub lock: &'static [&'static str],
    /// English, without quotation marks.
    pub says: &'static str,
}

/// Makes `rules` hold from now on.
pub(crate) async fn keep(manager: &SchemaManager<'_>, rules: &[Rule]) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    for rule in rules {
        let Rule {
            name,
            table,
            forbidden,
            says,
            ..
        } = rule;
        if manager.get_database_backend() == DbBackend::Sqlite {
            for on in rule.on {
                conn.execute_unprepared(&format!(
                    "CREATE TRIGGER {name}_{} BEFORE {on} ON {table} FOR EACH ROW WHEN {forbidden}
                     BEGIN SELECT RAISE(ABORT, '{says}'); END",
                    on.to_lowercase()
                ))
                .await?;
            }
            continue;
        }
        let locks: String = rule
            .lock
            .iter()
            .map(|lock| format!("PERFORM {lock} FOR NO KEY UPDATE; "))
            .collect();
        let on = rule.on.join(" OR ");
        conn.execute_unprepared(&format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 {locks}
                 IF {forbidden} THEN
                     RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation';
                 END IF;
                 IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                 RETURN NEW;
             END $$"
        ))
        .await?;
        conn.execute_unprepared(&format!(
            "CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ))
        .await?;
    }
    Ok(())
}

/// Lets go of what [`keep`] left behind, once the tables are gone.
pub(crate) async fn forget(manager: &SchemaManager<'_>, rules: &[Rule]) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    for rule in rules {
        let drop = format!("DROP FUNCTION {}()", rule.name);
        manager.get_connection().execute_unprepared(&drop).await?;
    }
    Ok(())
}

/// Lets go of `rules` while their tables stay.
pub(crate) async fn lift(manager: &SchemaManager<'_>, rules: &[Rule]) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    for Rule {
        name, table, on, ..
    } in rules
    {
        if manager.get_database_backend() == DbBackend::Sqlite {
            for on in *on {
                let on = on.to_lowercase();
                conn.execute_unprepared(&format!("DROP TRIGGER {name}_{on}"))
                    .await?;
            }
            continue;
        }
        conn.execute_unprepared(&format!("DROP TRIGGER {name} ON {table}"))
            .await?;
        conn.execute_unprepared(&format!("DROP FUNCTION {name}()"))
            .await?;
    }
    Ok(())
}
