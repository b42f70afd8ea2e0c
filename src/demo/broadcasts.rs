//! Broadcasts of the sample town: one that has gone out, one that goes out tonight, one that waits for its decision,
//! and one being written; with a template and a segment that others begin with.

use anyhow::Context;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};
use kairan::approval::{House, Verdict};
use kairan::area;
use kairan::broadcast::content::{Audience, Block, Button, Manuscript, Target, Timing};
use kairan::broadcast::statement::Shows;
use kairan::broadcast::{self, Terms, template};
use kairan::clock::{Instant, date_in_japan, instant_in_japan};
use kairan::db::Db;
use kairan::ids::BroadcastId;
use kairan::policy::{Answer, Profile};
use kairan::segment;
use kairan::staff::people::{self, Signed};

/// Whose drafts they are, and who decides.
const DRAFTER: &str = "2001";
const DECIDER: &str = "1003";
const CONTACT: &str = "問い合わせ 子育て支援課 0000-00-1234";

/// Writes them, unless there are some.
pub(super) async fn write(
    db: &Db,
    now: Instant,
    profile: &Profile,
    public_url: &str,
) -> anyhow::Result<()> {
    if !broadcast::list(db, &broadcast::Query::default())
        .await?
        .is_empty()
    {
        return Ok(());
    }
    let directory = area::directory(db).await?;
    let desk = Desk {
        db,
        now,
        terms: Terms {
            profile,
            directory: &directory,
            public_url,
        },
        drafter: signed(db, now, DRAFTER).await?,
    };
    let today = date_in_japan(now);
    let tonight = tonight(now);
    let market = saturday_after(today + TimeDelta::days(7));
    let tonights = desk
        .draft(
            "親子ひろば（今夜）",
            "childcare",
            "everyone",
            vec![text(format!(
                "親子ひろばを{}の10時から、中央公民館で開きます。申し込みはいりません。\n{CONTACT}",
                said(market)
            ))],
            Some(tonight),
        )
        .await?;
    desk.agreed(tonights).await?;

    let closed = format!(
        "図書館は{}、館内の点検のため一日休みます。返却は、入口の返却口をお使いください。\n{CONTACT}",
        said(market)
    );
    let gone = desk
        .draft(
            "図書館の臨時休館",
            "event",
            "everyone",
            vec![text(closed)],
            None,
        )
        .await?;
    desk.agreed(gone).await?;
    desk.keep(gone).await?;

    let card = Block::Card {
        title: "絵本の交換会".to_owned(),
        text: format!(
            "読み終えた絵本を持ちよって交換します。{} 14時から、図書館で。\n{CONTACT}",
            said(market)
        ),
        picture: None,
        buttons: vec![Button {
            label: "くわしく見る".to_owned(),
            target: Target::Link("https://www.city.shiomi.example/ehon/".to_owned()),
        }],
    };
    let waiting = desk
        .draft(
            "絵本の交換会",
            "event",
            "topic:event or topic:childcare",
            vec![card],
            None,
        )
        .await?;
    desk.hand_in(waiting).await?;

    let half = vec![text(format!("冬の子育て講座（書きかけ）\n{CONTACT}"))];
    desk.draft("冬の子育て講座", "event", "topic:childcare", half, None)
        .await?;
    Ok(())
}

/// What staff may call whom they write to.
const PARENTS: (&str, &str) = ("乳幼児のいる家庭", "child:0..36");

struct Desk<'a> {
    db: &'a Db,
    now: Instant,
    terms: Terms<'a>,
    drafter: Signed,
}

