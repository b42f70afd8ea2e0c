//! A folder sent as one ZIP file.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::table::Source;

/// Most files in an archive.
const MOST_FILES: usize = 100;
/// Most bytes that all files may come to. A kilobyte of ZIP can unpack to gigabytes.
const MOST_BYTES: u64 = 20 * 1024 * 1024;

/// Why an archive is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotUnpacked {
    /// The bytes are no ZIP file, or one that was cut off.
    #[error("the file is no ZIP archive, or it is damaged")]
    NotAnArchive,
    /// A name leads out of the folder.
    #[error("the archive has a file called `{0}`, which leads out of its folder")]
    LeadsOut(String),
    /// More files than an upload may have.
    #[error("the archive has more than {MOST_FILES} files")]
    TooMany,
    /// More bytes, once unpacked, than an upload may have.
    #[error("unpacked, the archive has more than {} MB", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// It wants a password, or is packed in a way nobody uses.
    #[error("`{0}` in the archive cannot be read; is there a password on it?")]
    Unreadable(String),
}

/// The CSV files of a ZIP archive, by their names without folders. Everything else in it is left alone.
///
/// # Errors
/// See [`NotUnpacked`].
pub fn unpack(archive: &Source) -> Result<Vec<Source>, NotUnpacked> {
    let mut zip =
        ZipArchive::new(Cursor::new(&archive.bytes)).map_err(|_| NotUnpacked::NotAnArchive)?;
    if zip.len() > MOST_FILES {
        return Err(NotUnpacked::TooMany);
    }
    let mut left = MOST_BYTES;
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let unreadable = |at: usize| NotUnpacked::Unreadable(format!("{}", at + 1));
        let file = zip.by_index(at).map_err(|_| unreadable(at))?;
        // Folders may be called in Shift_JIS, the files that are read never.
        let path = String::from_utf8_lossy(file.name_raw()).replace('\\', "/");
        if path.starts_with('/') || path.contains(':') || path.split('/').any(|part| part == "..") {
            return Err(NotUnpacked::LeadsOut(path));
        }
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        // What a Mac adds beside each file has its name, but not its content.
        let beside = path.starts_with("__MACOSX/") || name.starts_with('.');
        if !file.is_file() || beside || !name.to_lowercase().ends_with(".csv") {
            continue;
        }
        let mut bytes = Vec::new();
        // The size an archive names is its writer's word; what is read is counted.
        file.take(left + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| NotUnpacked::Unreadable(name.clone()))?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or(NotUnpacked::TooLarge)?;
        files.push(Source::new(name, bytes));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Source {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        Source::new("garbage.zip", zip.finish().unwrap().into_inner())
    }

    #[test]
    fn the_csv_files_of_any_folder_come_out_by_name() {
        let archive = packed(&[
            ("ごみ/target.csv", b"2"),
            ("ごみ/area_days.csv", b"1"),
            ("ごみ/読んでください.txt", b"x"),
            ("__MACOSX/ごみ/._area_days.csv", b"x"),
        ]);
        let names: Vec<_> = unpack(&archive).unwrap();
        assert_eq!(
            names,
            [
                Source::new("area_days.csv", "1"),
                Source::new("target.csv", "2")
            ]
        );
    }

    #[test]
    fn what_would_do_harm_is_refused() {
        assert_eq!(
            unpack(&Source::new("a.zip", "area_days")),
            Err(NotUnpacked::NotAnArchive)
        );
        for name in [
            "../area_days.csv",
            "a/../../area_days.csv",
            "a\\..\\b.csv",
            "/etc/a.csv",
            "C:a.csv",
        ] {
            let refused = unpack(&packed(&[(name, b"1")]));
            assert!(
                matches!(refused, Err(NotUnpacked::LeadsOut(_))),
                "{name}: {refused:?}"
            );
        }
        let bomb = vec![b'0'; 15 * 1024 * 1024];
        let archive = packed(&[("a.csv", &bomb), ("b.csv", &bomb)]);
        assert!(archive.bytes.len() < 100_000, "{}", archive.bytes.len());
        assert_eq!(unpack(&archive), Err(NotUnpacked::TooLarge));
        let many: Vec<String> = (0..=MOST_FILES).map(|n| format!("{n}.csv")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
        assert_eq!(unpack(&packed(&many)), Err(NotUnpacked::TooMany));
    }
}
