//! Numbers of several kinds over time, piled up in columns: a picture with its legend, and the same numbers
//! as a table beneath it. Kinds differ by pattern as well as by colour.

use askama::Template;
use askama::filters::HtmlSafe;

use super::number::thousands;

/// Width of the columns together, in the drawing's own units.
const WIDTH: u64 = 480;
/// Height of the highest one.
const HEIGHT: u64 = 180;
/// Room to the left, for the numbers beside the lines.
const LEFT: u64 = 56;
/// Room over the highest line, and to the right of the last label.
const EDGE: u64 = 24;
/// Room for the labels beneath.
const BELOW: u64 = 30;
/// A column is no wider than this, however few there are.
const WIDEST: u64 = 48;
/// Labels there is room for.
const LABELS: u64 = 5;

/// How a kind is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What went well: plain.
    Good,
    /// What was refused: hatched.
    Wrong,
    /// What nobody knows: dotted.
    Unsure,
    /// What was not done: empty, with a rim.
    Blank,
}

/// Columns of kinds piled up. In a template: `{{ stack }}`.
#[derive(Debug, Template)]
#[template(path = "components/stack.html")]
pub struct Stack {
    title: String,
    unit: &'static str,
    head: &'static str,
    kinds: Vec<Kind>,
    columns: Vec<Column>,
    lines: Vec<Line>,
    summary: String,
    left: u64,
    width: u64,
    height: u64,
    base: u64,
}

/// A column to be drawn: its label, its number of each kind, and a number that only the table has.
pub type Piled = (String, Vec<u64>, u64);

#[derive(Debug)]
struct Kind {
    name: &'static str,
    tone: Tone,
    total: u64,
}

#[derive(Debug)]
struct Column {
    label: String,
    values: Vec<u64>,
    beside: u64,
    parts: Vec<Part>,
    x: u64,
    width: u64,
    middle: u64,
    written: bool,
}

#[derive(Debug)]
struct Part {
    tone: Tone,
    y: u64,
    height: u64,
}

/// A line across, at a round number.
#[derive(Debug)]
struct Line {
    y: u64,
    number: u64,
}

impl Stack {
    /// `title` says what is counted, `head` what the columns are (「時刻」), `unit` what a number is of (「人」).
    /// Kinds of which there is nothing are left out.
    pub fn new(
        title: impl Into<String>,
        head: &'static str,
        unit: &'static str,
        kinds: &[(&'static str, Tone)],
        piles: &[Piled],
    ) -> Self {
        let total = |kind: usize| {
            piles
                .iter()
                .filter_map(|(_, values, _)| values.get(kind))
                .sum()
        };
        let there: Vec<(usize, Kind)> = kinds
            .iter()
            .enumerate()
            .map(|(at, (name, tone))| {
                (
                    at,
                    Kind {
                        name,
                        tone: *tone,
                        total: total(at),
                    },
                )
            })
            .filter(|(_, kind)| kind.total > 0)
            .collect();
        let highest = piles
            .iter()
            .map(|(_, values, _)| values.iter().sum::<u64>());
        let (step, top) = scale(highest.max().unwrap_or(0));
        let y = |number: u64| EDGE + HEIGHT - number * HEIGHT / top;
        let count = u64::try_from(piles.len()).unwrap_or(u64::MAX).max(1);
        let pitch = (WIDTH / count).max(1);
        let width = (pitch * 4 / 5).clamp(1, WIDEST);
        let every = count.div_ceil(LABELS);
        let columns = (0..).zip(piles).map(|(at, (label, values, beside))| {
            let mut below = 0;
            let values: Vec<u64> = there
                .iter()
                .filter_map(|(kind, _)| values.get(*kind).copied())
                .collect();
            let parts = there
                .iter()
                .zip(&values)
                .filter(|(_, value)| **value > 0)
                .map(|((_, kind), value)| {
                    let bottom = y(below);
                    below += value;
                    // However few: it can be seen.
                    let height = (bottom - y(below)).max(2);
                    Part {
                        tone: kind.tone,
                        y: bottom.saturating_sub(height),
                        height,
                    }
                });
            Column {
                parts: parts.collect(),
                label: label.clone(),
                values,
                beside: *beside,
                x: LEFT + at * pitch + (pitch - width.min(pitch)) / 2,
                width,
                middle: LEFT + at * pitch + pitch / 2,
                written: at.is_multiple_of(every),
            }
        });
        let columns: Vec<Column> = columns.collect();
        let kinds: Vec<Kind> = there.into_iter().map(|(_, kind)| kind).collect();
        Self {
            summary: summary(&kinds, piles, unit),
            title: title.into(),
            unit,
            head,
            kinds,
            columns,
            lines: (1..=top / step)
                .map(|n| Line {
                    y: y(n * step),
                    number: n * step,
                })
                .collect(),
            left: LEFT,
            width: LEFT + WIDTH + EDGE,
            height: EDGE + HEIGHT + BELOW,
            base: EDGE + HEIGHT,
        }
    }
}

impl Stack {
    fn number(&self, number: &u64) -> String {
        thousands(*number)
    }
}

impl Tone {
    /// Its name in the stylesheet, and of its pattern.
    fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Wrong => "wrong",
            Self::Unsure => "unsure",
            Self::Blank => "blank",
        }
    }
}

