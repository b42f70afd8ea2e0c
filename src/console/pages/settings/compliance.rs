//! The compliance sheet: what the policy demands of security, beside what the product does about it.

use actix_web::web::Data;
use askama::Template;
use chrono::TimeDelta;

use super::line::Sign;
use crate::audit;
use crate::clock::{Instant, date_in_japan};
use crate::console::{Desk, Visitor};
use crate::db::DbError;
use crate::policy::{Clause, Profile};
use crate::staff::account::{self, Credentials, PASSWORD_LEAST};
use crate::staff::leaving;
use crate::staff::people::{self, Roster};
use crate::web::{Frame, Page, Refusal};

#[derive(Template)]
#[template(path = "settings/compliance.html")]
pub(in crate::console) struct Compliance {
    frame: Frame,
    policy: String,
    version: String,
    rows: Vec<Row>,
    persons: Vec<Means>,
}

/// A demand and how it is met.
struct Row {
    demand: String,
    clause: Option<String>,
    sign: Sign,
}

/// How a person signs in, and since when.
struct Means {
    name: String,
    number: String,
    password: Option<Instant>,
    /// The password must be changed by this day, or should have been.
    change_by: Option<chrono::NaiveDate>,
    overdue: bool,
    code: bool,
    passkeys: usize,
}

/// `GET /settings/compliance`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Compliance>, Refusal> {
    let now = visitor.now;
    let profile = desk.rules.at(now).await?;
    let roster = people::roster(&desk.db).await?;
    let held = account::credentials(&desk.db).await?;
    let persons = means(&profile, &roster, &held, now);
    Ok(Page(Compliance {
        frame: visitor.frame("安全管理の適合表").under("/settings", "設定"),
        policy: profile.source.name.clone(),
        version: profile.profile.version.clone(),
        rows: rows(&desk, &profile, &persons).await?,
        persons,
    }))
}

async fn rows(desk: &Desk, profile: &Profile, persons: &[Means]) -> Result<Vec<Row>, DbError> {
    let accounts = &profile.accounts;
    let clause = accounts.clause.as_ref();
    let mut rows = vec![
        row(
            "職員が一人に一つの番号で操作する",
            clause,
            Sign::good(format!(
                "在籍する{}人が、それぞれの番号で使います。番号の共用はできません。",
                persons.len()
            )),
        ),
        row(
            "推測されにくいパスワードを使う",
            clause,
            Sign::good(format!(
                "{PASSWORD_LEAST}字以上で、よく使われるものは登録できません。総当たりは待ち時間を置いて止めます。"
            )),
        ),
        row(
            "パスワードのほかにもう一つの証明を求める",
            clause,
            second_factor(persons),
        ),
        row(
            "パスワードを定期に変える",
            clause,
            ages(accounts.password_days, persons),
        ),
        row(
            "使われていない番号を止める",
            clause,
            match accounts.unused_days {
                Some(days) => Sign::mind(
                    format!("{days}日使わない番号を止める決まりです。"),
                    "自動では止まりません。職員の画面で、使っていない番号を止めてください。",
                ),
                None => Sign::good(
                    "運用ポリシーに日数の定めはありません。離任した職員の番号は、その日に止まります。",
                ),
            },
        ),
        row(
            "登録した端末から操作する",
            clause,
            match accounts.enrolled_devices_only {
                true => Sign::mind(
                    "運用ポリシーが求めています。",
                    "パスキーを登録した端末だけを使ってください。",
                ),
                false => Sign::good("運用ポリシーに定めはありません。"),
            },
        ),
        row("異動のとき秘密情報を交換する", clause, secrets(desk).await?),
        row(
            "チャネルの秘密情報を守る",
            clause,
            Sign::good("サーバーだけが使います。どの画面にも書き出しにも出ません。"),
        ),
    ];
    let personal = profile.personal.clause.as_ref();
    rows.push(row(
        "個人情報を暗号にして保つ",
        personal,
        Sign::good(
            "データベースの外に置いた鍵で暗号にします（AES-256-SIV）。起動のたびに鍵を照合します。",
        ),
    ));
    rows.push(row(
        "個人情報を期限で消す",
        personal,
        Sign::good(format!(
            "ブロックした人の登録は{}日、途中の登録は{}時間で消します。",
            profile.retention.unreachable_days, profile.retention.half_finished_hours
        )),
    ));
    rows.push(row(
        "閲覧と書き出しを記録する",
        personal,
        record(desk).await?,
    ));
    rows.push(row(
        "通信を暗号にする",
        None,
        match desk.https {
            true => Sign::good("httpsだけで開けます。"),
            false => Sign::bad(
                "httpで動いています。",
                "KAIRAN_PUBLIC_URLにhttpsのアドレスを設定してください。",
            ),
        },
    ));
    Ok(rows)
}

