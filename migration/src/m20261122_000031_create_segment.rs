//! Segments: those that sections keep under a name, and the narrow row of everybody who can be reached
//! that they are counted on.
//!
//! `resident_facet` repeats what `resident`, `resident_topic` and `child` say, one short row a person without
//! strings that only ever name one of them: counting any segment over a million residents is then one pass over
//! some tens of megabytes. Triggers write it, so that it cannot differ from what it repeats, whoever wrote that.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    uuid_null,
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// When a trigger runs, and what it does then.
pub(crate) struct Trigger {
    name: &'static str,
    when: String,
    does: Vec<String>,
}

/// What triggers do, where that depends on what rows hold; a month of a child is always the same.
pub(crate) struct Writes {
    /// Writes the row of the resident `NEW`.
    pub(crate) resident: Vec<String>,
    /// Adds the topic `NEW`.
    pub(crate) topic_chosen: Vec<String>,
    /// Takes the topic `OLD` away.
    pub(crate) topic_dropped: String,
}

/// What the two engines call differently.
pub(crate) struct Dialect {
    joined: &'static str,
    /// Of the column `month`, as 202611.
    month: &'static str,
    /// Of the column `created_at`, by Japan's calendar, as 20261122.
    pub(crate) day: &'static str,
}

const SQLITE: Dialect = Dialect {
    joined: "group_concat",
    month: "CAST(strftime('%Y%m', month) AS INTEGER)",
    day: "CAST(strftime('%Y%m%d', created_at, '+9 hours') AS INTEGER)",
};
const POSTGRES: Dialect = Dialect {
    joined: "string_agg",
    month: "CAST(to_char(month, 'YYYYMM') AS integer)",
    day: "CAST(to_char(created_at AT TIME ZONE 'Asia/Tokyo', 'YYYYMMDD') AS integer)",
};

impl Dialect {
    pub(crate) fn of(manager: &SchemaManager<'_>) -> &'static Self {
        match manager.get_database_backend() {
            DbBackend::Sqlite => &SQLITE,
            _ => &POSTGRES,
        }
    }

    /// Writes the rows of those who can be reached, among residents for whom `whose` holds.
    fn put(&self, whose: &str) -> String {
        let Self { joined, day, .. } = self;
        format!(
            "INSERT INTO resident_facet (resident_id, area_id, language, reminder, topics, met_on)
             SELECT id, coalesce(area_id, 0), coalesce(language, 'ja'), coalesce(garbage_reminder, ''),
                '|' || coalesce((SELECT {joined}(topic || '|', '') FROM resident_topic WHERE resident_id = id), ''),
                {day}
             FROM resident WHERE reachable AND {whose}"
        )
    }

    /// Writes what is known of children into the rows for which `whose` holds.
    pub(crate) fn children(&self, whose: &str) -> String {
        let month = self.month;
        format!(
            "UPDATE resident_facet SET (births, first_birth, last_birth, dues, first_due, last_due) = (
                SELECT count(CASE kind WHEN 'birth' THEN 1 END),
                    coalesce(min(CASE kind WHEN 'birth' THEN {month} END), 0),
                    coalesce(max(CASE kind WHEN 'birth' THEN {month} END), 0),
                    count(CASE kind WHEN 'due' THEN 1 END),
                    coalesce(min(CASE kind WHEN 'due' THEN {month} END), 0),
                    coalesce(max(CASE kind WHEN 'due' THEN {month} END), 0)
                FROM child WHERE child.resident_id = resident_facet.resident_id)
             WHERE {whose}"
        )
    }

    fn writes(&self) -> Writes {
        Writes {
            resident: vec![self.put("id = NEW.id")],
            topic_chosen: vec![
                "UPDATE resident_facet SET topics = topics || NEW.topic || '|'
                 WHERE resident_id = NEW.resident_id"
                    .to_owned(),
            ],
            topic_dropped:
                "UPDATE resident_facet SET topics = replace(topics, '|' || OLD.topic || '|', '|')
                 WHERE resident_id = OLD.resident_id"
                    .to_owned(),
        }
    }

    /// Everything after which rows are written anew.
    pub(crate) fn triggers(&self, writes: Writes) -> Vec<Trigger> {
        let trigger = |name, when: &str, does| Trigger {
            name,
            when: when.to_owned(),
            does,
        };
        let repeated = [
            "reachable",
            "area_id",
            "language",
            "garbage_reminder",
            "created_at",
        ];
        let differs = repeated.map(|c| format!("OLD.{c} IS DISTINCT FROM NEW.{c}"));
        let changed = format!(
            "AFTER UPDATE OF {} ON resident FOR EACH ROW WHEN ({})",
            repeated.join(", "),
            differs.join(" OR ")
        );
        let mut anew = vec!["DELETE FROM resident_facet WHERE resident_id = NEW.id".to_owned()];
        anew.extend(writes.resident.iter().cloned());
        anew.push(self.children("resident_id = NEW.id"));
        vec![
            trigger(
                "facet_of_new_resident",
                "AFTER INSERT ON resident FOR EACH ROW",
                writes.resident,
            ),
            trigger("facet_of_changed_resident", &changed, anew),
            trigger(
                "facet_of_new_topic",
                "AFTER INSERT ON resident_topic FOR EACH ROW",
                writes.topic_chosen,
            ),
            trigger(
                "facet_of_gone_topic",
                "AFTER DELETE ON resident_topic FOR EACH ROW",
                vec![writes.topic_dropped],
            ),
            trigger(
                "facet_of_new_child",
                "AFTER INSERT ON child FOR EACH ROW",
                vec![self.children("resident_id = NEW.resident_id")],
            ),
            trigger(
                "facet_of_gone_child",
                "AFTER DELETE ON child FOR EACH ROW",
                vec![self.children("resident_id = OLD.resident_id")],
            ),
        ]
    }
}

