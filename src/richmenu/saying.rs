//! What a plan would do, and why, in words for operators.

use std::fmt;

use super::plan::{Conflict, Step, Succession, Why};

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { alias, name } => write!(
                f,
                "alias {alias} belongs to {name:?}, which something else made: name another in menu.yaml, or remove that menu with --foreign"
            ),
            Self::NothingInFront(audience) => write!(
                f,
                "no menu in the files is `shown_to: {}`, and that is the one in front now: without it nobody would see a menu",
                audience.as_str()
            ),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Replaced => "a newer version has taken its place",
            Self::NotDescribed => "no file describes it any more",
            Self::Twice => "it was made twice, since an answer was lost",
            Self::Foreign => "something else made it, and --foreign removes that",
        })
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { menu, replaces } => {
                let why = if *replaces {
                    "its files have changed"
                } else {
                    "LINE has none"
                };
                write!(f, "create {}: {why}", menu.name)
            }
            Self::Upload { menu, resumed } => {
                let why = if *resumed {
                    "nothing shows that it arrived"
                } else {
                    "a menu is shown only with one"
                };
                write!(f, "upload the picture of {}: {why}", menu.name)
            }
            Self::PointAlias { menu, moves } => {
                let why = if *moves {
                    "it points elsewhere"
                } else {
                    "LINE has none"
                };
                write!(
                    f,
                    "point alias {} at {}: {why}",
                    menu.alias.as_str(),
                    menu.name
                )
            }
            Self::SetDefault(menu) => {
                write!(f, "show {} by default: another is, or none", menu.name)
            }
            Self::LinkEverybody => f.write_str(
                "link every resident to the menu meant for them: who sees which has changed",
            ),
            Self::Relink(successions) => {
                f.write_str("relink whoever has")?;
                for (n, Succession { name, to, .. }) in successions.iter().enumerate() {
                    let comma = if n > 0 { "," } else { "" };
                    match to {
                        Some(to) => write!(f, "{comma} {name} to {}", to.name)?,
                        None => write!(f, "{comma} {name} to the default")?,
                    }
                }
                f.write_str(": the old ones go")
            }
            Self::DropAlias(alias) => {
                write!(
                    f,
                    "drop alias {}: no file names it any more",
                    alias.as_str()
                )
            }
            Self::Delete { name, why, .. } => write!(f, "delete {name}: {why}"),
        }
    }
}
