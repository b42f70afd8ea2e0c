//! Somebody owns the database and lays hands on the record, hundreds of times, each time another way: each is found, and
//! where it begins.
//!
//! `KAIRAN_AUDIT_FAULTS` makes it more often (300 when it does not), `KAIRAN_AUDIT_SEED` the same again.

use chrono::TimeDelta;
use entity::audit_entry::{ActiveModel, Column, Entity, Model};
use kairan::audit::{self, Actor, Entry, Head, Why};
use kairan::clock::Instant;
use kairan::db::Db;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::audit::{chain, lift_the_rules, why};
use crate::delivery::crash::{Chance, setting};
use crate::on_both;
use crate::support::database::TestDb;

/// Entries in the chain.
const LENGTH: i64 = 30;
/// Where entries are put out of the way while others move.
const ASIDE: i64 = 1_000;

/// The record of somebody who owns the database.
struct Record<'a> {
    db: &'a Db,
    whole: Vec<Model>,
    head: Head,
    /// One that was written after it, by the product itself, and is not part of it.
    spare: Model,
}

impl Record<'_> {
    fn at(&self, seq: i64) -> Model {
        self.whole[usize::try_from(seq - 1).unwrap()].clone()
    }

    async fn put(&self, row: Model) {
        let row: ActiveModel = row.into_active_model();
        let row = row.reset_all().update(self.db.conn()).await;
        row.unwrap();
    }

    async fn add(&self, row: Model) {
        let row: ActiveModel = row.into_active_model();
        let added = Entity::insert(row).exec_without_returning(self.db.conn());
        added.await.unwrap();
    }

    async fn take_out(&self, from: i64, to: i64) {
        let gone = Entity::delete_many().filter(Column::Seq.between(from, to));
        gone.exec(self.db.conn()).await.unwrap();
    }

    /// All from `from` on stand so many places further back.
    async fn shift(&self, from: i64, by: i64) {
        // Each is unique at every moment.
        for by in [ASIDE, by - ASIDE] {
            let from = if by > 0 { from } else { from + ASIDE };
            let moved = Entity::update_many()
                .col_expr(Column::Seq, Expr::col(Column::Seq).add(by))
                .filter(Column::Seq.gte(from));
            moved.exec(self.db.conn()).await.unwrap();
        }
    }

    async fn ends_at(&self, head: &Head) {
        let fit = format!(
            "UPDATE audit_head SET seq = {}, digest = '{}'",
            head.seq, head.digest
        );
        self.db.conn().execute_unprepared(&fit).await.unwrap();
    }

    /// As it was before anybody laid hands on it.
    async fn heal(&self) {
        self.take_out(0, i64::MAX).await;
        let rows = self
            .whole
            .iter()
            .cloned()
            .map(IntoActiveModel::into_active_model);
        let rows: Vec<ActiveModel> = rows.collect();
        let put_back = Entity::insert_many(rows).exec_without_returning(self.db.conn());
        put_back.await.unwrap();
        self.ends_at(&self.head).await;
    }
}

/// One of its fields says something else.
fn altered(mut row: Model, field: u64) -> Model {
    match field {
        0 => row.at += TimeDelta::microseconds(1),
        1 => (row.actor_kind, row.actor) = ("person".into(), Some(uuid::Uuid::now_v7())),
        2 => row.actor_kind = "system".into(),
        3 => row.post = Some(String::new()),
        4 => row.act += "x",
        5 => (row.object_kind, row.object_id) = ("thin".into(), format!("g{}", row.object_id)),
        6 => row.detail = row.detail.replace("ごみ", "ゴミ"),
        7 => row.address_hint = Some("192.0.2.0/24".into()),
        8 => row.prev = row.prev.chars().rev().collect(),
        _ => row.digest = row.digest.chars().rev().collect(),
    }
    row
}

