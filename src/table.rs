//! Tables as towns publish them: CSV files in whatever encoding the office's program wrote, and Excel
//! workbooks; which of the two a file is, its first bytes say, not its name.

mod fault;
mod workbook;
mod written;

pub use fault::Fault;
pub use written::{NotWritten, csv, excel, harmless, plain};

use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization;

/// A file somebody handed in: its bytes, and the name by which findings call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's name as its owner knows it, for instance `faq.csv`.
    pub name: String,
    /// What is in it, not yet decoded.
    pub bytes: Vec<u8>,
}

/// Something in a file that a person has to put right, printed `FILE:LINE[:COLUMN]: message`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}{}: {fault}", column.map(|c| format!(":{c}")).unwrap_or_default())]
pub struct Finding<F = Fault> {
    /// The file's name.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: u64,
    /// The column of the table, counted from 1, when one cell is at fault.
    pub column: Option<usize>,
    /// What was found and what was expected instead.
    pub fault: F,
}

/// What becomes of files that have findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Nothing is imported.
    #[default]
    Strict,
    /// What has no finding is imported.
    Lenient,
}

/// The bytes are in none of the encodings that towns use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("the text is not readable from here on; save the file as CSV in UTF-8 or Shift_JIS")]
pub struct Undecodable {
    /// The line, counted from 1, up to which the most fitting encoding could be read.
    pub line: u64,
}

/// A file's header and the rows under it, without the blank ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    headings: Vec<String>,
    /// The rows, in the file's order.
    pub rows: Vec<Row>,
}

/// One row of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    cells: Vec<String>,
}

impl Source {
    /// A source from its name and its bytes.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }

    /// The text of the file, or the finding that says why there is none.
    ///
    /// # Errors
    /// [`decode`] could not read it.
    pub fn text(&self) -> Result<String, Finding> {
        decode(&self.bytes).map_err(|e| self.fault(e.line, None, Fault::Undecodable(e)))
    }

    /// The rows of the CSV file, or of the workbook's first sheet, a header among them if it has one;
    /// blank rows are left out.
    ///
    /// # Errors
    /// The text is undecodable, a quotation mark is never closed, or the workbook is none or too large.
    pub fn rows(&self) -> Result<Vec<Row>, Finding> {
        if workbook::is_workbook(&self.bytes) {
            return workbook::rows(self);
        }
        let text = self.text()?.replace("\r\n", "\n").replace('\r', "\n");
        rows_of(&text, self)
    }

    /// A finding in this file, in words of its own.
    pub fn finding(&self, line: u64, column: Option<usize>, message: impl Into<String>) -> Finding {
        self.fault(line, column, Fault::Other(message.into()))
    }

    /// A finding in this file.
    pub fn fault<F>(&self, line: u64, column: Option<usize>, fault: F) -> Finding<F> {
        Finding {
            file: self.name.clone(),
            line,
            column,
            fault,
        }
    }
}

impl<F> Finding<F> {
    /// The same finding, where tables of one kind have faults of their own.
    pub fn map<G>(self, of: impl FnOnce(F) -> G) -> Finding<G> {
        Finding {
            file: self.file,
            line: self.line,
            column: self.column,
            fault: of(self.fault),
        }
    }
}

impl Table {
    /// Reads a CSV file whose first row is its header.
    ///
    /// # Errors
    /// The text is undecodable, there is no header, a row has not as many cells as the header, or a
    /// quotation mark is never closed and would swallow the rest of the file.
    pub fn read(source: &Source) -> Result<Self, Vec<Finding>> {
        let mut rows = source.rows().map_err(|f| vec![f])?;
        if rows.is_empty() {
            return Err(vec![source.fault(1, None, Fault::Empty)]);
        }
        let headings: Vec<String> = rows.remove(0).cells.iter().map(|c| heading(c)).collect();
        let mut findings = Vec::new();
        for row in &mut rows {
            while row.cells.len() > headings.len() && row.cells.last().is_some_and(String::is_empty)
            {
                row.cells.pop();
            }
            if row.cells.len() != headings.len() {
                let (found, expected) = (row.cells.len(), headings.len());
                findings.push(source.fault(row.line, None, Fault::Cells { found, expected }));
            }
        }
        if findings.is_empty() {
            Ok(Self { headings, rows })
        } else {
            Err(findings)
        }
    }

    /// The column under one of `names`, whatever its width of letters, spaces and brackets.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.headings
            .iter()
            .position(|h| names.iter().any(|n| heading(n) == *h))
    }
}

impl Row {
    /// The cell in `column`, without the blanks around it.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Every cell, without the blanks around it.
    pub fn cells(&self) -> &[String] {
        &self.cells
    }
}

fn rows_of(text: &str, source: &Source) -> Result<Vec<Row>, Finding> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| source.finding(1, None, e.to_string()))?;
        let (line, byte) = record.position().map_or((1, 0), |p| (p.line(), p.byte()));
        // The reader counts the blank lines before a row as part of it.
        let start = usize::try_from(byte).unwrap_or(text.len());
        let blank = text[start..].bytes().take_while(|b| *b == b'\n').count() as u64;
        let cells: Vec<String> = record.iter().map(|c| c.trim().to_owned()).collect();
        if cells.iter().any(|c| !c.is_empty()) {
            rows.push(Row {
                line: line + blank,
                cells,
            });
        }
    }
    if let Some(last) = rows.last().filter(|_| text.matches('"').count() % 2 == 1)
        && last.cells.iter().any(|c| c.contains('\n'))
    {
        return Err(source.fault(last.line, None, Fault::OpenQuotation));
    }
    Ok(rows)
}

