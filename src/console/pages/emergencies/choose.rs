//! What to tell: a template to be tapped.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::templates::by_urgency;
use super::{PATH, TITLE, houses, words, writes_for_none};
use crate::console::{Desk, Visitor};
use crate::emergency;
use crate::emergency::template::Topic;
use crate::web::{Frame, Page, Refusal};

/// Templates about the same, the gravest first.
struct Group {
    title: &'static str,
    templates: Vec<Choice>,
}

/// A template, to be tapped.
struct Choice {
    code: String,
    name: String,
    severity: &'static str,
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
    let groups = Topic::ALL.map(|topic| {
        let templates = by_urgency(&library, topic).into_iter();
        let templates = templates.filter(|template| !emergency::is_prepared(template));
        Group {
            title: words::topic(topic),
            templates: templates
                .map(|template| Choice {
                    code: template.code.clone(),
                    name: template.name.clone(),
                    severity: template.severity.code(),
                })
                .collect(),
        }
    });
    let groups = groups
        .into_iter()
        .filter(|group| !group.templates.is_empty());
    let page = Page(Choose {
        frame: visitor.frame("何を知らせますか").under(PATH, TITLE),
        groups: groups.collect(),
    });
    Ok(page.with(HttpResponse::Ok()))
}
