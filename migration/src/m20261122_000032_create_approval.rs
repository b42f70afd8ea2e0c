//! Who agrees to what is sent. Nobody decides on what they wrote on, nor twice; nothing is approved before
//! everybody agreed; what was frozen stays so.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date_null, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    uuid, uuid_null,
};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const REQUEST: &str = "1 FROM approval_request WHERE id = NEW.request_id";

const TABLES: [&str; 3] = ["approval_request", "approval_editor", "approval_step"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [request(), editor(), step()] {
            manager.create_table(table).await?;
        }
        // A subject waits, or is approved, at most once.
        manager
            .create_index(
                Index::create()
                    .name("approval_request_live")
                    .table("approval_request")
                    .col("subject_kind")
                    .col("subject_id")
                    .unique()
                    .and_where(Expr::cust("outcome is null or outcome = 'approved'"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("approval_request_by_subject")
                    .table("approval_request")
                    .col("subject_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("approval_step_person_once")
                    .table("approval_step")
                    .col("request_id")
                    .col("decided_by")
                    .unique()
                    .to_owned(),
            )
            .await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(*table).to_owned())
                .await?;
        }
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn request() -> TableCreateStatement {
    Table::create()
        .table("approval_request")
        .col(uuid("id").primary_key())
        .col(text("subject_kind").check(Expr::cust("subject_kind in ('broadcast', 'notice')")))
        .col(uuid("subject_id"))
        .col(integer("revision").check(Expr::cust("revision >= 1")))
        .col(text("digest").check(Expr::cust("length(digest) = 64")))
        .col(uuid_null("section_id"))
        .col(uuid_null("organisation_id"))
        .col(text("policy_version"))
        .col(uuid("submitted_by"))
        .col(timestamp_with_time_zone("submitted_at"))
        .col(date_null("until"))
        .col(
            text_null("outcome").check(Expr::cust(
                "outcome in ('approved', 'returned', 'withdrawn', 'void')",
            )),
        )
        .col(uuid_null("ended_by"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(text_null("reason"))
        .check(Expr::cust("(outcome is null) = (ended_at is null)"))
        .check(Expr::cust("(section_id is null) <> (organisation_id is null)"))
        .check(Expr::cust("(subject_kind = 'notice') = (until is not null)"))
        .check(Expr::cust(
            "outcome is null or outcome not in ('returned', 'void') or reason is not null",
        ))
        .check(Expr::cust(
            "outcome is null or outcome not in ('approved', 'returned', 'withdrawn') or ended_by is not null",
        ))
        .foreign_key(&mut of("approval_request", "section_id", "section"))
        .foreign_key(&mut of("approval_request", "organisation_id", "organisation"))
        .foreign_key(&mut of("approval_request", "submitted_by", "person"))
        .foreign_key(&mut of("approval_request", "ended_by", "person"))
        .to_owned()
}

fn editor() -> TableCreateStatement {
    Table::create()
        .table("approval_editor")
        .col(uuid("request_id"))
        .col(uuid("person_id"))
        .primary_key(Index::create().col("request_id").col("person_id"))
        .foreign_key(&mut of("approval_editor", "request_id", "approval_request"))
        .foreign_key(&mut of("approval_editor", "person_id", "person"))
        .to_owned()
}

fn step() -> TableCreateStatement {
    Table::create()
        .table("approval_step")
        .col(uuid("request_id"))
        .col(integer("place").check(Expr::cust("place >= 1")))
        .col(text("decider").check(Expr::cust(
            "decider in ('owner_chief', 'owner_office', 'section_chief', 'contract_manager')",
        )))
        .col(text("grounds"))
        .col(uuid_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(uuid_null("standing_in_for"))
        .check(Expr::cust("(decided_by is null) = (decided_at is null)"))
        .check(Expr::cust(
            "standing_in_for is null or decided_by is not null",
        ))
        .primary_key(Index::create().col("request_id").col("place"))
        .foreign_key(&mut of("approval_step", "request_id", "approval_request"))
        .foreign_key(&mut of("approval_step", "decided_by", "person"))
        .foreign_key(&mut of("approval_step", "standing_in_for", "post"))
        .to_owned()
}

fn rules() -> [Rule; 8] {
    let frozen = [
        "subject_kind",
        "subject_id",
        "revision",
        "digest",
        "section_id",
        "organisation_id",
        "policy_version",
        "submitted_by",
        "submitted_at",
        "until",
    ]
    .map(|column| format!("NEW.{column} IS DISTINCT FROM OLD.{column}"))
    .join(" OR ");
    [
        Rule {
            name: "approval_request_is_frozen",
            table: "approval_request",
            on: &["UPDATE"],
            forbidden: frozen,
            lock: &[],
            says: "what was handed in for approval does not change",
        },
        Rule {
            name: "approval_request_moves_on",
            table: "approval_request",
            on: &["UPDATE"],
            forbidden: "(OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome
                 AND NOT (OLD.outcome = 'approved' AND NEW.outcome IN ('withdrawn', 'void')))
                 OR (OLD.outcome IS NOT NULL AND NEW.outcome IS NULL)
                 OR (NEW.outcome = 'approved' AND OLD.outcome IS NULL
                     AND (NOT EXISTS (SELECT 1 FROM approval_step WHERE request_id = NEW.id)
                          OR EXISTS (SELECT 1 FROM approval_step
                                     WHERE request_id = NEW.id AND decided_by IS NULL)))"
                .into(),
            lock: &[],
            says: "a request is approved when everybody agreed, and ends once",
        },
        Rule {
            name: "approval_request_begins_open",
            table: "approval_request",
            on: &["INSERT"],
            forbidden: "NEW.outcome IS NOT NULL".into(),
            lock: &[],
            says: "a request begins undecided",
        },
        Rule {
            name: "approval_step_is_taken_once",
            table: "approval_step",
            on: &["UPDATE"],
            forbidden: "OLD.decided_by IS NOT NULL OR NEW.decided_by IS NULL
                 OR NEW.request_id <> OLD.request_id OR NEW.place <> OLD.place
                 OR NEW.decider <> OLD.decider OR NEW.grounds <> OLD.grounds
                 OR EXISTS (SELECT 1 FROM approval_step AS earlier WHERE earlier.request_id = NEW.request_id
                            AND earlier.place < NEW.place AND earlier.decided_by IS NULL)
                 OR EXISTS (SELECT 1 FROM approval_request
                            WHERE id = NEW.request_id AND outcome IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM approval_editor
                            WHERE request_id = NEW.request_id AND person_id = NEW.decided_by)"
                .into(),
            lock: &[REQUEST],
            says: "a step is decided once, in its turn, while the request waits, and by nobody who wrote on it",
        },
        Rule {
            name: "approval_step_begins_open",
            table: "approval_step",
            on: &["INSERT"],
            forbidden: "NEW.decided_by IS NOT NULL OR EXISTS (SELECT 1 FROM approval_request
                 WHERE id = NEW.request_id AND outcome IS NOT NULL)"
                .into(),
            lock: &[REQUEST],
            says: "a step begins undecided, while the request waits",
        },
        stays("approval_editor_stays", "approval_editor", &["UPDATE", "DELETE"]),
        stays("approval_step_stays", "approval_step", &["DELETE"]),
        stays("approval_request_stays", "approval_request", &["DELETE"]),
    ]
}

fn stays(name: &'static str, table: &'static str, on: &'static [&'static str]) -> Rule {
    Rule {
        name,
        table,
        on,
        forbidden: "TRUE".into(),
        lock: &[],
        says: "what was asked and agreed to is not forgotten",
    }
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}