fn row(demand: &str, clause: Option<&Clause>, sign: Sign) -> Row {
    Row {
        demand: demand.to_owned(),
        clause: clause.map(ToString::to_string),
        sign,
    }
}

fn second_factor(persons: &[Means]) -> Sign {
    let alone = |means: &&Means| means.password.is_some() && !means.code && means.passkeys == 0;
    match persons.iter().filter(alone).count() {
        0 => Sign::good("パスキー、または認証アプリの番号を求めます。"),
        count => Sign::mind(
            format!("{count}人が、まだパスワードだけです。"),
            "次のサインインで、認証アプリかパスキーの登録を求めます。",
        ),
    }
}

fn ages(days: Option<u32>, persons: &[Means]) -> Sign {
    let Some(days) = days else {
        return Sign::good(
            "運用ポリシーに日数の定めはありません。漏れた疑いがあるときに変えます。",
        );
    };
    match persons.iter().filter(|means| means.overdue).count() {
        0 => Sign::good(format!(
            "{days}日ごとに変えます。期限を過ぎた人はいません。"
        )),
        count => Sign::bad(
            format!("{count}人が{days}日を過ぎています。"),
            "下の表の職員に、パスワードの変更を求めてください。",
        ),
    }
}

async fn secrets(desk: &Desk) -> Result<Sign, DbError> {
    Ok(match leaving::open_tasks(&desk.db).await?.len() {
        0 => Sign::good("交換を待つ秘密情報はありません。"),
        count => Sign::bad(
            format!("{count}件の交換が済んでいません。"),
            "交換して、職員の画面で済みにしてください。",
        ),
    })
}

async fn record(desk: &Desk) -> Result<Sign, DbError> {
    let what = "監査記録は書き換えられない鎖に残ります。";
    Ok(match audit::last_check(&desk.db).await? {
        Some(checked) if checked.broken.is_some() => Sign::bad(
            "監査記録の鎖が切れています。",
            "控えとバックアップを保全し、監査担当に知らせてください。",
        ),
        Some(_) => Sign::good(format!("{what}鎖は切れていません。")),
        None => Sign::mind(what, "まだ検証していません。監査担当が検証できます。"),
    })
}

/// Whoever works here today, with how they sign in.
fn means(profile: &Profile, roster: &Roster, held: &[Credentials], now: Instant) -> Vec<Means> {
    let today = date_in_japan(now);
    let here = roster.persons.values().filter(|p| p.in_service(today));
    let means = here.map(|person| {
        let theirs = held.iter().find(|held| held.person == person.id);
        let password = theirs.and_then(|held| held.password_set_at);
        let days = profile.accounts.password_days;
        let change_by = password
            .zip(days)
            .map(|(set, days)| date_in_japan(set + TimeDelta::days(days.into())));
        Means {
            name: person.name.as_str().to_owned(),
            number: person.number.as_str().to_owned(),
            password,
            change_by,
            overdue: change_by.is_some_and(|day| day < today),
            code: theirs.is_some_and(|held| held.code),
            passkeys: theirs.map_or(0, |held| held.passkeys.len()),
        }
    });
    means.collect()
}