on_both!(whoever_gets_round_the_database_is_found, |db: TestDb| {
    let seed = setting("KAIRAN_AUDIT_SEED", 20_261_124);
    let faults = setting("KAIRAN_AUDIT_FAULTS", 300);
    let mut chance = Chance(seed);
    let mut roll = |below: i64| i64::try_from(chance.below(below.unsigned_abs())).unwrap();
    chain(&db, LENGTH as usize).await;
    let head = audit::head(&db).await.unwrap();
    chain(&db, 1).await;
    lift_the_rules(&db).await;
    let whole = Entity::find().order_by_asc(Column::Seq).all(db.conn());
    let mut whole = whole.await.unwrap();
    let record = Record {
        spare: whole.pop().unwrap(),
        db: &db.db,
        whole,
        head,
    };
    record.heal().await;
    let mut kinds = [0; 6];
    for fault in 0..faults {
        let told = format!("KAIRAN_AUDIT_SEED={seed}, fault {fault}");
        let kind = usize::try_from(roll(6)).unwrap();
        kinds[kind] += 1;
        // Where it shows, and how; what only the kept head shows is looked for with it.
        let (expected, kept) = match kind {
            // One field of one entry says something else.
            0 => {
                let seq = 1 + roll(LENGTH);
                record
                    .put(altered(record.at(seq), roll(10).unsigned_abs()))
                    .await;
                ((seq, Why::Changed), None)
            }
            // One or some are taken out, without and with the others closing up.
            1 => {
                let seq = 1 + roll(LENGTH);
                let last = std::cmp::min(seq + roll(3), LENGTH);
                record.take_out(seq, last).await;
                match last {
                    LENGTH => ((seq, Why::OtherEnd), None),
                    _ => ((seq, Why::Missing), None),
                }
            }
            2 => {
                let seq = 1 + roll(LENGTH - 1);
                record.take_out(seq, seq).await;
                record.shift(seq + 1, -1).await;
                ((seq, Why::Changed), None)
            }
            // Two change places.
            3 => {
                let a = 1 + roll(LENGTH - 1);
                let b = a + 1 + roll(LENGTH - a);
                let (first, second) = (record.at(a), record.at(b));
                record.take_out(a, a).await;
                record.take_out(b, b).await;
                record.add(Model { seq: a, ..second }).await;
                record.add(Model { seq: b, ..first }).await;
                ((a, Why::Changed), None)
            }
            // One that does not belong there is put in between; at the end, one that would follow.
            4 => {
                let seq = 1 + roll(LENGTH + 1);
                record.shift(seq, 1).await;
                let spare = record.spare.clone();
                if seq > LENGTH {
                    record.add(spare).await;
                    ((seq, Why::OtherEnd), None)
                } else {
                    let spare = altered(spare, roll(10).unsigned_abs());
                    record.add(Model { seq, ..spare }).await;
                    ((seq, Why::Changed), None)
                }
            }
            // The tail is cut off and the head made to fit: in itself such a chain is whole.
            _ => {
                let left = roll(LENGTH);
                record.take_out(left + 1, LENGTH).await;
                let head = match left {
                    0 => Head {
                        seq: 0,
                        digest: "0".repeat(64),
                    },
                    left => Head {
                        seq: left,
                        digest: record.at(left).digest,
                    },
                };
                record.ends_at(&head).await;
                assert_eq!(why(&db, None).await, None, "{told}");
                ((LENGTH, Why::NotAsKept), Some(&record.head))
            }
        };
        assert_eq!(why(&db, kept).await, Some(expected), "{told}, kind {kind}");
        record.heal().await;
        assert_eq!(
            why(&db, Some(&record.head)).await,
            None,
            "{told}: all is back"
        );
    }
    println!("KAIRAN_AUDIT_SEED={seed} KAIRAN_AUDIT_FAULTS={faults}: {kinds:?}, each found");
    assert!(kinds.iter().all(|count| *count > faults / 12), "{kinds:?}");
});

on_both!(
    a_chain_written_anew_is_found_by_a_kept_head,
    |db: TestDb| {
        chain(&db, 20).await;
        let kept = audit::head(&db).await.unwrap();
        lift_the_rules(&db).await;
        let later: Instant = "2026-11-25T00:00:00Z".parse().unwrap();
        // From every place on, by the product's own hand, and longer than it was: the chain alone is whole.
        for from in (1..=20).rev() {
            let gone = Entity::delete_many().filter(Column::Seq.gte(from));
            gone.exec(db.conn()).await.unwrap();
            let last = Entity::find_by_id(from - 1).one(db.conn()).await.unwrap();
            let digest = last.map_or_else(|| "0".repeat(64), |row| row.digest);
            let fit = format!(
                "UPDATE audit_head SET seq = {}, digest = '{digest}'",
                from - 1
            );
            db.conn().execute_unprepared(&fit).await.unwrap();
            let tx = db.begin().await.unwrap();
            for number in from..=25 {
                let deed = Entry::of(Actor::Operator, "test.done", ("thing", number));
                audit::record(&tx, later, deed).await.unwrap();
            }
            tx.commit().await.unwrap();
            assert_eq!(why(&db, None).await, None, "{from}");
            assert_eq!(
                why(&db, Some(&kept)).await,
                Some((20, Why::NotAsKept)),
                "{from}"
            );
        }
    }
);