impl Desk<'_> {
    async fn draft(
        &self,
        title: &str,
        category: &str,
        audience: &str,
        blocks: Vec<Block>,
        send_at: Option<Instant>,
    ) -> anyhow::Result<BroadcastId> {
        let audience = segment::parse(audience).map_err(|e| anyhow::anyhow!("{e}"))?;
        let manuscript = Manuscript {
            title: title.to_owned(),
            category: category.to_owned(),
            blocks,
            open_data: false,
            audience: Audience::Segment(audience),
            timing: Timing {
                send_at,
                valid_until: Some(send_at.unwrap_or(self.now) + TimeDelta::days(2)),
            },
        };
        let houses = broadcast::houses(&self.drafter);
        let (house, _) = houses.first().context("the drafter writes for nobody")?;
        let profile = self.terms.profile;
        let tx = self.db.begin().await?;
        let id = broadcast::draft(&tx, self.now, &self.drafter, profile, *house, &manuscript);
        let id = id.await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Handed in, and agreed to by whom the policy names.
    async fn agreed(&self, id: BroadcastId) -> anyhow::Result<()> {
        let request = self.hand_in(id).await?;
        let by = signed(self.db, self.now, DECIDER).await?.person();
        let (id, seen) = (request.id, &request.frozen.digest);
        let tx = self.db.begin().await?;
        broadcast::decide(
            &tx,
            self.now,
            by,
            self.terms,
            id,
            seen,
            Verdict::Agree(None),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// A template like this one, and a segment under a name.
    async fn keep(&self, like: BroadcastId) -> anyhow::Result<()> {
        let found = broadcast::find(self.db, like).await?;
        let found = found.context("it was drafted just now")?;
        let (by, house) = (&self.drafter, found.head.house);
        let tx = self.db.begin().await?;
        let name = "臨時休館のお知らせ";
        template::keep(&tx, self.now, by, house, name, &found.manuscript).await?;
        tx.commit().await?;
        let (name, segment) = PARENTS;
        let draft = segment::Draft {
            name: name.to_owned(),
            segment: segment::parse(segment).map_err(|e| anyhow::anyhow!("{e}"))?,
            section: match house {
                House::Section(section) => Some(section),
                House::Organisation(_) => None,
            },
        };
        segment::keep(self.db, self.now, by.actor(), draft).await?;
        Ok(())
    }

    /// Answers what the policy asks, as a careful drafter would, and hands it in.
    async fn hand_in(&self, id: BroadcastId) -> anyhow::Result<kairan::approval::Request> {
        let (now, by, profile) = (self.now, &self.drafter, self.terms.profile);
        let found = broadcast::find(self.db, id).await?;
        let found = found.context("it was drafted just now")?;
        let tx = self.db.begin().await?;
        for question in &profile.questions {
            let sound = [Answer::Yes, Answer::No].into_iter().find(|answer| {
                !question.blocks.contains(answer) && !question.to_chief.contains(answer)
            });
            let answer = sound.context("a question nobody can answer")?;
            broadcast::answer(&tx, now, by, profile, (id, 1), &question.id, answer).await?;
        }
        for url in found.manuscript.links() {
            let shows = Shows::Opened {
                arrived: url.to_owned(),
                title: "汐見市公式サイト".to_owned(),
            };
            broadcast::prove_link(&tx, now, by, (id, 1), url, shows).await?;
        }
        let request = broadcast::submit(&tx, now, by, self.terms, id, 1).await?;
        tx.commit().await?;
        Ok(request)
    }
}

pub(super) async fn signed(db: &Db, now: Instant, number: &str) -> anyhow::Result<Signed> {
    let roster = people::roster(db).await?;
    let mut persons = roster.persons.values();
    let person = persons.find(|person| person.number.as_str() == number);
    let person = person.context("the sample town lacks a person")?;
    let signed = roster.signed(person.id, date_in_japan(now));
    signed.context("a person of the sample town holds no post")
}

fn text(text: String) -> Block {
    Block::Text { text }
}

/// Eight in the evening: today's, if there is still time for a newcomer to see it scheduled.
fn tonight(now: Instant) -> Instant {
    let eight = NaiveTime::from_hms_opt(20, 0, 0).unwrap_or_default();
    let today = instant_in_japan(date_in_japan(now).and_time(eight));
    match now + TimeDelta::minutes(5) < today {
        true => today,
        false => today + TimeDelta::days(1),
    }
}

fn saturday_after(day: NaiveDate) -> NaiveDate {
    let days = Weekday::Sat.days_since(day.weekday());
    day + TimeDelta::days(days.into())
}

/// 12月5日(土).
fn said(saturday: NaiveDate) -> String {
    format!("{}月{}日(土)", saturday.month(), saturday.day())
}
