//! The town's own rules, as data: a TOML profile that says who operates the account, who decides, what it
//! sends and answers, and how long it remembers.
//!
//! ```
//! let profile = kairan::policy::Profile::parse(include_str!("../../policies/default.toml"))?;
//! assert_eq!(profile.retention.half_finished_hours, 24);
//! # Ok::<(), Vec<kairan::policy::Fault>>(())
//! ```

mod check;
mod holidays;
mod hours;
mod links;
mod outline;
mod page;
mod phrases;
mod profile;
mod read;
mod rulebook;
mod store;

pub use holidays::holiday;
pub use hours::Closed;
pub use links::{Link, Refused, Standing};
pub use page::{Audience, Change, Line, Page, Past, Section, diff, history, page};
pub use profile::*;
pub use read::Fault;
pub use rulebook::{
    Adoption, Asking, Document, Error, NotAdopted, Rulebook, Rules, Version, adopt, ask, asking,
    record, rulebook, second,
};
