//! Who decides, when approved messages go out, and who may stop everything.

use serde::Deserialize;

use super::written::Clause;

/// A post, or an office, that may decide on a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// The chief of the section that owns the account.
    OwnerChief,
    /// Anybody of the owning section but the drafter.
    OwnerOffice,
    /// The chief of the drafter's own section.
    SectionChief,
    /// The contractor's manager in charge, 業務処理責任者.
    ContractManager,
}

/// What the deciding posts are called here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Deciders {
    /// 広報課長.
    pub owner_chief: String,
    /// 広報課.
    #[serde(default)]
    pub owner_office: Option<String>,
    /// 所管課長.
    #[serde(default)]
    pub section_chief: Option<String>,
    /// 業務処理責任者.
    #[serde(default)]
    pub contract_manager: Option<String>,
}

/// Whose draft it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drafter {
    /// The owning section's own.
    Owner,
    /// Another section's.
    Section,
    /// A contractor's.
    Contractor,
}

/// The way of a draft through its deciders.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Whose drafts.
    pub drafter: Drafter,
    /// In which categories; in all when empty.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Who decides, one after the other; nobody decides on their own draft.
    pub steps: Vec<Decider>,
    /// Such drafters need a grant of the owner's chief, with scope and dates.
    #[serde(default)]
    pub needs_grant: bool,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// When approved messages go out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// Only within working hours; automatic notices need a standing approval that says otherwise.
    pub only_in_working_hours: bool,
    /// Who may make an exception.
    #[serde(default)]
    pub exception_by: Option<Decider>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// What staff's own accounts must keep to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Days after which a password must be changed; never when not given.
    #[serde(default)]
    pub password_days: Option<u32>,
    /// Days without a sign-in after which an account is closed; never when not given.
    #[serde(default)]
    pub unused_days: Option<u32>,
    /// Drafting and deciding only from enrolled devices and networks.
    #[serde(default)]
    pub enrolled_devices_only: bool,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// Stopping, ending and withdrawing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Who may stop all sending.
    pub by: Vec<Decider>,
    /// The account may be stopped or ended without telling residents before.
    pub without_notice: bool,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// Contractors that draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contractors {
    /// Who names the contractor's people that may draft.
    pub posters_named_by: Decider,
    /// Who is told at once of abuse the contractor finds.
    pub abuse_told_to: Decider,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

impl Deciders {
    /// What `decider` is called; `None` when the policy knows no such post.
    pub fn title(&self, decider: Decider) -> Option<&str> {
        match decider {
            Decider::OwnerChief => Some(&self.owner_chief),
            Decider::OwnerOffice => self.owner_office.as_deref(),
            Decider::SectionChief => self.section_chief.as_deref(),
            Decider::ContractManager => self.contract_manager.as_deref(),
        }
    }
}

impl Decider {
    /// Each of them.
    pub const ALL: [Self; 4] = [
        Self::OwnerChief,
        Self::OwnerOffice,
        Self::SectionChief,
        Self::ContractManager,
    ];

    /// As written in a profile.
    pub fn key(self) -> &'static str {
        match self {
            Self::OwnerChief => "owner_chief",
            Self::OwnerOffice => "owner_office",
            Self::SectionChief => "section_chief",
            Self::ContractManager => "contract_manager",
        }
    }
}
