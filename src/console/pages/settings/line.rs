//! What LINE says of the account, and what it has to be told.

use std::time::Duration;

use futures_util::future::join4;
use tokio::time::timeout;

use crate::clock::Instant;
use crate::console::Desk;
use crate::db::{Db, DbError};
use crate::delivery::link;
use crate::line::client::{Failure, Quota};
use crate::policy::{Drift, Profile};
use crate::web::{thousands, times};

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

/// What the test of every few minutes has found.
pub(super) async fn link(db: &Db, profile: &Profile, now: Instant) -> Result<Sign, DbError> {
    let Some(link) = link::last(db).await? else {
        return Ok(Sign::mind("まだ確かめていません。", "数分お待ちください。"));
    };
    let asked = times::moment(link.asked_at, now);
    if let Some(fault) = &link.fault {
        let last = match &link.said {
            Some(said) => format!("最後に応答したのは{}です。", times::moment(said.at, now)),
            None => "まだ一度も応答していません。".to_owned(),
        };
        return Ok(Sign::bad(
            format!("{asked}の確認に、LINEが応答しませんでした。{last}（{fault}）"),
            "ネットワークとチャネルの設定を確かめてください。緊急配信も届かないおそれがあります。",
        ));
    }
    let Some(said) = link.fresh(now) else {
        return Ok(Sign::bad(
            format!("{asked}から確かめていません。"),
            "kairan serve が動いているか確かめてください。",
        ));
    };
    let ids: Vec<&str> = said.ids.iter().map(String::as_str).collect();
    let operator = &profile.operator;
    if let Some(drift) = operator.drift(&said.name, &ids).first() {
        return Ok(Sign::bad(
            differs(drift, &operator.account_name),
            "チャネルの設定か運用ポリシーを直してください。IDが違うあいだ、緊急配信は出せません。",
        ));
    }
    let left = match said.left() {
        None => "今月の上限はありません。".to_owned(),
        Some(left) => format!("今月の残りは約{}通です。", thousands(left)),
    };
    Ok(Sign::good(format!("{asked}に応答しました。{left}")))
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
