//! What was agreed to is what goes out, even if somebody writes into the database.

use entity::broadcast::{Column, Entity};
use kairan::broadcast::content::{Audience, Block, Manuscript};
use kairan::broadcast::{BroadcastError, Issue};
use kairan::ids::{BroadcastId, MediaId};
use kairan::segment::{Places, parse};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::json;

use super::pictures::{entitled, kept, picture};
use super::{Desk, manuscript, tomorrow};
use crate::on_both;

/// Everything that can be changed of what was agreed to, one at a time.
const CHANGES: [fn(&mut Issue); 11] = [
    |issue| issue.messages[0]["text"] = json!("断水 "),
    |issue| issue.messages[0]["type"] = json!("sticker"),
    |issue| issue.messages = json!([issue.messages[0], issue.messages[0]]),
    |issue| {
        let digests = issue.pictures.values_mut();
        digests.for_each(|digest| *digest = "01".into());
    },
    |issue| issue.category = "emergency".into(),
    |issue| issue.audience = Audience::Segment(parse("not everyone").unwrap()),
    |issue| issue.audience = Audience::Corrected(BroadcastId::new(tomorrow(0))),
    |issue| {
        let named = json!({ "area:本町": [{ "id": 1, "label": "本町" }] });
        issue.places = serde_json::from_value(named).unwrap();
    },
    |issue| issue.send_at = None,
    |issue| issue.valid_until = Some(tomorrow(19)),
    |issue| issue.out_of_hours = true,
];

/// An issue with everything in it.
fn issue() -> Issue {
    Issue {
        messages: json!([{ "type": "text", "text": "断水" }]),
        pictures: [(MediaId::new(tomorrow(0)), "00".into())].into(),
        category: "city".into(),
        audience: Audience::Segment(parse("everyone").unwrap()),
        places: Places::default(),
        send_at: Some(tomorrow(10)),
        valid_until: Some(tomorrow(18)),
        out_of_hours: false,
    }
}

#[test]
fn any_single_change_changes_the_digest() {
    let frozen = issue();
    let mut digests: std::collections::HashSet<_> = [frozen.digest().unwrap()].into();
    for change in CHANGES {
        let mut changed = frozen.clone();
        change(&mut changed);
        assert!(digests.insert(changed.digest().unwrap()), "{changed:?}");
    }
    let kept = serde_json::to_string(&frozen).unwrap();
    let read: Issue = serde_json::from_str(&kept).unwrap();
    assert_eq!(read.digest().unwrap(), frozen.digest().unwrap());
}

impl Desk {
    /// Writes an issue behind everybody's back.
    async fn keeps(&self, id: BroadcastId, issue: &Issue) -> Result<(), DbErr> {
        let kept = serde_json::to_string(issue).unwrap();
        let update = Entity::update_many()
            .col_expr(Column::Issue, Expr::value(kept))
            .filter(Column::Id.eq(id.0));
        update.exec(self.hall.db.conn()).await.map(drop)
    }
}

on_both!(
    whatever_is_changed_behind_our_back_does_not_go_out,
    |desk: Desk| {
        let now = desk.hall.now;
        let shown = kept(&desk.hall.db, now, &picture(10), &entitled("会場"))
            .await
            .unwrap();
        let shown = Manuscript {
            blocks: vec![Block::Picture {
                picture: shown,
                shows: "会場".into(),
                text: "会場はここです。電話 0000-00-2222".into(),
            }],
            ..manuscript()
        };
        let id = desk.approved(&shown).await;
        let frozen = desk.find(id).await.issue.unwrap();
        let excepted = Issue {
            out_of_hours: true,
            ..frozen.clone()
        };
        let refused = desk.keeps(id, &excepted).await;
        assert!(refused.is_err(), "the database refuses it by itself");
        let lift = match desk.hall.db.is_embedded() {
            true => "DROP TRIGGER broadcast_issue_is_frozen_update",
            false => "DROP TRIGGER broadcast_issue_is_frozen ON broadcast",
        };
        let conn = desk.hall.db.conn();
        conn.execute_unprepared(lift).await.unwrap();

        desk.hall.now = tomorrow(10);
        for change in CHANGES {
            let mut changed = frozen.clone();
            change(&mut changed);
            assert_ne!(changed, frozen);
            desk.keeps(id, &changed).await.unwrap();
            let refused = desk.releases(id).await;
            assert!(
                matches!(refused, Err(BroadcastError::NotApproved(_))),
                "{changed:?}: {refused:?}"
            );
        }
        desk.keeps(id, &frozen).await.unwrap();
        desk.releases(id).await.unwrap();
    }
);
