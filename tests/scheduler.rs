//! Jobs of the clock: what two replicas take up at once is done once.

use chrono::TimeDelta;
use kairan::audit;
use kairan::jobs::{self, BROKEN_OFF, JOBS, Job};
use kairan::scheduler;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::on_both;
use crate::support::town::Town;

impl Town {
    /// How often the record was verified.
    async fn verified(&self) -> usize {
        let query = audit::Query {
            act: Some("audit.verified".to_owned()),
            ..audit::Query::default()
        };
        let found = audit::search(&self.db, &query).await.unwrap();
        found.entries.len()
    }
}

fn verifying() -> Job {
    let mut jobs = JOBS.into_iter();
    jobs.find(|job| job.name == "verify-audit").unwrap()
}

on_both!(
    of_two_replicas_at_one_hour_one_does_the_job,
    |town: Town| {
        let (job, office) = (verifying(), &town.product.office);
        let other = office.clone();
        tokio::join!(
            scheduler::run_if_due(office, job),
            scheduler::run_if_due(&other, job)
        );
        let runs = entity::job_run::Entity::find().count(town.db.conn());
        assert_eq!(runs.await.unwrap(), 1);
        assert_eq!(town.verified().await, 1);
    }
);

on_both!(
    what_broke_off_with_its_program_is_done_by_the_next,
    |town: Town| {
        let (job, office) = (verifying(), &town.product.office);
        let now = town.clock.now();
        let due = job.every.last_due(now);
        // Somebody took it up, and died.
        assert!(jobs::take_up(&town.db, job, due, now).await.unwrap());
        town.clock.advance(BROKEN_OFF - TimeDelta::seconds(1));
        scheduler::run_if_due(office, job).await;
        assert_eq!(town.verified().await, 0, "they may be at it still");
        town.clock.advance(TimeDelta::seconds(1));
        scheduler::run_if_due(office, job).await;
        scheduler::run_if_due(office, job).await;
        assert_eq!(town.verified().await, 1);
        let runs = jobs::last_runs(&town.db).await.unwrap();
        let run = runs.iter().find(|run| run.job == job.name).unwrap();
        assert!(run.finished && run.error.is_none(), "{run:?}");
    }
);

on_both!(every_job_may_be_done_twice, |town: Town| {
    let office = &town.product.office;
    let mut said = Vec::new();
    for _ in 0..2 {
        entity::job_run::Entity::delete_many()
            .exec(town.db.conn())
            .await
            .unwrap();
        for job in JOBS {
            scheduler::run_if_due(office, job).await;
        }
        let runs = jobs::last_runs(&town.db).await.unwrap();
        assert!(runs.iter().all(|run| run.finished), "{runs:?}");
        let faults = runs.into_iter().filter_map(|run| run.error);
        said.push(faults.collect::<Vec<_>>());
    }
    assert_eq!(
        said[0], said[1],
        "the second time is no other than the first"
    );
});
