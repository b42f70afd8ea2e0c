//! The personnel change (人事異動): a day, then everything that ends, then the deed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::{fields, rows, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::PersonId;
use crate::staff::account::PasskeyRow;
use crate::staff::leaving::{self, Leaving};
use crate::staff::people::{self, End, PostKind, Roster};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect, times};

/// When, and what was shown to whoever confirms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    when: String,
    day: String,
    seen: String,
}

/// What ends, line by line.
#[derive(Debug, Default)]
struct Ending {
    title: &'static str,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "people/leave.html")]
pub(in crate::console) struct Leave {
    frame: Frame,
    errors: Errors,
    entered: Entered,
    whens: Vec<Choice>,
    path: String,
    called: String,
    /// 「11月30日(月)の終わりに」, once a day is chosen.
    moment: String,
    endings: Vec<Ending>,
    /// Where they are signed in now.
    sessions: usize,
    secrets: Vec<&'static str>,
    warnings: Vec<&'static str>,
    seen: String,
}

/// `GET /people/{id}/leave`: asks for the day, and with one shows what it comes to.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
    entered: Query<Entered>,
) -> Result<HttpResponse, Refusal> {
    page(
        &visitor,
        &desk,
        *id,
        Errors::default(),
        entered.into_inner(),
    )
    .await
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    id: PersonId,
    mut errors: Errors,
    entered: Entered,
) -> Result<HttpResponse, Refusal> {
    let today = date_in_japan(visitor.now);
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let path = format!("/people/{id}");
    let leaving = leaving::preview(&desk.db, visitor.now, id).await?;
    let chosen = !entered.when.is_empty();
    let end = chosen.then(|| fields::end(&mut errors, &entered.when, &entered.day, today));
    let end = end.flatten();
    let moment = match end {
        Some(End::After(day)) => format!("{}の終わりに", times::day(day, today)),
        Some(End::AtOnce) => "いますぐ".to_owned(),
        None => String::new(),
    };
    let status = if errors.is_empty() {
        HttpResponse::Ok()
    } else {
        HttpResponse::UnprocessableEntity()
    };
    let page = Leave {
        frame: visitor
            .frame("退職・異動")
            .under("/people", "職員")
            .under(path.clone(), person.name.as_str()),
        errors,
        entered,
        whens: fields::ends(),
        path,
        called: person.name.as_str().to_owned(),
        moment,
        endings: endings(visitor, &roster, &leaving),
        sessions: leaving.sessions.len(),
        secrets: leaving.secrets.iter().map(|s| s.label()).collect(),
        warnings: warnings(visitor, &roster, &leaving, id),
        seen: seen(&leaving),
    };
    Ok(Page(page).with(status))
}

fn endings(visitor: &Visitor, roster: &Roster, leaving: &Leaving) -> Vec<Ending> {
    let today = date_in_japan(visitor.now);
    let line = |line: rows::Line| format!("{}（{}）", line.post, line.term);
    let passkey = |key: &PasskeyRow| {
        let enrolled = times::day(date_in_japan(key.enrolled_at), today);
        format!("{}（{enrolled}登録）", key.label)
    };
    let wishes = |asked: &[crate::staff::countersign::Countersign]| {
        let wishes = asked.iter().map(|asked| words::wish(&asked.ask, roster));
        wishes.collect()
    };
    let held = leaving.holdings.iter();
    let deputies = leaving.deputies.iter();
    let endings = [
        Ending {
            title: "役職",
            lines: held
                .map(|h| line(rows::holding(roster, h, today)))
                .collect(),
        },
        Ending {
            title: "代理",
            lines: deputies
                .map(|d| line(rows::deputy(roster, d, today)))
                .collect(),
        },
        Ending {
            title: "この人が申請し、もう一人を待っていること（いますぐ取り下げます）",
            lines: wishes(&leaving.asked),
        },
        Ending {
            title: "この人について申請中のこと（最終日より後は実行できなくなります）",
            lines: wishes(&leaving.awaited),
        },
        Ending {
            title: "パスキー",
            lines: leaving.passkeys.iter().map(passkey).collect(),
        },
    ];
    endings
        .into_iter()
        .filter(|ending| !ending.lines.is_empty())
        .collect()
}

fn warnings(
    visitor: &Visitor,
    roster: &Roster,
    leaving: &Leaving,
    id: PersonId,
) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if visitor.signed.person() == id {
        warnings.push("これはあなた自身です。終わると、この画面も使えなくなります。");
    }
    let kinds = |kind| {
        let posts = leaving
            .holdings
            .iter()
            .filter_map(|h| roster.posts.get(&h.post));
        posts.filter(|post| post.kind == kind).count() > 0
    };
    if kinds(PostKind::Administrator) && roster.administrators(date_in_japan(visitor.now)) <= 2 {
        warnings.push(
            "システム管理者が一人になり、二人操作ができなくなります。先に後任をシステム管理者にしてください。",
        );
    }
    if kinds(PostKind::Chief) {
        warnings.push(
            "課長の役職が空きます。後任か代理を決めるまで、その課の決裁が止まることがあります。",
        );
    }
    warnings
}

/// What was shown, so that nobody confirms something else.
fn seen(leaving: &Leaving) -> String {
    let held = leaving.holdings.iter().map(|held| held.id.to_string());
    let deputies = leaving.deputies.iter().map(|deputy| deputy.id.to_string());
    let asked = leaving.asked.iter().map(|asked| asked.id.to_string());
    held.chain(deputies)
        .chain(asked)
        .collect::<Vec<_>>()
        .join(".")
}

/// `POST /people/{id}/leave`.
pub(in crate::console) async fn leave(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let mut errors = Errors::default();
    let today = date_in_japan(visitor.now);
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let leaving = leaving::preview(&desk.db, visitor.now, *id).await?;
    if seen(&leaving) != entered.seen {
        errors.add(
            "preview",
            "画面を開いたあとで、この職員の役職や申請が変わりました。下の内容を確かめて、もう一度押してください。",
        );
        return page(&visitor, &desk, *id, errors, entered).await;
    }
    let Some(end) = fields::end(&mut errors, &entered.when, &entered.day, today) else {
        // The page finds the same fault again.
        return page(&visitor, &desk, *id, Errors::default(), entered).await;
    };
    let tx = desk.db.begin().await?;
    let by = visitor.signed.actor();
    match leaving::leave(&tx, visitor.now, &by, *id, end).await {
        Ok(tasks) => {
            tx.commit().await?;
            let name = person.name.as_str();
            let done = match end {
                End::AtOnce => format!("{name}さんのすべての役職と代理を終えました。"),
                End::After(day) => {
                    let day = times::day(day, today);
                    format!("{name}さんの最終日を{day}にしました。")
                }
            };
            let secrets = match tasks.len() {
                0 => String::new(),
                many => format!("秘密情報の交換が{many}件必要です。"),
            };
            let to = match tasks.is_empty() {
                true => format!("/people/{id}"),
                false => "/secrets".to_owned(),
            };
            Ok(redirect(&to, Flash::done(format!("{done}{secrets}"))))
        }
        Err(error) => {
            drop(tx);
            errors.add("day", words::why(error)?);
            page(&visitor, &desk, *id, errors, entered).await
        }
    }
}
