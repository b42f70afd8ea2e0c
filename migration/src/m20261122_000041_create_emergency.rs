//! Emergencies, and what an installation is for. Two different people stand behind each that goes out, each by
//! a passkey's signature over exactly what goes out; what was agreed to does not change; drills and live
//! messages never meet.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, date, integer, text, text_null, text_null as evidence,
    timestamp_with_time_zone as at, timestamp_with_time_zone_null as at_null, uuid, uuid_null,
};

mod rules;

use crate::rule;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 6] = [
    "installation",
    "emergency_agreement",
    "emergency",
    "emergency_revision",
    "emergency_event",
    "emergency_report",
];

const STATES: &str =
    "'draft', 'conferring', 'concurred', 'dispatching', 'halted', 'attention', 'sent', 'partial',
    'closed', 'declined', 'withdrawn', 'expired'";

/// It reached somebody, or may have.
const WENT_OUT: &str = "'dispatching', 'halted', 'attention', 'sent', 'partial', 'closed'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            installation(),
            agreement(),
            emergency(),
            revision(),
            event(),
            report(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("emergency_by_state", "emergency", "state"),
            ("emergency_by_corrected", "emergency", "corrects"),
            (
                "emergency_agreement_by_section",
                "emergency_agreement",
                "section_id",
            ),
        ] {
            let index = Index::create()
                .name(name)
                .table(table)
                .col(column)
                .to_owned();
            manager.create_index(index).await?;
        }
        // A confirmation serves once.
        manager
            .create_index(
                Index::create()
                    .name("emergency_event_evidence")
                    .table("emergency_event")
                    .col("evidence")
                    .unique()
                    .to_owned(),
            )
            .await?;
        let mut gate = Table::alter().table("delivery_gate").to_owned();
        // What was agreed to before a restore may have been sent before it, too.
        let gate = gate.add_column(at_null("restored_at")).to_owned();
        manager.alter_table(gate).await?;
        rule::keep(manager, &rules::rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut gate = Table::alter().table("delivery_gate").to_owned();
        let gate = gate.drop_column("restored_at").to_owned();
        manager.alter_table(gate).await?;
        for table in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(*table).to_owned())
                .await?;
        }
        rule::forget(manager, &rules::rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn installation() -> TableCreateStatement {
    Table::create()
        .table("installation")
        .col(integer("id").primary_key().check(Expr::cust("id = 1")))
        .col(mode())
        .col(at("since"))
        .to_owned()
}

fn mode() -> ColumnDef {
    text("mode")
        .check(Expr::cust("mode in ('live', 'drill')"))
        .to_owned()
}

fn emergency() -> TableCreateStatement {
    Table::create()
        .table("emergency")
        .col(uuid("id").primary_key())
        .col(mode())
        .col(uuid("section_id"))
        .col(text("state").check(Expr::cust(format!("state in ({STATES})"))))
        .col(integer("version").check(Expr::cust("version >= 1")))
        .col(text("template"))
        .col(uuid_null("corrects"))
        .col(uuid("created_by"))
        .col(at("created_at"))
        .col(at("moved_at"))
        // What was handed in, frozen, as JSON, and its digest.
        .col(text_null("issue"))
        .col(text_null("digest").check(Expr::cust("length(digest) = 64")))
        .col(uuid_null("submitted_by"))
        .col(at_null("submitted_at"))
        .col(at_null("expires_at"))
        .col(uuid_null("concurred_by"))
        .col(at_null("concurred_at"))
        .col(uuid_null("concurred_with"))
        .col(uuid_null("agreement_id"))
        .col(uuid_null("sent_by"))
        .col(at_null("sent_at"))
        .col(big_integer_null("people").check(Expr::cust("people >= 1")))
        .col(uuid_null("dispatch_id").unique_key())
        .check(Expr::cust("(state = 'draft') = (issue is null)"))
        .check(Expr::cust("(issue is null) = (digest is null)"))
        .check(Expr::cust("(issue is null) = (submitted_by is null)"))
        .check(Expr::cust("(issue is null) = (submitted_at is null)"))
        .check(Expr::cust("(issue is null) = (expires_at is null)"))
        .check(Expr::cust(
            "(concurred_by is null) = (concurred_at is null)",
        ))
        .check(Expr::cust(
            "(concurred_by is null) = (concurred_with is null)",
        ))
        .check(Expr::cust(
            "state <> 'concurred' or concurred_by is not null",
        ))
        .check(Expr::cust(
            "state not in ('draft', 'conferring', 'declined') or concurred_by is null",
        ))
        .check(Expr::cust("concurred_by <> sent_by"))
        .check(Expr::cust("concurred_by <> submitted_by"))
        .check(Expr::cust(format!(
            "(state in ({WENT_OUT})) = (sent_by is not null)"
        )))
        .check(Expr::cust("(sent_by is null) = (sent_at is null)"))
        .check(Expr::cust("(sent_by is null) = (people is null)"))
        .check(Expr::cust("(sent_by is null) = (dispatch_id is null)"))
        .check(Expr::cust(
            "sent_by is null or (concurred_by is null) <> (agreement_id is null)",
        ))
        .check(Expr::cust(
            "agreement_id is null or (corrects is not null and sent_by is not null)",
        ))
        .foreign_key(&mut of("emergency", "section_id", "section"))
        .foreign_key(&mut of("emergency", "corrects", "emergency"))
        .foreign_key(&mut of("emergency", "created_by", "person"))
        .foreign_key(&mut of("emergency", "submitted_by", "person"))
        .foreign_key(&mut of("emergency", "concurred_by", "person"))
        .foreign_key(&mut of("emergency", "agreement_id", "emergency_agreement"))
        .foreign_key(&mut of("emergency", "sent_by", "person"))
        .to_owned()
}

fn revision() -> TableCreateStatement {
    Table::create()
        .table("emergency_revision")
        .col(uuid("emergency_id"))
        .col(integer("version"))
        .col(text("written"))
        .col(uuid("person_id"))
        .col(at("at"))
        .primary_key(Index::create().col("emergency_id").col("version"))
        .foreign_key(&mut of("emergency_revision", "emergency_id", "emergency"))
        .foreign_key(&mut of("emergency_revision", "person_id", "person"))
        .to_owned()
}

fn event() -> TableCreateStatement {
    Table::create()
        .table("emergency_event")
        .col(uuid("emergency_id"))
        .col(integer("number").check(Expr::cust("number >= 1")))
        .col(text("act"))
        .col(text_null("from_state"))
        .col(text("to_state"))
        .col(integer("version"))
        .col(uuid_null("person_id"))
        .col(uuid_null("standing_in_for"))
        .col(at("at"))
        // What was confirmed by passkey, and under which name what was signed is kept.
        .col(text_null("digest").check(Expr::cust("length(digest) = 64")))
        .col(evidence("evidence"))
        .col(text_null("reason"))
        .check(Expr::cust("(digest is null) = (evidence is null)"))
        .check(Expr::cust(
            "act not in ('return', 'decline', 'accept') or reason is not null",
        ))
        .primary_key(Index::create().col("emergency_id").col("number"))
        .foreign_key(&mut of("emergency_event", "emergency_id", "emergency"))
        .foreign_key(&mut of("emergency_event", "person_id", "person"))
        .foreign_key(&mut of("emergency_event", "standing_in_for", "post"))
        .to_owned()
}

fn report() -> TableCreateStatement {
    Table::create()
        .table("emergency_report")
        .col(uuid("emergency_id").primary_key())
        .col(at("due_at"))
        .col(text_null("words"))
        .col(uuid_null("filed_by"))
        .col(at_null("filed_at"))
        .col(uuid_null("confirmed_by"))
        .col(at_null("confirmed_at"))
        .check(Expr::cust("(filed_by is null) = (filed_at is null)"))
        .check(Expr::cust("(filed_by is null) = (words is null)"))
        .check(Expr::cust(
            "(confirmed_by is null) = (confirmed_at is null)",
        ))
        .check(Expr::cust("confirmed_by is null or filed_by is not null"))
        .check(Expr::cust("filed_by <> confirmed_by"))
        .foreign_key(&mut of("emergency_report", "emergency_id", "emergency"))
        .foreign_key(&mut of("emergency_report", "filed_by", "person"))
        .foreign_key(&mut of("emergency_report", "confirmed_by", "person"))
        .to_owned()
}

fn agreement() -> TableCreateStatement {
    Table::create()
        .table("emergency_agreement")
        .col(uuid("id").primary_key())
        .col(uuid("section_id"))
        .col(date("from_day"))
        .col(date("until_day"))
        .col(text("digest").check(Expr::cust("length(digest) = 64")))
        // Those of the side that agrees, and of the side that sends.
        .col(uuid_null("concurring_by"))
        .col(at_null("concurring_at"))
        .col(evidence("concurring_evidence").unique_key())
        .col(uuid_null("sending_by"))
        .col(at_null("sending_at"))
        .col(evidence("sending_evidence").unique_key())
        .col(uuid_null("ended_by"))
        .col(at_null("ended_at"))
        .col(at("made_at"))
        .check(Expr::cust("from_day <= until_day"))
        .check(Expr::cust("concurring_by <> sending_by"))
        .check(Expr::cust(
            "(concurring_by is null) = (concurring_at is null)",
        ))
        .check(Expr::cust(
            "(concurring_by is null) = (concurring_evidence is null)",
        ))
        .check(Expr::cust("(sending_by is null) = (sending_at is null)"))
        .check(Expr::cust(
            "(sending_by is null) = (sending_evidence is null)",
        ))
        .check(Expr::cust("(ended_by is null) = (ended_at is null)"))
        .foreign_key(&mut of("emergency_agreement", "section_id", "section"))
        .foreign_key(&mut of("emergency_agreement", "concurring_by", "person"))
        .foreign_key(&mut of("emergency_agreement", "sending_by", "person"))
        .foreign_key(&mut of("emergency_agreement", "ended_by", "person"))
        .to_owned()
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}
