//! Painted menus, kept: painting one takes some tenths of a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::{Bytes, block};

use crate::richmenu::{Menu, Name};
use crate::web::Refusal;

/// Pictures kept at most; a town has some forty.
const MOST: usize = 200;

/// Painted menus by their names, which change with the content.
#[derive(Debug, Clone, Default)]
pub struct Pictures(Arc<Mutex<HashMap<Name, Bytes>>>);

impl Pictures {
    /// The picture of `menu`, small enough for a page.
    pub(super) async fn of(&self, menu: Menu) -> Result<Bytes, Refusal> {
        let name = menu.name.clone();
        let kept = self.lock().get(&name).cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let painted = block(move || menu.small_picture()).await??;
        let painted = Bytes::from(painted);
        let mut kept = self.lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(name, painted.clone());
        Ok(painted)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Name, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the bytes are, whatever the file is called; a folder takes PNG and JPEG only.
pub(super) fn kind(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") {
        "image/png"
    } else {
        "image/jpeg"
    }
}
