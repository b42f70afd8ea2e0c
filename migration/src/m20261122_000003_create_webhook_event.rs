//! What LINE told us, once each, until it is answered.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_pk_auto, integer, text, text_null, text_uniq, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(WebhookEvent::Table)
                    .col(big_pk_auto(WebhookEvent::Id))
                    .col(text_uniq(WebhookEvent::EventId))
                    .col(text_null(WebhookEvent::LineUserId))
                    .col(text(WebhookEvent::Kind))
                    // LINE's stamp in milliseconds: the order in which one resident's events are handled.
                    .col(big_integer(WebhookEvent::OccurredMs))
                    .col(timestamp_with_time_zone(WebhookEvent::ReceivedAt))
                    // Emptied when done: words of residents are not kept.
                    .col(text_null(WebhookEvent::Body))
                    .col(text(WebhookEvent::State).check(Expr::cust(
                        "state in ('received', 'replying', 'done', 'ignored', 'set_aside')",
                    )))
                    .col(integer(WebhookEvent::Attempts).default(0))
                    .col(big_integer(WebhookEvent::Fence).default(0))
                    .col(timestamp_with_time_zone_null(WebhookEvent::LeasedUntil))
                    .col(text_null(WebhookEvent::ReplyToken))
                    .col(text_null(WebhookEvent::Reply))
                    .col(text_null(WebhookEvent::Error))
                    .check(Expr::cust(
                        "state <> 'replying' or (reply is not null and reply_token is not null)",
                    ))
                    .to_owned(),
            )
            .await?;
        for sql in [
            "CREATE INDEX webhook_event_waiting ON webhook_event (line_user_id, occurred_ms, id) WHERE state IN ('received', 'replying')",
            "CREATE INDEX webhook_event_open ON webhook_event (id) WHERE state IN ('received', 'replying')",
            "CREATE INDEX webhook_event_set_aside ON webhook_event (id) WHERE state = 'set_aside'",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(WebhookEvent::Table).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum WebhookEvent {
    Table,
    Id,
    EventId,
    LineUserId,
    Kind,
    OccurredMs,
    ReceivedAt,
    Body,
    State,
    Attempts,
    Fence,
    LeasedUntil,
    ReplyToken,
    Reply,
    Error,
}
