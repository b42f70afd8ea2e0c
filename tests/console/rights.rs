//! Every row of the table against every kind of post.

use kairan::console::routes::{Admits, ROUTES};
use kairan::console::words::held_by;
use kairan::staff::people::{Place, PostKind, Term};
use reqwest::header::ORIGIN;

use super::walls::path_of;
use crate::on_both;
use crate::support::console::Staff;
use crate::support::town::Town;

/// Somebody signed in for each post of the hall, with the column's name.
async fn everybody(town: &Town) -> Vec<(&'static str, Staff)> {
    let hall = town.hall().await;
    let term = Term::between(hall.today(), hall.today()).unwrap();
    let firm = hall.contractor("汐見広告", term).await;
    let firm = kairan::staff::people::organisations(&hall.db)
        .await
        .unwrap()
        .into_iter()
        .find(|o| o.id == firm)
        .unwrap();
    let place = || Place::Organisation(firm.clone());
    let mut posts = vec![
        ("広報課長", hall.pr_chief),
        ("広報担当", hall.pr_staff),
        ("他課課長", hall.childcare_chief),
        ("他課担当", hall.childcare_staff),
    ];
    for (name, kind, place) in [
        ("当直", PostKind::DutyOfficer, Place::Town),
        ("監査", PostKind::Auditor, Place::Town),
        ("業務責任者", PostKind::ContractManager, place()),
        ("投稿担当", PostKind::ContractPoster, place()),
    ] {
        posts.push((name, hall.post(kind, name, place).await));
    }
    let mut everybody = vec![("管理者", town.signs_in(hall.first))];
    for (at, (name, post)) in posts.into_iter().enumerate() {
        let mut person = crate::staff::named(&format!("P-{at}"));
        let outside = matches!(name, "業務責任者" | "投稿担当");
        person.organisation = outside.then_some(firm.id);
        let person = hall.add(&person).await;
        hall.granted(post, person, term).await;
        everybody.push((name, town.signs_in(person)));
    }
    everybody
}

on_both!(
    every_row_lets_in_the_posts_of_the_matrix_and_no_other,
    |town: Town| {
        let everybody = everybody(&town).await;
        let mut matrix = String::new();
        for row in ROUTES {
            let path = path_of(row.path);
            let mut admitted = Vec::new();
            for (name, staff) in &everybody {
                // Without the token, so that nothing is done; the right is looked at first.
                let method = row.method.as_str().parse().unwrap();
                let asked = staff.request(method, &path).header(ORIGIN, &staff.origin);
                let answer = asked.send().await.unwrap();
                let status = answer.status();
                let page = answer.text().await.unwrap();
                assert!(!status.is_server_error(), "{name} at {path}: {page}");
                assert_ne!(status, 429, "{name} at {path}");
                if page.contains("この操作をする権限がありません") {
                    let Admits::With(right) = row.admits else {
                        panic!("{path} is open")
                    };
                    assert_eq!(status, 403);
                    assert!(page.contains(held_by(right)), "{path} does not say who may");
                } else {
                    admitted.push(*name);
                }
            }
            let who = if admitted.len() == everybody.len() {
                "全員".to_owned()
            } else {
                admitted.join(" ")
            };
            matrix += &format!("{} {}: {who}\n", row.method, row.path);
        }
        insta::assert_snapshot!("matrix", matrix);
    }
);

on_both!(a_post_that_ends_closes_every_door_at_once, |town: Town| {
    let hall = town.hall().await;
    let person = hall.holder("P-1", hall.pr_chief).await;
    let staff = town.signs_in(person);
    assert_eq!(staff.get("/").await.status(), 200);
    // The session is still there the day after the last; what it opens is gone.
    let roster = hall.roster().await;
    let holding = roster
        .holdings
        .iter()
        .find(|held| held.person == person)
        .unwrap();
    let tx = hall.db.db.begin().await.unwrap();
    let end = kairan::staff::people::End::AtOnce;
    let by = kairan::audit::Actor::Operator;
    kairan::staff::people::end_holding(&tx, hall.now, &by, holding.id, end)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(staff.get("/").await.status(), 303);
});
