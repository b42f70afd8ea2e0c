//! LINE as it was last found: another account is refused, too little is refused, and old news only warns.

use chrono::TimeDelta;
use entity::line_link;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, Caution, EmergencyError};
use kairan::ids::EmergencyId;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::{FIRST, Night, Who};
use crate::on_both;

const OURS: &str = "@000town";
const OTHERS: &str = "@999drill";

impl Night {
    /// What LINE said so many minutes ago.
    async fn line_said(&self, minutes: i64, id: &str, quota: Option<i64>, used: i64) {
        let at = self.hall.now - TimeDelta::minutes(minutes);
        let conn = self.hall.db.conn();
        line_link::Entity::delete_many().exec(conn).await.unwrap();
        let row = line_link::Model {
            id: 1,
            asked_at: at,
            fault: None,
            said_at: Some(at),
            name: Some("汐見市公式".into()),
            ids: Some(format!("@premium {id}")),
            quota,
            used: Some(used),
        };
        line_link::Entity::insert(row.into_active_model())
            .exec_without_returning(conn)
            .await
            .unwrap();
    }

    async fn cautions(&self, id: EmergencyId) -> Vec<Caution> {
        let (found, terms) = (self.find(id).await, self.terms());
        emergency::cautions(&self.hall.db, self.hall.now, terms, &found)
            .await
            .unwrap()
    }

    async fn is_refused_over_another_account(&self, who: Who, id: EmergencyId, act: Act) {
        match self.tries(who, id, act, true).await {
            Err(EmergencyError::OtherAccount { expected, found }) => {
                assert_eq!(
                    (expected.as_str(), found.as_str()),
                    (OURS, "@premium"),
                    "{act}"
                );
            }
            other => panic!("{act}: {other:?}"),
        }
    }
}

on_both!(nothing_goes_out_over_another_account, |night: Night| {
    let id = night.drafted().await;
    assert_eq!(night.cautions(id).await, [], "nobody has asked LINE yet");
    night.line_said(0, OTHERS, None, 0).await;
    night
        .is_refused_over_another_account(Who::OwnChief, id, Act::Submit)
        .await;
    assert_eq!(
        night.cautions(id).await,
        [Caution::OtherAccount("@premium".into())]
    );
    night.line_said(0, OURS, None, 0).await;
    assert_eq!(night.cautions(id).await, []);
    night.done(Who::OwnChief, id, Act::Submit).await;
    night.line_said(9, OTHERS, None, 0).await;
    night
        .is_refused_over_another_account(Who::PrChief, id, Act::Concur)
        .await;
    night.line_said(9, OURS, None, 0).await;
    night.done(Who::PrChief, id, Act::Concur).await;
    night.line_said(9, OTHERS, None, 0).await;
    night
        .is_refused_over_another_account(Who::OwnChief, id, Act::Send)
        .await;
    assert_eq!(night.state(id).await, State::Concurred);

    // What LINE said long ago keeps nobody from trying.
    night.line_said(10, OTHERS, None, 0).await;
    let silent = night.hall.now - TimeDelta::minutes(10);
    assert_eq!(
        night.cautions(id).await,
        [
            Caution::Silent(Some(silent)),
            Caution::OtherAccount("@premium".into())
        ]
    );
    night.done(Who::OwnChief, id, Act::Send).await;
});

on_both!(
    too_little_left_of_the_month_is_refused_before_anybody_wakes,
    |night: Night| {
        let all = 1000;
        let left = |left: u64| 1000 - i64::try_from(left).unwrap();
        let id = night.drafted().await;
        night.line_said(0, OURS, Some(all), left(FIRST - 1)).await;
        let refused = night.tries(Who::OwnChief, id, Act::Submit, true).await;
        assert!(
            matches!(refused, Err(EmergencyError::Quota { left, people }) if (left, people) == (FIRST - 1, FIRST)),
            "{refused:?}"
        );
        assert_eq!(night.state(id).await, State::Draft);
        let few = |left: u64| {
            [Caution::FewLeft {
                left,
                people: FIRST,
            }]
        };
        assert_eq!(night.cautions(id).await, few(FIRST - 1));
        // Old figures only warn.
        night.line_said(11, OURS, Some(all), left(0)).await;
        assert_eq!(night.cautions(id).await.len(), 2);
        night
            .tries(Who::OwnChief, id, Act::Submit, false)
            .await
            .unwrap();
        // A tenth is kept for emergencies: it is theirs, and they are told.
        night.line_said(0, OURS, Some(all), left(FIRST)).await;
        assert_eq!(night.cautions(id).await, few(FIRST));
        night
            .tries(Who::OwnChief, id, Act::Submit, false)
            .await
            .unwrap();
        night.line_said(0, OURS, Some(all), left(100 + FIRST)).await;
        assert_eq!(night.cautions(id).await, []);
        // A plan that does not count has always enough.
        night.line_said(0, OURS, None, 1_000_000).await;
        assert_eq!(night.cautions(id).await, []);
        night.done(Who::OwnChief, id, Act::Submit).await;
    }
);
