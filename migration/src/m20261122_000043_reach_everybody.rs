//! What a disaster needs: a dispatch to all friends of the account at once, orders to evacuate, and which
//! shelters are open.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_pk_auto, boolean, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::rule::{self, Rule};

/// How many people an envelope may be for: those it names, or, where it names nobody, everybody.
const FEW: &str = "people between 1 and 500";
const OR_ALL: &str = "people >= 1 and (people <= 500 or length(coalesce(recipients, '')) = 0)";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let mut table = Table::alter().table(table).to_owned();
            manager
                .alter_table(table.add_column(column).to_owned())
                .await?;
        }
        let conn = manager.get_connection();
        count_envelopes(manager, FEW, OR_ALL).await?;
        rule::keep(manager, &of_delivery()).await?;
        for table in [order(), opening()] {
            manager.create_table(table).await?;
        }
        // An area has one level and one order without a level at a time.
        conn.execute_unprepared(
            "CREATE UNIQUE INDEX evacuation_in_force ON evacuation_order (area_id, (level = 'order'))
             WHERE ended_at IS NULL",
        )
        .await?;
        rule::keep(manager, &of_orders()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["shelter_opening", "evacuation_order"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        rule::forget(manager, &of_orders()).await?;
        rule::lift(manager, &of_delivery()).await?;
        // The schema before knows no such envelopes.
        let conn = manager.get_connection();
        conn.execute_unprepared(
            "DELETE FROM envelope WHERE dispatch_id IN (SELECT id FROM dispatch WHERE everybody)",
        )
        .await?;
        count_envelopes(manager, OR_ALL, FEW).await?;
        for (table, column) in columns() {
            let mut table = Table::alter().table(table).to_owned();
            manager
                .alter_table(table.drop_column(column.get_column_name()).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn columns() -> [(&'static str, ColumnDef); 3] {
    [
        ("dispatch", boolean("everybody").default(false).take()),
        // When LINE takes as many broadcasts at once again as it ever does, in microseconds since 1970.
        ("delivery_gate", big_integer("full_us").default(0).take()),
        ("section", boolean("shelters").default(false).take()),
    ]
}

/// Puts one condition on `envelope.people` in place of another.
async fn count_envelopes(manager: &SchemaManager<'_>, old: &str, new: &str) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    if manager.get_database_backend() != DbBackend::Sqlite {
        let new = new.replace("''", "''::bytea");
        let sql = format!(
            "ALTER TABLE envelope DROP CONSTRAINT envelope_people_check,
             ADD CONSTRAINT envelope_people_check CHECK ({new})"
        );
        return conn.execute_unprepared(&sql).await.map(drop);
    }
    // SQLite has no such ALTER; where only a CHECK changes, this is its way:
    // https://sqlite.org/lang_altertable.html#otheralter
    let [old, new] = [old, new].map(|text| text.replace('\'', "''"));
    let rewrite = format!(
        "UPDATE sqlite_schema SET sql = replace(sql, '{old}', '{new}')
         WHERE type = 'table' AND name = 'envelope'"
    );
    for sql in [
        "PRAGMA writable_schema = ON",
        &rewrite,
        "PRAGMA writable_schema = RESET",
    ] {
        conn.execute_unprepared(sql).await?;
    }
    Ok(())
}

fn of_delivery() -> [Rule; 2] {
    [
        Rule {
            name: "dispatch_stays_for_everybody",
            table: "dispatch",
            on: &["UPDATE"],
            forbidden: "NEW.everybody <> OLD.everybody".into(),
            lock: &[],
            says: "whether a dispatch is for everybody does not change",
        },
        Rule {
            name: "envelope_is_for_whom_its_dispatch_is",
            table: "envelope",
            on: &["INSERT"],
            forbidden: "(length(NEW.recipients) = 0) <> (SELECT everybody FROM dispatch WHERE id = NEW.dispatch_id)
                OR length(NEW.recipients) = 0
                AND EXISTS (SELECT 1 FROM envelope WHERE dispatch_id = NEW.dispatch_id)"
                .into(),
            lock: &[],
            says: "everybody is told by one envelope that names nobody, and others by envelopes that name them",
        },
    ]
}

/// Orders to evacuate, in force while they have no end.
fn order() -> TableCreateStatement {
    Table::create()
        .table("evacuation_order")
        .col(big_pk_auto("id"))
        .col(big_integer("area_id"))
        .col(text("level").check(Expr::cust("level in ('3', '4', '5', 'order')")))
        .col(timestamp_with_time_zone("issued_at"))
        // What issued and what ended it: the emergency's id.
        .col(uuid("issued_by"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(uuid_null("ended_by"))
        .check(Expr::cust("(ended_at is null) = (ended_by is null)"))
        .foreign_key(&mut of("evacuation_order", "area_id", "area"))
        .to_owned()
}

/// What staff said of a shelter. By name and address, since its row is another after every import.
fn opening() -> TableCreateStatement {
    Table::create()
        .table("shelter_opening")
        .col(text("name"))
        .col(text("address"))
        .col(text("state").check(Expr::cust("state in ('open', 'full', 'closed')")))
        .col(timestamp_with_time_zone("since"))
        .col(timestamp_with_time_zone("confirmed_at"))
        .col(text_null("note").check(Expr::cust("note <> ''")))
        .col(uuid("by"))
        .check(Expr::cust("confirmed_at >= since"))
        .primary_key(Index::create().col("name").col("address"))
        .foreign_key(&mut of("shelter_opening", "by", "person"))
        .to_owned()
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}

fn of_orders() -> [Rule; 2] {
    let says = "an order to evacuate is ended once, and otherwise stays as it was issued";
    let (table, lock) = ("evacuation_order", &[] as &'static [&'static str]);
    [
        Rule {
            name: "evacuation_order_ends_once",
            table,
            on: &["UPDATE"],
            forbidden: "OLD.ended_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.area_id <> OLD.area_id
                OR NEW.level <> OLD.level OR NEW.issued_at <> OLD.issued_at
                OR NEW.issued_by <> OLD.issued_by"
                .into(),
            lock,
            says,
        },
        Rule {
            name: "evacuation_order_stays",
            table,
            on: &["DELETE"],
            forbidden: "TRUE".into(),
            lock,
            says,
        },
    ]
}
