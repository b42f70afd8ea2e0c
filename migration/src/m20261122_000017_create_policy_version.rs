//! Every version of the operating policy that was ever read, and who adopted it. An adopted version is
//! what residents agreed to and staff acted by: it neither changes nor goes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid_null,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const STAYS: &str = "an adopted version of the policy neither changes nor goes";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(PolicyVersion::Table)
                    .col(text(PolicyVersion::Version).primary_key())
                    .col(date(PolicyVersion::EffectiveFrom))
                    .col(text(PolicyVersion::Text))
                    .col(text(PolicyVersion::Digest))
                    .col(timestamp_with_time_zone(PolicyVersion::RecordedAt))
                    // Nobody: the first version, which was there before anybody could adopt it.
                    .col(uuid_null(PolicyVersion::AdoptedBy))
                    .col(timestamp_with_time_zone_null(PolicyVersion::AdoptedAt))
                    .to_owned(),
            )
            .await?;
        let conn = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Sqlite {
            for on in ["UPDATE", "DELETE"] {
                conn.execute_unprepared(&format!(
                    "CREATE TRIGGER policy_version_stays_{} BEFORE {on} ON policy_version
                     FOR EACH ROW WHEN OLD.adopted_at IS NOT NULL
                     BEGIN SELECT RAISE(ABORT, '{STAYS}'); END",
                    on.to_lowercase()
                ))
                .await?;
            }
            return Ok(());
        }
        conn.execute_unprepared(&format!(
            "CREATE FUNCTION policy_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'check_violation'; END $$"
        ))
        .await?;
        conn.execute_unprepared(
            "CREATE TRIGGER policy_version_stays BEFORE UPDATE OR DELETE ON policy_version
             FOR EACH ROW WHEN (OLD.adopted_at IS NOT NULL) EXECUTE FUNCTION policy_version_stays()",
        )
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(PolicyVersion::Table).to_owned())
            .await?;
        if manager.get_database_backend() != DbBackend::Sqlite {
            let conn = manager.get_connection();
            conn.execute_unprepared("DROP FUNCTION policy_version_stays()")
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum PolicyVersion {
    Table,
    Version,
    EffectiveFrom,
    Text,
    Digest,
    RecordedAt,
    AdoptedBy,
    AdoptedAt,
}
