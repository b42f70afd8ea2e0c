//! What nobody gets past an emergency's two chiefs in SQL: a dispatch with nothing behind it is never sent, and what
//! the product asks of time, outcome and agreement the databases ask, too.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// An envelope that is being lent, of a dispatch in the name of something that is not on its way.
const NOBODYS: &str = "EXISTS (SELECT 1 FROM dispatch AS it WHERE it.id = NEW.dispatch_id AND (
    it.source = 'emergency' AND NOT EXISTS (SELECT 1 FROM emergency
        WHERE dispatch_id = it.id AND state = 'dispatching')
    OR it.source = 'broadcast' AND NOT EXISTS (SELECT 1 FROM broadcast
        WHERE dispatch_id = it.id AND state = 'sending')))";
const LENT: &str = "NEW.state = 'lent' AND NEW.fence <> OLD.fence";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("broadcast_by_dispatch")
                    .table("broadcast")
                    .col("dispatch_id")
                    .to_owned(),
            )
            .await?;
        // The product's seal over what a dispatch carries, which senders look at.
        let mut dispatch = Table::alter().table("dispatch").to_owned();
        let dispatch = dispatch.add_column(text_null("seal")).to_owned();
        manager.alter_table(dispatch).await?;
        pass_over_nobodys(manager).await?;
        rule::keep(manager, &rules(manager.get_database_backend())).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &rules(manager.get_database_backend())).await?;
        let conn = manager.get_connection();
        let lift: &[&str] = match manager.get_database_backend() {
            DbBackend::Sqlite => &["DROP TRIGGER envelope_is_somebodys"],
            _ => &[
                "DROP TRIGGER envelope_is_somebodys ON envelope",
                "DROP FUNCTION envelope_is_somebodys()",
            ],
        };
        for sql in lift {
            conn.execute_unprepared(sql).await?;
        }
        let mut dispatch = Table::alter().table("dispatch").to_owned();
        let dispatch = dispatch.drop_column("seal").to_owned();
        manager.alter_table(dispatch).await?;
        manager
            .drop_index(
                Index::drop()
                    .name("broadcast_by_dispatch")
                    .table("broadcast")
                    .to_owned(),
            )
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Passes such an envelope over rather than refuse it: senders lend many at once, and one that somebody slipped in
/// must not keep back the others.
async fn pass_over_nobodys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Sqlite {
        let trigger = format!(
            "CREATE TRIGGER envelope_is_somebodys BEFORE UPDATE OF fence ON envelope FOR EACH ROW
             WHEN {LENT} AND {NOBODYS} BEGIN SELECT RAISE(IGNORE); END"
        );
        return conn.execute_unprepared(&trigger).await.map(drop);
    }
    let function = format!(
        "CREATE FUNCTION envelope_is_somebodys() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF {NOBODYS} THEN RETURN NULL; END IF;
             RETURN NEW;
         END $$"
    );
    let trigger = format!(
        "CREATE TRIGGER envelope_is_somebodys BEFORE UPDATE OF fence ON envelope FOR EACH ROW
         WHEN ({LENT}) EXECUTE FUNCTION envelope_is_somebodys()"
    );
    for sql in [function, trigger] {
        conn.execute_unprepared(&sql).await?;
    }
    Ok(())
}

fn rules(backend: DbBackend) -> Vec<Rule> {
    let mut rules = of_emergency(backend);
    rules.extend(of_evidence());
    rules.push(Rule {
        name: "dispatch_goes_first_in_an_emergency",
        table: "dispatch",
        on: &["INSERT"],
        forbidden: "NEW.lane = 0 AND NEW.source NOT IN ('emergency', 'broadcast')
             OR NEW.everybody AND NEW.source <> 'emergency'"
            .into(),
        lock: &[],
        says: "only emergencies are for everybody at once, and only they and broadcasts about them go first",
    });
    rules
}

