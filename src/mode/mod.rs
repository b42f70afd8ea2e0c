//! What an installation is for (本番・訓練): real messages to residents, or drills. The first start settles it
//! for good. `docs/decisions/0017-a-drill-is-another-installation.md` says why.

mod store;

use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use store::{of, settle};

/// What an installation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real messages to residents (本番).
    #[default]
    Live,
    /// Drills among staff, over a LINE account of their own (訓練).
    Drill,
}

impl Mode {
    /// Its name in the database and in `KAIRAN_MODE`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Drill => "drill",
        }
    }

    /// The mode of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Live, Self::Drill]
            .into_iter()
            .find(|mode| mode.code() == code)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
