//! Numbers as a picture, with the same numbers as a table beneath it.

use askama::Template;
use askama::filters::HtmlSafe;

use super::number::thousands;

/// Width of the drawing, in its own units; it is shown as wide as there is room.
const WIDTH: u64 = 480;
/// Height of the columns.
const HEIGHT: u64 = 200;
/// Room for the words under a column and the number above it.
const WORDS: u64 = 28;

/// Room for words that are wider than the outermost columns.
const EDGE: u64 = 20;

/// Columns side by side, for what changes over time or differs by kind. In a template: `{{ chart }}`.
#[derive(Debug, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    title: String,
    unit: &'static str,
    head: &'static str,
    width: u64,
    height: u64,
    base: u64,
    edge: u64,
    columns: Vec<Column>,
    summary: String,
}

#[derive(Debug)]
struct Column {
    label: String,
    value: String,
    /// What stands above the column: its number, or a dash.
    above: String,
    x: u64,
    y: u64,
    width: u64,
    height: u64,
    middle: u64,
    /// Its label and number are written under it; where columns are many, not every one's are.
    written: bool,
}

impl Chart {
    /// `title` says what is counted, `head` what the columns are (「月」), `unit` what a number is of (「人」).
    pub fn columns(
        title: impl Into<String>,
        head: &'static str,
        unit: &'static str,
        values: &[(String, u64)],
    ) -> Self {
        let values: Vec<(String, Option<u64>, &str)> = values
            .iter()
            .map(|(label, value)| (label.clone(), Some(*value), ""))
            .collect();
        Self::columns_with_gaps(title, head, unit, &values)
    }

    /// As [`Chart::columns`], of values that may not all be told: in the place of one that is not stands
    /// the word beside it, without a column.
    pub fn columns_with_gaps(
        title: impl Into<String>,
        head: &'static str,
        unit: &'static str,
        values: &[(String, Option<u64>, &str)],
    ) -> Self {
        let most = values
            .iter()
            .filter_map(|(_, value, _)| *value)
            .max()
            .unwrap_or(0)
            .max(1);
        let count = u64::try_from(values.len()).unwrap_or(u64::MAX).max(1);
        let step = (WIDTH / count).max(1);
        let every = count.div_ceil(6);
        let columns = (0..)
            .zip(values)
            .map(|(at, (label, value, gap))| {
                let height = value.unwrap_or(0) * HEIGHT / most;
                Column {
                    label: label.clone(),
                    value: value.map_or_else(|| (*gap).to_owned(), thousands),
                    above: value.map_or_else(|| "−".to_owned(), thousands),
                    x: at * step + step / 6,
                    y: WORDS + HEIGHT - height,
                    width: (step * 2 / 3).max(1),
                    height,
                    middle: at * step + step / 2,
                    written: (count - 1 - at).is_multiple_of(every),
                }
            })
            .collect();
        Self {
            title: title.into(),
            unit,
            head,
            width: WIDTH,
            height: HEIGHT + 2 * WORDS,
            base: WORDS + HEIGHT,
            edge: EDGE,
            columns,
            summary: summary(values, unit),
        }
    }
}

// It draws its values escaped.
impl HtmlSafe for Chart {}

/// What the picture shows, for who does not see it.
fn summary(values: &[(String, Option<u64>, &str)], unit: &str) -> String {
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return "まだ数がありません。".to_owned();
    };
    let said = |(label, value, gap): &(String, Option<u64>, &str)| match value {
        Some(value) => format!("{label}は{}{unit}", thousands(*value)),
        None => format!("{label}は{gap}"),
    };
    format!(
        "{}、{}。すべての数は下の表にあります。",
        said(first),
        said(last)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_column_fills_the_picture_and_labels_never_crowd() {
        let values: Vec<(String, u64)> = (1..=24).map(|n| (format!("{n}月"), n * 10)).collect();
        let chart = Chart::columns("友だち", "月", "人", &values);
        assert_eq!(
            chart.columns.last().map(|c| (c.y, c.height)),
            Some((WORDS, HEIGHT))
        );
        assert_eq!(chart.columns.iter().filter(|c| c.written).count(), 6);
        assert!(chart.columns.iter().all(|c| c.x + c.width <= WIDTH));
        let html = Chart::columns("<友だち>", "月", "人", &[]).to_string();
        assert!(
            html.contains("まだ数がありません") && !html.contains("<友だち>"),
            "{html}"
        );
    }
}
