//! Templates (定型文): wordings agreed to beforehand, so that at night only the facts are filled in.
//!
//! A template is a TOML file with typed fields and the same message in Japanese, やさしい日本語 and English. It does not load
//! without the template that lifts or corrects it. [`compose`] fills it and refuses what [`Slip`] names: retired
//! terms, levels where there are none, a drill's word in a real message, signs that nobody sees.
//!
//! ```
//! use kairan::emergency::template::Library;
//! let library = Library::builtin()?;
//! let order = library.find("EV4").map(|template| template.name.as_str());
//! assert_eq!(order, Some("警戒レベル4 避難指示"));
//! # Ok::<(), Vec<kairan::table::Finding<kairan::emergency::template::Fault>>>(())
//! ```

mod card;
mod compose;
mod draft;
mod fault;
mod file;
mod filling;
mod level;
mod library;
mod model;
mod phrase;
mod phrases;
mod propose;
mod publish;
mod store;
mod wording;
mod written;

pub use compose::{About, Where, compose, texts};
pub use draft::{Draft, from_bulletin};
pub use fault::Fault;
pub use library::Library;
pub use model::{
    CONSENT, Choice, Effect, Field, Filled, Kind, Reach, Said, Severity, Template, Tongue, Topic,
};
pub use propose::{NotPublished, ask, decline, propose, second, take_back};
pub use publish::{Asked, Declined, Templates, Version, in_force, record, record_these, versions};
pub use wording::{Finding, Slip};
