//! What a post allows. One table; nothing else in the product decides it.

use std::collections::BTreeSet;

use super::people::{Place, Post, PostKind, Subject};

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
    /// Say which shelters are open.
    OpenShelters,
    /// See the rich menus.
    SeeMenus,
    /// See broadcasts, their reports, and what waits for a decision. Who decides, or stops, is the policy's
    /// to say.
    SeeBroadcasts,
    /// Draft broadcasts for one's own section or employer, and add pictures.
    Draft,
    /// See emergencies. Who writes, agrees, sends and stops is `emergency`'s to say of each.
    Emergency,
    /// See month by month which emergencies were never sent, and why.
    ReviewEmergencies,
    /// See what emergencies say. Another wording takes two, of those who [`Right::ManagePeople`].
    SeeTemplates,
    /// Keep segments under a name, for everybody who drafts.
    NameSegments,
    /// See sections, persons, posts and deputies.
    SeePeople,
    /// Change them, as far as one person may; ask for what needs two, and decide what another asked for.
    ManagePeople,
    /// Read and export the audit record.
    ReadAudit,
    /// See settings and the system's health.
    SeeSettings,
    /// Adopt a new version of the operating policy: the PR chief's alone.
    AdoptPolicy,
    /// Agree that what a hold keeps back goes out after all: the PR chief's alone.
    LiftHold,
}

use Right::{
    AdoptPolicy, Draft, EditAnswers, EditChildcare, EditGarbage, Emergency, LiftHold, ManagePeople,
    NameSegments, OpenShelters, ReadAudit, ResidentCounts, ReviewEmergencies, SeeBroadcasts,
    SeeMenus, SeePeople, SeeSettings, SeeTemplates, SignedIn,
};

/// What only chiefs may do. Whoever administers the system, or works for a contractor, never may.
const OF_CHIEFS: [Right; 2] = [AdoptPolicy, LiftHold];

/// What everybody has who works on what is published.
const CONTENT: [Right; 8] = [
    SignedIn,
    ResidentCounts,
    SeeMenus,
    SeeBroadcasts,
    Draft,
    Emergency,
    SeeTemplates,
    NameSegments,
];
/// What is published, each with its keepers: the section that owns the account, and whoever it entrusts.
const EDIT: [Right; 4] = [EditAnswers, EditGarbage, EditChildcare, OpenShelters];

/// The table: what a post of `kind` allows, in the section that owns the account (`owner`) or elsewhere.
/// Another section's chief and staff also have the right of each subject their section looks after.
fn table(kind: PostKind, owner: bool) -> &'static [&'static [Right]] {
    match (kind, owner) {
        (PostKind::Chief, true) => &[
            &CONTENT,
            &EDIT,
            &[SeePeople, SeeSettings, ReviewEmergencies],
            &OF_CHIEFS,
        ],
        (PostKind::Staff, true) => &[&CONTENT, &EDIT, &[SeePeople, ReviewEmergencies]],
        (PostKind::Chief, false) => &[&CONTENT, &[SeePeople]],
        (PostKind::Staff, false) => &[&CONTENT],
        (PostKind::DutyOfficer, _) => &[&[
            SignedIn,
            SeeBroadcasts,
            Emergency,
            SeeTemplates,
            OpenShelters,
        ]],
        (PostKind::Auditor, _) => &[&[
            SignedIn,
            ReadAudit,
            SeePeople,
            ResidentCounts,
            SeeSettings,
            SeeBroadcasts,
            Emergency,
            ReviewEmergencies,
            SeeTemplates,
        ]],
        (PostKind::Administrator, _) => {
            &[&[SignedIn, ManagePeople, SeePeople, SeeSettings, SeeTemplates]]
        }
        (PostKind::ContractManager | PostKind::ContractPoster, _) => {
            &[&[SignedIn, SeeBroadcasts, Draft]]
        }
    }
}

/// The rights that come with what a post's section looks after.
fn of_subjects(post: &Post) -> impl Iterator<Item = Right> + '_ {
    let section = match &post.place {
        Place::Section(section) => Some(section),
        Place::Town | Place::Organisation(_) => None,
    };
    let subjects = section.into_iter().flat_map(|section| &section.subjects);
    subjects.map(|subject| match subject {
        Subject::Answers => EditAnswers,
        Subject::Garbage => EditGarbage,
        Subject::Childcare => EditChildcare,
        Subject::Shelters => OpenShelters,
    })
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
        .flat_map(|post| {
            let rights = table(post.kind, post.of_owner());
            let rights = rights.iter().flat_map(|rights| rights.iter().copied());
            rights.chain(of_subjects(post))
        })
        .collect();
    let administers = |post: &Post| post.kind == PostKind::Administrator;
    if contractor || posts.into_iter().any(administers) {
        rights.retain(|right| !OF_CHIEFS.contains(right));
    }
    rights
}
