//! The record of evacuation orders (避難情報の記録): what is in force and from what, what residents are told, and changing it
//! by hand, which takes two.

mod shown;

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};

use super::fields;
use crate::area::{self, Directory};
use crate::console::pages::broadcasts::Sent;
use crate::console::pages::home::Waiting;
use crate::console::pages::people::words as people_words;
use crate::console::{Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::emergency::Places;
use crate::emergency::by_hand::{self, Change, NotChanged};
use crate::emergency::template::Effect;
use crate::evacuation::phrases;
use crate::ids::{AreaId, EvacuationChangeId};
use crate::language::Language;
use crate::staff::Right;
use crate::staff::people::{self, Roster};
use crate::web::{Address, Errors, Flash, Page, Refusal, redirect};
use shown::{Shown, page};

const HERE: &str = "/evacuation";

/// `GET /evacuation`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Shown>, Refusal> {
    let directory = area::directory(&desk.db).await?;
    page(
        &visitor,
        &desk,
        &directory,
        &Sent::default(),
        Errors::default(),
    )
    .await
}

/// `POST /evacuation`: asks for a change.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let directory = area::directory(&desk.db).await?;
    let mut errors = Errors::default();
    let effect = Effect::of_code(sent.one("level"));
    if effect.is_none() {
        errors.add("level", "どの避難情報か、解除かを選んでください。");
    }
    let places = match fields::audience(&sent, &directory) {
        None => {
            errors.add("audience", "どこに出したものかを選んでください。");
            None
        }
        Some(chosen) => {
            let places = chosen
                .and_then(|audience| Places::of(&directory, &audience.areas(&directory)))
                .ok();
            if places.is_none() {
                errors.add("audience", "地区か町を、1つ以上選んでください。");
            }
            places
        }
    };
    let reason = sent.one("reason");
    if !by_hand::is_reason(reason) {
        let most = by_hand::MOST;
        errors.add(
            "reason",
            format!(
                "根拠を1字から{most}字で書いてください。同意する人が読み、あとからも確かめられます。"
            ),
        );
    }
    let (Some(effect), Some(places), true) = (effect, places, errors.is_empty()) else {
        let page = page(&visitor, &desk, &directory, &sent, errors).await?;
        return Ok(page.with(HttpResponse::UnprocessableEntity()));
    };
    let profile = desk.rules.at(visitor.now).await?;
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let asked = by_hand::ask(&tx, now, &profile, by, (effect, places), reason).await;
    if let Err(error) = asked {
        return refused(error);
    }
    tx.commit().await?;
    let done = "申請しました。まだ変わっていません。もう一人に、1時間のうちにこの画面で同意してもらってください。";
    Ok(redirect(HERE, Flash::done(done)))
}

/// `POST /evacuation/{id}/agree`: once who agrees has proven themselves, it is in force.
pub(in crate::console) async fn agree(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    id: Path<EvacuationChangeId>,
    Form(given): Form<Given>,
) -> Result<HttpResponse, Refusal> {
    let change = by_hand::find(&desk.db, *id).await?;
    let change = change.ok_or(Refusal::NotFound)?;
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let (now, by) = (visitor.now, &visitor.signed);
    // Whoever would be refused is not asked for a proof first.
    if let Err(error) = by_hand::may_agree(&roster, &profile, now, &change, by.person()) {
        return refused(error);
    }
    let directory = area::directory(&desk.db).await?;
    let deed = deed(&change, &directory, &roster);
    if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
        return Ok(page);
    }
    let tx = desk.db.begin().await?;
    if let Err(error) = by_hand::agree(&tx, now, &profile, by, *id).await {
        return refused(error);
    }
    tx.commit().await?;
    let done = "同意し、記録しました。これからたずねる住民には、この記録で答えます。";
    Ok(redirect(HERE, Flash::done(done)))
}

/// `POST /evacuation/{id}/withdraw`.
pub(in crate::console) async fn withdraw(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EvacuationChangeId>,
) -> Result<HttpResponse, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    if let Err(error) = by_hand::withdraw(&tx, now, &profile, by, *id).await {
        return refused(error);
    }
    tx.commit().await?;
    let done = "申請を取り下げました。何も変えていません。";
    Ok(redirect(HERE, Flash::done(done)))
}

/// Changes that wait for the visitor to agree, for their home.
pub(in crate::console) async fn waiting(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Waiting>, Refusal> {
    if !visitor.may(Right::Emergency) {
        return Ok(Vec::new());
    }
    let open = by_hand::waiting(&desk.db, visitor.now).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let (now, person) = (visitor.now, visitor.signed.person());
    let theirs = open
        .iter()
        .filter(|change| by_hand::may_agree(&roster, &profile, now, change, person).is_ok());
    Ok(theirs
        .map(|change| Waiting {
            ask: format!(
                "確認してください：避難情報の記録（{}）",
                what(change.effect)
            ),
            about: format!(
                "{}さんの申請。{}",
                people_words::person(&roster, change.asked.by),
                change.reason
            ),
            path: HERE.to_owned(),
            until: Some(change.until()),
        })
        .collect())
}

/// What a second person agrees to.
fn deed(change: &Change, directory: &Directory, roster: &Roster) -> Deed {
    let ids = change.places.ids().into_iter();
    let areas: Vec<String> = ids.map(|id| id.to_string()).collect();
    let level = change.effect.code();
    let asker = people_words::person(roster, change.asked.by);
    Deed {
        act: "evacuation.agree",
        digest: Deed::digest_of(&[&change.id.to_string(), level, &areas.join(",")]),
        title: "避難情報の記録の変更に同意する".to_owned(),
        facts: vec![
            ("記録すること".to_owned(), what(change.effect)),
            ("地区".to_owned(), places(directory, &change.places.ids())),
            ("根拠".to_owned(), change.reason.clone()),
            ("申請した人".to_owned(), asker),
        ],
        button: "同意して記録する".to_owned(),
        action: format!("{HERE}/{}/agree", change.id),
        fields: Vec::new(),
        back: HERE.to_owned(),
        by_passkey_only: true,
        at_once: false,
    }
}

/// What is put on record, as the law has it.
fn what(effect: Effect) -> String {
    match effect {
        Effect::Evacuation(level) => phrases::level(Language::japanese(), level),
        Effect::Lift | Effect::Withdraw => "解除".to_owned(),
    }
}

/// All of them: who agrees has to see each.
fn places(directory: &Directory, areas: &[AreaId]) -> String {
    phrases::places(Language::japanese(), directory, areas).join("、")
}

/// Back to the page with why it was not done.
fn refused(error: NotChanged) -> Result<HttpResponse, Refusal> {
    let why = match error {
        NotChanged::NotEntitled => {
            "避難情報の記録を変えるのは、広報課の職員、当直、緊急配信の課長と代理です。申請したときも、いまもそうである2人で行います。何も変えていません。"
        }
        NotChanged::SamePerson => {
            "自分の申請には同意できません。ほかの人に、この画面を開いて決めてもらってください。"
        }
        NotChanged::NotWaiting => {
            "この申請は、もう決まったか、1時間の期限が過ぎました。いまの記録を確かめ、まだ要るときは申請しなおしてください。"
        }
        NotChanged::NoReason => "根拠を書いてください。何も変えていません。",
        NotChanged::Emergency(error) => return super::refused(error, HERE),
        NotChanged::Db(error) => return Err(error.into()),
    };
    Ok(redirect(HERE, Flash::failed(why)))
}
