//! What the policy asks of a draft before anybody is asked to agree. Each finding names its clause.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::content::{Audience, MAX_BLOCKS, MAX_BUTTONS, Manuscript};
use super::lint::{Slip, lint};
use super::messages::{NotAMessage, Setting};
use super::room::{Room, rooms};
use super::statement::{Shows, Statements};
use crate::area::Directory;
use crate::clock::{Instant, date_in_japan};
use crate::ids::MediaId;
use crate::media::{Lacking, Media};
use crate::policy::{Answer, Clause, LinkProof, Profile, Refused, Standing};
use crate::segment::{self, BeyondPurpose, Places, Segment, Unknown, Use};

/// A draft with everything it is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The draft.
    pub manuscript: &'a Manuscript,
    /// Its revision.
    pub revision: i32,
    /// What was said about it.
    pub statements: &'a Statements,
    /// What it is put into messages with.
    pub setting: Setting<'a>,
    /// The places that segments name.
    pub directory: &'a Directory,
    /// Those it named when it was frozen; from then on their numbers count, not their names.
    pub places: Option<&'a Places>,
    /// The moment of judging.
    pub now: Instant,
}

/// Something that keeps a draft from being handed in, or says who must agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub gate: Gate,
    /// What follows from it.
    pub severity: Severity,
    /// Where the policy asks for it.
    pub clause: Option<Clause>,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It has to be put right.
    Stops,
    /// It has to be put right, or overruled with a reason.
    Overridable,
    /// It can be handed in, and the chief decides.
    AsksChief,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The category is none of the policy's, or may not be used.
    Category,
    /// The category needs the chief's recognition.
    ChiefNote,
    /// There are no blocks, or too many.
    Blocks,
    /// A block has too many buttons.
    Buttons(usize),
    /// A field is empty that may not be, or has too much in it.
    Room(Room),
    /// A block cannot be sent for another reason.
    Unsendable(NotAMessage),
    /// There is no moment after which it would be too late.
    NoEnd,
    /// That moment is over, or before it is sent.
    Over,
    /// It would be sent in the past.
    SendsInThePast,
    /// It would be sent outside working hours.
    OutOfHours,
    /// The audience asks of residents what they did not tell for this.
    BeyondPurpose(BeyondPurpose),
    /// The audience names what there is not.
    Unknown(Unknown),
    /// A question has no answer.
    Unanswered(String),
    /// An answer has consequences.
    Answered(String, Answer),
    /// A link may not stand.
    Link(Refused),
    /// Something is to be shown for a link.
    Unshown {
        /// Which link.
        url: String,
        /// What.
        proof: LinkProof,
    },
    /// Who opens a link arrives somewhere else.
    Elsewhere {
        /// Which link.
        url: String,
        /// Where they arrive.
        arrived: String,
    },
    /// There is no such picture.
    NoPicture(MediaId),
    /// A picture may not be used any more on the day.
    Expired(MediaId, NaiveDate),
    /// Something about a picture's rights is missing.
    Lacking(MediaId, Lacking),
    /// The policy knows no open-data licence.
    NotOpen,
    /// A picture may not be passed on.
    NotOpenPicture(MediaId),
    /// Something worth a second look.
    Slip(Slip),
}

/// Everything found, what stops first.
pub fn check(case: Case<'_>) -> Vec<Finding> {
    let mut found = Found {
        case,
        findings: Vec::new(),
    };
    found.category();
    found.shape();
    found.timing();
    found.audience();
    found.questions();
    found.links();
    found.pictures();
    found.slips();
    found.findings.sort_by_key(|finding| finding.severity);
    found.findings
}

/// What must hold at the moment of sending too, whoever agreed: that the category may be used, the audience
/// still means somebody and may be asked for, and links and pictures may be used.
pub fn check_at_send(case: Case<'_>) -> Vec<Finding> {
    let mut found = Found {
        case,
        findings: Vec::new(),
    };
    found.category();
    found.audience();
    found.links();
    found.pictures();
    let stops = |finding: &Finding| finding.severity == Severity::Stops;
    found.findings.retain(stops);
    found.findings
}

