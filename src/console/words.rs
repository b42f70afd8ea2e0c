//! Words that several pages share.

use crate::clock::Instant;
use crate::staff::Right;
use crate::staff::account::{AccountError, Method, WeakPassword};
use crate::web::Refusal;

/// Wrong, unknown or locked: the same words, so that nobody learns which.
pub const WRONG_PASSWORD: &str = "番号またはメールアドレスか、パスワードが違います。10回続けて間違えるとパスワードは使えなくなりますが、パスキーではいつでもサインインできます。";
/// A step of signing in came too late.
pub const OVER: &str = "時間がたったため、はじめからサインインしてください。";
/// A link that invites nobody.
pub const LINK_GONE: &str =
    "この招待のリンクは、使用済みか期限切れです。システム管理者に、新しいリンクを頼んでください。";
/// A new passkey that could not be taken.
pub const WRONG_NEW_PASSKEY: &str = "パスキーを登録できませんでした。同じ端末のものが登録済みか、端末で本人の確認が行われていません。";

/// Who has a right, as a refusal names them. `staff::Right` has the table.
pub fn held_by(right: Right) -> &'static str {
    match right {
        Right::SignedIn => "役職に就いている職員",
        Right::ResidentCounts => "各課の課長・担当者と監査担当",
        Right::EditAnswers => "広報課と、よくある質問を担当する課の課長と担当者",
        Right::EditGarbage => "広報課と、ごみの収集日を担当する課の課長と担当者",
        Right::EditChildcare => "広報課と、妊娠・子育てを担当する課の課長と担当者",
        Right::OpenShelters => "広報課と、避難所の開設状況を担当する課の課長と担当者、当直",
        Right::SeeMenus | Right::NameSegments => "各課の課長と担当者",
        Right::SeePeople => "広報課の職員、各課の課長、システム管理者、監査担当",
        Right::ManagePeople => "システム管理者",
        Right::ReadAudit => "監査担当",
        Right::SeeSettings => "広報課長、システム管理者、監査担当",
        Right::SeeBroadcasts => "各課と受託者の課長・担当者、当直、監査担当",
        Right::Emergency => "各課の課長と担当者、当直、監査担当",
        Right::ReviewEmergencies => "広報課の課長と担当者、監査担当",
        Right::SeeTemplates => "各課の課長と担当者、当直、監査担当、システム管理者",
        Right::Draft => "各課と受託者の課長・担当者",
        Right::AdoptPolicy | Right::LiftHold => "広報課長",
    }
}

/// Why a proof did not come about, for the person who tried; `wrong` says it where it was simply wrong.
///
/// # Errors
/// It is nothing they could mend.
pub fn not_proven(error: AccountError, wrong: &str, now: Instant) -> Result<String, Refusal> {
    match error {
        AccountError::Refused => Ok(wrong.to_owned()),
        AccountError::Wait { until } => Ok(wait(until, now)),
        AccountError::Gone => Ok(
            "時間がたったか、1度使われたため、受け付けられません。もう一度お試しください。"
                .to_owned(),
        ),
        AccountError::Weak(weak) => Ok(weakness(weak).to_owned()),
        error => Err(error.into()),
    }
}

fn wait(until: Instant, now: Instant) -> String {
    // Rounded up: who waits as long as told is let through.
    let seconds = ((until - now).num_milliseconds().max(0) + 999) / 1000;
    let time = match seconds {
        60.. => "1分".to_owned(),
        seconds => format!("{seconds}秒"),
    };
    format!(
        "続けて間違えたため、あと{time}待ってから、もう一度お試しください。パスキーは、待たずに使えます。"
    )
}

fn weakness(weak: WeakPassword) -> &'static str {
    match weak {
        WeakPassword::Short => "短すぎます。12文字以上にしてください。",
        WeakPassword::Long => "長すぎます。128文字までにしてください。",
        WeakPassword::Common => {
            "推測されやすい言葉や並びでできています。関係のない言葉を3つ4つつなげてください。"
        }
    }
}

/// How somebody signed in.
pub fn signed_in_by(method: Method) -> &'static str {
    match method {
        Method::Password => "パスワード",
        Method::Code => "パスワードと確認コード",
        Method::RecoveryCode => "パスワードと回復コード",
        Method::Passkey => "パスキー",
        Method::SingleSignOn => "庁内の認証",
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_wait_is_told_in_words_and_never_too_short() {
        let now = Instant::UNIX_EPOCH;
        for (milliseconds, said) in [
            (1, "あと1秒"),
            (1_001, "あと2秒"),
            (32_000, "あと32秒"),
            (60_000, "あと1分"),
        ] {
            let until = now + TimeDelta::milliseconds(milliseconds);
            assert!(wait(until, now).contains(said), "{milliseconds}");
        }
    }
}
