//! Where cells lie: rows of names, a name repeated spans, `.` stays empty.

use std::collections::BTreeMap;

use crate::line::rich_menu::{Bounds, Size};

/// Margin around the cells, and between two.
pub(super) const MARGIN: u32 = 44;
const GAP: u32 = 32;

/// Places named cells under the first `top` pixels of a picture.
///
/// # Errors
/// A row is longer or shorter than the first, or a cell is no rectangle.
pub(super) fn place(
    rows: &[Vec<String>],
    size: Size,
    top: u32,
) -> Result<BTreeMap<String, Bounds>, String> {
    let columns = rows.first().map_or(0, Vec::len);
    if columns == 0 || rows.iter().any(|row| row.len() != columns) {
        return Err("`rows` must all have the same number of cells, at least one".to_owned());
    }
    let mut spans: BTreeMap<&str, (usize, usize, usize, usize, usize)> = BTreeMap::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, name) in row.iter().enumerate().filter(|(_, name)| *name != ".") {
            let span = spans.entry(name).or_insert((x, y, x, y, 0));
            *span = (
                span.0.min(x),
                span.1.min(y),
                span.2.max(x),
                span.3.max(y),
                span.4 + 1,
            );
        }
    }
    spans
        .into_iter()
        .map(|(name, (left, upper, right, lower, count))| {
            if (right - left + 1) * (lower - upper + 1) != count {
                return Err(format!("`{name}` is no rectangle in `rows`"));
            }
            let (x, width) = stretch(size.width, 0, columns, left, right);
            let (y, height) = stretch(size.height, top, rows.len(), upper, lower);
            let bounds = Bounds {
                x,
                y,
                width,
                height,
            };
            Ok((name.to_owned(), bounds))
        })
        .collect()
}

/// The pixels of the parts `first` to `last` of `parts` between `start` and `end`.
fn stretch(end: u32, start: u32, parts: usize, first: usize, last: usize) -> (u32, u32) {
    let pixel = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let inner = end.saturating_sub(start + 2 * MARGIN) + GAP;
    let edge = |n: usize| start + MARGIN + inner * pixel(n) / pixel(parts);
    let from = edge(first);
    (from, (edge(last + 1) - from).saturating_sub(GAP))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        width: 2500,
        height: 1686,
    };

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|row| row.split(' ').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn a_repeated_name_spans_and_nothing_overlaps_or_reaches_out() {
        let placed = place(&rows("a a b\nc . b"), SIZE, 200).unwrap_or_default();
        assert_eq!(placed.len(), 3);
        let (a, b, c) = (placed["a"], placed["b"], placed["c"]);
        assert_eq!((a.x, a.y), (44, 244));
        assert!(a.width > 2 * c.width);
        assert_eq!(b.x + b.width, 2500 - 44);
        assert_eq!(b.y + b.height, 1686 - 44);
        assert_eq!(c.x, a.x);
        assert_eq!(a.y + a.height + GAP, c.y);
    }

    #[test]
    fn ragged_rows_and_torn_cells_are_refused() {
        assert!(place(&rows("a b\nc"), SIZE, 0).is_err_and(|e| e.contains("same number")));
        assert!(place(&rows("a b\nb a"), SIZE, 0).is_err_and(|e| e.contains("`a`")));
        assert!(place(&[], SIZE, 0).is_err());
    }
}
