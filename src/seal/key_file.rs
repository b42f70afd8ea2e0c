//! The file that holds the keys: base64, one a line, the one that seals first. Lines behind `#` are notes.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretBox};

use super::{KEY_BYTES, Key, NoRandomness, Seal};

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or made.
    #[error("{}: {cause}; the process must be able to read it, and to make it at the first start", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Anybody on this machine can read it.
    #[error("{}: everybody on this machine can read it; chmod 600 it", .0.display())]
    Open(PathBuf),
    /// A line is no key, or there is none.
    #[error("{}:{line}: no key; each line is {KEY_BYTES} random bytes in base64, as `openssl rand -base64 {KEY_BYTES} | tr -d '\\n'` makes them", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// The system has no randomness to make a key of.
    #[error("a data key cannot be made: {0}")]
    NoRandomness(#[from] NoRandomness),
}

/// The keys in `path`; none when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Seal>, KeyFileError> {
    let failed = |cause| KeyFileError::File {
        path: path.to_owned(),
        cause,
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed(cause)),
    };
    if is_open_to_all(&file).map_err(failed)? {
        return Err(KeyFileError::Open(path.to_owned()));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    let keys: Result<Vec<Key>, KeyFileError> = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, text)| {
            parse(text).ok_or(KeyFileError::Key {
                path: path.to_owned(),
                line,
            })
        })
        .collect();
    let mut keys = keys?.into_iter();
    match keys.next() {
        Some(sealing) => Ok(Some(Seal::of(sealing, keys.collect()))),
        None => Err(KeyFileError::Key {
            path: path.to_owned(),
            line: 1,
        }),
    }
}

/// Makes `path` with a new key. When somebody else made it just now, theirs is read.
pub(super) fn make(path: &Path) -> Result<Seal, KeyFileError> {
    let key = Key::generate()?;
    let failed = |cause| KeyFileError::File {
        path: path.to_owned(),
        cause,
    };
    // Written beside and then linked: whoever sees the file sees all of it, and nobody's is replaced.
    let mut beside = path.to_owned();
    beside.set_extension(uuid::Uuid::new_v4().to_string());
    let linked = write(&beside, &key).and_then(|()| std::fs::hard_link(&beside, path));
    let removed = std::fs::remove_file(&beside);
    match linked {
        Ok(()) => {
            removed.map_err(failed)?;
            Ok(Seal::of(key, Vec::new()))
        }
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| failed(cause))
        }
        Err(cause) => Err(failed(cause)),
    }
}

fn write(path: &Path, key: &Key) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(format!("{}\n", STANDARD.encode(key.0.expose_secret())).as_bytes())?;
    // What it seals must not outlive it: on the disk before the first use.
    file.sync_all()
}

fn parse(line: &str) -> Option<Key> {
    let bytes: [u8; KEY_BYTES] = STANDARD.decode(line).ok()?.try_into().ok()?;
    Some(Key(SecretBox::new(Box::new(bytes))))
}

/// Readable by its group is fine: orchestrators hand secrets out so.
#[cfg(unix)]
fn is_open_to_all(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_: &File) -> std::io::Result<bool> {
    Ok(false)
}
