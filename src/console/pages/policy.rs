//! The whole operating policy, with what only staff read.

use actix_web::web::Data;
use askama::Template;

use crate::console::{Desk, Visitor};
use crate::policy::{self, Page as Policy};
use crate::web::{Frame, Page, Refusal};

#[derive(Template)]
#[template(path = "policy_for_staff.html")]
pub(in crate::console) struct ForStaff {
    frame: Frame,
    page: Policy,
}

/// `GET /policy/staff`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<ForStaff>, Refusal> {
    let page = policy::page(&*desk.rules.at(visitor.now).await?);
    Ok(Page(ForStaff {
        frame: visitor.frame("運用ポリシーの全文"),
        page,
    }))
}
