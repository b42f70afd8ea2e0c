//! Staff: sections, contractors, persons, the posts they hold and for whom they stand in, the acts that
//! need two of them, and the secrets to change when one of them leaves.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, date, date_null, integer, text, text_null, text_uniq, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::rule;

mod rules;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Oldest first: a table may point only to those before it.
const TABLES: [&str; 8] = [
    "section",
    "organisation",
    "person",
    "post",
    "countersign",
    "holding",
    "deputy",
    "secrets_task",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            section(),
            organisation(),
            person(),
            post(),
            countersign(),
            holding(),
            deputy(manager.get_database_backend()),
            secrets_task(),
        ] {
            manager.create_table(table).await?;
        }
        // Partial indexes read alike on both engines, but sea-query writes none.
        for index in [
            "UNIQUE INDEX section_open_name ON section (name) WHERE closed_on IS NULL",
            "UNIQUE INDEX section_one_owner ON section (owner) WHERE owner AND closed_on IS NULL",
            "UNIQUE INDEX post_one_chief ON post (section_id) WHERE kind = 'chief'",
            "INDEX person_of_organisation ON person (organisation_id)",
            "INDEX holding_of_person ON holding (person_id)",
            "INDEX holding_of_post ON holding (post_id)",
            "INDEX deputy_of_person ON deputy (person_id)",
            "INDEX deputy_of_post ON deputy (post_id)",
            "INDEX countersign_open ON countersign (expires_at) WHERE outcome IS NULL",
            "INDEX secrets_task_open ON secrets_task (opened_at) WHERE done_at IS NULL",
        ] {
            let conn = manager.get_connection();
            conn.execute_unprepared(&format!("CREATE {index}")).await?;
        }
        rule::keep(manager, &rules::rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).to_owned())
                .await?;
        }
        rule::forget(manager, &rules::rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn section() -> TableCreateStatement {
    Table::create()
        .table("section")
        .col(uuid("id").primary_key())
        .col(text("name"))
        // The section the account belongs to (広報課): of the open ones, one.
        .col(boolean("owner"))
        // What it is entrusted with.
        .col(boolean("answers"))
        .col(boolean("garbage"))
        .col(boolean("childcare"))
        .col(date_null("closed_on"))
        .to_owned()
}

fn organisation() -> TableCreateStatement {
    Table::create()
        .table("organisation")
        .col(uuid("id").primary_key())
        .col(text_uniq("name"))
        .col(date("contract_from"))
        .col(date("contract_to"))
        .check(Expr::cust("contract_from <= contract_to"))
        .to_owned()
}

fn person() -> TableCreateStatement {
    Table::create()
        .table("person")
        .col(uuid("id").primary_key())
        .col(text_uniq("number"))
        .col(text("name"))
        .col(text_null("mail").unique_key())
        .col(uuid_null("organisation_id"))
        .col(date_null("ends_on"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut to("person", "organisation_id", "organisation"))
        .to_owned()
}

fn post() -> TableCreateStatement {
    Table::create()
        .table("post")
        .col(uuid("id").primary_key())
        .col(uuid_null("section_id"))
        .col(uuid_null("organisation_id"))
        .col(text("kind").check(Expr::cust(
            "kind in ('chief', 'staff', 'duty_officer', 'auditor', 'administrator', \
                      'contract_manager', 'contract_poster')",
        )))
        .col(text("title"))
        .check(Expr::cust(
            "(kind in ('chief', 'staff')) = (section_id is not null)",
        ))
        .check(Expr::cust(
            "(kind in ('contract_manager', 'contract_poster')) = (organisation_id is not null)",
        ))
        .foreign_key(&mut to("post", "section_id", "section"))
        .foreign_key(&mut to("post", "organisation_id", "organisation"))
        .to_owned()
}

fn countersign() -> TableCreateStatement {
    Table::create()
        .table("countersign")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(text("payload"))
        .col(text("digest"))
        .col(uuid("asked_by"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(text("reason"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(uuid_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(text_null("outcome").check(Expr::cust(
            "outcome in ('agreed', 'declined', 'withdrawn', 'expired')",
        )))
        .check(Expr::cust("decided_by <> asked_by"))
        .check(Expr::cust("(outcome is null) = (decided_at is null)"))
        .check(Expr::cust(
            "(decided_by is not null) = coalesce(outcome in ('agreed', 'declined'), false)",
        ))
        .foreign_key(&mut to("countersign", "asked_by", "person"))
        .foreign_key(&mut to("countersign", "decided_by", "person"))
        .to_owned()
}

fn holding() -> TableCreateStatement {
    Table::create()
        .table("holding")
        .col(uuid("id").primary_key())
        .col(uuid("post_id"))
        .col(uuid("person_id"))
        // Both days count; no last day: until further notice.
        .col(date("from_on"))
        .col(date_null("to_on"))
        // Taken away at once, whatever the days say.
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(timestamp_with_time_zone("granted_at"))
        .col(uuid_null("granted_by"))
        .check(Expr::cust("from_on <= to_on"))
        .foreign_key(&mut to("holding", "post_id", "post"))
        .foreign_key(&mut to("holding", "person_id", "person"))
        .foreign_key(&mut to("holding", "granted_by", "countersign"))
        .to_owned()
}

fn deputy(engine: DbBackend) -> TableCreateStatement {
    Table::create()
        .table("deputy")
        .col(uuid("id").primary_key())
        .col(uuid("post_id"))
        .col(uuid("person_id"))
        .col(integer("rank").check(Expr::cust("rank > 0")))
        // No last day: the standing order of the municipality's 事務決裁規程.
        .col(date("from_on"))
        .col(date_null("to_on"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(text("scope"))
        .col(timestamp_with_time_zone("granted_at"))
        .col(uuid("approved_by"))
        .check(Expr::cust("from_on <= to_on"))
        .check(Expr::cust(match engine {
            DbBackend::Sqlite => "julianday(to_on) - julianday(from_on) <= 30",
            _ => "to_on - from_on <= 30",
        }))
        .foreign_key(&mut to("deputy", "post_id", "post"))
        .foreign_key(&mut to("deputy", "person_id", "person"))
        .foreign_key(&mut to("deputy", "approved_by", "countersign"))
        .to_owned()
}

fn secrets_task() -> TableCreateStatement {
    Table::create()
        .table("secrets_task")
        .col(uuid("id").primary_key())
        .col(timestamp_with_time_zone("opened_at"))
        .col(text("reason"))
        .col(uuid_null("person_id"))
        .col(text("item"))
        .col(timestamp_with_time_zone_null("done_at"))
        .col(uuid_null("done_by"))
        .check(Expr::cust("done_by is null or done_at is not null"))
        .foreign_key(&mut to("secrets_task", "person_id", "person"))
        .foreign_key(&mut to("secrets_task", "done_by", "person"))
        .to_owned()
}

fn to(table: &'static str, column: &'static str, other: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(other, "id")
        .to_owned()
}
