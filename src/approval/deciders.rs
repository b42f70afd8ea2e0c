//! Who may say yes to a step today: posts become persons.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::model::House;
use crate::ids::{PersonId, PostId, SectionId};
use crate::policy::Decider;
use crate::staff::people::{Post, PostKind, Roster};

/// Who may decide: each with the chief's post for which they stand in, if they do.
pub type Deciders = BTreeMap<PersonId, Option<PostId>>;

/// Who may decide as `decider` on `day` about what comes from `house`. Where a person has the right
/// themselves, they do not stand in for anybody.
pub fn deciders(roster: &Roster, day: NaiveDate, decider: Decider, house: House) -> Deciders {
    let of_owner = |post: &&Post| post.of_owner();
    match decider {
        Decider::OwnerChief => chiefs(roster, day, of_owner),
        Decider::OwnerOffice => {
            let mut office = chiefs(roster, day, of_owner);
            let staff = |post: &&Post| post.kind == PostKind::Staff && post.of_owner();
            office.extend(holders(roster, day, staff));
            office
        }
        Decider::SectionChief => match house {
            House::Section(section) => chiefs(roster, day, in_section(section)),
            // A contractor works for the section that owns the account.
            House::Organisation(_) => chiefs(roster, day, of_owner),
        },
        Decider::ContractManager => match house {
            House::Section(_) => Deciders::new(),
            House::Organisation(organisation) => holders(roster, day, |post| {
                post.kind == PostKind::ContractManager && post.organisation() == Some(organisation)
            })
            .collect(),
        },
    }
}

fn in_section(section: SectionId) -> impl Fn(&&Post) -> bool {
    move |post| post.section() == Some(section)
}

fn holders(
    roster: &Roster,
    day: NaiveDate,
    wanted: impl Fn(&&Post) -> bool,
) -> impl Iterator<Item = (PersonId, Option<PostId>)> {
    let posts = roster.posts.values().filter(wanted);
    posts
        .flat_map(move |post| roster.holders(post.id, day))
        .map(|person| (person.id, None))
}

/// The chiefs of such posts, and whoever stands in for them.
fn chiefs(roster: &Roster, day: NaiveDate, wanted: impl Fn(&&Post) -> bool) -> Deciders {
    let posts = roster.posts.values().filter(wanted);
    let posts = posts.filter(|post| post.kind == PostKind::Chief);
    let acting: Vec<_> = posts
        .map(|post| (post.id, roster.acting(post.id, day)))
        .collect();
    let mut found = Deciders::new();
    for (post, acting) in &acting {
        found.extend(
            acting
                .deputies
                .iter()
                .map(|person| (person.id, Some(*post))),
        );
    }
    found.extend(
        acting
            .iter()
            .filter_map(|(_, acting)| Some((acting.chief?.id, None))),
    );
    found
}
