//! Who is signed in. Stands in for `staff` until that is written: sessions live in memory.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The session's cookie, without the `__Host-` that it wears over https.
pub const COOKIE: &str = "kairan";

/// What a post allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Anybody who has signed in.
    SignedIn,
    /// To see who works here.
    SeePeople,
    /// To read the record.
    ReadAudit,
}

impl Right {
    /// Who has it, as a refusal names them.
    pub fn held_by(self) -> &'static str {
        match self {
            Self::SignedIn => "サインインした職員",
            Self::SeePeople => "システム管理者・監査担当",
            Self::ReadAudit => "監査担当",
        }
    }
}

/// A person with the posts they hold today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their post: 「広報課 課長」.
    pub post: String,
    /// What their posts allow.
    pub rights: BTreeSet<Right>,
}

/// Sessions by the key in the cookie.
#[derive(Debug, Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, Person>>>);

impl Sessions {
    /// Opens a session; gives its key.
    pub fn open(&self, person: Person) -> String {
        let key = uuid::Uuid::new_v4().simple().to_string();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(key.clone(), person);
        key
    }

    /// Whose session this is.
    pub fn signed_in(&self, key: &str) -> Option<Person> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(key).cloned()
    }

    /// Ends a session.
    pub fn end(&self, key: &str) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(key);
    }
}
