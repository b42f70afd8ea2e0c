//! Profile → headings and sentences. Every setting has its sentence, so that no change goes unseen.

use super::page::{Audience, Line, Section};
use super::phrases as say;
use super::profile::{Clause, Profile};

pub(super) fn sections(profile: &Profile) -> Vec<Section> {
    use Audience::{Public, Staff};
    let mut sections = vec![
        section("目的", Public, purpose(profile)),
        section("アカウント", Public, account(profile)),
        section("もとになる決まり", Public, source(profile)),
        section("配信する内容", Public, categories(profile)),
        section("配信の決め方", Public, routes(profile)),
        section("緊急の配信", Public, emergency(profile)),
        section("お問い合わせとお返事", Public, replies(profile)),
        section("投稿の削除", Public, removal(profile)),
        section("個人情報", Public, personal(profile)),
        section("選べるお知らせ", Public, choices(profile)),
        section("運用の停止", Public, suspension(profile)),
    ];
    for statement in &profile.statements {
        let line = line(statement.text.clone(), statement.clause.as_ref());
        match sections.iter_mut().find(|s| s.heading == statement.heading) {
            Some(section) => section.lines.push(line),
            None => sections.push(section(&statement.heading, Public, vec![line])),
        }
    }
    sections.extend([
        section("勤務時間", Staff, working_hours(profile)),
        section("起案のときの問い", Staff, questions(profile)),
        section("リンクと画像", Staff, gates(profile)),
        section("職員のアカウントと受託者", Staff, accounts(profile)),
    ]);
    sections.retain(|section| !section.lines.is_empty());
    sections
}

fn section(heading: &str, audience: Audience, lines: Vec<Line>) -> Section {
    Section {
        heading: heading.to_owned(),
        audience,
        lines,
    }
}

fn line(text: String, clause: Option<&Clause>) -> Line {
    Line {
        text,
        clause: clause.map(ToString::to_string),
    }
}

/// Lines that share a clause.
fn lines(texts: Vec<String>, clause: Option<&Clause>) -> Vec<Line> {
    texts.into_iter().map(|text| line(text, clause)).collect()
}

fn purpose(profile: &Profile) -> Vec<Line> {
    let operator = &profile.operator;
    lines(vec![operator.purpose.clone()], operator.clause.as_ref())
}

fn account(profile: &Profile) -> Vec<Line> {
    let operator = &profile.operator;
    lines(say::account(operator), operator.clause.as_ref())
}

fn source(profile: &Profile) -> Vec<Line> {
    lines(say::source(&profile.source), None)
}

fn categories(profile: &Profile) -> Vec<Line> {
    let chief = &profile.deciders.owner_chief;
    let categories = profile.categories.iter();
    let mut lines: Vec<Line> = categories
        .map(|category| line(say::category(category, chief), category.clause.as_ref()))
        .collect();
    if let Some(open) = &profile.open_data {
        lines.push(line(say::open_data(open), open.clause.as_ref()));
    }
    lines
}

fn routes(profile: &Profile) -> Vec<Line> {
    let mut lines: Vec<Line> = profile
        .routes
        .iter()
        .map(|route| line(say::route(route, profile), route.clause.as_ref()))
        .collect();
    lines.push(line(say::deciders(&profile.deciders), None));
    let sending = &profile.sending;
    lines.push(line(
        say::sending(sending, profile),
        sending.clause.as_ref(),
    ));
    lines
}

fn emergency(profile: &Profile) -> Vec<Line> {
    let Some(rule) = &profile.emergency else {
        return Vec::new();
    };
    lines(say::emergency(rule, profile), rule.clause.as_ref())
}

fn replies(profile: &Profile) -> Vec<Line> {
    let (replies, inquiry) = (&profile.replies, &profile.inquiry);
    let mut all = lines(say::replies(replies), replies.clause.as_ref());
    all.extend(lines(say::inquiry(inquiry), inquiry.clause.as_ref()));
    let hours = &profile.counter_hours;
    all.extend(lines(
        say::hours(say::COUNTER, hours),
        hours.clause.as_ref(),
    ));
    all
}

fn removal(profile: &Profile) -> Vec<Line> {
    let removal = &profile.removal;
    let chief = &profile.deciders.owner_chief;
    let reasons = profile.reasons.iter();
    lines(say::removal(removal), removal.clause.as_ref())
        .into_iter()
        .chain(reasons.map(|reason| line(say::reason(reason, chief), reason.clause.as_ref())))
        .collect()
}

fn personal(profile: &Profile) -> Vec<Line> {
    let personal = &profile.personal;
    let mut all = lines(say::personal(personal), personal.clause.as_ref());
    let fields = profile.personal_fields.iter().map(say::personal_field);
    let retention = say::retention(profile.retention);
    all.extend(lines(fields.chain(retention).collect(), None));
    all
}

fn choices(profile: &Profile) -> Vec<Line> {
    let topics = profile.topics.iter().map(say::topic);
    let mut all = lines(topics.collect(), None);
    let reminder = &profile.reminder;
    all.extend(lines(say::reminder(profile), reminder.clause.as_ref()));
    all
}

fn suspension(profile: &Profile) -> Vec<Line> {
    let suspension = &profile.suspension;
    lines(
        say::suspension(suspension, profile),
        suspension.clause.as_ref(),
    )
}

fn working_hours(profile: &Profile) -> Vec<Line> {
    let hours = &profile.working_hours;
    lines(say::hours(say::WORK, hours), hours.clause.as_ref())
}

fn questions(profile: &Profile) -> Vec<Line> {
    let chief = &profile.deciders.owner_chief;
    let questions = profile.questions.iter();
    questions
        .map(|question| line(say::question(question, chief), question.clause.as_ref()))
        .collect()
}

fn gates(profile: &Profile) -> Vec<Line> {
    let (links, images) = (&profile.links, &profile.images);
    let mut all = lines(say::links(links), links.clause.as_ref());
    all.push(line(say::images(images), images.clause.as_ref()));
    all
}

fn accounts(profile: &Profile) -> Vec<Line> {
    let accounts = &profile.accounts;
    let mut all = lines(say::accounts(accounts), accounts.clause.as_ref());
    if let Some(contractors) = &profile.contractors {
        let words = say::contractors(contractors, profile);
        all.push(line(words, contractors.clause.as_ref()));
    }
    all
}
