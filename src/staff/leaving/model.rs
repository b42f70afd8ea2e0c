//! What ends when a person leaves.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use crate::clock::Instant;
use crate::ids::{PersonId, SecretsTaskId};
use crate::staff::account::{PasskeyRow, Session};
use crate::staff::countersign::Countersign;
use crate::staff::people::{Deputy, Holding, Place, Post, PostKind, Roster, Term};

/// What ends with a person, and what must be changed after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Posts they hold or would hold.
    pub holdings: Vec<Holding>,
    /// Chiefs they stand in for.
    pub deputies: Vec<Deputy>,
    /// What they asked for and nobody decided.
    pub asked: Vec<Countersign>,
    /// What others asked for them, which can then no more be done.
    pub awaited: Vec<Countersign>,
    /// What they are signed in with.
    pub sessions: Vec<Session>,
    /// Passkeys that let them in.
    pub passkeys: Vec<PasskeyRow>,
    /// Secrets they could have known.
    pub secrets: BTreeSet<Secret>,
}

impl Leaving {
    pub(super) fn of(roster: &Roster, person: PersonId, today: NaiveDate) -> Self {
        let ahead = |term: &Term| term.to.is_none_or(|to| today <= to);
        let theirs = || roster.holdings.iter().filter(|held| held.person == person);
        // Also posts that are over: what was known is not forgotten. One that had not begun taught nothing.
        let held = theirs()
            .filter(|held| held.term.from <= today)
            .filter_map(|held| roster.posts.get(&held.post));
        Self {
            holdings: theirs()
                .filter(|held| held.ended_at.is_none() && ahead(&held.term))
                .cloned()
                .collect(),
            deputies: roster
                .deputies
                .iter()
                .filter(|d| d.person == person && d.ended_at.is_none() && ahead(&d.term))
                .cloned()
                .collect(),
            secrets: held.flat_map(Secret::known_to).collect(),
            ..Self::default()
        }
    }
}

/// Something that is known to people and lets in whoever knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// The channel secret of the LINE Messaging API channel.
    ChannelSecret,
    /// The channel access token of that channel.
    AccessToken,
    /// The key that personal data is sealed with.
    DataKey,
    /// The database's password.
    DatabasePassword,
    /// Accounts on the server itself.
    ServerAccount,
    /// The client secret at the municipality's single sign-on.
    SignOnSecret,
    /// Seats in LINE's own console for the account (LINE Official Account Manager).
    AccountManagerSeat,
    /// The password of the phone or desk shared by whoever is on duty.
    DutyDevice,
}

impl Secret {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::ChannelSecret,
        Self::AccessToken,
        Self::DataKey,
        Self::DatabasePassword,
        Self::ServerAccount,
        Self::SignOnSecret,
        Self::AccountManagerSeat,
        Self::DutyDevice,
    ];

    /// What somebody in `post` could have known. One line a kind of post.
    fn known_to(post: &Post) -> Vec<Self> {
        match post.kind {
            PostKind::Administrator => vec![
                Self::ChannelSecret,
                Self::AccessToken,
                Self::DataKey,
                Self::DatabasePassword,
                Self::ServerAccount,
                Self::SignOnSecret,
                Self::AccountManagerSeat,
            ],
            PostKind::DutyOfficer => vec![Self::DutyDevice],
            _ if post.of_owner() || matches!(post.place, Place::Organisation(_)) => {
                vec![Self::AccountManagerSeat]
            }
            _ => Vec::new(),
        }
    }

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::ChannelSecret => "channel_secret",
            Self::AccessToken => "access_token",
            Self::DataKey => "data_key",
            Self::DatabasePassword => "database_password",
            Self::ServerAccount => "server_account",
            Self::SignOnSecret => "sign_on_secret",
            Self::AccountManagerSeat => "account_manager_seat",
            Self::DutyDevice => "duty_device",
        }
    }

    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|secret| secret.code() == code)
    }

    /// What the staff call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ChannelSecret => "LINEのチャネルシークレット",
            Self::AccessToken => "LINEのチャネルアクセストークン",
            Self::DataKey => "個人情報の暗号鍵",
            Self::DatabasePassword => "データベースのパスワード",
            Self::ServerAccount => "サーバーのアカウント",
            Self::SignOnSecret => "シングルサインオンのクライアントシークレット",
            Self::AccountManagerSeat => "LINE公式アカウントマネージャーの権限",
            Self::DutyDevice => "当直用端末のパスワード",
        }
    }
}

/// A secret that waits to be changed because somebody left (秘密情報の交換).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretsTask {
    /// Its id.
    pub id: SecretsTaskId,
    /// Which secret.
    pub secret: Secret,
    /// Who left.
    pub person: Option<PersonId>,
    /// Since when it waits.
    pub opened_at: Instant,
    /// When it was changed, once it was.
    pub done_at: Option<Instant>,
    /// Who said so.
    pub done_by: Option<PersonId>,
}
