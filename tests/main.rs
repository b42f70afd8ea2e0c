//! Stories told from outside, one binary.
