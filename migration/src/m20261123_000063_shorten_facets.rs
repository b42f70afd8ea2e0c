//! The rows that segments are counted on hold numbers only: a pass over a million of them takes half the time.
//!
//! What has a name, a topic or a language, is a tag, and the tags of a resident are one number, the sum of theirs.
//! `facet_tag` says which number a tag has; it gets one when the first resident has the tag, and keeps it.
//! Sixty-two fit; tags beyond them have none, and are looked up where residents say them.
//!
//! Whoever is to be reminded at an hour is found by an index that holds all that is asked then.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::m20261122_000031_create_segment::{
    Dialect, Trigger, Writes, drop_facets, make_facets, of_resident, pull, release,
};
use crate::m20261123_000055_find_residents_by_area::Migration as ByArea;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The tag of the resident's language, of the row of `resident` called `row`.
fn language_of(row: &str) -> String {
    format!("'language:' || {row}.language")
}

/// The tag of the topic of the row of `resident_topic` called `row`.
fn topic_of(row: &str) -> String {
    format!("'topic:' || {row}.topic")
}

/// The number of this tag, zero of none.
fn bit(tag: &str) -> String {
    format!("coalesce((SELECT bit FROM facet_tag WHERE name = {tag}), 0)")
}

/// Gives this tag a number unless it has one. Writers on PostgreSQL who find none wait for each other; SQLite has
/// one writer.
fn number(tag: &str, engine: DbBackend) -> Vec<String> {
    // Most new residents have said no language: they must not wait for each other.
    let unknown =
        format!("{tag} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM facet_tag WHERE name = {tag})");
    let wait = format!("PERFORM pg_advisory_xact_lock(hashtext('facet_tag')) WHERE {unknown}");
    let number = format!(
        "INSERT INTO facet_tag (name, bit)
         SELECT {tag}, next.bit FROM (SELECT coalesce(max(bit) * 2, 1) AS bit FROM facet_tag) AS next
         WHERE next.bit <= {LAST} AND {unknown}"
    );
    match engine {
        DbBackend::Postgres => vec![wait, number],
        _ => vec![number],
    }
}

/// The last number: the next after it still fits the column.
const LAST: i64 = 1 << 61;

/// Writes the rows of those who can be reached, among residents for whom `whose` holds.
fn put(dialect: &Dialect, whose: &str) -> String {
    let (day, topic, language) = (
        dialect.day,
        topic_of("resident_topic"),
        bit(&language_of("resident")),
    );
    format!(
        "INSERT INTO resident_facet (resident_id, area_id, tags, met_on, reminder)
         SELECT id, coalesce(area_id, 0),
            {language} + CAST(coalesce((SELECT sum(bit) FROM resident_topic
                JOIN facet_tag ON name = {topic} WHERE resident_id = id), 0) AS bigint),
            {day}, coalesce(garbage_reminder, '')
         FROM resident WHERE reachable AND {whose}"
    )
}

fn triggers(dialect: &Dialect, engine: DbBackend) -> Vec<Trigger> {
    let (chosen, dropped) = (topic_of("NEW"), topic_of("OLD"));
    let mut resident = number(&language_of("NEW"), engine);
    resident.push(put(dialect, "id = NEW.id"));
    let mut topic_chosen = number(&chosen, engine);
    topic_chosen.push(format!(
        "UPDATE resident_facet SET tags = tags | {} WHERE resident_id = NEW.resident_id",
        bit(&chosen)
    ));
    dialect.triggers(Writes {
        resident,
        topic_chosen,
        topic_dropped: format!(
            "UPDATE resident_facet SET tags = tags & ~{} WHERE resident_id = OLD.resident_id",
            bit(&dropped)
        ),
    })
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_facets(manager).await?;
        let (conn, dialect) = (manager.get_connection(), Dialect::of(manager));
        manager
            .create_table(
                Table::create()
                    .table("facet_tag")
                    .col(text("name").primary_key())
                    .col(big_integer("bit").unique_key().check(Expr::cust("bit > 0")))
                    .to_owned(),
            )
            .await?;
        let zero = |column: &'static str| integer(column).default(0).to_owned();
        manager
            .create_table(
                Table::create()
                    .table("resident_facet")
                    .col(big_integer("resident_id").primary_key())
                    // Zero where none is given: conditions over these columns are never unknown.
                    .col(big_integer("area_id"))
                    .col(big_integer("tags"))
                    .col(integer("met_on"))
                    .col(zero("births"))
                    .col(zero("first_birth"))
                    .col(zero("last_birth"))
                    .col(zero("dues"))
                    .col(zero("first_due"))
                    .col(zero("last_due"))
                    // Text is last, so that where each number stands is known without looking.
                    .col(text("reminder"))
                    .foreign_key(&mut of_resident())
                    .to_owned(),
            )
            .await?;
        let (topic, language) = (topic_of("resident_topic"), language_of("resident"));
        conn.execute_unprepared(&format!(
            "INSERT INTO facet_tag (name, bit)
             SELECT name, CAST(1 AS bigint) << CAST(row_number() OVER (ORDER BY name) - 1 AS integer)
             FROM (SELECT {topic} AS name FROM resident_topic
                UNION SELECT {language} FROM resident WHERE language IS NOT NULL) AS known
             ORDER BY name LIMIT 62"
        ))
        .await?;
        for statement in [put(dialect, "true"), dialect.children("true")] {
            conn.execute_unprepared(&statement).await?;
        }
        pull(manager, &triggers(dialect, manager.get_database_backend())).await?;
        ByArea.up(manager).await?;
        manager
            .create_index(
                Index::create()
                    .name("resident_facet_reminder")
                    .table("resident_facet")
                    // The hour first: SQLite would take an index of areas for half a city, where looking through
                    // everybody is quicker.
                    .col("reminder")
                    .col("area_id")
                    .col("tags")
                    .col("resident_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let engine = manager.get_database_backend();
        release(manager, &triggers(Dialect::of(manager), engine)).await?;
        for table in ["resident_facet", "facet_tag"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        make_facets(manager).await?;
        ByArea.up(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
