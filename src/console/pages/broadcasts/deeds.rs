//! What is done to a broadcast from its page: decided, stopped, resumed, given up, copied, corrected.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use serde::Deserialize;

use super::show::{self, Said};
use super::{PATH, TITLE, find, refused, terms, unsaid};
use crate::approval::{Digest, Verdict};
use crate::area;
use crate::broadcast::{self, BroadcastError};
use crate::console::{Desk, Visitor};
use crate::ids::{ApprovalId, BroadcastId};
use crate::web::{Confirm, Flash, Page, Refusal, redirect};

/// A decision.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Decision {
    request: ApprovalId,
    digest: String,
    verdict: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    reason: String,
}

/// `POST /broadcasts/{id}/decide`.
pub(in crate::console) async fn decide(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    Form(decision): Form<Decision>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{PATH}/{id}");
    let changed = || {
        let said = "読んでいるあいだに内容が変わりました。もう一度読んでから決めてください。";
        Ok(redirect(&here, Flash::failed(said)))
    };
    let Some(seen) = Digest::read(&decision.digest) else {
        return changed();
    };
    let said = Said {
        note: decision.note,
        reason: decision.reason,
        ..Said::default()
    };
    let (verdict, done) = match decision.verdict.as_str() {
        "agree" => (Verdict::Agree(Some(said.note.clone())), "認めました。"),
        _ => (Verdict::Return(said.reason.clone()), "差し戻しました。"),
    };
    let profile = desk.rules.at(visitor.now).await?;
    let (now, by) = (visitor.now, visitor.signed.person());
    let directory = area::directory(&desk.db).await?;
    let terms = terms(&desk, &profile, &directory);
    let tx = desk.db.begin().await?;
    match broadcast::decide(&tx, now, by, terms, decision.request, &seen, verdict).await {
        Ok(request) if request.frozen.subject.id == id.0 => {
            tx.commit().await?;
            Ok(redirect(&here, Flash::done(done)))
        }
        Ok(_) => changed(),
        Err(error) => {
            let errors = match &error {
                BroadcastError::Approval(why) => unsaid(why),
                _ => None,
            };
            let Some(errors) = errors else {
                return refused(error, &here);
            };
            // Drawing the page takes a connection of its own.
            drop(tx);
            show::again(&visitor, &desk, *id, Said { errors, ..said }).await
        }
    }
}

/// What is asked for, by the last part of the address.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::console) enum Wish {
    Stop,
    Resume,
    Withdraw,
    Copy,
    Correct,
}

/// `GET /broadcasts/{id}/{wish}`: asks once more.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    path: Path<(BroadcastId, Wish)>,
) -> Result<Page<Confirm>, Refusal> {
    let (id, wish) = path.into_inner();
    let broadcast = find(&visitor, &desk, id).await?;
    let back = format!("{PATH}/{id}");
    let (question, outcome, deed, danger) = match wish {
        Wish::Stop => (
            "この配信を止めますか。",
            "まだ送っていない分を送りません。いま送っている分は止まりません。再開できます。",
            "止める",
            true,
        ),
        Wish::Resume => (
            "この配信を再開しますか。",
            "まだ送っていない分だけを送ります。もう届いた人には、二度届きません。",
            "再開する",
            false,
        ),
        Wish::Withdraw => (
            "この配信を取り下げますか。",
            "配信されなくなり、元に戻せません。写して新しく書くことはできます。",
            "取り下げる",
            true,
        ),
        Wish::Copy => (
            "この配信を写して、新しく書きますか。",
            "日時のほかは同じ内容の下書きができます。確認の答えは写しません。",
            "写す",
            false,
        ),
        Wish::Correct => (
            "この配信の訂正を書きますか。",
            "この配信を受け取った人だけに届く下書きができます。決裁を受けてから配信します。",
            "訂正を書く",
            false,
        ),
    };
    Ok(Page(Confirm {
        frame: visitor
            .frame(deed)
            .under(PATH, TITLE)
            .under(back.clone(), broadcast.head.title.clone()),
        question: question.to_owned(),
        facts: vec![("件名".to_owned(), broadcast.head.title)],
        outcome: vec![outcome.to_owned()],
        danger,
        deed: deed.to_owned(),
        action: format!("{back}/{}", wish.code()),
        fields: Vec::new(),
        back,
    }))
}

impl Wish {
    fn code(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Resume => "resume",
            Self::Withdraw => "withdraw",
            Self::Copy => "copy",
            Self::Correct => "correct",
        }
    }
}

/// `POST /broadcasts/{id}/{wish}`.
pub(in crate::console) async fn fulfil(
    visitor: Visitor,
    desk: Data<Desk>,
    path: Path<(BroadcastId, Wish)>,
) -> Result<HttpResponse, Refusal> {
    let (id, wish) = path.into_inner();
    let here = format!("{PATH}/{id}");
    let (now, by) = (visitor.now, &visitor.signed);
    let profile = desk.rules.at(now).await?;
    let house = find(&visitor, &desk, id).await?.head.house;
    // A copy is for who makes it, unless they write for the very same house.
    let own = broadcast::houses(by).into_iter().map(|(own, _)| own);
    let own: Vec<_> = own.collect();
    let house = own
        .iter()
        .find(|own| **own == house)
        .or(own.first())
        .copied();
    let directory = area::directory(&desk.db).await?;
    let terms = terms(&desk, &profile, &directory);
    let tx = desk.db.begin().await?;
    let done = match (wish, house) {
        (Wish::Stop, _) => broadcast::stop(&tx, now, by, id).await.map(|()| None),
        (Wish::Resume, _) => broadcast::resume(&tx, now, by, terms, id)
            .await
            .map(|()| None),
        (Wish::Withdraw, _) => broadcast::withdraw(&tx, now, by, id).await.map(|()| None),
        (Wish::Copy, Some(house)) => broadcast::copy(&tx, now, by, &profile, house, id)
            .await
            .map(Some),
        (Wish::Correct, Some(house)) => broadcast::correct(&tx, now, by, &profile, house, id)
            .await
            .map(Some),
        (Wish::Copy | Wish::Correct, None) => Err(BroadcastError::NotTheirs),
    };
    let made = match done {
        Ok(made) => made,
        Err(error) => return refused(error, &here),
    };
    tx.commit().await?;
    Ok(match (wish, made) {
        (_, Some(made)) => redirect(&format!("{PATH}/{made}/edit"), None),
        (Wish::Stop, None) => redirect(&here, Flash::done("配信を止めました。")),
        (Wish::Resume, None) => redirect(&here, Flash::done("配信を再開しました。")),
        (_, None) => redirect(&here, Flash::done("取り下げました。")),
    })
}
