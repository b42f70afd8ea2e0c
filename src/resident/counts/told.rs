//! What of a number of people may be told, so that nobody is recognised in it.
//!
//! A number of fewer than [`FEWEST`] is told as that only. Where a whole is told beside its parts, what
//! the parts told leave over would be the number not told; so further parts are withheld, the smallest
//! first, until every number not told may still be any from none to [`FEWEST`] - 1.

/// Fewest people a number told may be of. Operating policies ask it of statistics: 004 個人情報 3 「統計」.
pub const FEWEST: u64 = 10;

/// A number of people, as far as it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// So many; at least [`FEWEST`].
    Number(u64),
    /// Fewer than [`FEWEST`], perhaps nobody.
    Few,
    /// At least [`FEWEST`]; how many would give away another number.
    Withheld,
}

impl Told {
    /// A number by itself, beside no whole that it is part of.
    pub fn of(number: u64) -> Self {
        match number < FEWEST {
            true => Self::Few,
            false => Self::Number(number),
        }
    }

    /// The number, if it is told.
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Few | Self::Withheld => None,
        }
    }
}

/// Everything of one whole, part by part, to be told beside the whole. `None` when the whole is so small
/// that any word of its parts would tell too much.
pub(super) fn parts(parts: &[u64]) -> Option<Vec<Told>> {
    let whole: u64 = parts.iter().sum();
    if whole < FEWEST {
        return None;
    }
    let mut told: Vec<Told> = parts.iter().map(|part| Told::of(*part)).collect();
    let few: Vec<u64> = parts
        .iter()
        .copied()
        .filter(|part| *part < FEWEST)
        .collect();
    if few.is_empty() {
        return Some(told);
    }
    let mut by_size: Vec<usize> = (0..parts.len()).collect();
    by_size.sort_by_key(|at| parts[*at]);
    let mut larger = by_size.into_iter().skip(few.len()).peekable();
    // What the parts told leave over of the whole, and among how many parts withheld.
    let (mut left, mut withheld) = (few.iter().sum::<u64>(), 0);
    loop {
        let smallest_told = larger.peek().map(|at| parts[*at]);
        if is_open(left, few.len() as u64, withheld, smallest_told) {
            return Some(told);
        }
        let at = larger.next()?;
        left += parts[at];
        withheld += 1;
        told[at] = Told::Withheld;
    }
}

/// Whether each of `few` parts may be any number below [`FEWEST`], for who knows that together with
/// `withheld` larger parts, none of them larger than the smallest told, they are `left` people.
fn is_open(left: u64, few: u64, withheld: u64, smallest_told: Option<u64>) -> bool {
    const MOST: u64 = FEWEST - 1;
    let others = MOST * (few - 1);
    let least_withheld = FEWEST * withheld;
    let may_be_most = left >= least_withheld + MOST;
    let most_withheld = match (withheld, smallest_told) {
        (0, _) => Some(0),
        (_, Some(smallest)) => Some(withheld * smallest),
        (_, None) => None,
    };
    let may_be_none = most_withheld.is_none_or(|most| left <= most + others);
    may_be_most && may_be_none
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every number that the part `at` may be, for who sees the whole and `told`, found by trying.
    fn possible(whole: u64, told: &[Told], at: usize) -> Vec<u64> {
        let shown: Vec<u64> = told.iter().filter_map(|t| t.number()).collect();
        let left = whole - shown.iter().sum::<u64>();
        let ceiling = shown.iter().copied().min().unwrap_or(left);
        let (mut least, mut most) = (0, 0);
        for (other, told) in told.iter().enumerate() {
            match told {
                _ if other == at => {}
                Told::Number(_) => {}
                Told::Few => most += FEWEST - 1,
                Told::Withheld => {
                    least += FEWEST;
                    most += ceiling;
                }
            }
        }
        (0..FEWEST)
            .filter(|n| *n + least <= left && left <= *n + most)
            .collect()
    }

    #[test]
    fn a_whole_does_not_give_away_its_smallest_part() {
        use Told::{Few, Number, Withheld};
        // 103 - 100 would be 3.
        assert_eq!(parts(&[100, 3, 50]), Some(vec![Number(100), Few, Withheld]));
        // Of 5 and 9, each may be from 0 to 9, as 14 - 9 is 5: not 0. So a third is withheld.
        assert_eq!(
            parts(&[5, 9, 40, 300]),
            Some(vec![Few, Few, Withheld, Number(300)])
        );
        assert_eq!(parts(&[40, 300]), Some(vec![Number(40), Number(300)]));
        // 12 people: whatever is said of them, it is too much.
        assert_eq!(parts(&[2, 10]), None);
        assert_eq!(parts(&[3, 4]), None);
    }

    proptest! {
        #[test]
        fn no_small_number_can_be_worked_out(cells in proptest::collection::vec(
            prop_oneof![0u64..12, 0u64..60, 0u64..2000], 1..14,
        )) {
            let whole = cells.iter().sum();
            let Some(told) = parts(&cells) else { return Ok(()); };
            for (at, (told_of, cell)) in told.iter().zip(&cells).enumerate() {
                match told_of {
                    Told::Number(number) => prop_assert!(number == cell && *cell >= FEWEST),
                    Told::Withheld => prop_assert!(*cell >= FEWEST),
                    Told::Few => {
                        let open = possible(whole, &told, at);
                        prop_assert_eq!(open, (0..FEWEST).collect::<Vec<_>>(), "{:?} {:?}", cells, told);
                    }
                }
            }
        }

        #[test]
        fn large_towns_lose_little(cells in proptest::collection::vec(100u64..5000, 3..40)) {
            let mut cells = cells;
            cells.push(4);
            let told = parts(&cells).unwrap_or_default();
            let withheld = told.iter().filter(|t| **t == Told::Withheld).count();
            prop_assert!((1..=2).contains(&withheld), "{told:?}");
        }
    }
}