/// Whether it can be handed in: nothing stops it, and nothing is left to overrule.
pub fn passes(findings: &[Finding]) -> bool {
    findings
        .iter()
        .all(|finding| finding.severity == Severity::AsksChief)
}

impl<'a> Case<'a> {
    fn profile(&self) -> &'a Profile {
        self.setting.profile
    }

    /// When residents would read it.
    pub fn sent_at(&self) -> Instant {
        let timing = self.manuscript.timing;
        timing.send_at.map_or(self.now, |at| at.max(self.now))
    }
}

struct Found<'a> {
    case: Case<'a>,
    findings: Vec<Finding>,
}

impl<'a> Found<'a> {
    fn find(&mut self, severity: Severity, gate: Gate, clause: &Option<Clause>) {
        self.findings.push(Finding {
            gate,
            severity,
            clause: clause.clone(),
        });
    }

    fn stop(&mut self, gate: Gate, clause: &Option<Clause>) {
        self.find(Severity::Stops, gate, clause);
    }

    fn category(&mut self) {
        let category = self.case.profile().category(&self.case.manuscript.category);
        match category {
            // What is sent in an emergency goes its own way, but in working hours the ordinary one.
            Some(category) if category.enabled && (!category.emergency || self.by_day()) => {
                if category.chief_note {
                    self.find(Severity::AsksChief, Gate::ChiefNote, &category.clause);
                }
            }
            known => self.stop(Gate::Category, &known.and_then(|c| c.clause.clone())),
        }
    }

    fn by_day(&self) -> bool {
        let hours = &self.case.profile().working_hours;
        hours.is_open(self.case.sent_at())
    }

    fn shape(&mut self) {
        let Case {
            manuscript,
            setting,
            ..
        } = self.case;
        if !(1..=MAX_BLOCKS).contains(&manuscript.blocks.len()) {
            return self.stop(Gate::Blocks, &None);
        }
        let before = self.findings.len();
        let crowded = manuscript.blocks.iter().enumerate();
        for (at, _) in crowded.filter(|(_, block)| block.buttons().len() > MAX_BUTTONS) {
            self.stop(Gate::Buttons(at), &None);
        }
        for room in rooms(manuscript, setting)
            .into_iter()
            .filter(|room| !room.fits())
        {
            self.stop(Gate::Room(room), &None);
        }
        // Whatever else LINE would refuse.
        let told = self.findings.len() > before;
        match manuscript.messages(setting) {
            Err(NotAMessage::NoPicture { .. }) | Ok(_) => {}
            Err(_) if told => {}
            Err(refused) => self.stop(Gate::Unsendable(refused), &None),
        }
    }

    fn timing(&mut self) {
        let Case {
            manuscript, now, ..
        } = self.case;
        let timing = manuscript.timing;
        match timing.valid_until {
            None => self.stop(Gate::NoEnd, &None),
            Some(until) if until <= self.case.sent_at() => self.stop(Gate::Over, &None),
            Some(_) => {}
        }
        if timing.send_at.is_some_and(|at| at < now) {
            self.stop(Gate::SendsInThePast, &None);
        }
        let profile = self.case.profile();
        let sending = &profile.sending;
        if !profile.sends_at(self.case.sent_at()) {
            let severity = match sending.exception_by {
                Some(_) => Severity::AsksChief,
                None => Severity::Stops,
            };
            self.find(severity, Gate::OutOfHours, &sending.clause);
        }
    }

    fn audience(&mut self) {
        let Audience::Segment(segment) = &self.case.manuscript.audience else {
            return;
        };
        let profile = self.case.profile();
        let category = profile.category(&self.case.manuscript.category);
        let purpose = category.map_or(Use::News, Use::of);
        let beyond = segment::check(profile, segment, purpose).err();
        for beyond in beyond.into_iter().flatten() {
            self.stop(Gate::BeyondPurpose(beyond), &profile.personal.clause);
        }
        if let Err(unknown) = self.whom(segment) {
            self.stop(Gate::Unknown(unknown), &None);
        }
    }

