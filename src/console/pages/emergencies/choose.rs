//! What to tell: a template to be tapped.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::{PATH, TITLE, houses, words, writes_for_none};
use crate::console::{Desk, Visitor};
use crate::emergency;
use crate::emergency::template::Severity;
use crate::web::{Frame, Page, Refusal};

/// Templates of one kind, to be tapped.
struct Group {
    title: &'static str,
    kind: &'static str,
    templates: Vec<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "emergencies/choose.html")]
pub(in crate::console) struct Choose {
    frame: Frame,
    groups: Vec<Group>,
}

/// `GET /emergencies/new`: which template. Corrections begin at what they correct.
pub(in crate::console) async fn choose(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    if houses(&visitor).is_empty() {
        return Ok(writes_for_none());
    }
    let library = desk.templates.in_force().await?;
    let group = |severity: Severity| {
        let templates = library.all();
        let templates = templates
            .filter(|template| template.severity == severity && !emergency::is_prepared(template));
        Group {
            title: words::severity(severity),
            kind: match severity {
                Severity::Danger => "danger",
                Severity::Warning => "warning",
                Severity::Info => "info",
            },
            templates: templates
                .map(|template| (template.code.clone(), template.name.clone()))
                .collect(),
        }
    };
    let groups = [Severity::Danger, Severity::Warning, Severity::Info].map(group);
    let groups = groups
        .into_iter()
        .filter(|group| !group.templates.is_empty());
    let page = Page(Choose {
        frame: visitor.frame("何を知らせますか").under(PATH, TITLE),
        groups: groups.collect(),
    });
    Ok(page.with(HttpResponse::Ok()))
}