fn of_emergency(backend: DbBackend) -> Vec<Rule> {
    // The day in Japan, which has no summer time.
    let day = match backend {
        DbBackend::Sqlite => "date(NEW.sent_at, '+9 hours')",
        _ => "(NEW.sent_at AT TIME ZONE 'Asia/Tokyo')::date",
    };
    let since = |act: &str| {
        format!(
            "EXISTS (SELECT 1 FROM emergency_event WHERE emergency_id = NEW.id AND act = '{act}'
                 AND at >= OLD.moved_at)"
        )
    };
    let both_accept = "EXISTS (SELECT 1 FROM emergency_event AS theirs
             JOIN emergency_event AS ours ON ours.emergency_id = theirs.emergency_id
                 AND ours.digest = theirs.digest AND ours.person_id <> theirs.person_id
             WHERE theirs.emergency_id = NEW.id AND theirs.act = 'accept_concur' AND ours.act = 'accept'
                 AND theirs.at >= OLD.moved_at AND ours.at >= OLD.moved_at)";
    let unknown = "EXISTS (SELECT 1 FROM envelope WHERE dispatch_id = NEW.dispatch_id
             AND (state IN ('unknown', 'lent') OR state = 'waiting' AND in_doubt))";
    [
        (
            "emergency_is_agreed_to_in_time",
            "NEW.state = 'concurred' AND OLD.state <> 'concurred'
             AND NEW.concurred_at >= NEW.expires_at"
                .to_owned(),
            "its time was over before anybody agreed",
        ),
        (
            "emergency_is_sent_in_time",
            "NEW.state = 'dispatching' AND OLD.state IN ('conferring', 'concurred')
             AND NEW.sent_at >= NEW.expires_at"
                .to_owned(),
            "its time was over before anybody sent it",
        ),
        // By number, not by time: what was taken back is not agreed to again by what was signed before.
        (
            "emergency_is_agreed_to_anew",
            "NEW.state = 'concurred' AND OLD.state <> 'concurred'
             AND (SELECT max(number) FROM emergency_event WHERE emergency_id = NEW.id)
                 > (SELECT max(number) FROM emergency_event WHERE emergency_id = NEW.id
                     AND act = 'concur' AND person_id = NEW.concurred_by AND digest = NEW.digest)"
                .to_owned(),
            "that somebody agreed is not the last that happened to it",
        ),
        (
            "emergency_is_corrected_in_its_year",
            format!(
                "NEW.state = 'dispatching' AND OLD.state = 'conferring' AND NEW.agreement_id IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM emergency_agreement WHERE id = NEW.agreement_id
                     AND {day} BETWEEN from_day AND until_day)"
            ),
            "the agreement does not hold on this day",
        ),
        (
            "emergency_is_tried_again_by_somebody",
            format!(
                "NEW.state = 'dispatching' AND OLD.state = 'attention' AND NOT {}",
                since("retry")
            ),
            "nobody had it tried again",
        ),
        (
            "emergency_is_left_at_that_by_somebody",
            format!(
                "NEW.state = 'partial' AND OLD.state = 'attention' AND NOT {}",
                since("accept")
            ),
            "nobody left it at that",
        ),
        (
            "emergency_is_left_unknown_by_two",
            format!(
                "NEW.state = 'partial' AND OLD.state = 'attention' AND {}
                 AND {unknown} AND NOT {both_accept}",
                since("accept")
            ),
            "two people leave an unknown outcome at that",
        ),
    ]
    .into_iter()
    .map(|(name, forbidden, says)| Rule {
        name,
        table: "emergency",
        on: &["UPDATE"],
        forbidden,
        lock: &[],
        says,
    })
    .collect()
}

/// What was signed comes after what was asked, once, and is kept. The signature itself is the product's to verify:
/// only it has the key.
fn of_evidence() -> Vec<Rule> {
    let asked = [
        "token_hash",
        "purpose",
        "person_id",
        "act",
        "digest",
        "made_at",
        "expires_at",
    ];
    let asked = asked.map(|c| format!("NEW.{c} IS DISTINCT FROM OLD.{c}"));
    [
        (
            "ceremony_begins_unanswered",
            &["INSERT"] as &'static [&'static str],
            "NEW.consumed_at IS NOT NULL OR NEW.evidence IS NOT NULL".to_owned(),
            "nobody has answered what was not asked",
        ),
        (
            "ceremony_stays",
            &["UPDATE"],
            format!(
                "{} OR OLD.evidence IS NOT NULL AND NEW.evidence IS DISTINCT FROM OLD.evidence",
                asked.join(" OR ")
            ),
            "what was asked and signed does not change",
        ),
        (
            "ceremony_evidence_is_kept",
            &["DELETE"],
            "OLD.evidence IS NOT NULL".to_owned(),
            "what was signed is not forgotten",
        ),
    ]
    .into_iter()
    .map(|(name, on, forbidden, says)| Rule {
        name,
        table: "ceremony",
        on,
        forbidden,
        lock: &[],
        says,
    })
    .collect()
}
