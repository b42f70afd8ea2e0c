//! Jobs of the clock: what two replicas take up at once is done once.

use kairan::audit;
use kairan::jobs::JOBS;
use kairan::scheduler;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::on_both;
use crate::support::town::Town;

on_both!(
    of_two_replicas_at_one_hour_one_does_the_job,
    |town: Town| {
        let job = JOBS.into_iter().find(|job| job.name == "verify-audit");
        let (job, office) = (job.unwrap(), &town.product.office);
        let other = office.clone();
        tokio::join!(
            scheduler::run_if_due(office, job),
            scheduler::run_if_due(&other, job)
        );
        let runs = entity::job_run::Entity::find().count(town.db.conn());
        assert_eq!(runs.await.unwrap(), 1);
        let query = audit::Query {
            act: Some("audit.verified".to_owned()),
            ..audit::Query::default()
        };
        let verified = audit::search(&town.db, &query).await.unwrap();
        assert_eq!(verified.entries.len(), 1);
    }
);
