//! The account itself.

use serde_json::json;

use super::{Answer, Call, Outcome, World};

pub(super) fn info(world: &mut World, _: &Call) -> Outcome {
    let body = json!({
        "userId": world.options.bot_user_id,
        "basicId": world.options.basic_id,
        "displayName": world.options.display_name,
        "chatMode": "bot",
        "markAsReadMode": "auto",
    });
    Ok(Answer::json(200, body))
}
