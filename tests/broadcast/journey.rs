//! From a desk to phones, and what becomes of a mistake.

use chrono::TimeDelta;
use kairan::broadcast::content::{Block, Manuscript, Timing};
use kairan::broadcast::moves::State;
use kairan::broadcast::{self, BroadcastError};

use super::{Desk, manuscript, tomorrow};
use crate::delivery::post::Post;
use crate::on_both;
use crate::staff::Hall;
use crate::support::town::tuesday;

/// Released, cut and sent to its end.
async fn goes_out(desk: &Desk, post: &Post, id: kairan::ids::BroadcastId) {
    desk.releases(id).await.unwrap();
    let rung = std::cell::Cell::new(0);
    let ring = || rung.set(rung.get() + 1);
    let cut = broadcast::cut_next(&desk.hall.db, &post.clock, desk.terms(), ring).await;
    assert!(cut.unwrap() && rung.get() > 0);
    let more = broadcast::cut_next(&desk.hall.db, &post.clock, desk.terms(), || {}).await;
    assert!(!more.unwrap(), "everything is cut");
    post.work().await;
    post.sender.step().await.unwrap();
    let now = post.clock.now();
    assert_eq!(broadcast::settle(&desk.hall.db, now).await.unwrap(), 1);
    assert_eq!(desk.state(id).await, State::Done);
}

on_both!(
    a_broadcast_reaches_everybody_and_its_correction_the_same,
    |post: Post| {
        let hall = Hall::over(post.db.again(), tuesday()).await;
        let mut desk = Desk::over(hall).await;
        let people = post.people(1_200).await;
        let id = desk.approved(&manuscript()).await;
        post.later(TimeDelta::hours(24));
        desk.hall.now = post.clock.now();
        assert_eq!(desk.hall.now, tomorrow(10));
        goes_out(&desk, &post, id).await;
        post.told(&people, 1);
        let Block::Text { text } = &manuscript().blocks[0] else {
            panic!("words");
        };
        for call in post.calls() {
            let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
            assert_eq!(body["messages"][0]["text"], *text, "byte for byte");
        }

        // Somebody adds the account; the mistake never reached them.
        let all = post.people(300).await;
        let newcomers: Vec<_> = all
            .into_iter()
            .filter(|person| !people.contains(person))
            .collect();
        assert_eq!(newcomers.len(), 300);
        let by = desk.signed(desk.drafter).await;
        let (now, house, profile) = (desk.hall.now, desk.house(), desk.profile.clone());
        let correction = desk
            .does(async |tx| broadcast::correct(tx, now, &by, &profile, house, id).await)
            .await
            .unwrap();
        let begun = desk.find(correction).await.manuscript;
        let words = Manuscript {
            timing: Timing {
                send_at: None,
                valid_until: Some(tomorrow(18)),
            },
            ..begun
        };
        desk.edits(desk.drafter, correction, &words).await.unwrap();
        desk.vouches(correction).await;
        let request = desk.submits(correction).await.unwrap();
        desk.agrees(desk.pr_chief, &request).await.unwrap();
        goes_out(&desk, &post, correction).await;
        post.told(&people, 2);
        post.told(&newcomers, 0);
    }
);

on_both!(
    while_a_mistake_is_on_its_way_its_correction_waits,
    |post: Post| {
        let hall = Hall::over(post.db.again(), tuesday()).await;
        let mut desk = Desk::over(hall).await;
        let people = post.people(1_100).await;
        let wrong = desk.approved(&manuscript()).await;
        post.later(TimeDelta::hours(24));
        desk.hall.now = post.clock.now();
        desk.releases(wrong).await.unwrap();
        broadcast::cut_next(&desk.hall.db, &post.clock, desk.terms(), || {})
            .await
            .unwrap();
        let by = desk.signed(desk.drafter).await;
        let (now, house, profile) = (desk.hall.now, desk.house(), desk.profile.clone());
        let id = desk
            .does(async |tx| broadcast::correct(tx, now, &by, &profile, house, wrong).await)
            .await
            .unwrap();
        let words = Manuscript {
            timing: Timing {
                send_at: None,
                valid_until: Some(tomorrow(18)),
            },
            ..desk.find(id).await.manuscript
        };
        desk.edits(desk.drafter, id, &words).await.unwrap();
        desk.vouches(id).await;
        let request = desk.submits(id).await.unwrap();
        desk.agrees(desk.pr_staff, &request).await.unwrap();
        assert!(matches!(
            desk.releases(id).await,
            Err(BroadcastError::NotYet)
        ));
        desk.does(async |tx| broadcast::stop(tx, now, &by, wrong).await)
            .await
            .unwrap();
        // Nobody had received it: the correction reaches nobody, and the mistake does not go on.
        desk.releases(id).await.unwrap();
        broadcast::cut_next(&desk.hall.db, &post.clock, desk.terms(), || {})
            .await
            .unwrap();
        let refused = desk
            .does(async |tx| broadcast::resume(tx, now, &by, desk.terms(), wrong).await)
            .await;
        assert!(
            matches!(refused, Err(BroadcastError::Corrected)),
            "{refused:?}"
        );
        for _ in 0..3 {
            post.sender.step().await.unwrap();
            post.later(TimeDelta::seconds(1));
        }
        post.told(&people, 0);
    }
);

on_both!(
    a_mistake_whose_readers_are_forgotten_is_no_longer_corrected,
    |post: Post| {
        let hall = Hall::over(post.db.again(), tuesday()).await;
        let mut desk = Desk::over(hall).await;
        let people = post.people(3).await;
        let wrong = desk.approved(&manuscript()).await;
        post.later(TimeDelta::hours(24));
        desk.hall.now = post.clock.now();
        goes_out(&desk, &post, wrong).await;
        post.told(&people, 1);
        let by = desk.signed(desk.drafter).await;
        let (house, profile) = (desk.house(), desk.profile.clone());
        let corrects = async |now| {
            desk.does(async |tx| broadcast::correct(tx, now, &by, &profile, house, wrong).await)
                .await
        };
        corrects(post.clock.now()).await.unwrap();
        post.later(TimeDelta::days(92));
        let now = post.clock.now();
        kairan::delivery::forget(&post.db, now, 92).await.unwrap();
        let refused = corrects(now).await;
        assert!(
            matches!(refused, Err(BroadcastError::Forgotten)),
            "{refused:?}"
        );
    }
);
