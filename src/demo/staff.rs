//! The sample town's staff: one account for each kind of post, all with one printed password; and for the night's two
//! chiefs a link each by which a telephone becomes theirs.

use std::collections::HashMap;

use anyhow::Context;
use kairan::audit::Actor;
use kairan::clock::{Instant, date_in_japan};
use kairan::db::Db;
use kairan::ids::PersonId;
use kairan::staff::account::{Accounts, Registration, Token};
use kairan::staff::countersign::{self, Ask};
use kairan::staff::people::{
    self, Name, NewPerson, Number, Organisation, Place, PostKind, Section, Subject, Term,
};
use line_simulator::Authenticator;

/// Everybody's. On a real server each person chooses their own, behind an invitation.
pub(super) const PASSWORD: &str = "asagao-mado-kujira-fune";

/// Where a post of the sample town belongs.
#[derive(Clone, Copy)]
enum At {
    Town,
    PublicRelations,
    Childcare,
    CrisisManagement,
    Contractor,
}

struct Role {
    number: &'static str,
    name: &'static str,
    kind: PostKind,
    title: &'static str,
    at: At,
}

const fn role(
    number: &'static str,
    name: &'static str,
    kind: PostKind,
    title: &'static str,
    at: At,
) -> Role {
    Role {
        number,
        name,
        kind,
        title,
        at,
    }
}

const ADMINISTRATORS: [(&str, &str); 2] = [("9001", "管野 守"), ("9002", "管野 結")];
/// The chiefs who confer at night.
const CHIEFS: [&str; 2] = ["1001", "6001"];
/// Who stands in, and for whom.
const DEPUTIES: [(&str, &str); 2] = [("1002", "1001"), ("6002", "6001")];
const EVERYBODY: [Role; 10] = [
    role(
        "1001",
        "広田 花子",
        PostKind::Chief,
        "課長",
        At::PublicRelations,
    ),
    role(
        "1002",
        "広田 次郎",
        PostKind::Staff,
        "課長補佐",
        At::PublicRelations,
    ),
    role(
        "1003",
        "広田 三葉",
        PostKind::Staff,
        "担当者",
        At::PublicRelations,
    ),
    role("2001", "子安 育子", PostKind::Chief, "課長", At::Childcare),
    role("3001", "当間 直", PostKind::DutyOfficer, "当直", At::Town),
    role("4001", "監物 正", PostKind::Auditor, "監査担当", At::Town),
    role(
        "6001",
        "守屋 備",
        PostKind::Chief,
        "課長",
        At::CrisisManagement,
    ),
    role(
        "6002",
        "守屋 響",
        PostKind::Staff,
        "課長補佐",
        At::CrisisManagement,
    ),
    role(
        "5001",
        "委文 司",
        PostKind::ContractManager,
        "業務処理責任者",
        At::Contractor,
    ),
    role(
        "5002",
        "委文 投子",
        PostKind::ContractPoster,
        "投稿担当",
        At::Contractor,
    ),
];

/// Lets them move in, unless somebody works there already.
pub(super) async fn move_in(db: &Db, accounts: &Accounts, now: Instant) -> anyhow::Result<()> {
    if !people::roster(db).await?.persons.is_empty() {
        return Ok(());
    }
    // Whoever asks and agrees today had their rights yesterday.
    let before = now - chrono::TimeDelta::days(1);
    let (by, first) = (Actor::Operator, Term::since(date_in_japan(now)));
    let contract = Term::between(first.from, first.from + chrono::TimeDelta::days(365));
    let contract = contract.ok_or_else(|| anyhow::anyhow!("a contract of a year"))?;
    let tx = db.begin().await?;
    let mut administrators = Vec::new();
    for (number, name) in ADMINISTRATORS {
        let person = newcomer(number, name)?;
        administrators.push(people::add_administrator(&tx, before, &person).await?);
    }
    people::add_section(&tx, now, &by, "広報課", true, &[]).await?;
    people::add_section(
        &tx,
        now,
        &by,
        section_name(At::Childcare),
        false,
        &[Subject::Answers, Subject::Childcare],
    )
    .await?;
    let (crisis, theirs) = (section_name(At::CrisisManagement), [Subject::Shelters]);
    people::add_section(&tx, now, &by, crisis, false, &theirs).await?;
    let firm = people::add_organisation(&tx, now, &by, "株式会社しおみ広報", contract).await?;
    tx.commit().await?;
    let sections = people::sections(db).await?;
    let firms = people::organisations(db).await?;
    let mut settled = administrators.clone();
    let mut seats = HashMap::new();
    for role in EVERYBODY {
        let tx = db.begin().await?;
        let mut person = newcomer(role.number, role.name)?;
        person.organisation = matches!(role.at, At::Contractor).then_some(firm);
        let person = people::add_person(&tx, now, &by, &person).await?;
        let place = place(role.at, &sections, &firms)?;
        let post = people::add_post(&tx, now, &by, role.kind, role.title, &place).await?;
        tx.commit().await?;
        let term = match role.at {
            At::Contractor => contract,
            _ => first,
        };
        agreed(
            db,
            now,
            &administrators,
            Ask::GrantPost { post, person, term },
        )
        .await?;
        seats.insert(role.number, post);
        if let Some((_, chief)) = DEPUTIES.iter().find(|(deputy, _)| *deputy == role.number) {
            let ask = Ask::AddDeputy {
                post: seats[chief],
                person,
                term: first,
                rank: 1,
                scope: "課長が不在のときの決裁".to_owned(),
            };
            agreed(db, now, &administrators, ask).await?;
        }
        settled.push(person);
    }
    for person in settled {
        let password = PASSWORD.into();
        accounts.set_password(now, person, &password, &[]).await?;
    }
    Ok(())
}

