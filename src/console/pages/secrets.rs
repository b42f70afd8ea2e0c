//! Secrets to change after somebody left (秘密情報の交換): red until somebody else says it is done.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use super::home::Alarm;
use super::people::words;
use crate::clock::Instant;
use crate::console::{Desk, Visitor};
use crate::ids::SecretsTaskId;
use crate::staff::Right;
use crate::staff::leaving::{self, Secret, SecretsTask};
use crate::staff::people::{self, Roster};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

/// As many of those done as are shown.
const DONE: u64 = 50;

struct Row {
    id: String,
    secret: &'static str,
    how: &'static str,
    person: String,
    opened_at: Instant,
    mine: bool,
    done_at: Option<Instant>,
    done_by: String,
}

#[derive(Template)]
#[template(path = "secrets/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    manages: bool,
    open: Vec<Row>,
    done: Vec<Row>,
}

/// `GET /secrets`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let open = leaving::open_tasks(&desk.db).await?;
    let done = leaving::done_tasks(&desk.db, DONE).await?;
    let rows = |tasks: &[SecretsTask]| {
        let rows = tasks.iter().map(|task| row(&visitor, &roster, task));
        rows.collect()
    };
    Ok(Page(List {
        frame: visitor.frame("秘密情報の交換"),
        manages: visitor.may(Right::ManagePeople),
        open: rows(&open),
        done: rows(&done),
    }))
}

fn row(visitor: &Visitor, roster: &Roster, task: &SecretsTask) -> Row {
    let name = |id| words::person(roster, id);
    Row {
        id: task.id.to_string(),
        secret: task.secret.label(),
        how: how(task.secret),
        person: task.person.map_or_else(String::new, name),
        opened_at: task.opened_at,
        mine: task.person == Some(visitor.signed.person()),
        done_at: task.done_at,
        done_by: task
            .done_by
            .map_or_else(|| "システムの運用者".to_owned(), name),
    }
}

/// Where it is changed.
fn how(secret: Secret) -> &'static str {
    match secret {
        Secret::ChannelSecret | Secret::AccessToken => {
            "LINE Developersコンソールで再発行し、サーバーの設定を入れ替えます。"
        }
        Secret::DataKey => "運用の手引きの「The data key」に従って、鍵を入れ替えます。",
        Secret::DatabasePassword => {
            "データベースのパスワードを変え、サーバーの設定を入れ替えます。"
        }
        Secret::ServerAccount => "サーバーのアカウントと、登録されたSSHの鍵を消します。",
        Secret::SignOnSecret => "認証基盤で再発行し、サーバーの設定を入れ替えます。",
        Secret::AccountManagerSeat => {
            "LINE Official Account Managerの「権限管理」から、この人を外します。"
        }
        Secret::DutyDevice => "端末のパスワードを変え、当直の引き継ぎ簿に書きます。",
    }
}

/// For home: nothing is quiet while a secret is known to somebody who left.
pub(super) async fn alarms(desk: &Desk) -> Result<Vec<Alarm>, Refusal> {
    let open = leaving::open_tasks(&desk.db).await?;
    Ok(match open.len() {
        0 => Vec::new(),
        many => {
            let what = format!("秘密情報の交換が{many}件、終わっていません");
            let next = "退職・異動した人が知っていたものです。一つずつ交換してください。";
            vec![Alarm::new(what, next).at("/secrets")]
        }
    })
}

/// `POST /secrets/{id}/done`.
pub(in crate::console) async fn finish(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SecretsTaskId>,
) -> Result<HttpResponse, Refusal> {
    let by = visitor.signed.actor();
    let tx = desk.db.begin().await?;
    let flash = match leaving::finish_task(&tx, visitor.now, &by, *id).await {
        Ok(()) => {
            tx.commit().await?;
            Flash::done("交換したことを記録しました。")
        }
        Err(people::PeopleError::Missing(_)) => Flash::failed(
            "記録できませんでした。もう終わっているか、あなた自身の退職・異動によるものです。ほかの人に頼んでください。",
        ),
        Err(error) => Flash::failed(words::why(error)?),
    };
    Ok(redirect("/secrets", flash))
}
