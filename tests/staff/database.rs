//! What the database refuses by itself, whoever speaks to it.

use kairan::staff::people::{NewPerson, Place, PostKind, Term};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{Hall, deputy, named, term};
use crate::on_both;

impl Hall {
    pub async fn sql(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<(), String> {
        let conn = self.db.conn();
        // Each engine writes its parameters in its own way.
        let sql = match self.db.is_embedded() {
            true => sql.to_owned(),
            false => (1..20).fold(sql.to_owned(), |sql, n| {
                sql.replacen('?', &format!("${n}"), 1)
            }),
        };
        let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
        conn.execute_raw(statement)
            .await
            .map(drop)
            .map_err(|e| e.to_string())
    }

    async fn hold(
        &self,
        post: kairan::ids::PostId,
        person: kairan::ids::PersonId,
    ) -> Result<(), String> {
        self.sql(
            "INSERT INTO holding (id, post_id, person_id, from_on, granted_at) VALUES (?, ?, ?, ?, ?)",
            [
                uuid::Uuid::now_v7().into(),
                post.0.into(),
                person.0.into(),
                self.today().into(),
                self.now.into(),
            ],
        )
        .await
    }
}

fn says(refused: Result<(), String>, words: &str) {
    let said = refused.expect_err("the database lets it pass");
    assert!(said.contains(words), "{said}");
}

on_both!(posts_are_kept_apart, |hall: Hall| {
    let chief = hall.holder("1001", hall.pr_chief).await;
    let other = hall.person("1002").await;
    let admins = hall.signed(hall.first).await.unwrap().posts()[0].id;
    says(
        hall.hold(hall.pr_chief, other).await,
        "one holder at a time",
    );
    says(
        hall.hold(hall.childcare_chief, hall.first).await,
        "never holds a chief post",
    );
    says(hall.hold(admins, chief).await, "never holds a chief post");
    let contract = term("2026-04-01", "2027-03-31");
    let firm = hall.contractor("株式会社みどり広報", contract).await;
    let worker = hall
        .add(&NewPerson {
            organisation: Some(firm),
            ..named("K-1")
        })
        .await;
    says(
        hall.hold(hall.childcare_chief, worker).await,
        "posts of an organisation",
    );
    let change = "UPDATE person SET organisation_id = NULL WHERE id = ?";
    says(hall.sql(change, [worker.0.into()]).await, "contractor");
    let change = "UPDATE post SET kind = 'chief' WHERE id = ?";
    says(
        hall.sql(change, [hall.pr_staff.0.into()]).await,
        "never becomes another",
    );
    hall.hold(hall.childcare_chief, other).await.unwrap();
    let move_over = "UPDATE holding SET post_id = ? WHERE person_id = ?";
    let values = [hall.pr_chief.0.into(), other.0.into()];
    says(hall.sql(move_over, values).await, "one holder at a time");
    let town = hall.post(PostKind::DutyOfficer, "当直", Place::Town).await;
    says(hall.hold(town, worker).await, "posts of an organisation");
});

on_both!(of_many_made_chief_at_once_one_is, |hall: Hall| {
    let (a, b) = (hall.person("1001").await, hall.person("1002").await);
    let (c, d) = (hall.person("1003").await, hall.person("1004").await);
    let post = hall.pr_chief;
    let hold = |person| hall.hold(post, person);
    let (a, b, c, d) = tokio::join!(hold(a), hold(b), hold(c), hold(d));
    let made = [a, b, c, d].into_iter().filter(Result::is_ok).count();
    assert_eq!(
        (
            made,
            hall.roster().await.holders(post, hall.today()).count()
        ),
        (1, 1)
    );
});

on_both!(
    deputies_are_kept_to_one_side_and_to_31_days,
    |hall: Hall| {
        let person = hall.person("1001").await;
        hall.agreed(deputy(hall.pr_chief, person, 1, Term::since(hall.today())))
            .await
            .unwrap();
        let row = hall.roster().await.deputies[0].id;
        let admins = hall.signed(hall.first).await.unwrap().posts()[0].id;
        says(hall.hold(admins, person).await, "never a deputy");
        says(hall.hold(hall.childcare_chief, person).await, "both sides");
        let change = "UPDATE deputy SET person_id = ? WHERE id = ?";
        says(
            hall.sql(change, [hall.first.0.into(), row.0.into()]).await,
            "never a deputy",
        );
        let change = "UPDATE deputy SET post_id = ? WHERE id = ?";
        says(
            hall.sql(change, [hall.pr_staff.0.into(), row.0.into()])
                .await,
            "stands in for a chief",
        );
        let change = "UPDATE deputy SET to_on = ? WHERE id = ?";
        let last = |days| hall.today() + chrono::TimeDelta::days(days);
        assert!(
            hall.sql(change, [last(31).into(), row.0.into()])
                .await
                .is_err(),
            "32 days"
        );
        hall.sql(change, [last(30).into(), row.0.into()])
            .await
            .unwrap();
    }
);

on_both!(requests_are_frozen, |hall: Hall| {
    hall.holder("1001", hall.pr_staff).await;
    let count = "UPDATE countersign SET reason = 'x'";
    says(hall.sql(count, []).await, "frozen");
    let now: Value = hall.now.into();
    let alone = "INSERT INTO countersign (id, kind, payload, digest, asked_by, asked_at, reason, expires_at,
                 decided_by, decided_at, outcome) VALUES (?, 'invite', '{}', '', ?, ?, 'x', ?, ?, ?, 'agreed')";
    let me: Value = hall.first.0.into();
    let values = [
        uuid::Uuid::now_v7().into(),
        me.clone(),
        now.clone(),
        now.clone(),
        me,
        now,
    ];
    assert!(
        hall.sql(alone, values).await.is_err(),
        "the same person asks and agrees"
    );
});
