//! Tables as offices take them: CSV that Excel opens as it is, and Excel itself.

/// With what a cell begins that a spreadsheet computes.
const COMPUTED: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A CSV file of `rows` (RFC 4180), with the mark by which Excel knows UTF-8. A cell that a spreadsheet
/// would compute is made words by an apostrophe.
pub fn csv<R, C>(rows: R) -> Vec<u8>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = C>,
    C: Into<String>,
{
    let mut file = String::from("\u{feff}");
    for row in rows {
        for (at, cell) in row.into_iter().enumerate() {
            if at > 0 {
                file.push(',');
            }
            let cell = harmless(cell.into());
            if cell.contains(['"', ',', '\n', '\r']) {
                file.push('"');
                file.push_str(&cell.replace('"', "\"\""));
                file.push('"');
            } else {
                file.push_str(&cell);
            }
        }
        file.push_str("\r\n");
    }
    file.into_bytes()
}

/// Spreadsheets compute cells that begin like a formula; an apostrophe makes them words again.
pub fn harmless(cell: String) -> String {
    match cell.starts_with(COMPUTED) {
        true => format!("'{cell}"),
        false => cell,
    }
}

/// The words of a cell again, without the apostrophe of [`harmless`].
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(COMPUTED) => rest,
        _ => cell,
    }
}

/// Why a workbook could not be written: a cell longer than Excel's 32,767 characters.
#[derive(Debug, thiserror::Error)]
#[error("the Excel workbook could not be written: {0}")]
pub struct NotWritten(#[from] rust_xlsxwriter::XlsxError);

/// A workbook with one sheet of `rows`, the first of which heads the columns. Every cell is words: nothing
/// is computed.
///
/// # Errors
/// A cell is longer than Excel takes.
pub fn excel<R, C>(sheet: &str, widths: &[f64], rows: R) -> Result<Vec<u8>, NotWritten>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = C>,
    C: Into<String>,
{
    use rust_xlsxwriter::{Format, FormatAlign, Workbook};
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    let words = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let page = book.add_worksheet().set_name(sheet)?;
    page.set_freeze_panes(1, 0)?;
    for (column, width) in (0..).zip(widths) {
        page.set_column_width(column, *width)?;
    }
    for (line, row) in (0..).zip(rows) {
        let format = if line == 0 { &head } else { &words };
        for (column, cell) in (0..).zip(row) {
            page.write_string_with_format(line, column, cell, format)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Source, Table};
    use super::*;

    #[test]
    fn a_file_opens_in_excel_as_it_is_and_computes_nothing() {
        let file = csv([["質問", "回答"], ["=1+1", "「\"」、,\n2行"]]);
        let text = String::from_utf8(file).unwrap_or_default();
        assert_eq!(text, "\u{feff}質問,回答\r\n'=1+1,\"「\"\"」、,\n2行\"\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            rows in proptest::collection::vec(proptest::array::uniform3("[ぁ-んa-z,\"=+@ -]{0,8}[ん]"), 1..6),
        ) {
            let all = || std::iter::once(["a", "b", "c"].map(str::to_owned)).chain(rows.clone());
            let book = excel("s", &[10.0], all()).unwrap_or_default();
            let (csv, book) = (Source::new("t.csv", csv(all())), Source::new("t.xlsx", book));
            let read = |source: &Source| -> Vec<Vec<String>> {
                let table = Table::read(source).map(|table| table.rows).unwrap_or_default();
                table.iter().map(|row| row.cells().to_vec()).collect()
            };
            let trimmed: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect();
            prop_assert_eq!(read(&book), trimmed);
            let plain = |cells: Vec<Vec<String>>| -> Vec<Vec<String>> {
                cells.into_iter().map(|row| row.into_iter().map(|c| c.trim_start_matches('\'').trim().to_owned()).collect()).collect()
            };
            prop_assert_eq!(plain(read(&csv)), plain(read(&book)));
        }
    }
}
