//! Broadcasts that people were not told, or may not have been: at home, until somebody has seen to it.

use chrono::TimeDelta;

use super::{PATH, sees, words};
use crate::broadcast;
use crate::console::pages::home::Alarm;
use crate::console::{Desk, Visitor};
use crate::web::{Refusal, thousands};

/// How long it is told that something was never sent.
const TOLD_FOR: TimeDelta = TimeDelta::days(3);

/// What did not arrive, until a chief closes it; what was never sent, for some days, or until its side rewrites or
/// withdraws it.
pub(in crate::console) async fn alarms(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Alarm>, Refusal> {
    let unclosed = broadcast::unclosed(&desk.db, visitor.now).await?;
    let unclosed = unclosed.into_iter().map(|(head, people)| {
        let (what, many) = (words::amiss(&people), thousands(people.amiss()));
        let what = format!("「{}」が、{what}（{many}人）。", head.title);
        let next = "報告に、人数と理由があります。自動では送りなおしません。必要なら、ほかの手段で知らせてください。アカウントを所管する課の課長が、報告で対応を記録して整理すると、この表示は消えます。";
        Alarm::new(what, next).at(format!("{PATH}/{}/report", head.id))
    });
    let mut alarms: Vec<Alarm> = unclosed.collect();
    let mut lapsed = broadcast::lapsed(&desk.db, visitor.now - TOLD_FOR).await?;
    lapsed.retain(|head| sees(visitor, head));
    if let Some(head) = lapsed.first() {
        let (more, path) = match lapsed.len() {
            1 => (String::new(), format!("{PATH}/{}", head.id)),
            many => (format!("など{many}件"), format!("{PATH}?tab=past")),
        };
        let what = format!(
            "「{}」{more}が、配信されないまま期限を過ぎました。",
            head.title
        );
        let next = "だれにも届いていません。配信を開いて、書きなおすか取り下げてください。";
        alarms.push(Alarm::new(what, next).at(path));
    }
    Ok(alarms)
}