    /// That the audience still means somebody.
    fn whom(&self, segment: &Segment) -> Result<(), Unknown> {
        let Case {
            directory, places, ..
        } = self.case;
        let (profile, day) = (self.case.profile(), date_in_japan(self.case.sent_at()));
        match places {
            Some(places) => {
                places.stand(directory)?;
                segment::select_in(places, profile, day, segment)
            }
            None => segment::select(directory, profile, day, segment),
        }
        .map(drop)
    }

    fn questions(&mut self) {
        let Case {
            statements,
            revision,
            ..
        } = self.case;
        for question in &self.case.profile().questions {
            let id = || question.id.clone();
            match statements.answer(&question.id, revision) {
                None => self.stop(Gate::Unanswered(id()), &question.clause),
                Some(answer) if question.blocks.contains(&answer) => {
                    self.stop(Gate::Answered(id(), answer), &question.clause);
                }
                Some(answer) if question.to_chief.contains(&answer) => {
                    let gate = Gate::Answered(id(), answer);
                    self.find(Severity::AsksChief, gate, &question.clause);
                }
                Some(_) => {}
            }
        }
    }

    fn links(&mut self) {
        for url in self.case.manuscript.links() {
            self.link(url);
        }
    }

    fn link(&mut self, url: &str) {
        let rule = &self.case.profile().links;
        let link = match rule.check(url) {
            Ok(link) => link,
            Err(refused) => return self.stop(Gate::Link(refused), &rule.clause),
        };
        for proof in &rule.require {
            // The municipality need not ask itself.
            if *proof == LinkProof::Consent && link.standing == Standing::Own {
                continue;
            }
            match self.case.statements.shown(url, *proof) {
                None => {
                    let url = url.to_owned();
                    let gate = Gate::Unshown { url, proof: *proof };
                    self.stop(gate, &rule.clause);
                }
                Some(Shows::Opened { arrived, .. }) => {
                    let same = rule.check(arrived).is_ok_and(|at| at.host == link.host);
                    if !same {
                        let gate = Gate::Elsewhere {
                            url: url.to_owned(),
                            arrived: arrived.clone(),
                        };
                        self.stop(gate, &rule.clause);
                    }
                }
                Some(_) => {}
            }
        }
    }

    fn pictures(&mut self) {
        let Case {
            manuscript,
            setting,
            ..
        } = self.case;
        let profile = setting.profile;
        let open = profile.open_data.as_ref().filter(|_| manuscript.open_data);
        if manuscript.open_data && open.is_none() {
            self.stop(Gate::NotOpen, &None);
        }
        let pictures: &'a BTreeMap<MediaId, Media> = setting.pictures;
        for id in manuscript.pictures() {
            let Some(media) = pictures.get(&id) else {
                self.stop(Gate::NoPicture(id), &profile.images.clause);
                continue;
            };
            let day = date_in_japan(self.case.sent_at());
            if let Err(expired) = media.usable_on(day) {
                self.stop(Gate::Expired(id, expired.0), &profile.images.clause);
            }
            if let Some(lacking) = media.entitled.rights.lack(&profile.images) {
                self.stop(Gate::Lacking(id, lacking), &profile.images.clause);
            }
            if let Some(open) = open.filter(|_| !media.entitled.rights.open) {
                self.stop(Gate::NotOpenPicture(id), &open.clause);
            }
        }
    }

    fn slips(&mut self) {
        let Case {
            manuscript,
            statements,
            revision,
            ..
        } = self.case;
        let day = date_in_japan(self.case.sent_at());
        for slip in lint(manuscript, self.case.profile(), day) {
            if statements.overruled(&slip.key(), revision).is_none() {
                self.find(Severity::Overridable, Gate::Slip(slip), &None);
            }
        }
    }
}
