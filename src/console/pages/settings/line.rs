//! What LINE says of the account, and what it has to be told.

use std::time::Duration;

use futures_util::future::join4;
use tokio::time::timeout;

use crate::clock::Instant;
use crate::console::Desk;
use crate::line::client::{Failure, Quota};
use crate::policy::{Drift, Profile};
use crate::web::thousands;

/// Longest wait for LINE before a page is shown without it.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a page shows of LINE.
pub(super) struct Facts {
    /// The address to be entered in LINE's console.
    pub webhook: String,
    /// Whether LINE calls it.
    pub calls: Sign,
    /// Whether the account is the one the policy names.
    pub account: Sign,
    /// How many messages were sent this month, and of how many.
    pub quota: Sign,
}

/// A finding in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sign {
    /// `success`, `warning` or `error`.
    pub tone: &'static str,
    /// In a word.
    pub state: &'static str,
    /// What was found.
    pub text: String,
    /// What to do about it; empty when nothing is to be done.
    pub next: String,
}

impl Sign {
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: "success",
            state: "正常",
            text: text.into(),
            next: String::new(),
        }
    }

    pub fn mind(text: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            tone: "warning",
            state: "確認",
            text: text.into(),
            next: next.into(),
        }
    }

    pub fn bad(text: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            tone: "error",
            state: "異常",
            text: text.into(),
            next: next.into(),
        }
    }
}

/// Asks LINE, for no longer than three seconds.
pub(super) async fn facts(desk: &Desk, profile: &Profile, now: Instant) -> Facts {
    let (account, calls, quota, used) = join4(
        account(desk, profile, now),
        timeout(PATIENCE, desk.line.webhook_endpoint()),
        timeout(PATIENCE, desk.line.quota()),
        timeout(PATIENCE, desk.line.consumption()),
    )
    .await;
    let webhook = format!("{}/line/webhook", desk.public_url);
    let calls = match calls {
        Ok(Ok(found)) if found.body.endpoint != webhook => Sign::bad(
            format!("LINEは {} に届けています。", found.body.endpoint),
            "LINE Developersコンソールの「Webhook URL」に、上のアドレスを設定してください。",
        ),
        Ok(Ok(found)) if !found.body.active => Sign::bad(
            "Webhookの利用が切られています。",
            "LINE Developersコンソールで「Webhookの利用」を入れてください。",
        ),
        Ok(Ok(_)) => Sign::good("LINEは、このアドレスに届けています。"),
        Ok(Err(Failure::Refused(_))) => Sign::bad(
            "LINEには、まだWebhookのアドレスが設定されていません。",
            "LINE Developersコンソールの「Webhook URL」に、上のアドレスを設定してください。",
        ),
        Ok(Err(_)) | Err(_) => silent(),
    };
    let quota = match (quota, used) {
        (Ok(Ok(quota)), Ok(Ok(used))) => sent(quota.body, used.body),
        _ => silent(),
    };
    Facts {
        webhook,
        calls,
        account,
        quota,
    }
}

/// Whether the account that LINE knows is the policy's.
pub(super) async fn account(desk: &Desk, profile: &Profile, now: Instant) -> Sign {
    let Ok(Some(seen)) = timeout(PATIENCE, desk.identity.at(now)).await else {
        return silent();
    };
    let operator = &profile.operator;
    match operator
        .drift(&seen.bot.display_name, &seen.bot.ids())
        .first()
    {
        None if seen.stale => silent(),
        None => Sign::good(format!(
            "{}（{}）",
            seen.bot.display_name,
            seen.bot.ids().join("、")
        )),
        Some(drift) => Sign::bad(
            differs(drift, &operator.account_name),
            "なりすましや誤った変更でないか確かめ、LINE Official Account Managerの設定か運用ポリシーを直してください。直るまで、証明のページは本物と示しません。",
        ),
    }
}

fn differs(drift: &Drift, ours: &str) -> String {
    match drift {
        Drift::Name(live) => {
            format!("LINEでの名前は「{live}」で、運用ポリシーの「{ours}」と違います。")
        }
        Drift::Id(live) => format!("LINE IDは {live} で、運用ポリシーのIDと違います。"),
    }
}

fn sent(quota: Quota, used: u64) -> Sign {
    let used = format!("今月は約{}通を送りました。", thousands(used));
    match quota {
        Quota::Unlimited => Sign::good(format!("{used}上限はありません。")),
        Quota::Limited(most) => Sign::good(format!("{used}上限は{}通です。", thousands(most))),
    }
}

fn silent() -> Sign {
    Sign::mind(
        "LINEが応答しません。",
        "しばらくして開きなおしてください。続くときは、ネットワークとチャネルの設定を確かめてください。",
    )
}
