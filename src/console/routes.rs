//! Everything the console answers to, and who may ask it.

use std::sync::Arc;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, resource, to};

use crate::staff::Right;

use super::Desk;
use super::admission::admit;
use super::pages::{
    answers, audit, broadcasts, calendar, calls, childcare, countersigns, deputies, emergencies,
    enrol, garbage, hold, holdings, home, invite, login, me, menus, organisations, people,
    pictures, policy, posts, reminders, residents, second, secrets, sections, settings, shelters,
    sign_on,
};

const COUNTS: Admits = Admits::With(Right::ResidentCounts);
const ANSWERS: Admits = Admits::With(Right::EditAnswers);
const GARBAGE: Admits = Admits::With(Right::EditGarbage);
const CHILDCARE: Admits = Admits::With(Right::EditChildcare);
const SHELTERS: Admits = Admits::With(Right::OpenShelters);
const MENUS: Admits = Admits::With(Right::SeeMenus);
const SEE_BROADCASTS: Admits = Admits::With(Right::SeeBroadcasts);
const EMERGENCY: Admits = Admits::With(Right::Emergency);
const REVIEW: Admits = Admits::With(Right::ReviewEmergencies);
const SEE_TEMPLATES: Admits = Admits::With(Right::SeeTemplates);
const DRAFT: Admits = Admits::With(Right::Draft);
const NAME_SEGMENTS: Admits = Admits::With(Right::NameSegments);
const SEE: Admits = Admits::With(Right::SeePeople);
const MANAGE: Admits = Admits::With(Right::ManagePeople);
const READ_AUDIT: Admits = Admits::With(Right::ReadAudit);
const SEE_SETTINGS: Admits = Admits::With(Right::SeeSettings);

