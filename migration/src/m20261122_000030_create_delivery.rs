//! How messages travel: a dispatch is one content for one audience, cut into envelopes of at most 500
//! people with one retry key each; one gate row paces all senders, and holds them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, blob_null, boolean, integer, small_integer, text,
    text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null, uuid_uniq,
};

use crate::rule::{self, Rule};

/// States in which an envelope still has a way to go.
const OPEN: &str = "state IN ('waiting', 'lent')";

fn rules() -> [Rule; 6] {
    [
        Rule {
            name: "dispatch_is_sent_as_opened",
            table: "dispatch",
            on: &["UPDATE"],
            forbidden: "NEW.id <> OLD.id OR NEW.source <> OLD.source OR NEW.source_id <> OLD.source_id
                OR NEW.lane <> OLD.lane OR NEW.messages <> OLD.messages OR NEW.silent <> OLD.silent
                OR NEW.unit IS DISTINCT FROM OLD.unit OR NEW.valid_until <> OLD.valid_until
                OR NEW.opened_at <> OLD.opened_at"
                .into(),
            lock: &[],
            says: "what a dispatch carries does not change once it is open",
        },
        Rule {
            name: "dispatch_ends_once",
            table: "dispatch",
            on: &["UPDATE"],
            forbidden: "OLD.state = 'ended' AND (NEW.state <> OLD.state OR NEW.ended_at <> OLD.ended_at)
                OR NEW.cut_after < OLD.cut_after OR NEW.audience < OLD.audience OR NEW.cut_fence < OLD.cut_fence
                OR OLD.cut_at IS NOT NULL AND (NEW.cut_at IS DISTINCT FROM OLD.cut_at OR NEW.audience <> OLD.audience)"
                .into(),
            lock: &[],
            says: "a dispatch is cut once, from the first resident to the last, and ends once",
        },
        Rule {
            name: "envelope_keeps_its_key",
            table: "envelope",
            on: &["UPDATE"],
            forbidden: "NEW.id <> OLD.id OR NEW.dispatch_id <> OLD.dispatch_id OR NEW.lane <> OLD.lane
                OR NEW.retry_key <> OLD.retry_key OR NEW.people <> OLD.people
                OR NEW.split_from IS DISTINCT FROM OLD.split_from OR NEW.fence < OLD.fence
                OR OLD.first_attempt_at IS NOT NULL AND NEW.first_attempt_at IS DISTINCT FROM OLD.first_attempt_at"
                .into(),
            lock: &[],
            says: "what an envelope was cut with, and its first attempt, do not change",
        },
        // LINE takes a retry key for the same call: whom it names is settled before the first attempt.
        Rule {
            name: "envelope_keeps_its_people",
            table: "envelope",
            on: &["UPDATE"],
            forbidden: "NEW.recipients IS DISTINCT FROM OLD.recipients
                AND NOT (OLD.state = 'lent' AND OLD.attempts = 1 AND NEW.recipients IS NOT NULL)
                AND NOT (OLD.state NOT IN ('waiting', 'lent') AND NEW.recipients IS NULL)"
                .into(),
            lock: &[],
            says: "whom an envelope reaches is settled before its second attempt",
        },
        Rule {
            name: "envelope_ends_once",
            table: "envelope",
            on: &["UPDATE"],
            forbidden: "OLD.state NOT IN ('waiting', 'lent') AND (NEW.state <> OLD.state
                OR NEW.ended_at <> OLD.ended_at OR NEW.request_id IS DISTINCT FROM OLD.request_id
                OR NEW.left_out <> OLD.left_out)"
                .into(),
            lock: &[],
            says: "an envelope that has ended stays as it ended",
        },
        Rule {
            name: "delivery_gate_stays",
            table: "delivery_gate",
            on: &["DELETE"],
            forbidden: "1 = 1".into(),
            lock: &[],
            says: "the gate of all senders is never deleted",
        },
    ]
}

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Dispatch::Table)
                    .col(uuid(Dispatch::Id).primary_key())
                    // Who opened it, and its number there: nobody opens one twice.
                    .col(text(Dispatch::Source))
                    .col(text(Dispatch::SourceId))
                    .col(small_integer(Dispatch::Lane).check(Expr::cust("lane between 0 and 3")))
                    .col(text(Dispatch::Messages))
                    .col(boolean(Dispatch::Silent))
                    .col(text_null(Dispatch::Unit))
                    .col(timestamp_with_time_zone(Dispatch::ValidUntil))
                    .col(
                        text(Dispatch::State)
                            .check(Expr::cust("state in ('open', 'stopped', 'ended')")),
                    )
                    .col(
                        text_null(Dispatch::StopReason)
                            .check(Expr::cust("stop_reason in ('asked', 'quota', 'refused')")),
                    )
                    .col(timestamp_with_time_zone(Dispatch::OpenedAt))
                    .col(timestamp_with_time_zone_null(Dispatch::StoppedAt))
                    .col(timestamp_with_time_zone_null(Dispatch::EndedAt))
                    .col(big_integer(Dispatch::CutAfter).default(0))
                    .col(big_integer(Dispatch::CutFence).default(0))
                    .col(timestamp_with_time_zone_null(Dispatch::CutLeasedUntil))
                    .col(timestamp_with_time_zone_null(Dispatch::CutAt))
                    .col(big_integer(Dispatch::Audience).default(0))
                    .check(Expr::cust(
                        "(state = 'stopped') = (stop_reason is not null)",
                    ))
                    .check(Expr::cust("(state = 'stopped') = (stopped_at is not null)"))
                    .check(Expr::cust("(state = 'ended') = (ended_at is not null)"))
                    .check(Expr::cust("state <> 'ended' or cut_at is not null"))
                    .index(
                        Index::create()
                            .unique()
                            .col(Dispatch::Source)
                            .col(Dispatch::SourceId),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Envelope::Table)
                    .col(big_pk_auto(Envelope::Id))
                    .col(uuid(Envelope::DispatchId))
                    .col(small_integer(Envelope::Lane))
                    .col(uuid_uniq(Envelope::RetryKey))
                    // Ids of residents, ascending, as differences in variable-length integers.
                    .col(blob_null(Envelope::Recipients))
                    .col(
                        integer(Envelope::People).check(Expr::cust("people between 1 and 500")),
                    )
                    .col(integer(Envelope::LeftOut).default(0))
                    .col(text(Envelope::State).check(Expr::cust(
                        "state in ('waiting', 'lent', 'accepted', 'empty', 'refused', 'unknown', 'late', 'split')",
                    )))
                    .col(integer(Envelope::Attempts).default(0))
                    .col(boolean(Envelope::InDoubt).default(false))
                    .col(big_integer(Envelope::Fence).default(0))
                    .col(timestamp_with_time_zone_null(Envelope::LeasedUntil))
                    .col(timestamp_with_time_zone_null(Envelope::FirstAttemptAt))
                    .col(text_null(Envelope::RequestId))
                    .col(text_null(Envelope::Why))
                    .col(timestamp_with_time_zone_null(Envelope::EndedAt))
                    .col(big_integer_null(Envelope::SplitFrom))
                    .check(Expr::cust(format!("({OPEN}) = (ended_at is null)")))
                    .check(Expr::cust(format!("not ({OPEN}) or recipients is not null")))
                    .check(Expr::cust("left_out between 0 and people"))
                    .check(Expr::cust("state <> 'lent' or first_attempt_at is not null"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("envelope_of_dispatch")
                            .from(Envelope::Table, Envelope::DispatchId)
                            .to(Dispatch::Table, Dispatch::Id),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(DeliveryGate::Table)
                    .col(
                        integer(DeliveryGate::Id)
                            .primary_key()
                            .check(Expr::cust("id = 1")),
                    )
                    // By which a mark outside the database knows that it is meant.
                    .col(uuid_null(DeliveryGate::Nonce))
                    // Counts what was lent: a database that knows less than the mark was restored.
                    .col(big_integer(DeliveryGate::Turn))
                    // When the next call may go out, in microseconds since 1970.
                    .col(big_integer(DeliveryGate::NextUs))
                    .col(timestamp_with_time_zone_null(DeliveryGate::HeldSince))
                    .col(
                        text_null(DeliveryGate::HoldReason)
                            .check(Expr::cust("hold_reason in ('restored', 'unauthorised')")),
                    )
                    .check(Expr::cust("(held_since is null) = (hold_reason is null)"))
                    .to_owned(),
            )
            .await?;
        for sql in [
            "CREATE INDEX dispatch_not_ended ON dispatch (lane, id) WHERE state <> 'ended'"
                .to_owned(),
            "CREATE INDEX dispatch_opened_at ON dispatch (opened_at)".to_owned(),
            format!("CREATE INDEX envelope_open ON envelope (lane, id) WHERE {OPEN}"),
            "CREATE INDEX envelope_of_dispatch ON envelope (dispatch_id, state)".to_owned(),
            "INSERT INTO delivery_gate (id, turn, next_us) VALUES (1, 0, 0)".to_owned(),
        ] {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["delivery_gate", "envelope", "dispatch"] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).to_owned())
                .await?;
        }
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum Dispatch {
    Table,
    Id,
    Source,
    SourceId,
    Lane,
    Messages,
    Silent,
    Unit,
    ValidUntil,
    State,
    StopReason,
    OpenedAt,
    StoppedAt,
    EndedAt,
    CutAfter,
    CutFence,
    CutLeasedUntil,
    CutAt,
    Audience,
}

#[derive(DeriveIden)]
enum Envelope {
    Table,
    Id,
    DispatchId,
    Lane,
    RetryKey,
    Recipients,
    People,
    LeftOut,
    State,
    Attempts,
    InDoubt,
    Fence,
    LeasedUntil,
    FirstAttemptAt,
    RequestId,
    Why,
    EndedAt,
    SplitFrom,
}

#[derive(DeriveIden)]
enum DeliveryGate {
    Table,
    Id,
    Nonce,
    Turn,
    NextUs,
    HeldSince,
    HoldReason,
}
