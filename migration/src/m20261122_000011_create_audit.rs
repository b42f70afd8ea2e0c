//! The record of deeds: a chain of entries that can only grow, through one head row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, integer, text, text_null, text_uniq, timestamp_with_time_zone, uuid_null,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::rule::{self, Rule};

fn rules() -> [Rule; 3] {
    [
        Rule {
            name: "audit_entry_stays",
            table: "audit_entry",
            on: &["UPDATE", "DELETE"],
            forbidden: "1 = 1".into(),
            lock: &[],
            says: "an audit entry is never changed or deleted",
        },
        Rule {
            name: "audit_head_stays",
            table: "audit_head",
            on: &["DELETE"],
            forbidden: "1 = 1".into(),
            lock: &[],
            says: "the head of the audit chain is never deleted",
        },
        Rule {
            name: "audit_head_grows",
            table: "audit_head",
            on: &["UPDATE"],
            forbidden: "NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1".into(),
            lock: &[],
            says: "the head of the audit chain moves by one entry at a time",
        },
    ]
}

/// Row triggers do not see TRUNCATE, which only PostgreSQL has.
const NO_TRUNCATE: &str = "
    CREATE FUNCTION audit_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit chain is never emptied' USING ERRCODE = 'check_violation'; END $$;
    CREATE TRIGGER audit_entry_truncated BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION audit_truncated();
    CREATE TRIGGER audit_head_truncated BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION audit_truncated()";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(AuditHead::Table)
                    .col(
                        integer(AuditHead::Id)
                            .primary_key()
                            .check(Expr::cust("id = 1")),
                    )
                    .col(big_integer(AuditHead::Seq))
                    .col(text(AuditHead::Digest))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(AuditEntry::Table)
                    .col(big_integer(AuditEntry::Seq).primary_key())
                    .col(timestamp_with_time_zone(AuditEntry::At))
                    .col(
                        text(AuditEntry::ActorKind)
                            .check(Expr::cust("actor_kind in ('person', 'system', 'operator')")),
                    )
                    .col(uuid_null(AuditEntry::Actor))
                    .col(text_null(AuditEntry::Post))
                    .col(text(AuditEntry::Act))
                    .col(text(AuditEntry::ObjectKind))
                    .col(text(AuditEntry::ObjectId))
                    .col(text(AuditEntry::Detail))
                    .col(text_null(AuditEntry::AddressHint))
                    .col(text_uniq(AuditEntry::Prev))
                    .col(text_uniq(AuditEntry::Digest))
                    .check(Expr::cust("seq > 0"))
                    .check(Expr::cust("(actor_kind = 'person') = (actor is not null)"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("audit_entry_at", AuditEntry::At),
            ("audit_entry_actor", AuditEntry::Actor),
            ("audit_entry_object", AuditEntry::ObjectId),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table(AuditEntry::Table)
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        let nothing_yet = "0".repeat(64);
        let conn = manager.get_connection();
        conn.execute_unprepared(&format!(
            "INSERT INTO audit_head (id, seq, digest) VALUES (1, 0, '{nothing_yet}')"
        ))
        .await?;
        rule::keep(manager, &rules()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            conn.execute_unprepared(NO_TRUNCATE).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_entry", "audit_head"] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).to_owned())
                .await?;
        }
        rule::forget(manager, &rules()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let conn = manager.get_connection();
            conn.execute_unprepared("DROP FUNCTION audit_truncated()")
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum AuditHead {
    Table,
    Id,
    Seq,
    Digest,
}

#[derive(DeriveIden)]
enum AuditEntry {
    Table,
    Seq,
    At,
    ActorKind,
    Actor,
    Post,
    Act,
    ObjectKind,
    ObjectId,
    Detail,
    AddressHint,
    Prev,
    Digest,
}