/// The table. What is not in it does not exist.
pub const ROUTES: &[Route] = &[
    get("/", Admits::With(Right::SignedIn), || to(home::show)).menu("ホーム"),
    get("/emergencies", EMERGENCY, || to(emergencies::list)).menu("緊急配信"),
    get("/emergencies/new", EMERGENCY, || {
        to(emergencies::choose::choose)
    }),
    get("/emergencies/new/{code}", EMERGENCY, || {
        to(emergencies::new::ask)
    }),
    post("/emergencies/new/{code}", EMERGENCY, || {
        to(emergencies::new::add)
    }),
    post("/emergencies/preview", EMERGENCY, || {
        to(emergencies::new::preview)
    }),
    post("/emergencies/by-day", DRAFT, || {
        to(emergencies::by_day::draft)
    }),
    get("/emergencies/bulletins", EMERGENCY, || {
        to(emergencies::bulletins::list)
    }),
    post("/emergencies/bulletins/{id}/draft", EMERGENCY, || {
        to(emergencies::bulletins::draft)
    }),
    post("/emergencies/bulletins/{id}/pass", EMERGENCY, || {
        to(emergencies::bulletins::pass_over)
    }),
    get("/emergencies/readiness", EMERGENCY, || {
        to(emergencies::readiness::show)
    }),
    get("/emergencies/call-out", EMERGENCY, || {
        to(emergencies::call_out::ask)
    }),
    post("/emergencies/call-out", EMERGENCY, || {
        to(emergencies::call_out::begin)
    }),
    get("/emergencies/agreement", EMERGENCY, || {
        to(emergencies::agreement::show)
    }),
    post("/emergencies/agreement", EMERGENCY, || {
        to(emergencies::agreement::sign)
    }),
    get("/emergencies/agreement/{id}/end", EMERGENCY, || {
        to(emergencies::agreement::ask_end)
    }),
    post("/emergencies/agreement/{id}/end", EMERGENCY, || {
        to(emergencies::agreement::end)
    }),
    get("/emergencies/ended", REVIEW, || {
        to(emergencies::ended::show)
    }),
    get("/emergencies/ended.csv", REVIEW, || {
        to(emergencies::ended::download)
    }),
    get("/emergencies/templates", SEE_TEMPLATES, || {
        to(emergencies::templates::list)
    }),
    get("/emergencies/templates/new", MANAGE, || {
        to(emergencies::templates::propose::ask)
    }),
    post("/emergencies/templates/new", MANAGE, || {
        to(emergencies::templates::propose::hand_in)
    }),
    get(
        "/emergencies/templates/{code}/{version}",
        SEE_TEMPLATES,
        || to(emergencies::templates::version::show),
    ),
    get(
        "/emergencies/templates/{code}/{version}/file.toml",
        SEE_TEMPLATES,
        || to(emergencies::templates::version::file),
    ),
    post(
        "/emergencies/templates/{code}/{version}/ask",
        MANAGE,
        || to(emergencies::templates::version::ask),
    ),
    post(
        "/emergencies/templates/{code}/{version}/agree",
        MANAGE,
        || to(emergencies::templates::version::agree),
    ),
    post(
        "/emergencies/templates/{code}/{version}/decline",
        MANAGE,
        || to(emergencies::templates::version::decline),
    ),
    post(
        "/emergencies/templates/{code}/{version}/withdraw",
        MANAGE,
        || to(emergencies::templates::version::withdraw),
    ),
    get("/emergencies/{id}", EMERGENCY, || {
        to(emergencies::show::show)
    }),
    get("/emergencies/{id}/edit", EMERGENCY, || {
        to(emergencies::new::again)
    }),
    post("/emergencies/{id}/answer", EMERGENCY, || {
        to(emergencies::calls::answer)
    }),
    post("/emergencies/{id}/telephoned", EMERGENCY, || {
        to(emergencies::calls::telephoned)
    }),
    post("/emergencies/{id}/edit", EMERGENCY, || {
        to(emergencies::new::change)
    }),
    get("/emergencies/{id}/correct", EMERGENCY, || {
        to(emergencies::correct::choose)
    }),
    get("/emergencies/{id}/correct/{code}", EMERGENCY, || {
        to(emergencies::correct::ask)
    }),
    post("/emergencies/{id}/correct/{code}", EMERGENCY, || {
        to(emergencies::correct::begin)
    }),
    get("/emergencies/{id}/report", EMERGENCY, || {
        to(emergencies::report::show)
    }),
    post("/emergencies/{id}/report", EMERGENCY, || {
        to(emergencies::report::file)
    }),
    get("/emergencies/{id}/report.csv", EMERGENCY, || {
        to(emergencies::report::download)
    }),
    post("/emergencies/{id}/report/confirm", EMERGENCY, || {
        to(emergencies::report::confirm)
    }),
    get("/emergencies/{id}/{act}", EMERGENCY, || {
        to(emergencies::deed::ask)
    }),
    post("/emergencies/{id}/{act}", EMERGENCY, || {
        to(emergencies::deed::fulfil)
    }),
    get("/evacuation", EMERGENCY, || {
        to(emergencies::evacuation::show)
    }),
    post("/evacuation", EMERGENCY, || {
        to(emergencies::evacuation::ask)
    }),
    post("/evacuation/{id}/agree", EMERGENCY, || {
        to(emergencies::evacuation::agree)
    }),
    post("/evacuation/{id}/withdraw", EMERGENCY, || {
        to(emergencies::evacuation::withdraw)
    }),
    get("/broadcasts", SEE_BROADCASTS, || to(broadcasts::list)).menu("配信"),
    get("/broadcasts/new", DRAFT, || to(broadcasts::edit::new)),
    post("/broadcasts/new", DRAFT, || to(broadcasts::edit::add)),
    post("/broadcasts/preview", DRAFT, || {
        to(broadcasts::edit::preview)
    }),
    get("/broadcasts/{id}", SEE_BROADCASTS, || {
        to(broadcasts::show::show)
    }),
    get("/broadcasts/{id}/edit", DRAFT, || to(broadcasts::edit::ask)),
    post("/broadcasts/{id}/edit", DRAFT, || {
        to(broadcasts::edit::change)
    }),
    get("/broadcasts/{id}/check", DRAFT, || {
        to(broadcasts::check::show)
    }),
    post("/broadcasts/{id}/check", DRAFT, || {
        to(broadcasts::check::say)
    }),
    post("/broadcasts/{id}/decide", SEE_BROADCASTS, || {
        to(broadcasts::deeds::decide)
    }),
    get("/broadcasts/{id}/report", SEE_BROADCASTS, || {
        to(broadcasts::report::show)
    }),
    get("/broadcasts/{id}/report.csv", SEE_BROADCASTS, || {
        to(broadcasts::report::envelopes::download)
    }),
    post("/broadcasts/{id}/report/close", DRAFT, || {
        to(broadcasts::report::close)
    }),
    get("/broadcasts/{id}/test", DRAFT, || {
        to(broadcasts::test::show)
    }),
    post("/broadcasts/{id}/test", DRAFT, || {
        to(broadcasts::test::send)
    }),
    get("/broadcasts/{id}/template", DRAFT, || {
        to(broadcasts::templates::ask)
    }),
    post("/broadcasts/{id}/template", DRAFT, || {
        to(broadcasts::templates::keep)
    }),
    get("/broadcasts/{id}/{wish}", DRAFT, || {
        to(broadcasts::deeds::ask)
    }),
    post("/broadcasts/{id}/{wish}", DRAFT, || {
        to(broadcasts::deeds::fulfil)
    }),
    get("/calendar", SEE_BROADCASTS, || to(calendar::show)).menu("配信カレンダー"),
    get("/calendar/{day}", SEE_BROADCASTS, || {
        to(calendar::day::show)
    }),
    get("/calendar/{day}/resume", DRAFT, || {
        to(calendar::outcome::ask)
    }),
    post("/calendar/{day}/resume", DRAFT, || {
        to(calendar::outcome::resume)
    }),
    get("/calendar/{day}/close", DRAFT, || {
        to(calendar::closing::ask)
    }),
    post("/calendar/{day}/close", DRAFT, || {
        to(calendar::closing::close)
    }),
    get("/reminders", SEE_BROADCASTS, || to(reminders::list)).menu("定期お知らせ"),
    get("/reminders/hand-in", DRAFT, || to(reminders::hand_in::ask)),
    post("/reminders/hand-in", DRAFT, || {
        to(reminders::hand_in::hand_in)
    }),
    get("/reminders/decide", SEE_BROADCASTS, || {
        to(reminders::decide::ask)
    }),
    post("/reminders/decide", SEE_BROADCASTS, || {
        to(reminders::decide::decide)
    }),
    get("/reminders/of/{key:.+}", SEE_BROADCASTS, || {
        to(reminders::show::show)
    }),
    get("/reminders/withdraw/{key:.+}", DRAFT, || {
        to(reminders::show::ask_to_withdraw)
    }),
    post("/reminders/withdraw/{key:.+}", DRAFT, || {
        to(reminders::show::withdraw)
    }),
    get("/templates", DRAFT, || to(broadcasts::templates::list)),
    get("/templates/{id}", DRAFT, || to(broadcasts::templates::show)),
    post("/templates/{id}", DRAFT, || {
        to(broadcasts::templates::rename)
    }),
    get("/templates/{id}/retire", DRAFT, || {
        to(broadcasts::templates::ask_to_retire)
    }),
    post("/templates/{id}/retire", DRAFT, || {
        to(broadcasts::templates::retire)
    }),
    get("/segments", SEE_BROADCASTS, || {
        to(broadcasts::segments::list)
    }),
    get("/segments/new", NAME_SEGMENTS, || {
        to(broadcasts::segments::new)
    }),
    post("/segments/new", NAME_SEGMENTS, || {
        to(broadcasts::segments::add)
    }),
    post("/segments/preview", NAME_SEGMENTS, || {
        to(broadcasts::segments::preview)
    }),
    get("/segments/{id}", NAME_SEGMENTS, || {
        to(broadcasts::segments::ask)
    }),
    post("/segments/{id}", NAME_SEGMENTS, || {
        to(broadcasts::segments::change)
    }),
    get("/segments/{id}/retire", NAME_SEGMENTS, || {
        to(broadcasts::segments::ask_to_retire)
    }),
    post("/segments/{id}/retire", NAME_SEGMENTS, || {
        to(broadcasts::segments::retire)
    }),
    get("/hold", SEE_BROADCASTS, || to(hold::show)),
    post("/hold/lift", Admits::With(Right::LiftHold), || {
        to(hold::lift)
    }),
    get("/pictures", SEE_BROADCASTS, || to(pictures::list)),
    get("/pictures/new", DRAFT, || to(pictures::ask)),
    post("/pictures/new", DRAFT, || to(pictures::add)),
    get("/pictures/{id}", SEE_BROADCASTS, || to(pictures::show)),
    post("/pictures/{id}", DRAFT, || to(pictures::entitle)),
    get("/pictures/{id}/picture", SEE_BROADCASTS, || {
        to(pictures::picture)
    }),
    get("/residents", COUNTS, || to(residents::show)).menu("住民の数"),
    get("/residents/counts.csv", COUNTS, || to(residents::download)),
    get("/answers", ANSWERS, || to(answers::list)).menu("よくある質問"),
    post("/answers", ANSWERS, || to(answers::edit::add)),
    get("/answers/new", ANSWERS, || to(answers::edit::new)),
    get("/answers/try", ANSWERS, || to(answers::rehearsal::show)),
    get("/answers/words", ANSWERS, || to(answers::words::show)),
    post("/answers/words/dismiss", ANSWERS, || {
        to(answers::words::dismiss)
    }),
    get("/answers/files", ANSWERS, || to(answers::files::show)),
    post("/answers/files", ANSWERS, || to(answers::files::hand_in)),
    get("/answers/files/{file}", ANSWERS, || {
        to(answers::files::preview)
    }),
    post("/answers/files/{file}", ANSWERS, || {
        to(answers::files::take_over)
    }),
    get("/answers/faq.csv", ANSWERS, || to(answers::files::csv)),
    get("/answers/faq.xlsx", ANSWERS, || to(answers::files::excel)),
    // Last of the answers: an id may look like anything.
    get("/answers/{id}", ANSWERS, || to(answers::edit::show)),
    post("/answers/{id}", ANSWERS, || to(answers::edit::change)),
    post("/answers/{id}/move", ANSWERS, || to(answers::edit::shift)),
    get("/answers/{id}/remove", ANSWERS, || {
        to(answers::edit::ask_to_remove)
    }),
    post("/answers/{id}/remove", ANSWERS, || {
        to(answers::edit::remove)
    }),
    get("/garbage", GARBAGE, || to(garbage::list)).menu("ごみの収集日"),
    get("/garbage/areas/{id}", GARBAGE, || to(garbage::of_area)),
    get("/garbage/import", GARBAGE, || to(garbage::taking::ask)),
    post("/garbage/import", GARBAGE, || to(garbage::taking::hand_in)),
    get("/garbage/import/{id}", GARBAGE, || {
        to(garbage::taking::preview)
    }),
    post("/garbage/import/{id}", GARBAGE, || {
        to(garbage::taking::take_over)
    }),
    get("/childcare", CHILDCARE, || to(childcare::list)).menu("妊娠・子育て"),
    get("/childcare/export/{name}", CHILDCARE, || {
        to(childcare::export)
    }),
    get("/childcare/new", CHILDCARE, || to(childcare::rule::ask)),
    post("/childcare/new", CHILDCARE, || to(childcare::rule::add)),
    get("/childcare/rules/{code}", CHILDCARE, || {
        to(childcare::rule::show)
    }),
    post("/childcare/rules/{code}", CHILDCARE, || {
        to(childcare::rule::change)
    }),
    post("/childcare/rules/{code}/end", CHILDCARE, || {
        to(childcare::rule::end)
    }),
    get("/childcare/import", CHILDCARE, || {
        to(childcare::taking::ask)
    }),
    post("/childcare/import", CHILDCARE, || {
        to(childcare::taking::hand_in)
    }),
    get("/childcare/import/{id}", CHILDCARE, || {
        to(childcare::taking::preview)
    }),
    post("/childcare/import/{id}", CHILDCARE, || {
        to(childcare::taking::take_over)
    }),
    get("/shelters", SHELTERS, || to(shelters::list)).menu("避難所"),
    get("/shelters/{id}/{state}", SHELTERS, || to(shelters::ask)),
    post("/shelters/{id}/{state}", SHELTERS, || to(shelters::set)),
    get("/menus", MENUS, || to(menus::list)).menu("リッチメニュー"),
    get("/menus/pictures/{menu}/{variant}/{digest}", MENUS, || {
        to(menus::picture)
    }),
    get("/people", SEE, || to(people::list)).menu("職員"),
    get("/people/new", MANAGE, || to(people::new::ask)),
    post("/people/new", MANAGE, || to(people::new::add)),
    get("/people/{id}", SEE, || to(people::show)),
    get("/people/{id}/correct", MANAGE, || to(people::correct::ask)),
    post("/people/{id}/correct", MANAGE, || {
        to(people::correct::correct)
    }),
    post("/people/{id}/unlock", MANAGE, || to(people::unlock)),
    get("/people/{id}/telephone", MANAGE, || {
        to(people::telephone::ask)
    }),
    post("/people/{id}/telephone", MANAGE, || {
        to(people::telephone::set)
    }),
    get("/people/{id}/ask/{wish}", MANAGE, || to(people::wish::ask)),
    post("/people/{id}/ask/{wish}", MANAGE, || to(people::wish::send)),
    get("/people/{id}/leave", MANAGE, || to(people::leave::ask)),
    post("/people/{id}/leave", MANAGE, || to(people::leave::leave)),
    get("/holdings/new", MANAGE, || to(holdings::ask)),
    post("/holdings/new", MANAGE, || to(holdings::grant)),
    get("/holdings/{id}/end", MANAGE, || to(holdings::ask_end)),
    post("/holdings/{id}/end", MANAGE, || to(holdings::end)),
    get("/sections", SEE, || to(sections::list)),
    post("/sections", MANAGE, || to(sections::add)),
    get("/sections/{id}", SEE, || to(sections::show)),
    post("/sections/{id}/entrust", MANAGE, || to(sections::entrust)),
    post("/sections/{id}/relieve", MANAGE, || to(sections::relieve)),
    get("/sections/{id}/close", MANAGE, || to(sections::ask_close)),
    post("/sections/{id}/close", MANAGE, || to(sections::close)),
    get("/posts", SEE, || to(posts::list)),
    post("/posts", MANAGE, || to(posts::add)),
    get("/posts/{id}/close", MANAGE, || to(posts::ask_close)),
    post("/posts/{id}/close", MANAGE, || to(posts::close)),
    get("/deputies", SEE, || to(deputies::list)),
    get("/deputies/new", MANAGE, || to(deputies::ask)),
    post("/deputies/new", MANAGE, || to(deputies::add)),
    get("/deputies/{id}/end", MANAGE, || to(deputies::ask_end)),
    post("/deputies/{id}/end", MANAGE, || to(deputies::end)),
    get("/organisations", SEE, || to(organisations::list)),
    post("/organisations", MANAGE, || to(organisations::add)),
    get("/organisations/{id}", SEE, || to(organisations::show)),
    post("/organisations/{id}/extend", MANAGE, || {
        to(organisations::extend)
    }),
    post("/organisations/{id}/end", MANAGE, || to(organisations::end)),
    get("/countersigns", SEE, || to(countersigns::list)).menu("二人操作"),
    get("/countersigns/{id}", SEE, || to(countersigns::show)),
    post("/countersigns/{id}/agree", MANAGE, || {
        to(countersigns::agree)
    }),
    post("/countersigns/{id}/decline", MANAGE, || {
        to(countersigns::decline)
    }),
    post("/countersigns/{id}/withdraw", MANAGE, || {
        to(countersigns::withdraw)
    }),
    get("/secrets", SEE, || to(secrets::list)).menu("秘密情報の交換"),
    post("/secrets/{id}/done", MANAGE, || to(secrets::finish)),
    get("/policy/staff", Admits::With(Right::SignedIn), || {
        to(policy::show)
    }),
    get("/audit", READ_AUDIT, || to(audit::list)).menu("監査記録"),
    post("/audit/verify", READ_AUDIT, || to(audit::verify)),
    post("/audit/export", READ_AUDIT, || to(audit::export)),
    get("/audit/{seq}", READ_AUDIT, || to(audit::one)),
    get("/settings", SEE_SETTINGS, || to(settings::show)).menu("設定"),
    post(
        "/settings/policy/adopt",
        Admits::With(Right::AdoptPolicy),
        || to(settings::adopt),
    ),
    post("/settings/policy/second", MANAGE, || to(settings::second)),
    get("/settings/compliance", SEE_SETTINGS, || {
        to(settings::compliance)
    }),
    get("/settings/health", SEE_SETTINGS, || to(settings::health)),
    post("/settings/health/retry", MANAGE, || to(settings::retry)),
    post("/settings/health/dismiss", MANAGE, || to(settings::dismiss)),
    get("/login", Admits::Anyone, || to(login::show)),
    post("/login", Admits::Anyone, || to(login::by_password)),
    post("/login/passkey", Admits::Anyone, || to(login::by_passkey)),
    get("/login/code", Admits::Anyone, || to(second::show)),
    post("/login/code", Admits::Anyone, || to(second::by_code)),
    post("/login/recovery", Admits::Anyone, || {
        to(second::by_recovery_code)
    }),
    get("/login/enrol", Admits::Anyone, || to(enrol::show)),
    post("/login/enrol/passkey", Admits::Anyone, || {
        to(enrol::by_passkey)
    }),
    post("/login/enrol/codes", Admits::Anyone, || to(enrol::by_codes)),
    get("/login/sso", Admits::Anyone, || to(sign_on::finish)),
    get("/login/sso/begin", Admits::Anyone, || to(sign_on::begin)),
    get("/calls/{token}", Admits::Anyone, || to(calls::show)),
    post("/calls/{token}", Admits::Anyone, || to(calls::answer)),
    get("/invite/{token}", Admits::Anyone, || to(invite::show)),
    post("/invite/{token}/passkey", Admits::Anyone, || {
        to(invite::by_passkey)
    }),
    post("/invite/{token}/password", Admits::Anyone, || {
        to(invite::by_password)
    }),
    get("/invite/{token}/sso", Admits::Anyone, || {
        to(sign_on::accept)
    }),
    post("/logout", Admits::With(Right::SignedIn), || {
        to(login::leave)
    }),
    get("/me", Admits::With(Right::SignedIn), || to(me::show)),
    post("/me/sessions", Admits::With(Right::SignedIn), || {
        to(me::end)
    }),
    get("/me/password", Admits::With(Right::SignedIn), || {
        to(me::password::show)
    }),
    post("/me/password", Admits::With(Right::SignedIn), || {
        to(me::password::change)
    }),
    post("/me/passkeys", Admits::With(Right::SignedIn), || {
        to(me::passkeys::add)
    }),
    post(
        "/me/passkeys/{id}/name",
        Admits::With(Right::SignedIn),
        || to(me::passkeys::rename),
    ),
    post(
        "/me/passkeys/{id}/revoke",
        Admits::With(Right::SignedIn),
        || to(me::passkeys::revoke),
    ),
    post("/me/codes", Admits::With(Right::SignedIn), || {
        to(me::codes::add)
    }),
    post("/me/codes/end", Admits::With(Right::SignedIn), || {
        to(me::codes::end)
    }),
    post("/me/line", Admits::With(Right::Draft), || {
        to(me::line::invite)
    }),
    post("/me/line/end", Admits::With(Right::Draft), || {
        to(me::line::end)
    }),
    get("/me/contact", Admits::With(Right::SignedIn), || {
        to(me::contact::show)
    }),
    post(
        "/me/contact/telephone",
        Admits::With(Right::SignedIn),
        || to(me::contact::set_telephone),
    ),
    post("/me/contact/test", Admits::With(Right::SignedIn), || {
        to(me::contact::test)
    }),
    post("/me/contact/devices", Admits::With(Right::SignedIn), || {
        to(me::contact::subscribe)
    }),
    post(
        "/me/contact/devices/end",
        Admits::With(Right::SignedIn),
        || to(me::contact::unsubscribe),
    ),
    post("/me/recovery", Admits::With(Right::SignedIn), || {
        to(me::codes::renew)
    }),
];

