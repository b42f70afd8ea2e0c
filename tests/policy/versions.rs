//! Versions: recorded at the start, adopted in the console, in force from their day.

use chrono::{NaiveDate, TimeDelta};
use kairan::ids::PersonId;
use kairan::policy::{self, Document, NotAdopted};
use kairan::startup::{self, NotStarted, Running};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::on_both;
use crate::support::town::{Town, policy, settings};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The sample town's policy in another version that answers nothing but its functions.
fn next_version(name: &str, from: &str) -> Document {
    let text = policy()
        .text
        .replace("version = \"2026-04-01\"", &format!("version = \"{name}\""))
        .replace(
            "effective_from = 2026-04-01",
            &format!("effective_from = {from}"),
        )
        .replace("mode = \"auto\"", "mode = \"none\"");
    Document::parse(text).unwrap()
}

async fn started_with(town: &Town, document: Document) -> Result<Running, NotStarted> {
    let settings = settings(&town.line, &town.db.url);
    startup::open(&settings, document, town.clock.clone(), None).await
}

async fn adopt(town: &Town, document: &Document) -> Result<(), NotAdopted> {
    let tx = town.db.begin().await.unwrap();
    let name = &document.profile.profile.version;
    let by = PersonId(Uuid::from_u128(7));
    policy::adopt(&tx, name, &document.digest(), by, town.clock.now()).await?;
    tx.commit().await.unwrap();
    Ok(())
}

on_both!(
    a_later_version_waits_for_its_adoption_and_for_its_day,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let next = next_version("2026-12", "2026-12-01");
        started_with(&town, next.clone())
            .await
            .unwrap()
            .stop
            .cancel();

        // It waits: on its day the first still rules.
        let book = policy::rulebook(&town.db).await.unwrap();
        let names = |on| book.in_force(on).map(|v| v.name().to_owned());
        assert_eq!(names(day("2026-12-24")).as_deref(), Some("2026-04-01"));
        assert_eq!(book.waiting().count(), 1);

        // Adopted, it acts from midnight in Japan of its day, and nobody restarts anything.
        adopt(&town, &next).await.unwrap();
        hanako
            .says("ふにゃふにゃ")
            .await
            .contains("お答えできません");
        town.later(TimeDelta::days(6) + TimeDelta::minutes(13 * 60 + 59));
        hanako
            .says("ふにゃふにゃ")
            .await
            .contains("お答えできません");
        town.later(TimeDelta::minutes(1));
        assert_eq!(hanako.says("ふにゃふにゃ").await.0.len(), 0);

        let book = policy::rulebook(&town.db).await.unwrap();
        let names = |on| book.in_force(on).map(|v| v.name().to_owned());
        assert_eq!(names(day("2026-11-30")).as_deref(), Some("2026-04-01"));
        assert_eq!(names(day("2026-12-01")).as_deref(), Some("2026-12"));
        assert_eq!(names(day("2026-03-31")), None);
        let adoption = book.version("2026-12").unwrap().adoption.unwrap();
        assert_eq!(adoption.by, Some(PersonId(Uuid::from_u128(7))));
        town.nothing_went_wrong().await;
    }
);

on_both!(
    a_version_adopted_late_rules_from_its_adoption_only,
    |town: Town| {
        let next = next_version("2026-05", "2026-05-01");
        started_with(&town, next.clone())
            .await
            .unwrap()
            .stop
            .cancel();
        adopt(&town, &next).await.unwrap();
        let book = policy::rulebook(&town.db).await.unwrap();
        let name = |on| book.in_force(day(on)).map(|v| v.name().to_owned());
        assert_eq!(name("2026-11-23").as_deref(), Some("2026-04-01"));
        assert_eq!(name("2026-11-24").as_deref(), Some("2026-05"));
    }
);

on_both!(
    only_the_text_agreed_to_is_adopted_and_only_once,
    |town: Town| {
        let first_try = next_version("2026-12", "2026-12-01");
        started_with(&town, first_try.clone())
            .await
            .unwrap()
            .stop
            .cancel();
        // Corrected while it waits: the older text cannot be adopted any more.
        let text = first_try.text.replace("word_days = 90", "word_days = 60");
        let corrected = Document::parse(text).unwrap();
        started_with(&town, corrected.clone())
            .await
            .unwrap()
            .stop
            .cancel();
        let waits = |result| matches!(result, Err(NotAdopted::NotWaiting(_)));
        assert!(waits(adopt(&town, &first_try).await));
        assert!(waits(
            adopt(&town, &next_version("2027", "2027-01-01")).await
        ));
        adopt(&town, &corrected).await.unwrap();
        assert!(waits(adopt(&town, &corrected).await));
        let book = policy::rulebook(&town.db).await.unwrap();
        let version = book.version("2026-12").unwrap();
        assert_eq!(version.profile().retention.word_days, 60);
        assert_eq!(version.digest, corrected.digest());
    }
);

on_both!(
    an_adopted_version_does_not_change_under_its_name,
    |town: Town| {
        let of = |text: String| Document::parse(text).unwrap();
        let changed = of(policy().text.replace("word_days = 90", "word_days = 60"));
        let refused = started_with(&town, changed)
            .await
            .err()
            .unwrap()
            .to_string();
        for told in [
            "KAIRAN_POLICY",
            "2026-04-01",
            "2026-11-24",
            "effective_from of its own",
        ] {
            assert!(refused.contains(told), "{told} is not in: {refused}");
        }
        // Comments rule nothing.
        let commented = of(format!("{}\n# 令和8年4月 確認\n", policy().text));
        started_with(&town, commented).await.unwrap().stop.cancel();
        assert_eq!(
            policy::rulebook(&town.db).await.unwrap().versions().len(),
            1
        );
        // Nor does the database let anybody.
        for deed in [
            "UPDATE policy_version SET text = ''",
            "UPDATE policy_version SET adopted_at = NULL",
            "DELETE FROM policy_version",
        ] {
            let done = town.db.conn().execute_unprepared(deed).await;
            assert!(
                done.is_err_and(|e| e.to_string().contains("neither changes nor goes")),
                "{deed}"
            );
        }
    }
);

on_both!(
    nothing_rules_before_its_day,
    |db: crate::support::database::TestDb| {
        let later = next_version("2027", "2027-01-01");
        let now = crate::support::town::tuesday();
        policy::record(&db, &later, now).await.unwrap();
        let rules = policy::Rules::new((*db).clone());
        let refused = rules.at(now).await.unwrap_err().to_string();
        assert!(
            refused.contains("2026-11-24") && refused.contains("2027-01-01"),
            "{refused}"
        );
        let then = "2026-12-31T15:00:00Z".parse().unwrap();
        assert_eq!(rules.at(then).await.unwrap().profile.version, "2027");
    }
);
