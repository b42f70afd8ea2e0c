//! The town's own rules, as data: a TOML profile that says who operates the account, who decides, what it
//! sends and answers, and how long it remembers.
//!
//! ```
//! let profile = kairan::policy::Profile::parse(include_str!("../../policies/default.toml"))?;
//! assert_eq!(profile.retention.half_finished_hours, 24);
//! # Ok::<(), Vec<kairan::policy::Fault>>(())
//! ```

mod check;
mod links;
mod profile;
mod read;

pub use links::{Link, Refused, Standing};
pub use profile::*;
pub use read::Fault;
