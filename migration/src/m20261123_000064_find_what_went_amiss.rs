//! Whoever was refused or too late is looked for like those of whom nobody can know. They are few, and an index has
//! all that is asked of them, in the order in which they are summed up.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [
            "DROP INDEX envelope_unknown",
            "CREATE INDEX envelope_amiss ON envelope (dispatch_id, state, ended_at, people, left_out)
                WHERE state IN ('refused', 'unknown', 'late')",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [
            "DROP INDEX envelope_amiss",
            "CREATE INDEX envelope_unknown ON envelope (dispatch_id) WHERE state = 'unknown'",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
