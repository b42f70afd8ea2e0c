//! What a post allows. One table; nothing else in the product decides it.

use std::collections::BTreeSet;

use super::people::{Place, Post, PostKind};

/// Something a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Be here at all, and look after the own account.
    SignedIn,
    /// See how many residents there are, by area and topic.
    ResidentCounts,
    /// Change frequent questions and automatic replies.
    EditAnswers,
    /// Change the garbage calendar.
    EditGarbage,
    /// Change the childcare timetable.
    EditChildcare,
    /// See the rich menus.
    SeeMenus,
    /// See sections, persons, posts and deputies.
    SeePeople,
    /// Change them, as far as one person may, and ask for what needs two.
    ManagePeople,
    /// Decide what another person asked for, as far as one could ask for it oneself; the PR chief, adopting
    /// the policy. See `Ask::agreed_with`.
    Countersign,
    /// Read and export the audit record.
    ReadAudit,
    /// See settings and the system's health.
    SeeSettings,
    /// Adopt a new version of the operating policy: the PR chief's alone.
    AdoptPolicy,
}

use Right::{
    AdoptPolicy, Countersign, EditAnswers, EditChildcare, EditGarbage, ManagePeople, ReadAudit,
    ResidentCounts, SeeMenus, SeePeople, SeeSettings, SignedIn,
};

/// What only chiefs may do. Whoever administers the system, or works for a contractor, never may.
const OF_CHIEFS: [Right; 1] = [AdoptPolicy];

const CONTENT: [Right; 6] = [
    SignedIn,
    ResidentCounts,
    EditAnswers,
    EditGarbage,
    EditChildcare,
    SeeMenus,
];

/// The table: what a post of `kind` allows, in the section that owns the account (`owner`) or elsewhere.
/// Content rights of other sections reach their own section's content: see `Signed::reach`.
fn table(kind: PostKind, owner: bool) -> &'static [&'static [Right]] {
    match (kind, owner) {
        (PostKind::Chief, true) => &[
            &CONTENT,
            &[SeePeople, SeeSettings, Countersign, AdoptPolicy],
        ],
        (PostKind::Staff, true) => &[&CONTENT, &[SeePeople]],
        (PostKind::Chief, false) => &[&CONTENT, &[SeePeople]],
        (PostKind::Staff, false) => &[&CONTENT],
        (PostKind::DutyOfficer, _) => &[&[SignedIn]],
        (PostKind::Auditor, _) => &[&[SignedIn, ReadAudit, SeePeople, ResidentCounts, SeeSettings]],
        (PostKind::Administrator, _) => {
            &[&[SignedIn, ManagePeople, SeePeople, SeeSettings, Countersign]]
        }
        (PostKind::ContractManager | PostKind::ContractPoster, _) => &[&[SignedIn]],
    }
}

/// What somebody may do who holds `posts` at once: everything any of them allows, but a chief's rights
/// neither beside an administrator's post nor for a contractor.
pub(super) fn rights_of<'a>(
    posts: impl IntoIterator<Item = &'a Post> + Clone,
    contractor: bool,
) -> BTreeSet<Right> {
    let mut rights: BTreeSet<Right> = posts
        .clone()
        .into_iter()
        .filter(|post| !contractor || matches!(post.place, Place::Organisation(_)))
        .flat_map(|post| table(post.kind, post.of_owner()))
        .flat_map(|rights| rights.iter().copied())
        .collect();
    let administers = |post: &Post| post.kind == PostKind::Administrator;
    if contractor || posts.into_iter().any(administers) {
        rights.retain(|right| !OF_CHIEFS.contains(right));
    }
    rights
}
