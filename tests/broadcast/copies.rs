//! Copies: whoever wrote the words decides neither on the original nor on what was copied from it.

use kairan::broadcast;
use kairan::broadcast::content::{Manuscript, Timing};
use kairan::ids::BroadcastId;
use sea_orm::ConnectionTrait;

use super::{Desk, manuscript, own_work, saying, tomorrow};
use crate::on_both;

impl Desk {
    /// The drafter copies it, and gives it a last hour.
    async fn copies(&self, from: BroadcastId) -> BroadcastId {
        let by = self.signed(self.drafter).await;
        let (now, profile, house) = (self.hall.now, &self.profile, self.house());
        self.does(async |tx| broadcast::copy(tx, now, &by, profile, house, from).await)
            .await
            .unwrap()
    }

    async fn timed(&self, id: BroadcastId) -> Manuscript {
        Manuscript {
            timing: Timing {
                send_at: None,
                valid_until: Some(tomorrow(18)),
            },
            ..self.find(id).await.manuscript
        }
    }
}

on_both!(
    who_wrote_the_original_never_agrees_to_a_copy_of_it,
    |desk: Desk| {
        let original = desk.drafts(&manuscript()).await;
        let words = saying("健診は12月3日(木)です。電話 0000-00-2222");
        desk.edits(desk.pr_staff, original, &words).await.unwrap();
        let copy = desk.copies(original).await;
        // Whoever writes on the original later has no part in the copy.
        let later = saying("健診は12月4日(金)です。電話 0000-00-2222");
        desk.edits(desk.pr_chief, original, &later).await.unwrap();
        let again = desk.copies(copy).await;
        for id in [copy, again] {
            let timed = desk.timed(id).await;
            desk.edits(desk.drafter, id, &timed).await.unwrap();
            desk.vouches(id).await;
            let request = desk.submits(id).await.unwrap();
            assert!(own_work(&desk.agrees(desk.pr_staff, &request).await));
            desk.agrees(desk.pr_chief, &request).await.unwrap();
        }
        let found = desk.find(again).await;
        assert_eq!(found.head.copied_from, Some(copy));
        assert_eq!(
            found.editors,
            [desk.drafter, desk.pr_staff].into_iter().collect()
        );
    }
);

on_both!(
    a_correction_counts_those_who_wrote_the_mistake,
    |desk: Desk| {
        let id = desk.drafts(&manuscript()).await;
        let words = saying("健診は12月3日(木)です。電話 0000-00-2222");
        desk.edits(desk.pr_staff, id, &words).await.unwrap();
        desk.vouches(id).await;
        let request = desk.submits(id).await.unwrap();
        desk.agrees(desk.pr_chief, &request).await.unwrap();
        desk.hall.now = tomorrow(10);
        desk.releases(id).await.unwrap();
        let by = desk.signed(desk.drafter).await;
        let (now, profile, house) = (desk.hall.now, desk.profile.clone(), desk.house());
        let correction = desk
            .does(async |tx| broadcast::correct(tx, now, &by, &profile, house, id).await)
            .await
            .unwrap();
        let found = desk.find(correction).await;
        assert_eq!(found.head.copied_from, Some(id));
        assert!(found.editors.contains(&desk.pr_staff));
    }
);

on_both!(a_copy_stays_one_in_the_database_too, |desk: Desk| {
    let original = desk.drafts(&manuscript()).await;
    desk.copies(original).await;
    let conn = desk.hall.db.conn();
    for statement in [
        "UPDATE broadcast SET copied_from = NULL WHERE copied_from IS NOT NULL",
        "DELETE FROM broadcast_author",
    ] {
        assert!(
            conn.execute_unprepared(statement).await.is_err(),
            "{statement}"
        );
    }
});