/// The table on whose rows a trigger waits.
fn table_of(trigger: &Trigger) -> &str {
    let mut words = trigger.when.split(' ').skip_while(|word| *word != "ON");
    words.nth(1).unwrap_or_default()
}

/// Makes `triggers`, each of which runs for a row.
pub(crate) async fn pull(manager: &SchemaManager<'_>, triggers: &[Trigger]) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    for Trigger { name, when, does } in triggers {
        let does = does.join("; ");
        let statements = match manager.get_database_backend() {
            DbBackend::Sqlite => vec![format!("CREATE TRIGGER {name} {when} BEGIN {does}; END")],
            _ => vec![
                format!(
                    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN {does}; RETURN NULL; END $$"
                ),
                format!("CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"),
            ],
        };
        for statement in statements {
            conn.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// Removes what [`pull`] made.
pub(crate) async fn release(
    manager: &SchemaManager<'_>,
    triggers: &[Trigger],
) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    for trigger in triggers {
        let name = trigger.name;
        let statements = match manager.get_database_backend() {
            DbBackend::Sqlite => vec![format!("DROP TRIGGER {name}")],
            _ => vec![
                format!("DROP TRIGGER {name} ON {}", table_of(trigger)),
                format!("DROP FUNCTION {name}()"),
            ],
        };
        for statement in statements {
            conn.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// Makes the rows that segments are counted on, and what writes them.
pub(crate) async fn make_facets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let number = |column| integer(column).default(0).to_owned();
    manager
        .create_table(
            Table::create()
                .table(ResidentFacet::Table)
                .col(big_integer(ResidentFacet::ResidentId).primary_key())
                // Zero where none is given: conditions over these columns are never unknown.
                .col(big_integer(ResidentFacet::AreaId))
                .col(text(ResidentFacet::Language))
                .col(text(ResidentFacet::Reminder))
                // `|event|safety|`
                .col(text(ResidentFacet::Topics))
                .col(number(ResidentFacet::Births))
                .col(number(ResidentFacet::FirstBirth))
                .col(number(ResidentFacet::LastBirth))
                .col(number(ResidentFacet::Dues))
                .col(number(ResidentFacet::FirstDue))
                .col(number(ResidentFacet::LastDue))
                .col(integer(ResidentFacet::MetOn))
                .foreign_key(&mut of_resident())
                .to_owned(),
        )
        .await?;
    let dialect = Dialect::of(manager);
    for statement in [dialect.put("true"), dialect.children("true")] {
        manager
            .get_connection()
            .execute_unprepared(&statement)
            .await?;
    }
    pull(manager, &dialect.triggers(dialect.writes())).await
}

/// A row goes with its resident.
pub(crate) fn of_resident() -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name("facet_of_resident")
        .from(ResidentFacet::Table, ResidentFacet::ResidentId)
        .to(Alias::new("resident"), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// Removes what [`make_facets`] made.
pub(crate) async fn drop_facets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let dialect = Dialect::of(manager);
    release(manager, &dialect.triggers(dialect.writes())).await?;
    let facets = Table::drop().table(ResidentFacet::Table).to_owned();
    manager.drop_table(facets).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make_facets(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table(Segment::Table)
                    .col(uuid(Segment::Id).primary_key())
                    .col(text(Segment::Name))
                    .col(text(Segment::Expression))
                    .col(uuid_null(Segment::SectionId))
                    .col(uuid_null(Segment::MadeBy))
                    .col(timestamp_with_time_zone(Segment::MadeAt))
                    .col(timestamp_with_time_zone_null(Segment::RetiredAt))
                    .foreign_key(
                        ForeignKey::create()
                            .name("segment_section")
                            .from(Segment::Table, Segment::SectionId)
                            .to(Alias::new("section"), Alias::new("id")),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("segment_maker")
                            .from(Segment::Table, Segment::MadeBy)
                            .to(Alias::new("person"), Alias::new("id")),
                    )
                    .to_owned(),
            )
            .await?;
        // One name, one segment, among those in use.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX segment_name ON segment (name) WHERE retired_at IS NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let segments = Table::drop().table(Segment::Table).to_owned();
        manager.drop_table(segments).await?;
        drop_facets(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum ResidentFacet {
    Table,
    ResidentId,
    AreaId,
    Language,
    Reminder,
    Topics,
    Births,
    FirstBirth,
    LastBirth,
    Dues,
    FirstDue,
    LastDue,
    MetOn,
}

#[derive(DeriveIden)]
enum Segment {
    Table,
    Id,
    Name,
    Expression,
    SectionId,
    MadeBy,
    MadeAt,
    RetiredAt,
}