/// A row of the table.
#[derive(Debug)]
pub struct Route {
    /// GET answers HEAD too.
    pub method: Method,
    /// As actix writes it: `/people/{id}`.
    pub path: &'static str,
    /// Whom it lets in.
    pub admits: Admits,
    /// What the menu calls it, if it stands there.
    pub menu: Option<&'static str>,
    to: fn() -> actix_web::Route,
}

/// Whom a row lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// Anybody, signed in or not.
    Anyone,
    /// Whoever is signed in and has this right.
    With(Right),
}

/// Adds every row.
pub(super) fn add(desk: Arc<Desk>, config: &mut ServiceConfig) {
    config.app_data(Data::from(Arc::clone(&desk)));
    for route in ROUTES {
        let desk = Arc::clone(&desk);
        config.service(
            resource(route.path)
                .guard(fn_guard(|asked| route.answers(&asked.head().method)))
                .wrap(from_fn(move |request, next| {
                    admit(Arc::clone(&desk), route, request, next)
                }))
                .route((route.to)()),
        );
    }
}

impl Route {
    const fn menu(mut self, label: &'static str) -> Self {
        self.menu = Some(label);
        self
    }

    fn answers(&self, method: &Method) -> bool {
        self.method == *method || (self.method == Method::GET && *method == Method::HEAD)
    }
}

const fn get(path: &'static str, admits: Admits, to: fn() -> actix_web::Route) -> Route {
    row(Method::GET, path, admits, to)
}

const fn post(path: &'static str, admits: Admits, to: fn() -> actix_web::Route) -> Route {
    row(Method::POST, path, admits, to)
}

const fn row(
    method: Method,
    path: &'static str,
    admits: Admits,
    to: fn() -> actix_web::Route,
) -> Route {
    Route {
        method,
        path,
        admits,
        menu: None,
        to,
    }
}