/// A heading in comparable form: offices differ in width, spaces, brackets and underscores.
fn heading(text: &str) -> String {
    text.nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text in `bytes`, without its byte order mark. A mark decides (UTF-8, UTF-16); without one the
/// text is UTF-8 if all of it can be, else Windows-31J (what Japanese programs call Shift_JIS).
///
/// # Errors
/// No encoding reads every byte. Nothing is ever replaced by `�`, and a NUL is no text.
///
/// ```
/// use kairan::table::decode;
/// assert_eq!(decode(b"\xEF\xBB\xBF\xE3\x81\x82"), Ok("あ".to_owned()));
/// assert_eq!(decode(b"\x82\xA0"), Ok("あ".to_owned()));
/// assert!(decode(b"\xFF").is_err());
/// ```
pub fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        debug_assert!([UTF_8, UTF_16LE, UTF_16BE].contains(&encoding));
        return decode_strictly(&bytes[mark..], encoding);
    }
    decode_strictly(bytes, UTF_8).or_else(|as_utf8| {
        decode_strictly(bytes, SHIFT_JIS).map_err(|as_shift_jis| Undecodable {
            line: as_utf8.line.max(as_shift_jis.line),
        })
    })
}

fn decode_strictly(bytes: &[u8], encoding: &'static Encoding) -> Result<String, Undecodable> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.unwrap_or(bytes.len()));
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    let readable = match result {
        DecoderResult::InputEmpty => text.find('\0').unwrap_or(text.len()),
        DecoderResult::Malformed(..) | DecoderResult::OutputFull => {
            return Err(Undecodable {
                line: line_at_end(&text),
            });
        }
    };
    if readable < text.len() {
        return Err(Undecodable {
            line: line_at_end(&text[..readable]),
        });
    }
    Ok(text)
}

fn line_at_end(text: &str) -> u64 {
    1 + text.matches('\n').count() as u64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_japanese_programs_write_is_read() {
        // 髙 ① and ㈱ exist in Windows-31J only, not in the Shift_JIS of the standard.
        let (shift_jis, _, lost) = SHIFT_JIS.encode("髙橋①㈱～ｱ");
        assert!(!lost);
        assert_eq!(decode(&shift_jis), Ok("髙橋①㈱～ｱ".to_owned()));
        assert_eq!(decode(b"\xFF\xFE\x42\x30\x0A\x00"), Ok("あ\n".to_owned()));
        assert_eq!(decode(b"\xFE\xFF\x30\x42"), Ok("あ".to_owned()));
        assert_eq!(decode(b""), Ok(String::new()));
    }

    #[test]
    fn a_broken_file_is_refused_with_its_line() {
        let mut half_good = "名前\nごみ\n".as_bytes().to_vec();
        half_good.push(0xE3);
        assert_eq!(decode(&half_good), Err(Undecodable { line: 3 }));
        assert_eq!(
            decode(b"\xFF\xFE\x00\xD8"),
            Err(Undecodable { line: 1 }),
            "half a pair"
        );
        assert_eq!(
            decode(b"a\nb,\0c"),
            Err(Undecodable { line: 2 }),
            "UTF-16 without its mark"
        );
        let finding = Source::new("faq.csv", half_good).text();
        assert!(finding.is_err_and(|f| f.to_string().starts_with("faq.csv:3: ")));
    }

    fn read(text: &str) -> Result<Table, Vec<String>> {
        Table::read(&Source::new("t.csv", text))
            .map_err(|found| found.iter().map(Finding::to_string).collect())
    }

    #[test]
    fn a_table_keeps_the_lines_of_its_rows() {
        let table = read("名称,（緯度）\r\n\r\nA,1\r\n,,\r\n\"B\r\nb\",2,,\r\n\nC,3").unwrap();
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|r| (r.line, r.cell(0), r.cell(1)))
            .collect();
        assert_eq!(rows, [(3, "A", "1"), (5, "B\nb", "2"), (8, "C", "3")]);
        assert_eq!(table.column(&["緯 度"]), Some(1));
        assert_eq!(table.column(&["経度"]), None);
    }

    #[test]
    fn a_table_that_would_lose_cells_is_refused() {
        assert_eq!(read("").unwrap_err().len(), 1);
        let faults = read("a,b\n1,2\n1,2,3\n1\n").unwrap_err();
        assert!(faults[0].starts_with("t.csv:3: 3 cells"), "{faults:?}");
        assert!(faults[1].starts_with("t.csv:4: 1 cells"), "{faults:?}");
        let open = read("a,b\n1,\"2\n3,4\n5,6\n").unwrap_err();
        assert!(open[0].starts_with("t.csv:2: a quotation mark"), "{open:?}");
    }

    proptest! {
        #[test]
        fn text_survives_every_unicode_encoding(text in "[^\u{0}\u{FEFF}]{0,60}") {
            prop_assert_eq!(decode(text.as_bytes()), Ok(text.clone()));
            let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
            prop_assert_eq!(decode(&marked), Ok(text.clone()));
            let little: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            prop_assert_eq!(decode(&little), Ok(text.clone()));
            let big: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
            prop_assert_eq!(decode(&big), Ok(text));
        }

        // Two kana at least: some two-byte Shift_JIS sequences alone are also UTF-8.
        #[test]
        fn japanese_survives_shift_jis(text in "ごみ[ぁ-んァ-ヶ一-七、。０-９]{0,40}") {
            let (bytes, _, lost) = SHIFT_JIS.encode(&text);
            prop_assume!(!lost);
            prop_assert_eq!(decode(&bytes), Ok(text));
        }

        #[test]
        fn no_bytes_are_too_odd_to_be_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(text) = decode(&bytes) {
                prop_assert!(!text.contains('\0'));
            }
        }
    }
}
