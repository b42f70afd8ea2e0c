//! What one text has that another has not, line by line.

/// Unchanged lines shown around a change.
const AROUND: usize = 2;
/// Most cells of the table that finds the longest common part; beyond, everything counts as changed.
const CELLS: usize = 1_000_000;

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// In both.
    Same(String),
    /// Only in the old one.
    Gone(String),
    /// Only in the new one.
    New(String),
    /// So many lines that are in both are left out.
    Gap(usize),
}

/// Compares; nothing, if they are the same.
pub(super) fn diff(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    if old == new {
        return Vec::new();
    }
    let begin = common(old.iter(), new.iter());
    let end = common(old[begin..].iter().rev(), new[begin..].iter().rev());
    let same = |line: &&str| Line::Same((*line).to_owned());
    let middle = changed(&old[begin..old.len() - end], &new[begin..new.len() - end]);
    let whole = old[..begin].iter().map(same);
    let whole = whole.chain(middle);
    let whole: Vec<Line> = whole
        .chain(old[old.len() - end..].iter().map(same))
        .collect();
    shortened(whole)
}

fn common<'a>(
    one: impl Iterator<Item = &'a &'a str>,
    other: impl Iterator<Item = &'a &'a str>,
) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// By the longest common part (Hunt, Szymanski).
fn changed(old: &[&str], new: &[&str]) -> Vec<Line> {
    let gone = |line: &&str| Line::Gone((*line).to_owned());
    let added = |line: &&str| Line::New((*line).to_owned());
    if old.len().saturating_mul(new.len()) > CELLS {
        return old.iter().map(gone).chain(new.iter().map(added)).collect();
    }
    // How long the longest common part of what is left of both is.
    let mut longest = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for at in (0..old.len()).rev() {
        for beside in (0..new.len()).rev() {
            longest[at][beside] = match old[at] == new[beside] {
                true => longest[at + 1][beside + 1] + 1,
                false => longest[at + 1][beside].max(longest[at][beside + 1]),
            };
        }
    }
    let (mut at, mut beside) = (0, 0);
    let mut lines = Vec::new();
    while at < old.len() && beside < new.len() {
        if old[at] == new[beside] {
            lines.push(Line::Same(old[at].to_owned()));
            (at, beside) = (at + 1, beside + 1);
        } else if longest[at + 1][beside] >= longest[at][beside + 1] {
            lines.push(gone(&old[at]));
            at += 1;
        } else {
            lines.push(added(&new[beside]));
            beside += 1;
        }
    }
    lines.extend(old[at..].iter().map(gone));
    lines.extend(new[beside..].iter().map(added));
    lines
}

/// Without what is far from any change.
fn shortened(lines: Vec<Line>) -> Vec<Line> {
    let changes: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Same(_)))
        .map(|(at, _)| at)
        .collect();
    let near = |at: usize| {
        let next = changes.partition_point(|change| *change + AROUND < at);
        changes
            .get(next)
            .is_some_and(|change| *change <= at + AROUND)
    };
    let mut shown = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        match (near(at), shown.last_mut()) {
            (true, _) => shown.push(line),
            (false, Some(Line::Gap(left_out))) => *left_out += 1,
            (false, _) => shown.push(Line::Gap(1)),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `diff` of Unix prints it, with a number where lines are left out.
    fn told(old: &str, new: &str) -> String {
        let told = diff(old, new).into_iter().map(|line| match line {
            Line::Same(text) => format!(" {text}"),
            Line::Gone(text) => format!("-{text}"),
            Line::New(text) => format!("+{text}"),
            Line::Gap(lines) => format!("={lines}"),
        });
        told.collect::<Vec<_>>().join(",")
    }

    #[test]
    fn what_changed_stands_between_what_is_around_it() {
        for (old, new, says) in [
            ("a\nb", "a\nb\n", ""),
            ("", "a\nb", "+a,+b"),
            ("a\nb", "", "-a,-b"),
            ("a\nb\nc", "a\nx\nc", " a,-b,+x, c"),
            (
                "1\n2\n3\n4\n5\n6\n7\n8",
                "1\n2\n3\n4\nx\n6\n7\n8",
                "=2, 3, 4,-5,+x, 6, 7,=1",
            ),
            ("a\nb\nc\nd", "b\nc\nd\ne", "-a, b, c, d,+e"),
        ] {
            assert_eq!(told(old, new), says);
        }
    }

    #[test]
    fn the_new_one_can_be_read_off() {
        let old: String = (0..300).map(|n| format!("{}\n", n % 7)).collect();
        let new: String = (0..300).map(|n| format!("{}\n", n % 5)).collect();
        let lines = diff(&old, &new);
        let mut left_out = 0;
        let mut read = Vec::new();
        for line in lines {
            match line {
                Line::Same(text) | Line::New(text) => read.push(text),
                Line::Gap(lines) => left_out += lines,
                Line::Gone(_) => {}
            }
        }
        assert_eq!(read.len() + left_out, 300);
        // More than is compared line by line.
        let long = "x\n".repeat(2_000);
        let other = "y\n".repeat(2_000);
        assert_eq!(diff(&long, &other).len(), 4_000);
    }
}
