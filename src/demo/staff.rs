//! The sample town's staff: one account for each kind of post, all with one printed password.

use kairan::audit::Actor;
use kairan::clock::{Instant, date_in_japan};
use kairan::db::Db;
use kairan::ids::PersonId;
use kairan::staff::account::Accounts;
use kairan::staff::countersign::{self, Ask};
use kairan::staff::people::{
    self, Name, NewPerson, Number, Organisation, Place, PostKind, Section, Subject, Term,
};

/// Everybody's. On a real server each person chooses their own, behind an invitation.
pub(super) const PASSWORD: &str = "asagao-mado-kujira-fune";

/// Where a post of the sample town belongs.
#[derive(Clone, Copy)]
enum At {
    Town,
    PublicRelations,
    Childcare,
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
/// Who stands in for the PR chief.
const DEPUTY: &str = "1002";
const EVERYBODY: [Role; 8] = [
    role(
        "1001",
        "広田 花子",
        PostKind::Chief,
        "課長",
        At::PublicRelations,
    ),
    role(
        DEPUTY,
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
        "子育て支援課",
        false,
        &[Subject::Answers, Subject::Childcare],
    )
    .await?;
    let firm = people::add_organisation(&tx, now, &by, "株式会社しおみ広報", contract).await?;
    tx.commit().await?;
    let sections = people::sections(db).await?;
    let firms = people::organisations(db).await?;
    let mut settled = administrators.clone();
    let mut chief = None;
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
        let chief = *chief.get_or_insert(post);
        if role.number == DEPUTY {
            let ask = Ask::AddDeputy {
                post: chief,
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

fn newcomer(number: &str, name: &str) -> anyhow::Result<NewPerson> {
    Ok(NewPerson {
        number: Number::parse(number)?,
        name: Name::parse(name)?,
        mail: None,
        organisation: None,
    })
}

fn place(at: At, sections: &[Section], firms: &[Organisation]) -> anyhow::Result<Place> {
    let section = |owner| {
        let found = sections.iter().find(|section| section.owner == owner);
        found.cloned().map(Place::Section)
    };
    let place = match at {
        At::Town => Some(Place::Town),
        At::PublicRelations => section(true),
        At::Childcare => section(false),
        At::Contractor => firms.first().cloned().map(Place::Organisation),
    };
    place.ok_or_else(|| anyhow::anyhow!("the sample town lacks a section"))
}

async fn agreed(
    db: &Db,
    now: Instant,
    administrators: &[PersonId],
    ask: Ask,
) -> anyhow::Result<()> {
    let [first, second] = administrators else {
        anyhow::bail!("the sample town has two administrators");
    };
    let id = countersign::ask(db, now, *first, ask, "見本の市の職員です").await?;
    countersign::agree(db, now, *second, id).await?;
    Ok(())
}
