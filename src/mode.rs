//! Whether an installation serves residents or practises (訓練). It is the installation's, and never changes.

/// What an installation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It sends to residents.
    Live,
    /// It practises: its channel is the drill's, and everything it sends says so.
    Drill,
}

impl Mode {
    /// Its name in the environment and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Drill => "drill",
        }
    }

    /// The mode with this name.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Live, Self::Drill]
            .into_iter()
            .find(|mode| mode.code() == code)
    }
}
