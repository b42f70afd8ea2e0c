//! What is wrong, and what waits, of policy, account, jobs and the record: for whoever can do something
//! about it.

use chrono::TimeDelta;

use crate::audit;
use crate::broadcast;
use crate::broadcast::moves::State;
use crate::console::pages::broadcasts;
use crate::console::pages::home::{Alarm, Waiting};
use crate::console::pages::job_name;
use crate::console::{Desk, Visitor};
use crate::delivery::{self, StopReason};
use crate::inbox;
use crate::jobs::{self, JOBS, Task};
use crate::policy;
use crate::staff::Right;
use crate::staff::adopting;
use crate::staff::countersign::TTL;
use crate::staff::people::{Post, PostKind};
use crate::web::{Refusal, times};

/// How long after its hour a broadcast is missed.
const STUCK: TimeDelta = TimeDelta::minutes(5);

/// What is wrong.
pub(super) async fn alarms(desk: &Desk, visitor: &Visitor) -> Result<Vec<Alarm>, Refusal> {
    let mut alarms = Vec::new();
    let unanswered = inbox::count_set_aside(&desk.db).await?;
    if unanswered > 0 {
        let alarm = Alarm::new(
            format!("住民からの連絡{unanswered}件を処理できず、脇に置いています。"),
            "システム管理者に知らせてください。住民には何も届いていません。",
        );
        alarms.push(match visitor.may(Right::SeeSettings) {
            true => alarm.at("/settings/health"),
            false => alarm,
        });
    }
    alarms.extend(held(desk, visitor).await?);
    alarms.extend(link(desk, visitor).await?);
    if visitor.may(Right::SeeBroadcasts) {
        alarms.extend(sending(desk, visitor).await?);
    }
    if !visitor.may(Right::SeeSettings) {
        return Ok(alarms);
    }
    let broken = audit::last_check(&desk.db).await?;
    if let Some(checked) = broken.filter(|checked| checked.broken.is_some()) {
        alarms.push(
            Alarm::new(
                format!(
                    "監査記録の鎖が切れています。{}の検証で見つかりました。",
                    times::moment(checked.at, visitor.now)
                ),
                "控えとバックアップを保全し、監査担当とシステム管理者で原因を調べてください。",
            )
            .at("/settings/health"),
        );
    }
    let last = jobs::last_runs(&desk.db).await?;
    for (job, _) in JOBS.iter().zip(last).filter(|(_, run)| run.error.is_some()) {
        alarms.push(match job.task {
            Task::Account => Alarm::new(
                "LINEでのアカウントの名前かIDを、運用ポリシーのものと確かめられませんでした。",
                "設定の画面で、いまの名前とIDを確かめてください。なりすましや誤った変更かもしれません。",
            )
            .at("/settings"),
            // Told above.
            Task::Record | Task::Link => continue,
            task => Alarm::new(
                format!("決まった時刻の仕事「{}」が失敗しました。", job_name(task)),
                "設定の「システムの状態」に理由があります。",
            )
            .at("/settings/health"),
        });
    }
    Ok(alarms)
}

/// That nothing is sent at all: for who would lift it, and for who has to find out why.
async fn held(desk: &Desk, visitor: &Visitor) -> Result<Option<Alarm>, Refusal> {
    let at = match (
        visitor.may(Right::SeeBroadcasts),
        visitor.may(Right::SeeSettings),
    ) {
        (true, _) => "/hold",
        (false, true) => "/settings/health",
        (false, false) => return Ok(None),
    };
    let hold = delivery::hold(&desk.db).await?;
    Ok(hold.map(|hold| {
        let since = times::moment(hold.since, visitor.now);
        let what = format!("{since}から、すべての配信が止まっています。");
        Alarm::new(what, broadcasts::held(hold.reason)).at(at)
    }))
}

