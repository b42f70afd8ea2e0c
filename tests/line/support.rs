//! What the stories about messages share.

use kairan::line::message::{Action, MessageError};
use serde_json::Value;

pub fn json_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

pub fn tap(label: &str) -> Action {
    Action::postback(label, "v1/x").unwrap()
}

pub fn too_long<T: std::fmt::Debug>(
    result: Result<T, MessageError>,
) -> (&'static str, usize, usize) {
    match result.unwrap_err() {
        MessageError::TooLong { field, given, max } => (field, given, max),
        other => panic!("{other:?}"),
    }
}
