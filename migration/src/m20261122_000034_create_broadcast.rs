//! Broadcasts: what they said in every revision, what people vouched for about them, and where they stand.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    uuid_null,
};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 5] = [
    "broadcast",
    "broadcast_picture",
    "broadcast_revision",
    "broadcast_statement",
    "broadcast_template",
];

/// From where to where; the product's table of moves says what happens on the way.
const MOVES: [(&str, &str); 16] = [
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("submitted", "draft"),
    ("submitted", "approved"),
    ("submitted", "withdrawn"),
    ("submitted", "late"),
    ("approved", "draft"),
    ("approved", "sending"),
    ("approved", "withdrawn"),
    ("approved", "late"),
    ("sending", "stopped"),
    ("sending", "done"),
    ("stopped", "sending"),
    ("stopped", "done"),
    ("late", "draft"),
    ("late", "withdrawn"),
];

const BROADCAST: &str = "1 FROM broadcast WHERE id = NEW.broadcast_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [broadcast(), picture(), revision(), statement(), template()] {
            manager.create_table(table).await?;
        }
        // What is due, and the calendar.
        manager
            .create_index(
                Index::create()
                    .name("broadcast_by_state")
                    .table("broadcast")
                    .col("state")
                    .col("send_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("broadcast_by_corrected")
                    .table("broadcast")
                    .col("corrects")
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

fn broadcast() -> TableCreateStatement {
    Table::create()
        .table("broadcast")
        .col(uuid("id").primary_key())
        .col(uuid_null("section_id"))
        .col(uuid_null("organisation_id"))
        .col(text("drafter").check(Expr::cust(
            "drafter in ('owner', 'section', 'contractor')",
        )))
        .col(text("state").check(Expr::cust(
            "state in ('draft', 'submitted', 'approved', 'sending', 'stopped', 'done', 'withdrawn', 'late')",
        )))
        .col(integer("revision").check(Expr::cust("revision >= 1")))
        .col(text("title"))
        .col(text("category"))
        .col(uuid_null("corrects"))
        .col(timestamp_with_time_zone_null("send_at"))
        .col(timestamp_with_time_zone_null("valid_until"))
        // What was handed in, frozen: messages, audience and time as JSON.
        .col(text_null("issue"))
        .col(uuid("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("moved_at"))
        .col(timestamp_with_time_zone_null("released_at"))
        .col(uuid_null("dispatch_id"))
        .check(Expr::cust("(section_id is null) <> (organisation_id is null)"))
        .check(Expr::cust(
            "(drafter = 'contractor') = (organisation_id is not null)",
        ))
        .check(Expr::cust("state <> 'draft' or issue is null"))
        .check(Expr::cust(
            "state in ('draft', 'withdrawn') or issue is not null",
        ))
        .check(Expr::cust(
            "(state in ('sending', 'stopped', 'done')) = (released_at is not null)",
        ))
        .check(Expr::cust("(released_at is null) = (dispatch_id is null)"))
        .foreign_key(&mut of("broadcast", "section_id", "section"))
        .foreign_key(&mut of("broadcast", "organisation_id", "organisation"))
        .foreign_key(&mut of("broadcast", "corrects", "broadcast"))
        .foreign_key(&mut of("broadcast", "created_by", "person"))
        .to_owned()
}

fn picture() -> TableCreateStatement {
    Table::create()
        .table("broadcast_picture")
        // The public asks by picture.
        .col(uuid("media_id"))
        .col(uuid("broadcast_id"))
        .primary_key(Index::create().col("media_id").col("broadcast_id"))
        .foreign_key(&mut of("broadcast_picture", "media_id", "media"))
        .foreign_key(&mut of("broadcast_picture", "broadcast_id", "broadcast"))
        .to_owned()
}

fn revision() -> TableCreateStatement {
    Table::create()
        .table("broadcast_revision")
        .col(uuid("broadcast_id"))
        .col(integer("revision"))
        .col(text("manuscript"))
        .col(uuid("by"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("broadcast_id").col("revision"))
        .foreign_key(&mut of("broadcast_revision", "broadcast_id", "broadcast"))
        .foreign_key(&mut of("broadcast_revision", "by", "person"))
        .to_owned()
}

fn statement() -> TableCreateStatement {
    Table::create()
        .table("broadcast_statement")
        .col(uuid("broadcast_id"))
        .col(integer("number"))
        .col(integer("revision"))
        .col(text("statement"))
        .col(uuid("by"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("broadcast_id").col("number"))
        .foreign_key(&mut of("broadcast_statement", "broadcast_id", "broadcast"))
        .foreign_key(&mut of("broadcast_statement", "by", "person"))
        .to_owned()
}

fn template() -> TableCreateStatement {
    Table::create()
        .table("broadcast_template")
        .col(uuid("id").primary_key())
        .col(uuid_null("section_id"))
        .col(uuid_null("organisation_id"))
        .col(text("name"))
        .col(text("manuscript"))
        .col(uuid("made_by"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone_null("retired_at"))
        .check(Expr::cust(
            "(section_id is null) <> (organisation_id is null)",
        ))
        .foreign_key(&mut of("broadcast_template", "section_id", "section"))
        .foreign_key(&mut of(
            "broadcast_template",
            "organisation_id",
            "organisation",
        ))
        .foreign_key(&mut of("broadcast_template", "made_by", "person"))
        .to_owned()
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}

/// What the database refuses by itself: a move that is not in the table, words that change after they were
/// frozen, and something sent that nobody agreed to.
fn rules() -> Vec<Rule> {
    let moves: Vec<String> = MOVES
        .iter()
        .map(|(from, to)| format!("(OLD.state = '{from}' AND NEW.state = '{to}')"))
        .collect();
    let mut rules = vec![
        Rule {
            name: "broadcast_begins_as_draft",
            table: "broadcast",
            on: &["INSERT"],
            forbidden: "NEW.state <> 'draft' OR NEW.revision <> 1".into(),
            lock: &[],
            says: "a broadcast begins as a draft",
        },
        Rule {
            name: "broadcast_moves",
            table: "broadcast",
            on: &["UPDATE"],
            forbidden: format!("NEW.state <> OLD.state AND NOT ({})", moves.join(" OR ")),
            lock: &[],
            says: "a broadcast does not move so",
        },
        Rule {
            name: "broadcast_is_agreed_to",
            table: "broadcast",
            on: &["UPDATE"],
            forbidden: "NEW.state <> OLD.state AND (NEW.state = 'approved'
                 OR (OLD.state = 'approved' AND NEW.state = 'sending'))
                 AND NOT EXISTS (SELECT 1 FROM approval_request WHERE subject_kind = 'broadcast'
                     AND subject_id = NEW.id AND revision = NEW.revision AND outcome = 'approved')"
                .into(),
            lock: &[],
            says: "nothing goes out that was not agreed to",
        },
        changes_in_draft(
            "broadcast_words_are_frozen",
            &["revision", "title", "category", "send_at", "valid_until"],
        ),
        Rule {
            name: "broadcast_revision_counts",
            table: "broadcast",
            on: &["UPDATE"],
            forbidden: "NEW.revision NOT IN (OLD.revision, OLD.revision + 1)".into(),
            lock: &[],
            says: "revisions are counted one by one",
        },
        Rule {
            name: "broadcast_issue_is_frozen",
            table: "broadcast",
            on: &["UPDATE"],
            forbidden: "NEW.issue IS DISTINCT FROM OLD.issue AND NEW.state <> 'draft'
                 AND NOT (OLD.state = 'draft' AND NEW.state = 'submitted')"
                .into(),
            lock: &[],
            says: "what was handed in does not change",
        },
        Rule {
            name: "broadcast_stays",
            table: "broadcast",
            on: &["UPDATE"],
            forbidden: differ(&[
                "id",
                "section_id",
                "organisation_id",
                "drafter",
                "corrects",
                "created_by",
                "created_at",
            ]) + " OR (OLD.released_at IS NOT NULL AND ("
                + &differ(&["released_at", "dispatch_id"])
                + "))",
            lock: &[],
            says: "a broadcast never becomes another one, and goes out once",
        },
    ];
    for (name, table) in [
        ("broadcast_revision_in_draft", "broadcast_revision"),
        ("broadcast_statement_in_draft", "broadcast_statement"),
    ] {
        rules.push(Rule {
            name,
            table,
            on: &["INSERT"],
            forbidden:
                "EXISTS (SELECT 1 FROM broadcast WHERE id = NEW.broadcast_id AND state <> 'draft')"
                    .into(),
            lock: &[BROADCAST],
            says: "only a draft is written on",
        });
    }
    for (name, table, on) in [
        (
            "broadcast_is_kept",
            "broadcast",
            &["DELETE"] as &'static [&'static str],
        ),
        (
            "broadcast_revision_stays",
            "broadcast_revision",
            &["UPDATE", "DELETE"],
        ),
        (
            "broadcast_statement_stays",
            "broadcast_statement",
            &["UPDATE", "DELETE"],
        ),
    ] {
        rules.push(Rule {
            name,
            table,
            on,
            forbidden: "TRUE".into(),
            lock: &[],
            says: "what was written and vouched for is not forgotten",
        });
    }
    rules
}

fn changes_in_draft(name: &'static str, columns: &[&str]) -> Rule {
    Rule {
        name,
        table: "broadcast",
        on: &["UPDATE"],
        forbidden: format!(
            "({}) AND NOT (OLD.state = 'draft' AND NEW.state = 'draft')",
            differ(columns)
        ),
        lock: &[],
        says: "only the words of a draft change",
    }
}

fn differ(columns: &[&str]) -> String {
    let differ = columns
        .iter()
        .map(|c| format!("NEW.{c} IS DISTINCT FROM OLD.{c}"));
    differ.collect::<Vec<_>>().join(" OR ")
}