// It draws its values escaped.
impl HtmlSafe for Stack {}

/// A round number from line to line, and the one at the top: two to five lines.
fn scale(highest: u64) -> (u64, u64) {
    let mut decade = 1;
    loop {
        for round in [1, 2, 5] {
            let step = decade * round;
            if highest <= step * 4 {
                return (step, highest.div_ceil(step).max(1) * step);
            }
        }
        decade *= 10;
    }
}

/// What the picture shows, for who does not see it.
fn summary(kinds: &[Kind], piles: &[Piled], unit: &str) -> String {
    let (Some((first, ..)), Some((last, ..))) = (piles.first(), piles.last()) else {
        return "まだ数がありません。".to_owned();
    };
    let told = kinds
        .iter()
        .map(|kind| format!("{}{}{unit}", kind.name, thousands(kind.total)));
    let told: Vec<String> = told.collect();
    let told = told.join("、");
    match first == last {
        true => format!("{first}に、{told}。すべての数は下の表にあります。"),
        false => format!("{first}から{last}までに、{told}。すべての数は下の表にあります。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [(&str, Tone); 3] = [
        ("受け付けた", Tone::Good),
        ("断った", Tone::Wrong),
        ("不明", Tone::Unsure),
    ];

    #[test]
    fn lines_stand_at_round_numbers() {
        for (highest, scaled) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (4, (1, 4)),
            (5, (2, 6)),
            (500, (200, 600)),
            (20_000, (5_000, 20_000)),
        ] {
            assert_eq!(scale(highest), scaled, "{highest}");
        }
    }

    #[test]
    fn what_is_piled_up_stays_in_the_picture_and_labels_never_crowd() {
        let piles: Vec<Piled> = (0..60)
            .map(|n| (format!("10:{n:02}"), vec![n * 100, 0, n % 3], n))
            .collect();
        let stack = Stack::new("届いた人", "時刻", "人", &KINDS, &piles);
        let names: Vec<_> = stack.kinds.iter().map(|kind| kind.name).collect();
        assert_eq!(names, ["受け付けた", "不明"]);
        assert!(stack.columns.iter().filter(|column| column.written).count() <= 5);
        assert!(
            stack
                .columns
                .iter()
                .all(|column| column.x + column.width <= LEFT + WIDTH)
        );
        let parts = stack.columns.iter().flat_map(|column| &column.parts);
        assert!(
            parts
                .clone()
                .all(|part| part.y + part.height <= EDGE + HEIGHT && part.height >= 2)
        );
        let html = stack.to_string();
        assert!(
            html.contains("10:00から10:59までに、受け付けた177,000人、不明60人。"),
            "{html}"
        );
    }

    #[test]
    fn nothing_to_show_is_said() {
        let html = Stack::new("<届いた人>", "時刻", "人", &KINDS, &[]).to_string();
        assert!(
            html.contains("まだ数がありません") && !html.contains("<届いた人>"),
            "{html}"
        );
    }
}
