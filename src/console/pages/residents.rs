//! How many residents there are. Numbers only: no page of the console lists persons.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use askama::Template;

use crate::area::{self, Directory};
use crate::clock::{Instant, datetime_in_japan};
use crate::console::{Desk, Visitor};
use crate::ids::AreaId;
use crate::policy::Profile;
use crate::resident::counts::{self, Age, Counted, Told};
use crate::table;
use crate::web::{Chart, Frame, Page, Refusal};

#[derive(Template)]
#[template(path = "residents.html")]
pub(in crate::console) struct Residents {
    frame: Frame,
    at: Instant,
    reachable: Told,
    unreachable: Told,
    days: u32,
    growth: Option<Chart>,
    sections: Vec<Section>,
    /// Of so few people nothing is told but that.
    tiny: bool,
    clause: Option<String>,
}

/// One way to look at all residents.
struct Section {
    title: &'static str,
    about: &'static str,
    unit: &'static str,
    head: &'static str,
    rows: Vec<Line>,
}

/// A row of it. Areas stand under their district.
struct Line {
    label: String,
    within: bool,
    told: Told,
}

/// `GET /residents`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Residents>, Refusal> {
    let counted = counts::latest(&desk.db, visitor.now).await?;
    let directory = area::directory(&desk.db).await?;
    let profile = desk.rules.at(visitor.now).await?;
    Ok(Page(Residents {
        frame: visitor.frame("住民の数"),
        at: counted.at(),
        reachable: counted.reachable(),
        unreachable: counted.unreachable(),
        days: profile.retention.unreachable_days,
        growth: growth(&counted),
        clause: profile.personal.clause.as_ref().map(ToString::to_string),
        tiny: counted.reachable().number().is_none(),
        sections: sections(&profile, &counted, &directory),
    }))
}

/// `GET /residents/counts.csv`: the same numbers, told no further.
pub(in crate::console) async fn download(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    let counted = counts::latest(&desk.db, visitor.now).await?;
    let directory = area::directory(&desk.db).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let at = datetime_in_japan(counted.at())
        .format("%Y-%m-%d %H:%M")
        .to_string();
    let row = |of: &str, label: String, told: Told, unit: &str| {
        let number = told.number().map(|number| number.to_string());
        let number = number.unwrap_or_else(|| gap(told).to_owned());
        [at.clone(), of.to_owned(), label, number, unit.to_owned()]
    };
    let mut rows = vec![
        ["集計日時", "項目", "区分", "数", "単位"].map(str::to_owned),
        row("全体", "届く人".to_owned(), counted.reachable(), "人"),
        row("全体", "届かない人".to_owned(), counted.unreachable(), "人"),
    ];
    for section in sections(&profile, &counted, &directory) {
        let mut district = String::new();
        for line in section.rows {
            let label = match line.within {
                true => format!("{district}/{}", line.label),
                false => {
                    district.clone_from(&line.label);
                    line.label
                }
            };
            rows.push(row(section.title, label, line.told, section.unit));
        }
    }
    for (label, told) in weeks(&counted) {
        rows.push(row("新しく登録した人", label, told, "人"));
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            CONTENT_DISPOSITION,
            "attachment; filename=\"resident-counts.csv\"",
        ))
        .body(table::csv(rows)))
}

