//! What has been sent, remembered outside the database: a number in a file beside the data key, which
//! grows with every turn that lends envelopes or records how calls ended. A database that knows a smaller number was restored from a
//! backup, and would send again what has been sent since.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Where the number is kept.
#[derive(Debug, Clone)]
pub struct Mark {
    beside: PathBuf,
}

impl Mark {
    /// Kept beside the file at `path`, under a name of each database's own.
    pub fn beside(path: &Path) -> Self {
        Self {
            beside: path.to_owned(),
        }
    }

    /// The number of the last turn of this database; none if it never sent anything from here.
    pub(super) fn read(&self, nonce: Uuid) -> std::io::Result<Option<i64>> {
        match std::fs::read_to_string(self.file(nonce)) {
            // What cannot be read is as good as missing: both hold.
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the number. Whole or not at all, but not waiting for the disk: a power cut takes this back by a
    /// moment, which is harmless, since only a mark ahead of its database means something.
    pub(super) fn write(&self, nonce: Uuid, turn: i64) -> std::io::Result<()> {
        let file = self.file(nonce);
        let beside = file.with_extension(Uuid::new_v4().to_string());
        std::fs::write(&beside, format!("{turn}\n"))?;
        std::fs::rename(&beside, &file)
    }

    fn file(&self, nonce: Uuid) -> PathBuf {
        let mut name = self.beside.file_name().unwrap_or_default().to_owned();
        name.push(format!(".sent-{nonce}"));
        self.beside.with_file_name(name)
    }
}

/// Whether a database at `turn` is older than what was sent from it.
pub(super) fn is_restored(turn: i64, mark: Option<i64>) -> bool {
    match mark {
        Some(mark) => turn < mark,
        // Moved to a machine that does not know what it has sent.
        None => turn > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_behind_its_mark_was_restored() {
        for (turn, mark, restored) in [
            (0, None, false),
            (7, Some(7), false),
            (8, Some(7), false),
            (6, Some(7), true),
            (0, Some(7), true),
            (7, None, true),
        ] {
            assert_eq!(is_restored(turn, mark), restored, "{turn} {mark:?}");
        }
    }

    #[test]
    fn each_database_has_its_own() {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let mark = Mark::beside(&folder.path().join("kairan.key"));
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        mark.write(a, 5).unwrap_or_else(|e| panic!("{e}"));
        mark.write(a, 6).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(mark.read(a).ok(), Some(Some(6)));
        assert_eq!(mark.read(b).ok(), Some(None));
        assert_eq!(
            std::fs::read_dir(folder.path()).map(Iterator::count).ok(),
            Some(1)
        );
    }
}
