//! Who stands in for each chief (代決順位), who would act today, and where nobody can.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::holdings::{Ending, When};
use super::home::{Alarm, Waiting};
use super::people::rows::{self, Line, Phase};
use super::people::{fields, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::DeputyId;
use crate::staff::Right;
use crate::staff::countersign::Ask;
use crate::staff::people::{self, AD_HOC_DAYS, Post, PostKind, Roster, Unfit};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

/// A chief's post with who acts for it today.
struct Chief {
    anchor: String,
    new_path: String,
    label: String,
    chief: String,
    /// Why the post's holder does not act, if that is so.
    note: &'static str,
    acting: Vec<String>,
    nobody: bool,
    deputies: Vec<Line>,
    past: Vec<Line>,
}

#[derive(Template)]
#[template(path = "deputies/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    manages: bool,
    chiefs: Vec<Chief>,
    vacant: usize,
}

/// `GET /deputies`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let chiefs: Vec<Chief> = chiefs(&roster, today)
        .map(|post| chief(&roster, post, today))
        .collect();
    Ok(Page(List {
        frame: visitor.frame("代理と代決の順位").under("/people", "職員"),
        manages: visitor.may(Right::ManagePeople),
        vacant: chiefs.iter().filter(|chief| chief.nobody).count(),
        chiefs,
    }))
}

fn chiefs(roster: &Roster, today: chrono::NaiveDate) -> impl Iterator<Item = &Post> {
    let mut chiefs: Vec<&Post> = roster
        .posts
        .values()
        .filter(|post| post.kind == PostKind::Chief && !post.is_closed(today))
        .collect();
    chiefs.sort_by_key(|post| (!post.of_owner(), post.label()));
    chiefs.into_iter()
}

fn chief(roster: &Roster, post: &Post, today: chrono::NaiveDate) -> Chief {
    let acting = roster.acting(post.id, today);
    let holder = roster.holders(post.id, today).next();
    let theirs = roster.deputies.iter().filter(|d| d.post == post.id);
    let lines = theirs.map(|deputy| rows::deputy(roster, deputy, today));
    let (past, deputies) = lines.partition(|line: &Line| line.phase == Phase::Over);
    let name = |person: &&people::Person| person.name.as_str().to_owned();
    Chief {
        anchor: format!("post-{}", post.id),
        new_path: format!("/deputies/new?post={}", post.id),
        label: post.label(),
        chief: holder.as_ref().map_or_else(String::new, name),
        note: match (holder, acting.chief) {
            (Some(_), None) => "広報課長を兼ねているため、この課の側では代理が決裁します。",
            _ => "",
        },
        nobody: acting.chief.is_none() && acting.deputies.is_empty(),
        acting: acting
            .chief
            .iter()
            .chain(&acting.deputies)
            .map(name)
            .collect(),
        deputies,
        past,
    }
}

/// Chief's posts for which nobody can act today, and those where one absence would bring it about.
pub(super) async fn gaps(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<(Vec<Alarm>, Vec<Waiting>), Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let (mut alarms, mut waiting) = (Vec::new(), Vec::new());
    for post in chiefs(&roster, today) {
        let chief = chief(&roster, post, today);
        if chief.nobody {
            let what = format!("{}の決裁ができる人がいません", chief.label);
            let next = "課長を任命するか、代理を登録してください。";
            alarms.push(Alarm::new(what, next).at("/deputies"));
        } else if chief.deputies.is_empty() {
            waiting.push(Waiting {
                ask: format!("{}の代理を登録してください", chief.label),
                about: "課長が不在のとき、決裁できる人がいなくなります。".to_owned(),
                path: chief.new_path,
                until: None,
            });
        }
    }
    Ok((alarms, waiting))
}

/// Who, for whom, in which place, from when to when, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    post: String,
    person: String,
    rank: String,
    kind: String,
    from: String,
    to: String,
    scope: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "deputies/new.html")]
pub(in crate::console) struct New {
    frame: Frame,
    errors: Errors,
    entered: Entered,
    posts: Vec<Choice>,
    persons: Vec<Choice>,
    kinds: Vec<Choice>,
}

/// `GET /deputies/new`, perhaps with a post to begin with.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Query<Entered>,
) -> Result<Page<New>, Refusal> {
    let mut entered = entered.into_inner();
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    entered.from = today.to_string();
    entered.scope = "課長の決裁と、緊急配信の同意".to_owned();
    let taken = roster.deputies.iter().filter(|d| {
        d.post.to_string() == entered.post && rows::deputy(&roster, d, today).phase != Phase::Over
    });
    let next = taken.map(|d| d.rank).max().unwrap_or(0).saturating_add(1);
    entered.rank = next.to_string();
    Ok(page(&visitor, &roster, Errors::default(), entered))
}

