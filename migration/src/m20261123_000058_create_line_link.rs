//! What was last found out of the link to LINE: one row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, integer, text_null, timestamp_with_time_zone as at,
    timestamp_with_time_zone_null as at_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("line_link")
                    .col(integer("id").primary_key().check(Expr::cust("id = 1")))
                    // When LINE was last asked, and why it did not answer, if it did not.
                    .col(at("asked_at"))
                    .col(text_null("fault"))
                    // What it said when it last answered; no quota where the plan has none.
                    .col(at_null("said_at"))
                    .col(text_null("name"))
                    .col(text_null("ids"))
                    .col(big_integer_null("quota").check(Expr::cust("quota >= 0")))
                    .col(big_integer_null("used").check(Expr::cust("used >= 0")))
                    .check(Expr::cust("fault is not null or said_at is not null"))
                    .check(Expr::cust("(said_at is null) = (name is null)"))
                    .check(Expr::cust("(said_at is null) = (ids is null)"))
                    .check(Expr::cust("(said_at is null) = (used is null)"))
                    .check(Expr::cust("quota is null or said_at is not null"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("line_link").to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
