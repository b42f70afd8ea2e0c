//! Taking new files over: check, look at what changes, confirm.

use actix_multipart::Multipart;
use actix_web::web::{Data, Form, Path, Query};
use actix_web::{Either, HttpResponse};
use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::month::MonthPage;
use super::words;
use crate::clock::date_in_japan;
use crate::console::findings::Listed;
use crate::console::form_data::FormData;
use crate::console::taking::{Confirmed, gone, overtaken};
use crate::console::{Desk, Visitor};
use crate::edition::Published;
use crate::garbage::{self, Ambiguous, Checked, Difference, Effect, Options, Shift, Strictness};
use crate::ids::UploadId;
use crate::resident::Month;
use crate::table::Source;
use crate::upload::{self, TakenOver};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/garbage/import";

/// How files are to be read, as the form sends it and the upload keeps it.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Reading {
    closures: String,
    ambiguous: String,
    strictness: String,
}

impl Reading {
    fn options(&self) -> Options {
        Options {
            closures: match self.closures.as_str() {
                "shift-week" => Effect::ShiftWeek,
                _ => Effect::Skip,
            },
            ambiguous: match self.ambiguous.as_str() {
                "published" => Some(Ambiguous::Published),
                "intended" => Some(Ambiguous::Intended),
                _ => None,
            },
        }
    }

    fn check(&self, files: &[Source], today: NaiveDate) -> Checked {
        let strictness = match self.strictness.as_str() {
            "lenient" => Strictness::Lenient,
            _ => Strictness::Strict,
        };
        garbage::check(files, self.options(), strictness, today)
    }
}

#[derive(Template)]
#[template(path = "garbage/import.html")]
pub(in crate::console) struct Import {
    frame: Frame,
    errors: Errors,
    reading: Reading,
    findings: Listed,
    warnings: Listed,
    closures: Vec<Choice>,
    ambiguous: Vec<Choice>,
    strictness: Vec<Choice>,
}

/// `GET /garbage/import`.
pub(in crate::console) async fn ask(visitor: Visitor) -> Page<Import> {
    let usual = Reading {
        closures: "skip".to_owned(),
        strictness: "strict".to_owned(),
        ..Reading::default()
    };
    Page(form(&visitor, usual, Errors::default(), None))
}

fn form(visitor: &Visitor, reading: Reading, errors: Errors, checked: Option<&Checked>) -> Import {
    Import {
        frame: visitor
            .frame("収集日の取り込み")
            .under("/garbage", "ごみの収集日"),
        errors,
        reading,
        findings: checked.map_or_else(Listed::default, |checked| Listed::of(&checked.findings)),
        warnings: checked.map_or_else(Listed::default, |checked| Listed::of(&checked.warnings)),
        closures: vec![
            Choice::new("skip", "休みの日の収集はなくなる")
                .hint("次の収集日まで待ちます。ふつうはこちらです。"),
            Choice::new("shift-week", "第何曜日の収集は、1週間うしろへずれる")
                .hint("休みに当たった月の残りも、1週間ずつずれます。毎週の収集はなくなります。"),
        ],
        ambiguous: vec![
            Choice::new("", "指摘として止める")
                .hint("「月 木 土5:8」のような書き方があれば、直してから取り込みます。"),
            Choice::new("published", "前のすべての曜日に効く")
                .hint("「月 木 土5:8」は、月・木・第5土のどれも8月だけ。"),
            Choice::new("intended", "直前の曜日だけに効く")
                .hint("「月 木 土5:8」は、月・木は毎月、第5土は8月だけ。"),
        ],
        strictness: vec![
            Choice::new("strict", "指摘が一つでもあれば取り込まない")
                .hint("ファイルを直して、もう一度選びます。"),
            Choice::new("lenient", "指摘のある所を除いて取り込む")
                .hint("除いた所の収集日は、住民に案内されなくなります。"),
        ],
    }
}

/// `POST /garbage/import`.
pub(in crate::console) async fn hand_in(
    visitor: Visitor,
    desk: Data<Desk>,
    parts: Multipart,
) -> Result<Either<Page<Import>, HttpResponse>, Refusal> {
    let sent = FormData::read(parts).await?;
    let reading = Reading {
        closures: sent.field("closures").to_owned(),
        ambiguous: sent.field("ambiguous").to_owned(),
        strictness: sent.field("strictness").to_owned(),
    };
    let mut errors = Errors::default();
    let files = sent.unpacked().unwrap_or_else(|why| {
        errors.add("files", why);
        Vec::new()
    });
    if files.is_empty() && errors.is_empty() {
        errors.add(
            "files",
            "ファイルを選んでください。area_days.csv と、同じフォルダーのCSVファイルです。",
        );
    }
    if !errors.is_empty() {
        return Ok(Either::Left(Page(form(&visitor, reading, errors, None))));
    }
    let checked = reading.check(&files, date_in_japan(visitor.now));
    if !checked.is_usable() {
        return Ok(Either::Left(Page(form(
            &visitor,
            reading,
            errors,
            Some(&checked),
        ))));
    }
    let options = serde_json::to_string(&reading)?;
    let by = visitor.signed.person();
    let id = upload::keep(
        &desk.db,
        visitor.now,
        Published::Garbage,
        by,
        &files,
        &options,
    )
    .await?;
    Ok(Either::Right(redirect(&format!("{PATH}/{id}"), None)))
}