fn page(visitor: &Visitor, roster: &Roster, errors: Errors, entered: Entered) -> Page<New> {
    let today = date_in_japan(visitor.now);
    Page(New {
        frame: visitor
            .frame("代理を登録する")
            .under("/people", "職員")
            .under("/deputies", "代理"),
        errors,
        entered,
        posts: fields::posts(roster, today, |post| post.kind == PostKind::Chief),
        persons: fields::persons(roster, today),
        kinds: vec![
            Choice::new("standing", "常設").hint("事務決裁規程の順位です。終わりを決めません。"),
            Choice::new("ad_hoc", "臨時")
                .hint(format!("休暇や出張のあいだだけです。{AD_HOC_DAYS}日まで。")),
        ],
    })
}

/// `POST /deputies/new`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let mut errors = Errors::default();
    let wish = read(&mut errors, &entered);
    if let Some(wish) = wish.filter(|_| errors.is_empty()) {
        let asked = fields::ask(&visitor, &desk, &mut errors, wish, &entered.reason).await?;
        if let Some(asked) = asked {
            return Ok(fields::asked(asked));
        }
    }
    let roster = people::roster(&desk.db).await?;
    let wrong = HttpResponse::UnprocessableEntity();
    Ok(page(&visitor, &roster, errors, entered).with(wrong))
}

fn read(errors: &mut Errors, entered: &Entered) -> Option<Ask> {
    let post = entered.post.parse().ok();
    if post.is_none() {
        errors.add("post", words::unfit(Unfit::NoSuchPost));
    }
    let person = entered.person.parse().ok();
    if person.is_none() {
        errors.add("person", words::unfit(Unfit::NoSuchPerson));
    }
    let rank = entered.rank.trim().parse().ok();
    let rank = rank.filter(|rank| (1..=99).contains(rank));
    if rank.is_none() {
        errors.add("rank", words::unfit(Unfit::Rank));
    }
    let standing = entered.kind == "standing";
    match entered.kind.as_str() {
        "standing" => {}
        "ad_hoc" if entered.to.is_empty() => {
            errors.add("to", "臨時の代理には、最終日を入力してください。");
        }
        "ad_hoc" => {}
        _ => errors.add("kind", "常設か臨時かを選んでください。"),
    }
    let to = if standing { "" } else { &entered.to };
    let term = fields::term(errors, &entered.from, to);
    let scope = entered.scope.trim();
    if !(1..=100).contains(&scope.chars().count()) {
        errors.add(
            "scope",
            "代理をする範囲を、1字から100字までで書いてください。",
        );
    }
    fields::reason(errors, &entered.reason);
    Some(Ask::AddDeputy {
        post: post?,
        person: person?,
        term: term?,
        rank: rank?,
        scope: scope.to_owned(),
    })
}

/// `GET /deputies/{id}/end`.
pub(in crate::console) async fn ask_end(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<DeputyId>,
) -> Result<HttpResponse, Refusal> {
    ending(&visitor, &desk, *id, Errors::default(), When::default()).await
}

async fn ending(
    visitor: &Visitor,
    desk: &Desk,
    id: DeputyId,
    errors: Errors,
    entered: When,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let deputy = roster.deputies.iter().find(|deputy| deputy.id == id);
    let deputy = deputy.ok_or(Refusal::NotFound)?;
    let line = rows::deputy(&roster, deputy, date_in_japan(visitor.now));
    if line.phase == Phase::Over {
        let said = "この代理は、もう終わっています。ほかの人が先に終えたのかもしれません。";
        return Ok(redirect("/deputies", Flash::failed(said)));
    }
    let frame = visitor
        .frame("代理を終える")
        .under("/people", "職員")
        .under("/deputies", "代理");
    Ok(Ending::of(frame, line, "/deputies", errors, entered))
}

/// `POST /deputies/{id}/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<DeputyId>,
    entered: Form<When>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let mut errors = Errors::default();
    if let Some(end) = entered.read(&mut errors, &visitor) {
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        match people::end_deputy(&tx, visitor.now, &by, *id, end).await {
            Ok(()) => {
                tx.commit().await?;
                let said = Flash::done("代理の終わりを登録しました。");
                return Ok(redirect("/deputies", said));
            }
            Err(error) => errors.add("day", words::why(error)?),
        }
    }
    ending(&visitor, &desk, *id, errors, entered).await
}
