//! Whether everything the product needs is well, and what to do where it is not.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::line::{self, Sign};
use crate::area;
use crate::audit::{self, Entry};
use crate::clock::Instant;
use crate::console::pages::broadcasts;
use crate::console::{Desk, Visitor};
use crate::db::{Db, DbError};
use crate::delivery;
use crate::inbox::{self, Counts, SetAside};
use crate::jobs::{self, Every, JOBS, Job, LastRun, Task, Watch};
use crate::staff::Right;
use crate::web::{Flash, Frame, Page, Refusal, redirect};

/// A job that was due this long ago and has not been taken up was missed.
const MISSED: TimeDelta = TimeDelta::minutes(5);
/// A watch that has not looked for this long does not look any more.
const UNWATCHED: TimeDelta = TimeDelta::minutes(2);
/// Free room below which a disk is nearly full.
const LITTLE_ROOM: u64 = 1 << 30;

#[derive(Template)]
#[template(path = "settings/health.html")]
pub(in crate::console) struct Health {
    frame: Frame,
    signs: Vec<(&'static str, Sign)>,
    counts: Counts,
    watches: Vec<(&'static str, Option<Instant>, Sign)>,
    jobs: Vec<Run>,
    set_aside: Vec<SetAside>,
    may_mend: bool,
}

/// A job as the table has it.
struct Run {
    name: &'static str,
    due: String,
    cron: String,
    last: Option<Instant>,
    next: Instant,
    sign: Sign,
}

/// Which event.
#[derive(Deserialize)]
pub(in crate::console) struct Event {
    event: String,
}

/// `GET /settings/health`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Health>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let mut signs = vec![(
        "LINEとアカウント",
        line::account(&desk, &profile, visitor.now).await,
    )];
    signs.push((
        "LINEとの疎通",
        line::link(&desk.db, &profile, visitor.now).await?,
    ));
    signs.push(("配信の保留", hold(&desk.db).await?));
    signs.extend(database(&desk.db).await?);
    signs.push(("監査記録", record(&desk.db).await?));
    signs.push((
        "個人情報の鍵",
        Sign::good("起動のとき、データベースの値を開けることを確かめました。"),
    ));
    signs.push(("ごみの収集日", areas(&desk.db).await?));
    signs.push(("Kairanの版", Sign::good(env!("CARGO_PKG_VERSION"))));
    Ok(Page(Health {
        frame: visitor.frame("システムの状態").under("/settings", "設定"),
        signs,
        counts: inbox::counts(&desk.db).await?,
        watches: watches(&desk.db, visitor.now).await?,
        jobs: runs(&desk.db, visitor.now).await?,
        set_aside: inbox::set_aside(&desk.db).await?,
        may_mend: visitor.may(Right::ManagePeople),
    }))
}

/// `POST /settings/health/retry`.
pub(in crate::console) async fn retry(
    visitor: Visitor,
    desk: Data<Desk>,
    form: Form<Event>,
) -> Result<HttpResponse, Refusal> {
    let tx = desk.db.begin().await?;
    if !inbox::retry(&tx, &form.event).await? {
        return Ok(no_such_event());
    }
    let entry = Entry::of(
        visitor.signed.actor(),
        "inbox.retried",
        ("event", &form.event),
    );
    audit::record(&tx, visitor.now, entry).await?;
    tx.commit().await?;
    let told = "もう一度処理します。うまくいかなければ、理由とともにここへ戻ります。";
    Ok(redirect("/settings/health", Flash::done(told)))
}

/// `POST /settings/health/dismiss`.
pub(in crate::console) async fn dismiss(
    visitor: Visitor,
    desk: Data<Desk>,
    form: Form<Event>,
) -> Result<HttpResponse, Refusal> {
    let tx = desk.db.begin().await?;
    if !inbox::dismiss(&tx, &form.event).await? {
        return Ok(no_such_event());
    }
    let entry = Entry::of(
        visitor.signed.actor(),
        "inbox.dismissed",
        ("event", &form.event),
    );
    audit::record(&tx, visitor.now, entry).await?;
    tx.commit().await?;
    let told = "片付けました。内容は消し、片付けたことだけを監査記録に残しました。";
    Ok(redirect("/settings/health", Flash::done(told)))
}

fn no_such_event() -> HttpResponse {
    let told = "この連絡は、もう脇に置かれていません。ほかの人が処理したようです。";
    redirect("/settings/health", Flash::failed(told))
}

async fn database(db: &Db) -> Result<Vec<(&'static str, Sign)>, DbError> {
    let engine = db.engine().await?;
    let known = db.migration_status().await?;
    let missing = known.iter().filter(|migration| !migration.applied).count();
    let schema = match missing {
        0 => Sign::good(format!("{}件の移行をすべて適用しています。", known.len())),
        _ => Sign::bad(
            format!("{missing}件の移行が済んでいません。"),
            "サーバーで kairan migrate up を実行してください。",
        ),
    };
    let held = Sign::good(format!("{}、{}", engine.name, size(engine.bytes)));
    let free = engine.file.as_deref().and_then(std::path::Path::parent);
    let free = free.and_then(|folder| rustix::fs::statvfs(folder).ok());
    let room = match free.map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)) {
        Some(free) if free < LITTLE_ROOM => Sign::bad(
            format!("空きは{}です。", size(free)),
            "古いバックアップを移すか、ディスクを大きくしてください。",
        ),
        Some(free) => Sign::good(format!("空きは{}です。", size(free))),
        None => Sign::good("データベースは別のサーバーにあります。そこで確かめてください。"),
    };
    Ok(vec![
        ("データベース", held),
        ("データベースの形", schema),
        ("ディスク", room),
    ])
}

