//! The table of endpoints with their limits
//! (<https://developers.line.biz/en/reference/messaging-api/#rate-limits>).

use super::Needs;
use super::route::{Route, USUAL, delete, get, get_open, on_data, post, put};
use super::{
    account, counts, narrowcast, people, rich_menu, rich_menu_alias, rich_menu_link, send, token,
    webhook,
};
use crate::rate::Rate;

/// Every endpoint; where two patterns fit a path, the first counts.
#[rustfmt::skip]
pub(super) static ROUTES: &[Route] = &[
    // Sending
    post("/v2/bot/message/reply", Needs::Json, USUAL, send::reply),
    post("/v2/bot/message/push", Needs::JsonOrRetry, USUAL, send::push),
    post("/v2/bot/message/multicast", Needs::JsonOrRetry, Rate::per_second(200), send::multicast),
    post("/v2/bot/message/broadcast", Needs::JsonOrRetry, Rate::per_hour(60), send::broadcast),
    post("/v2/bot/message/narrowcast", Needs::JsonOrRetry, Rate::per_hour(60), narrowcast::start),
    get("/v2/bot/message/progress/narrowcast", USUAL, narrowcast::progress),
    post("/v2/bot/message/validate/reply", Needs::Json, USUAL, send::validate_chat),
    post("/v2/bot/message/validate/push", Needs::Json, USUAL, send::validate_chat),
    post("/v2/bot/message/validate/multicast", Needs::Json, USUAL, send::validate_crowd),
    post("/v2/bot/message/validate/narrowcast", Needs::Json, USUAL, send::validate_crowd),
    post("/v2/bot/message/validate/broadcast", Needs::Json, USUAL, send::validate_crowd),
    // Counts
    get("/v2/bot/message/quota", USUAL, counts::quota),
    get("/v2/bot/message/quota/consumption", USUAL, counts::consumption),
    get("/v2/bot/message/delivery/{kind}", USUAL, counts::delivery),
    get("/v2/bot/message/aggregation/info", USUAL, counts::unit_count),
    get("/v2/bot/message/aggregation/list", USUAL, counts::unit_list),
    get("/v2/bot/insight/followers", Rate::per_hour(60), counts::followers),
    get("/v2/bot/insight/message/event/aggregation", Rate::per_hour(60), counts::unit_statistics),
    get("/v2/bot/insight/richmenu/{id}/summary", Rate::per_hour(60), counts::rich_menu_insight),
    get("/v2/bot/insight/richmenu/{id}/daily", Rate::per_hour(60), counts::rich_menu_insight),
    // People
    get("/v2/bot/profile/{user}", USUAL, people::profile),
    get("/v2/bot/followers/ids", USUAL, people::followers),
    post("/v2/bot/chat/loading/start", Needs::Json, Rate::per_second(100), people::start_loading),
    post("/v2/bot/chat/markAsRead", Needs::Json, USUAL, people::mark_as_read),
    post("/v2/bot/user/{user}/linkToken", Needs::Length, USUAL, people::link_token),
    post("/v2/bot/group/{id}/leave", Needs::Length, USUAL, people::leave),
    post("/v2/bot/room/{id}/leave", Needs::Length, USUAL, people::leave),
    on_data(get("/v2/bot/message/{id}/content", USUAL, people::content)),
    on_data(get("/v2/bot/message/{id}/content/preview", USUAL, people::content)),
    on_data(get("/v2/bot/message/{id}/content/transcoding", USUAL, people::transcoding)),
    // Rich menus
    post("/v2/bot/richmenu", Needs::Json, Rate::per_hour(100), rich_menu::create),
    post("/v2/bot/richmenu/validate", Needs::Json, USUAL, rich_menu::validate),
    get("/v2/bot/richmenu/list", Rate::per_second(10), rich_menu::list),
    post("/v2/bot/richmenu/alias", Needs::Json, USUAL, rich_menu_alias::create),
    get("/v2/bot/richmenu/alias/list", USUAL, rich_menu_alias::list),
    get("/v2/bot/richmenu/alias/{alias}", USUAL, rich_menu_alias::get),
    post("/v2/bot/richmenu/alias/{alias}", Needs::Json, USUAL, rich_menu_alias::update),
    delete("/v2/bot/richmenu/alias/{alias}", Rate::per_hour(100), rich_menu_alias::delete),
    post("/v2/bot/richmenu/bulk/link", Needs::Json, USUAL, rich_menu_link::bulk_link),
    post("/v2/bot/richmenu/bulk/unlink", Needs::Json, USUAL, rich_menu_link::bulk_unlink),
    post("/v2/bot/richmenu/batch", Needs::Json, Rate::per_hour(3), rich_menu_link::batch),
    post("/v2/bot/richmenu/validate/batch", Needs::Json, USUAL, rich_menu_link::validate_batch),
    get("/v2/bot/richmenu/progress/batch", Rate::per_hour(100), rich_menu_link::batch_progress),
    on_data(post("/v2/bot/richmenu/{id}/content", Needs::Image, USUAL, rich_menu::upload)),
    on_data(get("/v2/bot/richmenu/{id}/content", USUAL, rich_menu::download)),
    get("/v2/bot/richmenu/{id}", USUAL, rich_menu::get),
    delete("/v2/bot/richmenu/{id}", Rate::per_hour(100), rich_menu::delete),
    post("/v2/bot/user/all/richmenu/{id}", Needs::Length, USUAL, rich_menu_link::set_default),
    get("/v2/bot/user/all/richmenu", USUAL, rich_menu_link::get_default),
    delete("/v2/bot/user/all/richmenu", USUAL, rich_menu_link::clear_default),
    post("/v2/bot/user/{user}/richmenu/{id}", Needs::Length, USUAL, rich_menu_link::link),
    get("/v2/bot/user/{user}/richmenu", USUAL, rich_menu_link::linked),
    delete("/v2/bot/user/{user}/richmenu", USUAL, rich_menu_link::unlink),
    // The account, its webhook and its tokens
    get("/v2/bot/info", USUAL, account::info),
    get("/v2/bot/channel/webhook/endpoint", Rate::per_minute(1_000), webhook::endpoint),
    put("/v2/bot/channel/webhook/endpoint", Rate::per_minute(1_000), webhook::set_endpoint),
    post("/v2/bot/channel/webhook/test", Needs::Length, Rate::per_hour(60), webhook::never),
    post("/oauth2/v3/token", Needs::Nothing, USUAL, token::issue),
    get_open("/oauth2/v2.1/verify", token::verify),
    post("/v2/oauth/verify", Needs::Nothing, USUAL, token::verify),
];
