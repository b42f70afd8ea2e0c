//! Who may write for whom.

use crate::approval::House;
use crate::policy::Drafter;
use crate::staff::people::{Place, Post, PostKind, Signed};

/// The houses for which somebody may draft, each with its standing to the account. Whoever only watches,
/// audits or administers drafts nothing.
pub fn houses(signed: &Signed) -> Vec<(House, Drafter)> {
    let mut houses: Vec<(House, Drafter)> = signed.posts().iter().filter_map(house).collect();
    houses.dedup();
    houses
}

/// Whether somebody may write on what is `house`'s: it is theirs, or they are of the section that owns the
/// account, which checks what all others write.
pub fn may_write(signed: &Signed, house: House) -> bool {
    let writes = |(own, drafter): &(House, Drafter)| *own == house || *drafter == Drafter::Owner;
    houses(signed).iter().any(writes)
}

/// Whether somebody may let go on what was stopped: they are of the section that owns the account. Stopping
/// takes less.
pub fn may_resume(signed: &Signed) -> bool {
    houses(signed).iter().any(|(_, of)| *of == Drafter::Owner)
}

/// Whether somebody may close what went amiss of a broadcast or a reminder: they are a chief of the section that
/// owns the account.
pub fn may_close(signed: &Signed) -> bool {
    let chief = |post: &Post| post.kind == PostKind::Chief;
    let owner = |post: &Post| matches!(&post.place, Place::Section(section) if section.owner);
    signed.posts().iter().any(|post| chief(post) && owner(post))
}

fn house(post: &Post) -> Option<(House, Drafter)> {
    match (&post.place, post.kind) {
        (Place::Section(section), PostKind::Chief | PostKind::Staff) => {
            let drafter = match section.owner {
                true => Drafter::Owner,
                false => Drafter::Section,
            };
            Some((House::Section(section.id), drafter))
        }
        (
            Place::Organisation(organisation),
            PostKind::ContractManager | PostKind::ContractPoster,
        ) => Some((House::Organisation(organisation.id), Drafter::Contractor)),
        _ => None,
    }
}
