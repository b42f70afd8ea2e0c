//! The table of moves.

use std::collections::BTreeSet;

use kairan::emergency::moves::{Act, State, TABLE};

#[test]
fn each_row_stands_once_and_says_where_to() {
    let rows: BTreeSet<(State, Act)> = TABLE.iter().map(|(from, by, _)| (*from, *by)).collect();
    assert_eq!(rows.len(), TABLE.len());
    for from in State::ALL {
        for by in Act::ALL {
            let row = TABLE.iter().find(|(of, act, _)| (*of, *act) == (from, by));
            assert_eq!(from.after(by), row.map(|(_, _, to)| *to));
            assert_eq!(Act::of_code(by.code()), Some(by));
        }
        assert_eq!(State::of_code(from.code()), Some(from));
    }
}

#[test]
fn the_table_keeps_its_promises() {
    for (from, by, to) in TABLE {
        let ends = from.is_over() && (from, by, to) != (State::Closed, Act::Correct, State::Closed);
        assert!(!ends, "{from} is an end");
        assert!(
            !from.went_out() || to.went_out(),
            "what went out is never undone"
        );
        let goes_out = to.went_out() && !from.went_out();
        let ways = [
            (State::Concurred, Act::Send),
            (State::Conferring, Act::SendCorrection),
        ];
        assert_eq!(
            goes_out,
            ways.contains(&(from, by)),
            "{from} {by}: two ways to go out"
        );
        let is_agreed_to = to == State::Concurred && from != State::Concurred;
        assert_eq!(is_agreed_to, by == Act::Concur, "one way to be agreed to");
        let goes_on = (from, to) == (State::Halted, State::Dispatching);
        assert_eq!(goes_on, by == Act::Resume, "one way to go on");
        assert_eq!(
            to == State::Closed && from != State::Closed,
            by == Act::Confirm,
            "one way to be closed"
        );
        if goes_out || is_agreed_to || goes_on {
            assert!(by.confirmed_as().is_some(), "{by} takes a passkey");
        }
    }
}
