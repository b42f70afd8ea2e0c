//! What a link or a picture must show before it may go out. No post is exempt.

use serde::Deserialize;

use super::written::Clause;

/// Links in messages and menus. A host stands for itself and all beneath it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// The municipality's own hosts; nobody's consent is needed.
    pub own: Vec<String>,
    /// Others that are known to be good.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// Only hosts of these two lists.
    #[serde(default)]
    pub only_listed: bool,
    /// Hosts that are never linked.
    #[serde(default)]
    pub denied: Vec<String>,
    /// Hosts that shorten addresses and so hide where they lead.
    pub shorteners: Vec<String>,
    /// Hosts that pass on to another address, which is written into theirs.
    pub redirectors: Vec<String>,
    /// What a drafter shows for each link.
    pub require: Vec<LinkProof>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// What a drafter shows for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkProof {
    /// What it has to do with the message.
    Relation,
    /// That somebody opened it, and what they saw.
    Opened,
    /// That whoever it leads to agreed: who, when, how. Own hosts need none.
    Consent,
}

/// Pictures in messages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Images {
    /// What a drafter shows for each picture.
    pub require: Vec<ImageProof>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// What a drafter shows for a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageProof {
    /// What it has to do with the message.
    Relation,
    /// Whose it is.
    Holder,
    /// What shows that it may be used.
    Evidence,
    /// Who checked.
    Checker,
    /// When that was.
    Date,
    /// Until when it may be used.
    Expiry,
}
