//! The envelopes of a broadcast: a page of them, and all of them as a file.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};

use super::Asked;
use crate::clock::{Instant, date_in_japan, datetime_in_japan};
use crate::console::pages::broadcasts::{PATH, find, words};
use crate::console::{Desk, Visitor};
use crate::delivery;
use crate::delivery::report::{ENVELOPES, Envelope, Which};
use crate::ids::{BroadcastId, DispatchId};
use crate::table;
use crate::web::{Pages, Refusal, times};

/// An envelope in the table.
pub(super) struct Line {
    pub(super) envelope: Envelope,
    pub(super) first_call: String,
    pub(super) ended: String,
}

/// Which envelopes there are to look at: by what is asked, under what name, and how many.
pub(super) type Tabs = [(&'static str, &'static str, u64); 2];

/// The envelopes asked for, and the ways to the others.
pub(super) async fn envelopes(
    desk: &Desk,
    id: BroadcastId,
    dispatch: DispatchId,
    asked: &Asked,
) -> Result<(Vec<Line>, Tabs, Pages), Refusal> {
    let count = async |which| delivery::report::count_envelopes(&desk.db, dispatch, which).await;
    let (all, amiss) = (count(Which::All).await?, count(Which::Amiss).await?);
    let which = asked.which();
    let (code, total) = match which {
        Which::All => ("all", all),
        Which::Amiss => ("amiss", amiss),
    };
    let base = format!("{PATH}/{id}/report?which={code}");
    let pages = Pages::new(asked.page.parse().unwrap_or(1), total, ENVELOPES, base);
    let found = delivery::report::envelopes(&desk.db, dispatch, which, pages.this).await?;
    let released = found
        .iter()
        .filter_map(|envelope| envelope.first_call_at)
        .min();
    let time = |at: Option<Instant>| at.map(|at| exact(at, released)).unwrap_or_default();
    let lines = found.into_iter().map(|envelope| Line {
        first_call: time(envelope.first_call_at),
        ended: time(envelope.ended_at),
        envelope,
    });
    let tabs = [
        ("all", "すべての便", all),
        ("amiss", "受け付けられていない便", amiss),
    ];
    Ok((lines.collect(), tabs, pages))
}

/// To the second, and with its day where that is another than `first`'s.
fn exact(at: Instant, first: Option<Instant>) -> String {
    let time = datetime_in_japan(at).format("%-H:%M:%S");
    match first.map(date_in_japan) == Some(date_in_japan(at)) {
        true => time.to_string(),
        false => format!("{} {time}", datetime_in_japan(at).format("%-m/%-d")),
    }
}

/// `GET /broadcasts/{id}/report.csv`: every envelope.
pub(in crate::console) async fn download(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
) -> Result<HttpResponse, Refusal> {
    let broadcast = find(&visitor, &desk, *id).await?;
    let dispatch = broadcast.head.dispatch.ok_or(Refusal::NotFound)?;
    let head = [
        "便",
        "結果",
        "人数",
        "外れた人数",
        "LINEを呼んだ回数",
        "最初に呼んだ日時",
        "終わった日時",
        "LINEの受付番号",
        "説明",
        "記録された理由",
        "分ける前の便",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    let envelopes = delivery::report::all_envelopes(&desk.db, dispatch).await?;
    rows.extend(envelopes.into_iter().map(row));
    let name = format!("attachment; filename=\"broadcast-{id}.csv\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(table::csv(rows)))
}

fn row(envelope: Envelope) -> [String; 11] {
    let time = |at: Option<Instant>| at.map(times::machine).unwrap_or_default();
    [
        envelope.number.to_string(),
        words::fate(envelope.fate).to_owned(),
        envelope.people.to_string(),
        envelope.left_out.to_string(),
        envelope.attempts.to_string(),
        time(envelope.first_call_at),
        time(envelope.ended_at),
        envelope.request_id.unwrap_or_default(),
        words::fate_reason(envelope.fate).to_owned(),
        envelope.why.unwrap_or_default(),
        envelope
            .split_from
            .map(|number| number.to_string())
            .unwrap_or_default(),
    ]
}
