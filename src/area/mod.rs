//! Areas (地区): where people live, as the collection calendar divides the town.
//!
//! A town has 5 to 1,100 of them; one name may stand in several districts (町域). A [`Directory`] holds
//! them all and answers what a picker asks: by district, by part of the name, by the first kana.
//!
//! ```
//! use kairan::area::{Area, Directory, Lookup};
//! use kairan::ids::AreaId;
//!
//! let directory = Directory::new(vec![Area {
//!     id: AreaId(1),
//!     district: Some("南区".into()),
//!     name: "本町一丁目".into(),
//!     reading: Some("ほんちょういっちょうめ".into()),
//! }]);
//! assert_eq!(directory.search("ほんちょう").len(), 1);
//! assert!(matches!(directory.by_label("南区/本町一丁目"), Lookup::Found(_)));
//! ```

mod directory;
mod store;

pub use directory::{Area, Directory, KANA_ROWS, Lookup};
pub use store::{Listed, Synced, directory, directory_in, publish};
