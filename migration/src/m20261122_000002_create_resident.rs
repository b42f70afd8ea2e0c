//! Residents: what they told us, and nothing else. A half-finished registration lives beside them for a day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, boolean, date, text, text_null, text_uniq,
    timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Resident::Table)
                    .col(big_pk_auto(Resident::Id))
                    .col(text_uniq(Resident::LineUserId))
                    .col(
                        text(Resident::Residence)
                            .default("unanswered")
                            .check(Expr::cust("residence in ('unanswered', 'area', 'outside')")),
                    )
                    .col(big_integer_null(Resident::AreaId))
                    .col(text_null(Resident::Language))
                    .col(text_null(Resident::GarbageReminder))
                    .col(boolean(Resident::TopicsAnswered).default(false))
                    .col(boolean(Resident::ChildrenAnswered).default(false))
                    .col(text_null(Resident::ConsentVersion))
                    .col(timestamp_with_time_zone_null(Resident::ConsentAt))
                    .col(boolean(Resident::Reachable))
                    // LINE's own stamp of the follow or unfollow, in milliseconds: events arrive out of order.
                    .col(big_integer(Resident::RelationMs))
                    .col(timestamp_with_time_zone_null(Resident::UnreachableSince))
                    .col(timestamp_with_time_zone(Resident::CreatedAt))
                    .col(timestamp_with_time_zone(Resident::UpdatedAt))
                    // Counts changes: who decided on an older one must decide again.
                    .col(big_integer(Resident::Revision).default(0))
                    .check(Expr::cust("(residence = 'area') = (area_id is not null)"))
                    .check(Expr::cust("reachable = (unreachable_since is null)"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("resident_area")
                            .from(Resident::Table, Resident::AreaId)
                            .to(Alias::new("area"), Alias::new("id")),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("resident_area", Resident::AreaId),
            ("resident_unreachable_since", Resident::UnreachableSince),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table(Resident::Table)
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table(ResidentTopic::Table)
                    .col(text(ResidentTopic::Topic))
                    .col(big_integer(ResidentTopic::ResidentId))
                    .primary_key(
                        Index::create()
                            .col(ResidentTopic::Topic)
                            .col(ResidentTopic::ResidentId),
                    )
                    .foreign_key(&mut of_resident(
                        "topic",
                        ResidentTopic::Table,
                        ResidentTopic::ResidentId,
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("resident_topic_resident")
                    .table(ResidentTopic::Table)
                    .col(ResidentTopic::ResidentId)
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Child::Table)
                    .col(big_pk_auto(Child::Id))
                    .col(big_integer(Child::ResidentId))
                    .col(text(Child::Kind).check(Expr::cust("kind in ('birth', 'due')")))
                    .col(date(Child::Month))
                    .foreign_key(&mut of_resident("child", Child::Table, Child::ResidentId))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("child_resident_kind_month")
                    .table(Child::Table)
                    .col(Child::ResidentId)
                    .col(Child::Kind)
                    .col(Child::Month)
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Conversation::Table)
                    .col(big_integer(Conversation::ResidentId).primary_key())
                    .col(text(Conversation::State))
                    .col(timestamp_with_time_zone(Conversation::UpdatedAt))
                    .foreign_key(&mut of_resident(
                        "conversation",
                        Conversation::Table,
                        Conversation::ResidentId,
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(UnansweredWord::Table)
                    .col(text(UnansweredWord::Word).primary_key())
                    .col(big_integer(UnansweredWord::Times))
                    .col(date(UnansweredWord::LastOn))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "unanswered_word",
            "conversation",
            "child",
            "resident_topic",
            "resident",
        ] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What belongs to a resident goes when the resident goes.
fn of_resident(
    what: &str,
    table: impl IntoIden + 'static,
    column: impl IntoIden + 'static,
) -> ForeignKeyCreateStatement {
    let (table, column) = (table.into_iden(), column.into_iden());
    ForeignKey::create()
        .name(format!("{what}_of_resident"))
        .from(table, column)
        .to(Resident::Table, Resident::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

#[derive(DeriveIden)]
enum Resident {
    Table,
    Id,
    LineUserId,
    Residence,
    AreaId,
    Language,
    GarbageReminder,
    TopicsAnswered,
    ChildrenAnswered,
    ConsentVersion,
    ConsentAt,
    Reachable,
    RelationMs,
    UnreachableSince,
    CreatedAt,
    UpdatedAt,
    Revision,
}

#[derive(DeriveIden)]
enum ResidentTopic {
    Table,
    Topic,
    ResidentId,
}

#[derive(DeriveIden)]
enum Child {
    Table,
    Id,
    ResidentId,
    Kind,
    Month,
}

#[derive(DeriveIden)]
enum Conversation {
    Table,
    ResidentId,
    State,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum UnansweredWord {
    Table,
    Word,
    Times,
    LastOn,
}