fn sections(profile: &Profile, counted: &Counted, directory: &Directory) -> Vec<Section> {
    let topics = profile.topics.iter().map(|topic| Line {
        label: topic.name.get("ja").unwrap_or(&topic.id).clone(),
        within: false,
        told: counted.topic(&topic.id),
    });
    let plain = |label: String, told| Line {
        label,
        within: false,
        told,
    };
    let languages = counted.languages().unwrap_or_default();
    let ages = counted.ages().unwrap_or_default();
    let mut sections = vec![
        Section {
            title: "住んでいる地区",
            about: "登録した地区ごとの、届く人の数です。",
            unit: "人",
            head: "地区",
            rows: places(counted, directory),
        },
        Section {
            title: "知らせてほしい分野",
            about: "一人でいくつも選べるので、合計は届く人の数と合いません。",
            unit: "人",
            head: "分野",
            rows: topics.collect(),
        },
        Section {
            title: "ことば",
            about: "選んでいない人は日本語に数えています。",
            unit: "人",
            head: "ことば",
            rows: languages
                .into_iter()
                .map(|(language, told)| plain(language.name(), told))
                .collect(),
        },
        Section {
            title: "お子さんの年齢",
            about: "届く人が登録したお子さんの数です。集計した日の満年齢で分けています。",
            unit: "人",
            head: "年齢",
            rows: ages
                .into_iter()
                .map(|(age, told)| plain(age_of(age), told))
                .collect(),
        },
    ];
    if counted.reachable().number().is_none() {
        sections.clear();
    }
    sections
}

fn places(counted: &Counted, directory: &Directory) -> Vec<Line> {
    let names = directory.districts();
    let flat = names.is_empty();
    let districts: Vec<(String, Vec<(String, AreaId)>)> = match flat {
        true => directory
            .areas()
            .map(|area| (area.name.clone(), vec![(area.name.clone(), area.id)]))
            .collect(),
        false => names
            .into_iter()
            .map(|name| {
                let areas = directory.in_district(name);
                let areas = areas.iter().map(|area| (area.name.clone(), area.id));
                (name.to_owned(), areas.collect())
            })
            .collect(),
    };
    let ids: Vec<Vec<AreaId>> = districts
        .iter()
        .map(|(_, areas)| areas.iter().map(|(_, id)| *id).collect())
        .collect();
    let Some(places) = counted.places(&ids) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for ((district, areas), (told, within)) in districts.into_iter().zip(places.districts) {
        rows.push(Line {
            label: district,
            within: false,
            told,
        });
        let within = within.filter(|_| !flat).unwrap_or_default();
        rows.extend(
            areas
                .into_iter()
                .zip(within)
                .map(|((label, _), told)| Line {
                    label,
                    within: true,
                    told,
                }),
        );
    }
    let rest = [
        ("市外・町外に住む人", Some(places.outside)),
        ("地区を答えていない人", Some(places.unanswered)),
        ("いまはない地区", places.gone),
    ];
    rows.extend(rest.into_iter().filter_map(|(label, told)| {
        Some(Line {
            label: label.to_owned(),
            within: false,
            told: told?,
        })
    }));
    rows
}

fn age_of(age: Age) -> String {
    match age {
        Age::Unborn => "生まれる前".to_owned(),
        Age::Years(from, Some(to)) if from == to => format!("{from}歳"),
        Age::Years(from, Some(to)) => format!("{from}〜{to}歳"),
        Age::Years(from, None) => format!("{from}歳以上"),
    }
}

/// Newcomers by week: 「11/23の週」.
fn weeks(counted: &Counted) -> Vec<(String, Told)> {
    let weeks = counted.newcomers().unwrap_or_default();
    let weeks = weeks.into_iter().map(|(monday, told)| {
        let label = monday.map(|monday| format!("{}〜", monday.format("%-m/%-d")));
        (label.unwrap_or_else(|| "それより前".to_owned()), told)
    });
    weeks.collect()
}

fn growth(counted: &Counted) -> Option<Chart> {
    // Those before the first week would dwarf every week.
    let weeks: Vec<_> = weeks(counted)
        .into_iter()
        .skip(1)
        .map(|(label, told)| (label, told.number(), gap(told)))
        .collect();
    (!weeks.is_empty()).then(|| {
        Chart::columns_with_gaps("週ごとの新しく登録した人", "月曜日からの週", "人", &weeks)
    })
}

/// What stands in the place of a number that is not told.
fn gap(told: Told) -> &'static str {
    match told {
        Told::Number(_) => "",
        Told::Few => "10人未満",
        Told::Withheld => "非公開",
    }
}
