//! The `kairan` command.
fn main() {}