/// That LINE does not answer: for chiefs and who is on duty, who may have to send tonight, and for who can mend it.
async fn link(desk: &Desk, visitor: &Visitor) -> Result<Option<Alarm>, Refusal> {
    let settings = visitor.may(Right::SeeSettings);
    let sends = |post: &Post| matches!(post.kind, PostKind::Chief | PostKind::DutyOfficer);
    if !settings && !visitor.signed.posts().iter().any(sends) {
        return Ok(None);
    }
    let Some(link) = delivery::link::last(&desk.db).await? else {
        return Ok(None);
    };
    let silent = link.fault.is_some() || link.asked_at + delivery::link::FRESH <= visitor.now;
    if !silent {
        return Ok(None);
    }
    let since = link.said.map_or_else(
        || "LINEに、まだ一度もつながっていません。".to_owned(),
        |said| {
            let last = times::moment(said.at, visitor.now);
            format!("LINEにつながるか、確かめられません。最後につながったのは{last}です。")
        },
    );
    let next = "配信が届かないおそれがあります。急ぎのときは、防災行政無線など、ほかの手段も使ってください。";
    let alarm = Alarm::new(since, next);
    Ok(Some(match settings {
        true => alarm.at("/settings/health"),
        false => alarm,
    }))
}

/// What should go out and does not.
async fn sending(desk: &Desk, visitor: &Visitor) -> Result<Vec<Alarm>, Refusal> {
    let mut alarms = Vec::new();
    let stopped = broadcast::Query {
        states: vec![State::Stopped],
        ..broadcast::Query::default()
    };
    for head in broadcast::list(&desk.db, &stopped).await? {
        let Some(dispatch) = head.dispatch else {
            continue;
        };
        let progress = delivery::progress(&desk.db, visitor.now, dispatch).await?;
        let reason = progress.and_then(|progress| match progress.state {
            delivery::State::Stopped(reason) => Some(reason),
            _ => None,
        });
        if let Some(reason) = reason.filter(|reason| *reason != StopReason::Asked) {
            let what = format!("「{}」の配信が途中で止まりました。", head.title);
            alarms.push(Alarm::new(what, broadcasts::stopped(reason)).at("/broadcasts?tab=going"));
        }
    }
    let mut late = broadcast::due(&desk.db, visitor.now - STUCK).await?;
    late.retain(|head| head.moved_at < visitor.now - STUCK);
    if let Some(head) = late.first() {
        let alarm = Alarm::new(
            format!(
                "「{}」など{}件が、時刻を過ぎても配信されていません。",
                head.title,
                late.len()
            ),
            "リンクか画像が使えなくなったか、勤務時間の外です。配信を開いて、書きなおすか取り下げてください。",
        );
        alarms.push(alarm.at("/broadcasts?tab=going"));
    }
    Ok(alarms)
}

/// Versions of the policy that wait for the PR chief, or for who agrees to what the PR chief asked for.
pub(super) async fn waiting(desk: &Desk, visitor: &Visitor) -> Result<Vec<Waiting>, Refusal> {
    let (adopts, seconds) = (
        visitor.may(Right::AdoptPolicy),
        visitor.may(Right::ManagePeople),
    );
    if !adopts && !seconds {
        return Ok(Vec::new());
    }
    let book = policy::rulebook(&desk.db).await?;
    let waiting = book.waiting().filter_map(|version| {
        let asking = version.asking;
        let asking = asking.filter(|asking| adopting::waits(asking, visitor.now));
        let (ask, until) = match asking {
            Some(asking) if seconds => (
                "緊急配信の決まりが変わる版の採用に、同意するか決めてください",
                Some(asking.at + TTL),
            ),
            None if adopts => ("運用ポリシーの新しい版を採用するか決めてください", None),
            _ => return None,
        };
        Some(Waiting {
            ask: ask.to_owned(),
            about: format!("版 {}", version.name()),
            path: "/settings".to_owned(),
            until,
        })
    });
    Ok(waiting.collect())
}
