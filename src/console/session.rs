//! Whose session a cookie opens. Sessions live in memory until `staff::account` keeps them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ids::PersonId;

/// The session's cookie, without the `__Host-` that it wears over https.
pub const COOKIE: &str = "kairan";

/// Sessions by the key in the cookie.
#[derive(Debug, Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, PersonId>>>);

impl Sessions {
    /// Opens a session; gives its key.
    pub fn open(&self, person: PersonId) -> String {
        let key = uuid::Uuid::new_v4().simple().to_string();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(key.clone(), person);
        key
    }

    /// Whose session this is.
    pub fn person(&self, key: &str) -> Option<PersonId> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(key).copied()
    }

    /// Ends a session.
    pub fn end(&self, key: &str) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(key);
    }
}