/// A shift, in words.
#[derive(Debug)]
struct Moved {
    category: String,
    areas: usize,
    first: Vec<String>,
    rest: Vec<String>,
    before: String,
    after: String,
    days_gone: String,
    days_new: String,
    look: String,
}

#[derive(Template)]
#[template(path = "garbage/preview.html")]
pub(in crate::console) struct Preview {
    frame: Frame,
    action: String,
    seen: i64,
    files: Vec<String>,
    difference: Difference,
    moved: Vec<Moved>,
    sample: Option<Sample>,
    findings: Listed,
    warnings: Listed,
}

/// A month of one area, so far and from now on.
#[derive(Debug)]
struct Sample {
    area: String,
    before: MonthPage,
    after: MonthPage,
}

/// Which area's month is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct AskedSample {
    area: String,
}

/// `GET /garbage/import/{id}`.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<UploadId>,
    asked: Query<AskedSample>,
) -> Result<Page<Preview>, Refusal> {
    let today = date_in_japan(visitor.now);
    let found = kept(&desk, &visitor, *id).await?;
    let (names, checked) = found.ok_or(Refusal::NotFound)?;
    let shown = garbage::preview(&desk.db, &checked, today).await?;
    let shown = shown.ok_or(Refusal::NotFound)?;
    let action = format!("{PATH}/{id}");
    let difference = shown.difference;
    Ok(Page(Preview {
        frame: visitor
            .frame("変わるところの確認")
            .under("/garbage", "ごみの収集日")
            .under(PATH, "収集日の取り込み"),
        seen: shown.seen,
        files: names,
        moved: difference
            .shifts
            .iter()
            .map(|shift| moved(shift, &action, today))
            .collect(),
        sample: sample(&difference, &asked.area, today),
        action,
        difference,
        findings: Listed::of(&checked.findings),
        warnings: Listed::of(&checked.warnings),
    }))
}

/// The names of the files kept, and what they say.
async fn kept(
    desk: &Desk,
    visitor: &Visitor,
    id: UploadId,
) -> Result<Option<(Vec<String>, Checked)>, Refusal> {
    let Some(upload) = upload::find(&desk.db, visitor.now, Published::Garbage, id).await? else {
        return Ok(None);
    };
    let reading: Reading = serde_json::from_str(&upload.options)?;
    let checked = reading.check(&upload.files, date_in_japan(visitor.now));
    let names = upload.files.into_iter().map(|file| file.name).collect();
    Ok(Some((names, checked)))
}

fn moved(shift: &Shift, action: &str, today: NaiveDate) -> Moved {
    let said = |schedule: &Option<garbage::Schedule>| match schedule {
        Some(schedule) => words::schedule(schedule, today),
        None => "収集なし".to_owned(),
    };
    let (first, rest) = shift.areas.split_at(shift.areas.len().min(4));
    let area: String = shift
        .areas
        .first()
        .map(|area| url::form_urlencoded::byte_serialize(area.as_bytes()).collect())
        .unwrap_or_default();
    Moved {
        category: shift.category.clone(),
        areas: shift.areas.len(),
        first: first.to_vec(),
        rest: rest.to_vec(),
        before: said(&shift.before),
        after: said(&shift.after),
        days_gone: words::dates(&shift.days_gone),
        days_new: words::dates(&shift.days_new),
        look: format!("{action}?area={area}#sample"),
    }
}

/// The first month in which something changes, in the area asked for or the first that changes.
fn sample(difference: &Difference, asked: &str, today: NaiveDate) -> Option<Sample> {
    let concerns =
        |shift: &&Shift| asked.is_empty() || shift.areas.iter().any(|area| area == asked);
    let shifts: Vec<&Shift> = difference.shifts.iter().filter(concerns).collect();
    let area = match asked {
        "" => shifts.first()?.areas.first()?.as_str(),
        asked => asked,
    };
    let first = shifts
        .iter()
        .filter(|shift| shift.areas.iter().any(|of| of == area))
        .flat_map(|shift| shift.days_gone.iter().chain(&shift.days_new))
        .min()?;
    let (before, after) = difference.of_area(area)?;
    let mut before = MonthPage::of(before, Month::of(*first), today);
    let mut after = MonthPage::of(after, Month::of(*first), today);
    before.compare(&mut after, today);
    Some(Sample {
        area: area.to_owned(),
        before,
        after,
    })
}

/// `POST /garbage/import/{id}`.
pub(in crate::console) async fn take_over(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<UploadId>,
    confirmed: Form<Confirmed>,
) -> Result<HttpResponse, Refusal> {
    let Some((_, checked)) = kept(&desk, &visitor, *id).await? else {
        return Ok(gone(PATH));
    };
    let actor = visitor.signed.actor();
    let taken =
        garbage::take_over(&desk.db, visitor.now, actor, *id, &checked, confirmed.seen).await?;
    Ok(match taken {
        TakenOver::Done(changes) => redirect(
            "/garbage",
            Flash::done(format!(
                "{}地区の収集日を取り込みました。住民への案内は、いまから新しい収集日になります。",
                changes.areas
            )),
        ),
        TakenOver::Overtaken => overtaken(&format!("{PATH}/{id}")),
        TakenOver::Gone => gone(PATH),
    })
}