async fn hold(db: &Db) -> Result<Sign, DbError> {
    Ok(match delivery::hold(db).await? {
        None => Sign::good("止めていません。"),
        Some(hold) => Sign::bad(
            "すべての配信が止まっています。",
            broadcasts::held(hold.reason),
        ),
    })
}

async fn record(db: &Db) -> Result<Sign, DbError> {
    Ok(match audit::last_check(db).await? {
        None => Sign::mind("まだ検証していません。", "監査記録の画面で検証できます。"),
        Some(checked) if checked.broken.is_some() => Sign::bad(
            "鎖が切れています。",
            "控えとバックアップを保全し、監査担当に知らせてください。",
        ),
        Some(_) => Sign::good("鎖は切れていません。"),
    })
}

async fn areas(db: &Db) -> Result<Sign, DbError> {
    Ok(match area::directory(db).await?.areas().count() {
        0 => Sign::mind(
            "まだ取り込んでいません。",
            "サーバーで kairan import garbage を実行してください。",
        ),
        count => Sign::good(format!("{count}地区")),
    })
}

async fn watches(
    db: &Db,
    now: Instant,
) -> Result<Vec<(&'static str, Option<Instant>, Sign)>, DbError> {
    let mut watches = Vec::new();
    for watch in Watch::ALL {
        let name = match watch {
            Watch::Broadcasts => "時刻になった配信を送りはじめる",
            Watch::Reminders => "時刻になった定期お知らせを送りはじめる",
        };
        let last = jobs::last_look(db, watch).await?;
        let sign = match last {
            Some(at) if now - at <= UNWATCHED => Sign::good("見ています。"),
            _ => Sign::bad(
                "見ていません。時刻になっても送られません。",
                "kairan serve が動いているか確かめてください。動いているときは、記録（ログ）の「trying again」の行をシステムの担当に知らせてください。",
            ),
        };
        watches.push((name, last, sign));
    }
    Ok(watches)
}

async fn runs(db: &Db, now: Instant) -> Result<Vec<Run>, DbError> {
    let last = jobs::last_runs(db).await?;
    let runs = JOBS.into_iter().zip(last).map(|(job, last)| Run {
        name: name(job.task),
        due: due(job.every),
        cron: job.every.cron(),
        next: job.every.next_due(now),
        sign: sign(job, &last, now),
        last: last.due_at,
    });
    Ok(runs.collect())
}

fn sign(job: Job, last: &LastRun, now: Instant) -> Sign {
    match last {
        LastRun { due_at: None, .. } => Sign::mind("まだ実行していません。", ""),
        LastRun {
            error: Some(error), ..
        } => Sign::bad(
            format!("失敗しました。（{error}）"),
            "次の時刻にもう一度実行します。続くときは、この行をシステムの担当に知らせてください。",
        ),
        LastRun {
            due_at: Some(at), ..
        } if now - job.every.next_due(*at) > MISSED => Sign::bad(
            "前回の時刻に実行していません。",
            "kairan serve が動いているか確かめてください。",
        ),
        LastRun {
            finished: false, ..
        } => Sign::mind("実行中です。", ""),
        LastRun { .. } => Sign::good("済みました。"),
    }
}

/// What a job does.
pub(in crate::console) fn name(task: Task) -> &'static str {
    match task {
        Task::HalfFinishedRegistrations => "途中でやめた登録を消す",
        Task::UnreachableResidents => "ブロックした人の登録を消す",
        Task::OldEvents => "古い連絡を消す",
        Task::OldWords => "答えのなかった言葉を消す",
        Task::OldRuns => "古い実行の記録を消す",
        Task::OldRecipients => "古い配信の宛先を消す",
        Task::OldReminders => "古い定期お知らせの文面を消す",
        Task::OldTaps => "古いメニューの集計を消す",
        Task::EndedSessions => "終わったサインインの記録を消す",
        Task::DepartedStaff => "去った職員の電話番号と端末を消す",
        Task::Ways => "夜間に呼び出す職員に届くか試す",
        Task::CallOutDrill => "呼出訓練の間隔を確かめる",
        Task::ResidentCounts => "住民の数を数える",
        Task::Reports => "期限を過ぎた事後報告書を知らせる",
        Task::Menus => "メニューを点検し、直す",
        Task::Account => "アカウントの名前とIDを確かめる",
        Task::Link => "LINEにつながるか確かめる",
        Task::Record => "監査記録の鎖を検証する",
        Task::Anchor => "監査記録の控えを外へ出す",
        Task::Responses => "配信の反応をLINEに聞く",
    }
}

fn due(every: Every) -> String {
    match every {
        Every::Minutes(every) => format!("{every}分ごと"),
        Every::Hour(minute) => format!("毎時{minute}分"),
        Every::Day(hour, minute) => format!("毎日{hour}:{minute:02}"),
        Every::Week(day, hour, minute) => {
            let day = ["月", "火", "水", "木", "金", "土", "日"]
                .into_iter()
                .nth(usize::try_from(day.num_days_from_monday()).unwrap_or_default());
            format!("毎週{} {hour}:{minute:02}", day.unwrap_or_default())
        }
    }
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    match bytes {
        GIB.. => format!("{}.{}GB", bytes / GIB, bytes % GIB * 10 / GIB),
        MIB.. => format!("{}MB", bytes / MIB),
        _ => format!("{}KB", bytes.div_ceil(1024)),
    }
}
