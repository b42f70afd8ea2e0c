//! Taps on menus: what a postback says of its cell, and how often each cell is tapped, without saying by
//! whom.

use chrono::NaiveDate;

use super::store;
use crate::db::{Db, DbError, Tx};

/// A tap on one of our menus, as it comes back in a postback: `menu/<folder>/<cell>/<data>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tap<'a> {
    /// The menu's folder.
    pub menu: &'a str,
    /// The cell.
    pub cell: &'a str,
    /// What the cell's postback says; nothing when it only switched to another menu.
    pub data: Option<&'a str>,
}

impl<'a> Tap<'a> {
    /// Reads the data of a postback; `None` when it came from no menu.
    pub fn read(data: &'a str) -> Option<Self> {
        let mut parts = data.strip_prefix("menu/")?.splitn(3, '/');
        let (menu, cell) = (parts.next()?, parts.next()?);
        (is_name(menu) && is_name(cell)).then_some(Self {
            menu,
            cell,
            data: parts.next(),
        })
    }
}

impl std::fmt::Display for Tap<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "menu/{}/{}", self.menu, self.cell)?;
        self.data.map_or(Ok(()), |data| write!(f, "/{data}"))
    }
}

/// Names of menus, cells and icons: 1 to 20 of `a-z`, `0-9` and `-`, so that they fit everywhere.
pub(super) fn is_name(name: &str) -> bool {
    (1..=20).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// How often a cell was tapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tapped {
    /// The menu's folder.
    pub menu: String,
    /// The cell; a tab is called by the menu it leads to.
    pub cell: String,
    /// How often.
    pub times: i64,
}

/// Counts the tap a postback tells of, in the transaction that ends its event. What came from no cell
/// of ours, a forged one, is not counted.
///
/// # Errors
/// The database does not answer.
pub async fn count_tap(tx: &Tx, today: NaiveDate, data: &str) -> Result<(), DbError> {
    match Tap::read(data) {
        Some(tap) => store::count_tap(tx.conn(), today, tap).await,
        None => Ok(()),
    }
}

/// How often each cell was tapped from `from` to `to`, both included; the most tapped first. A cell that
/// opens an address is not among them: LINE tells nobody of those taps but in its own statistics.
///
/// # Errors
/// The database does not answer.
pub async fn taps(db: &Db, from: NaiveDate, to: NaiveDate) -> Result<Vec<Tapped>, DbError> {
    store::taps(db.conn(), from, to).await
}

/// Forgets taps before `day`; says how many rows.
///
/// # Errors
/// The database does not answer.
pub async fn forget_taps(db: &Db, day: NaiveDate) -> Result<u64, DbError> {
    let tx = db.begin().await?;
    let forgotten = store::forget_taps(tx.conn(), day).await?;
    tx.commit().await?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_is_read_as_it_was_written() {
        for data in [Some("1/garbage/today"), Some("1/words/a/b"), None] {
            let tap = Tap {
                menu: "living",
                cell: "today",
                data,
            };
            assert_eq!(Tap::read(&tap.to_string()), Some(tap));
        }
        for data in ["1/garbage/today", "menu/", "menu/living", "menu/Living/x"] {
            assert_eq!(Tap::read(data), None, "{data}");
        }
    }
}
