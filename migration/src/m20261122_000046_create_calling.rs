//! Callings: who is woken for what, how and when, and who answered. A calling that has ended stays ended, and
//! nothing of it is begun after.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer, integer_null, text, text_null, timestamp_with_time_zone as at,
    timestamp_with_time_zone_null as at_null, uuid, uuid_null,
};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// One side is called once at a time for a matter; the same in the SQL of both engines.
const ONCE: &str =
    "CREATE UNIQUE INDEX calling_runs_once ON calling (kind, matter, coalesce(side, ''))
     WHERE ended_at IS NULL AND kind <> 'notice'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [calling(), call(), push_key()] {
            manager.create_table(table).await?;
        }
        manager.get_connection().execute_unprepared(ONCE).await?;
        for (name, table, columns) in [
            (
                "calling_by_matter",
                "calling",
                &["matter"] as &[&'static str],
            ),
            ("call_by_state", "call", &["state", "try_at"]),
            ("call_by_token", "call", &["token_hash"]),
        ] {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["push_key", "call", "calling"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn calling() -> TableCreateStatement {
    Table::create()
        .table("calling")
        .col(uuid("id").primary_key())
        .col(text("kind").check(Expr::cust(
            "kind in ('emergency', 'notice', 'drill', 'test')",
        )))
        // Its first words then say that it is one.
        .col(boolean("drill"))
        .col(uuid("matter"))
        .col(integer("number").check(Expr::cust("number >= 1")))
        .col(text_null("side").check(Expr::cust("side in ('concurs', 'sends')")))
        .col(at("begun_at"))
        .col(at("runs_until"))
        .col(at_null("ended_at"))
        .col(text_null("ended").check(Expr::cust("ended in ('answered', 'over', 'unanswered')")))
        .col(uuid_null("answered_by"))
        .col(text_null("answered_how").check(Expr::cust(
            "answered_how in ('link', 'page', 'act', 'telephone')",
        )))
        .check(Expr::cust(
            "(kind in ('emergency', 'drill')) = (side is not null)",
        ))
        .check(Expr::cust("kind <> 'drill' or drill"))
        .check(Expr::cust("begun_at < runs_until"))
        .check(Expr::cust("(ended_at is null) = (ended is null)"))
        .check(Expr::cust(
            "(ended is not null and ended = 'answered') = (answered_by is not null)",
        ))
        .check(Expr::cust("(answered_by is null) = (answered_how is null)"))
        .check(Expr::cust("kind <> 'notice' or answered_by is null"))
        .foreign_key(&mut of("calling", "answered_by", "person"))
        .to_owned()
}

fn call() -> TableCreateStatement {
    Table::create()
        .table("call")
        .col(uuid("id").primary_key())
        .col(uuid("calling_id"))
        // Of the ladder; none, when somebody called by hand.
        .col(integer_null("rung").check(Expr::cust("rung >= 0")))
        .col(uuid("person_id"))
        .col(text("channel").check(Expr::cust(
            "channel in ('mail', 'push', 'sms', 'voice', 'hand')",
        )))
        // As planned, and when it is tried next.
        .col(at("due_at"))
        .col(at("try_at"))
        .col(text("state").check(Expr::cust(
            "state in ('due', 'lent', 'made', 'failed', 'spared')",
        )))
        .col(
            integer("attempts")
                .default(0)
                .check(Expr::cust("attempts >= 0")),
        )
        .col(integer("fence").default(0).check(Expr::cust("fence >= 0")))
        .col(at_null("leased_until"))
        .col(at_null("made_at"))
        .col(uuid_null("made_by"))
        .col(text_null("outcome"))
        .col(text_null("token_hash").check(Expr::cust("length(token_hash) = 64")))
        .check(Expr::cust("(channel = 'hand') = (rung is null)"))
        .check(Expr::cust("(channel = 'hand') = (made_by is not null)"))
        .check(Expr::cust("(state = 'lent') = (leased_until is not null)"))
        .check(Expr::cust("(state = 'made') = (made_at is not null)"))
        .check(Expr::cust("(state in ('due', 'lent')) = (outcome is null)"))
        .index(
            Index::create()
                .name("call_once")
                .col("calling_id")
                .col("rung")
                .col("person_id")
                .col("channel")
                .unique(),
        )
        .foreign_key(&mut of("call", "calling_id", "calling"))
        .foreign_key(&mut of("call", "person_id", "person"))
        .foreign_key(&mut of("call", "made_by", "person"))
        .to_owned()
}

fn push_key() -> TableCreateStatement {
    Table::create()
        .table("push_key")
        .col(integer("id").primary_key().check(Expr::cust("id = 1")))
        // Sealed.
        .col(text("private"))
        .col(at("made_at"))
        .to_owned()
}

fn rules() -> [Rule; 6] {
    let ended = "EXISTS (SELECT 1 FROM calling WHERE id = NEW.calling_id AND ended_at IS NOT NULL)";
    let differ = |columns: &[&str]| {
        let differ = columns
            .iter()
            .map(|column| format!("NEW.{column} IS DISTINCT FROM OLD.{column}"));
        differ.collect::<Vec<_>>().join(" OR ")
    };
    let calling = [
        "id",
        "kind",
        "drill",
        "matter",
        "number",
        "side",
        "begun_at",
        "runs_until",
    ];
    let call = [
        "id",
        "calling_id",
        "rung",
        "person_id",
        "channel",
        "due_at",
        "made_by",
    ];
    [
        Rule {
            name: "calling_begins_running",
            table: "calling",
            on: &["INSERT"],
            forbidden: "NEW.ended_at IS NOT NULL".to_owned(),
            lock: &[],
            says: "a calling begins before it ends",
        },
        Rule {
            name: "calling_stays_ended",
            table: "calling",
            on: &["UPDATE"],
            forbidden: format!("OLD.ended_at IS NOT NULL OR {}", differ(&calling)),
            lock: &[],
            says: "a calling that has ended stays ended, and none becomes another one",
        },
        Rule {
            name: "calling_is_kept",
            table: "calling",
            on: &["DELETE"],
            forbidden: "OLD.id IS NOT NULL".to_owned(),
            lock: &[],
            says: "callings are kept",
        },
        Rule {
            name: "call_begins_while_calling_runs",
            table: "call",
            on: &["INSERT", "UPDATE"],
            forbidden: format!("NEW.state IN ('due', 'lent') AND {ended}"),
            lock: &[],
            says: "nothing is begun of a calling that has ended",
        },
        Rule {
            name: "call_stays_as_it_ended",
            table: "call",
            on: &["UPDATE"],
            forbidden: format!(
                "OLD.state IN ('made', 'failed', 'spared') OR {}",
                differ(&call)
            ),
            lock: &[],
            says: "what became of a call stays, and none becomes another one",
        },
        Rule {
            name: "call_is_kept",
            table: "call",
            on: &["DELETE"],
            forbidden: "OLD.id IS NOT NULL".to_owned(),
            lock: &[],
            says: "calls are kept",
        },
    ]
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}
