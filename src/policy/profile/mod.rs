//! The profile's shape: one file a part. Unknown keys are refused: a misspelt rule must not be
//! silently no rule.

mod account;
mod approval;
mod content;
mod emergency;
mod gates;
mod hours;
mod personal;
mod replies;
mod written;

pub use account::{Drift, Inquiry, Operator, ProfileHead, Reminder, Source, Statement, Topic};
pub use approval::{Accounts, Contractors, Decider, Deciders, Drafter, Route, Sending, Suspension};
pub use content::{Answer, Category, OpenData, Question, QuietHours};
pub use emergency::{Called, Channel, Emergency, Jma, Rung};
pub use gates::{ImageProof, Images, LinkProof, Links};
pub(super) use hours::letter;
pub use hours::{Closing, Exception, Hours, Opening};
pub use personal::{Held, Keep, Personal, PersonalField, Retention, SeenBy};
pub use replies::{Reason, Removal, Replies, ReplyMode};
pub use written::Clause;

use crate::clock::{Instant, datetime_in_japan};

/// A municipality's operating policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Which version this is, and from when it rules.
    pub profile: ProfileHead,
    /// The document it carries.
    pub source: Source,
    /// Who runs the account.
    pub operator: Operator,
    /// Where a resident turns when the account cannot answer.
    pub inquiry: Inquiry,
    /// What is answered at all.
    pub replies: Replies,
    /// When staff work: it rules approvals, and the way that is open only outside these hours.
    pub working_hours: Hours,
    /// When the inquiry window is open: residents are told.
    pub counter_hours: Hours,
    /// The deciding posts' names.
    pub deciders: Deciders,
    /// Whose drafts are decided by whom.
    pub routes: Vec<Route>,
    /// When approved messages may go out.
    pub sending: Sending,
    /// What may be sent, in the order offered to drafters.
    pub categories: Vec<Category>,
    /// What a drafter answers before submitting.
    pub questions: Vec<Question>,
    /// What a link must show.
    pub links: Links,
    /// What a picture must show.
    pub images: Images,
    /// How content under an open-data licence is marked, if there is any.
    pub open_data: Option<OpenData>,
    /// What happens to what residents send that may not stay.
    pub removal: Removal,
    /// Why it may not stay.
    pub reasons: Vec<Reason>,
    /// On what ground personal data are held.
    pub personal: Personal,
    /// Which personal data are held.
    pub personal_fields: Vec<PersonalField>,
    /// How long things are remembered.
    pub retention: Retention,
    /// When garbage reminders may go out.
    pub reminder: Reminder,
    /// What residents can choose to hear of, in the order offered.
    pub topics: Vec<Topic>,
    /// What staff's own accounts must keep to.
    pub accounts: Accounts,
    /// Who may stop everything.
    pub suspension: Suspension,
    /// The way in a crisis, if the policy knows one.
    pub emergency: Option<Emergency>,
    /// Contractors, if any may draft.
    pub contractors: Option<Contractors>,
    /// What the public policy page says besides, in order.
    pub statements: Vec<Statement>,
}

impl Profile {
    /// The topic with this id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|t| t.id == id)
    }

    /// The category with this id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.id == id)
    }

    /// Whether what has no exception may go out at `at`.
    pub fn sends_at(&self, at: Instant) -> bool {
        !self.sending.only_in_working_hours || self.working_hours.is_open(at)
    }

    /// Whether phones make a sound when something of this category arrives at `at`. What has no category does.
    pub fn sounds_at(&self, category: &str, at: Instant) -> bool {
        let time = datetime_in_japan(at).time();
        let category = self.category(category);
        category.is_none_or(|category| category.sounds_at(time))
    }

    /// Who decides on a draft of this kind of drafter in this category, in order; `None` when such
    /// drafters may not draft. A route made for the category goes before one made for all. Of emergencies a contractor's
    /// people never write, whatever the routes say: what wakes a town is the municipality's own.
    pub fn route(&self, drafter: Drafter, category: &str) -> Option<&Route> {
        let urgent = self.category(category).is_some_and(|known| known.emergency);
        if urgent && drafter == Drafter::Contractor {
            return None;
        }
        let of_drafter = || self.routes.iter().filter(|r| r.drafter == drafter);
        of_drafter()
            .find(|r| r.categories.iter().any(|c| c == category))
            .or_else(|| of_drafter().find(|r| r.categories.is_empty()))
    }

    /// How staff are shown where a rule stands: 「文京区運用ポリシー 5(4)ア」.
    pub fn cite(&self, clause: &Clause) -> String {
        format!("{} {clause}", self.source.short_name)
    }
}