/// One line for each: number, name and post.
pub(super) async fn introduced(db: &Db, now: Instant) -> anyhow::Result<String> {
    let (roster, today) = (people::roster(db).await?, date_in_japan(now));
    let mut persons: Vec<_> = roster.persons.values().collect();
    persons.sort_by(|a, b| a.number.cmp(&b.number));
    let mut lines = String::new();
    for person in persons {
        let posts = roster.posts_of(person.id, today);
        let posts: Vec<String> = posts.map(people::Post::label).collect();
        let (number, name) = (person.number.as_str(), person.name.as_str());
        lines += &format!("      {number}  {name}  {}\n", posts.join("、"));
    }
    Ok(lines)
}

fn section_name(at: At) -> &'static str {
    match at {
        At::CrisisManagement => "危機管理課",
        _ => "子育て支援課",
    }
}

/// What each side needs before an emergency is possible: a key of the deputies' that lies in the safe, and for the
/// chiefs who have none yet a link each, by which whoever plays them enrols theirs.
pub(super) async fn get_ready(
    db: &Db,
    accounts: &Accounts,
    now: Instant,
) -> anyhow::Result<Vec<(&'static str, String)>> {
    let administrators = administrators(db).await?;
    let mut links = Vec::new();
    for number in CHIEFS {
        let person = numbered(db, number).await?;
        if accounts.factors(person).await?.passkeys == 0 {
            let ask = Ask::AddPasskeyForChief { person };
            let link = agreed(db, now, &administrators, ask).await?;
            links.push((number, accounts.link(&link.context("no link came")?)));
        }
    }
    for (number, _) in DEPUTIES {
        let person = numbered(db, number).await?;
        if accounts.factors(person).await?.passkeys == 0 {
            enrol(db, accounts, now, number).await?;
        }
    }
    settle_keys(db, accounts, now).await?;
    Ok(links)
}

/// A key that nobody has in hand.
async fn enrol(db: &Db, accounts: &Accounts, now: Instant, number: &str) -> anyhow::Result<()> {
    let person = numbered(db, number).await?;
    let origin = accounts.origin().origin().ascii_serialization();
    let mut key = Authenticator::new(&origin).context("no key could be made")?;
    let asked = accounts.begin_passkey(now, person, number, number).await?;
    let answer = key.created(&asked.options).context("no answer")?;
    let answer = Registration::parse(&answer)?;
    let new = accounts.check_passkey(now, person, &asked.token, &answer, "金庫のキー");
    let new = new.await?;
    let tx = db.begin().await?;
    accounts.add_passkey(&tx, now, new).await?;
    tx.commit().await?;
    Ok(())
}

/// Has the administrators vouch for the keys that were enrolled before their eyes.
pub(super) async fn settle_keys(db: &Db, accounts: &Accounts, now: Instant) -> anyhow::Result<()> {
    let administrators = administrators(db).await?;
    let deputies = DEPUTIES.iter().map(|(deputy, _)| *deputy);
    for number in CHIEFS.into_iter().chain(deputies) {
        let person = numbered(db, number).await?;
        for key in accounts.passkeys(person).await? {
            if key.usable_for_emergency_from > now {
                let ask = Ask::SettlePasskey {
                    person,
                    passkey: key.id,
                    enrolled_at: key.enrolled_at,
                };
                agreed(db, now, &administrators, ask).await?;
            }
        }
    }
    Ok(())
}

async fn administrators(db: &Db) -> anyhow::Result<Vec<PersonId>> {
    let mut administrators = Vec::new();
    for (number, _) in ADMINISTRATORS {
        administrators.push(numbered(db, number).await?);
    }
    Ok(administrators)
}

async fn numbered(db: &Db, number: &str) -> anyhow::Result<PersonId> {
    let person = people::person_numbered(db, &Number::parse(number)?).await?;
    person.context("the sample town lacks a person")
}

fn newcomer(number: &str, name: &str) -> anyhow::Result<NewPerson> {
    Ok(NewPerson {
        number: Number::parse(number)?,
        name: Name::parse(name)?,
        mail: None,
        organisation: None,
    })
}

fn place(at: At, sections: &[Section], firms: &[Organisation]) -> anyhow::Result<Place> {
    let section = |is: &dyn Fn(&Section) -> bool| {
        let found = sections.iter().find(|section| is(section));
        found.cloned().map(Place::Section)
    };
    let place = match at {
        At::Town => Some(Place::Town),
        At::PublicRelations => section(&|section| section.owner),
        At::Childcare | At::CrisisManagement => {
            section(&|section| section.name == section_name(at))
        }
        At::Contractor => firms.first().cloned().map(Place::Organisation),
    };
    place.ok_or_else(|| anyhow::anyhow!("the sample town lacks a section"))
}

async fn agreed(
    db: &Db,
    now: Instant,
    administrators: &[PersonId],
    ask: Ask,
) -> anyhow::Result<Option<Token>> {
    let [first, second] = administrators else {
        anyhow::bail!("the sample town has two administrators");
    };
    let id = countersign::ask(db, now, *first, ask, "見本の市の職員です").await?;
    Ok(countersign::agree(db, now, *second, id).await?)
}
