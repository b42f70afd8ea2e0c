//! The menus under the chat: what each is, how often it is tapped, and whether LINE has what files describe.

mod pictures;
mod words;

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Path, Query, block};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use crate::clock::date_in_japan;
use crate::console::findings::Listed;
use crate::console::{Desk, Visitor};
use crate::conversation;
use crate::policy::Profile;
use crate::richmenu::{self, Folder, Foreign, Menu};
use crate::table::Finding;
use crate::web::{Frame, Page, Refusal};

pub use pictures::Pictures;
use words::Cell;

/// Over how many days taps are counted, today included.
const DAYS: i64 = 30;
/// What a picture's address names never changes; it is for who is signed in.
const KEEP: &str = "private, max-age=31536000, immutable";

/// Which menu is looked at, in which language and size.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    menu: String,
    variant: String,
}

/// A way to another menu or another variant of this one.
#[derive(Debug)]
struct Tab {
    path: String,
    label: String,
    here: bool,
}

/// The menu looked at.
#[derive(Debug)]
struct Shown {
    title: String,
    shown_to: &'static str,
    alias: String,
    picture: String,
    width: u32,
    height: u32,
    cells: Vec<Cell>,
    taps: u64,
}

/// What applying the files would do at LINE.
#[derive(Debug)]
enum State {
    /// Nothing: LINE has what they describe.
    Same,
    /// This, step by step.
    Differs(Vec<String>),
    /// LINE does not answer.
    Unknown,
}

#[derive(Template)]
#[template(path = "menus/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    findings: Listed,
    menus: Vec<Tab>,
    variants: Vec<Tab>,
    shown: Option<Shown>,
    state: State,
    foreign: Vec<String>,
    disaster: bool,
    days: i64,
}

/// `GET /menus`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let mut page = List {
        frame: visitor.frame("リッチメニュー"),
        findings: Listed::default(),
        menus: Vec::new(),
        variants: Vec::new(),
        shown: None,
        state: State::Unknown,
        foreign: Vec::new(),
        disaster: false,
        days: DAYS,
    };
    let profile = desk.rules.at(visitor.now).await?;
    let menus = match desired(&desk, profile).await? {
        Ok(menus) => menus,
        Err(findings) => {
            page.findings = Listed::of(&findings);
            return Ok(Page(page));
        }
    };
    match richmenu::look(&desk.db, &desk.line, visitor.now).await {
        Ok(found) => {
            let plan = richmenu::plan(&menus, &found, Foreign::Leave);
            page.disaster = found.disaster;
            let conflicts = plan.conflicts.iter().map(words::conflict);
            let differs: Vec<String> = conflicts
                .chain(plan.steps.iter().map(words::step))
                .collect();
            page.state = match differs.is_empty() {
                true => State::Same,
                false => State::Differs(differs),
            };
            page.foreign = plan.left;
        }
        Err(error) => tracing::warn!(%error, "LINE was not asked about its menus"),
    }
    let today = date_in_japan(visitor.now);
    let first = today - TimeDelta::days(DAYS - 1);
    let taps: HashMap<(String, String), u64> = richmenu::taps(&desk.db, first, today)
        .await?
        .into_iter()
        .map(|tapped| ((tapped.menu, tapped.cell), tapped.times.unsigned_abs()))
        .collect();
    let here = menus
        .iter()
        .find(|menu| menu.folder == asked.menu && menu.variant.code() == asked.variant)
        .or_else(|| menus.iter().find(|menu| menu.folder == asked.menu))
        .or(menus.first());
    if let Some(here) = here {
        page.menus = menu_tabs(&menus, here);
        page.variants = variant_tabs(&menus, here);
        let titles = |alias: &str| {
            let known = menus.iter().find(|menu| menu.alias.as_str() == alias);
            known.map(|menu| menu.title.clone())
        };
        let cells: Vec<Cell> = words::cells(here, &taps, titles);
        page.shown = Some(Shown {
            title: here.title.clone(),
            shown_to: words::shown_to(here.shown_to),
            alias: here.alias.as_str().to_owned(),
            picture: picture_path(here),
            width: here.object.size().width,
            height: here.object.size().height,
            taps: cells.iter().filter_map(|cell| cell.taps).sum(),
            cells,
        });
    }
    Ok(Page(page))
}

/// The menus that files describe. They are read anew: whoever changes a file sees it here.
async fn desired(
    desk: &Desk,
    profile: std::sync::Arc<Profile>,
) -> Result<Result<Vec<Menu>, Vec<Finding>>, Refusal> {
    let folder = desk.menus.clone();
    let read = block(move || {
        Folder::open(&folder)
            .and_then(|folder| richmenu::described(&profile, &folder, conversation::is_postback))
    });
    Ok(read.await?)
}

fn menu_tabs(menus: &[Menu], here: &Menu) -> Vec<Tab> {
    let mut tabs: Vec<Tab> = Vec::new();
    for menu in menus
        .iter()
        .filter(|menu| menu.variant == here.variant || menu.folder == here.folder)
    {
        let path = path(&menu.folder, here);
        if tabs.iter().all(|tab| tab.path != path) {
            tabs.push(Tab {
                label: menu.title.clone(),
                here: menu.folder == here.folder,
                path,
            });
        }
    }
    tabs
}

fn variant_tabs(menus: &[Menu], here: &Menu) -> Vec<Tab> {
    let same = menus.iter().filter(|menu| menu.folder == here.folder);
    same.map(|menu| Tab {
        label: words::variant(menu.variant),
        here: menu.variant == here.variant,
        path: path(&menu.folder, menu),
    })
    .collect()
}

fn path(folder: &str, in_variant_of: &Menu) -> String {
    let code = in_variant_of.variant.code();
    let variant: String = url::form_urlencoded::byte_serialize(code.as_bytes()).collect();
    format!("/menus?menu={folder}&variant={variant}")
}

fn picture_path(menu: &Menu) -> String {
    let (folder, variant, digest) = (&menu.folder, menu.variant.code(), menu.name.digest());
    format!("/menus/pictures/{folder}/{variant}/{digest}")
}

/// `GET /menus/pictures/{menu}/{variant}/{digest}`.
pub(in crate::console) async fn picture(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Path<(String, String, String)>,
) -> Result<HttpResponse, Refusal> {
    let (folder, variant, digest) = asked.into_inner();
    let profile = desk.rules.at(visitor.now).await?;
    let menus = desired(&desk, profile).await?.unwrap_or_default();
    let menu = menus.into_iter().find(|menu| {
        menu.folder == folder && menu.variant.code() == variant && menu.name.digest() == digest
    });
    let bytes = desk.pictures.of(menu.ok_or(Refusal::NotFound)?).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, KEEP))
        .insert_header((CONTENT_TYPE, pictures::kind(&bytes)))
        .body(bytes))
}
