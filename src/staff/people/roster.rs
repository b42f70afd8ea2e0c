//! Everybody and every post at once, as a value: all questions about who may and who acts are pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::model::{
    AD_HOC_DAYS, Deputy, Holding, Organisation, Person, Post, PostKind, Section, Subject, Term,
};
use super::signed::Signed;
use crate::clock::Instant;
use crate::ids::{OrganisationId, PersonId, PostId, SectionId};

/// Persons, posts, and who holds what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Sections, also closed ones.
    pub sections: BTreeMap<SectionId, Section>,
    /// Contractors, also those whose contract is over.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// Persons, also those who left.
    pub persons: BTreeMap<PersonId, Person>,
    /// Posts.
    pub posts: BTreeMap<PostId, Post>,
    /// Holdings, also those that are over.
    pub holdings: Vec<Holding>,
    /// Deputies, in order, also those that are over.
    pub deputies: Vec<Deputy>,
}

/// Who acts for a chief's post on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting<'a> {
    /// The chief. Nobody, if the post is vacant, or its holder is the PR chief that day and must leave
    /// this side to a deputy.
    pub chief: Option<&'a Person>,
    /// Who stands in, in order.
    pub deputies: Vec<&'a Person>,
}

/// Why somebody cannot be given a post or a deputy's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// Nobody has this id.
    #[error("there is no such person")]
    NoSuchPerson,
    /// No post has this id.
    #[error("there is no such post")]
    NoSuchPost,
    /// No contractor has this id.
    #[error("there is no such contractor")]
    NoSuchOrganisation,
    /// No section has this id.
    #[error("there is no such section")]
    NoSuchSection,
    /// It looks after this already.
    #[error("the section looks after this already")]
    Entrusted,
    /// The post, or its section, is no more.
    #[error("this post, or its section, is closed")]
    Closed,
    /// They are not there on the first or the last of the days.
    #[error("the person does not work here on all of these days")]
    NotInService,
    /// Contractors' posts are for their own people, all others for the municipality's.
    #[error(
        "a contractor's people hold posts of their own organisation only, and nobody else does"
    )]
    OtherOrganisation,
    /// Somebody else is chief on one of these days.
    #[error("another person holds this chief's post in these days")]
    Occupied,
    /// They have this post already.
    #[error("the person holds this post already in these days")]
    Already,
    /// Whoever administers the system decides nothing in it.
    #[error("a system administrator can neither be a chief nor stand in for one")]
    AdministratorAndChief,
    /// They would sign for the PR section and for another.
    #[error("the person would stand on both sides: the PR section's and another's")]
    BothSides,
    /// Only chiefs have deputies.
    #[error("only a chief's post has deputies")]
    NotAChief,
    /// More than 31 days.
    #[error("without a standing order a deputy stands in for at most 31 days")]
    TooLong,
    /// Places are counted from 1.
    #[error("a deputy's place is a number from 1")]
    Rank,
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    NoDays,
    /// The contract lasts as long already.
    #[error("the contract ends on this day or later already")]
    NotLonger,
    /// They have no last day that could be taken back.
    #[error("the person has not left, and is not about to")]
    NotLeaving,
}

impl Roster {
    /// The same without what was given after `moment`: a right given after something was asked for does
    /// not count in deciding it.
    #[must_use]
    pub fn as_granted_by(mut self, moment: Instant) -> Self {
        self.holdings.retain(|held| held.granted_at <= moment);
        self.deputies.retain(|deputy| deputy.granted_at <= moment);
        self
    }

    /// The posts that `person` holds on `day`.
    pub fn posts_of(
        &self,
        person: PersonId,
        day: NaiveDate,
    ) -> impl Iterator<Item = &Post> + Clone {
        self.holdings
            .iter()
            .filter(move |held| held.person == person && self.in_effect(held, day))
            .filter_map(|held| self.posts.get(&held.post))
    }

    /// Who holds `post` on `day`.
    pub fn holders(&self, post: PostId, day: NaiveDate) -> impl Iterator<Item = &Person> {
        self.holdings
            .iter()
            .filter(move |held| held.post == post && self.in_effect(held, day))
            .filter_map(|held| self.persons.get(&held.person))
    }

    /// `person` with what they may do on `day`; nobody, if that is nothing.
    pub fn signed(&self, person: PersonId, day: NaiveDate) -> Option<Signed> {
        Signed::new(
            self.persons.get(&person)?,
            self.posts_of(person, day).cloned().collect(),
        )
    }

    /// Who administers the system on `day`.
    pub fn administrators(&self, day: NaiveDate) -> usize {
        let administers = |id: &&PersonId| {
            self.posts_of(**id, day)
                .any(|post| post.kind == PostKind::Administrator)
        };
        self.persons.keys().filter(administers).count()
    }

    /// Who acts for the chief's post `post` on `day`.
    pub fn acting(&self, post: PostId, day: NaiveDate) -> Acting<'_> {
        let Some(wanted) = self.posts.get(&post).filter(|p| p.kind == PostKind::Chief) else {
            return Acting {
                chief: None,
                deputies: Vec::new(),
            };
        };
        let leads_owner = |person: &&Person| {
            self.posts_of(person.id, day)
                .any(|p| p.kind == PostKind::Chief && p.of_owner())
        };
        let chief = self
            .holders(post, day)
            .find(|person| wanted.of_owner() || !leads_owner(person));
        let mut deputies: Vec<&Person> = Vec::new();
        for deputy in self.deputies.iter().filter(|d| d.post == post) {
            let Some(person) = self.persons.get(&deputy.person) else {
                continue;
            };
            let stands = deputy.ended_at.is_none()
                && !wanted.is_closed(day)
                && deputy.term.covers(day)
                && person.in_service(day)
                && self.bar_to_deputise(wanted, person, &on(day)).is_none();
            if stands && Some(person) != chief && !deputies.contains(&person) {
                deputies.push(person);
            }
        }
        Acting { chief, deputies }
    }

    /// Whether `person` can be given `post` for `term`.
    ///
    /// # Errors
    /// Why not.
    pub fn may_hold(&self, post: PostId, person: PersonId, term: &Term) -> Result<(), Unfit> {
        let (post, person) = self.both(post, person, term)?;
        if post.kind == PostKind::Chief
            && self
                .held(term)
                .any(|h| h.post == post.id && h.person != person.id)
        {
            return Err(Unfit::Occupied);
        }
        if self
            .held(term)
            .any(|h| h.post == post.id && h.person == person.id)
        {
            return Err(Unfit::Already);
        }
        let kinds = |kind| {
            self.posts_in(person.id, term)
                .any(|other| other.kind == kind)
        };
        let deputised = || self.deputised_in(person.id, term);
        match post.kind {
            PostKind::Administrator if kinds(PostKind::Chief) || deputised().next().is_some() => {
                Err(Unfit::AdministratorAndChief)
            }
            PostKind::Chief if kinds(PostKind::Administrator) => Err(Unfit::AdministratorAndChief),
            PostKind::Chief if deputised().any(|other| other.of_owner() != post.of_owner()) => {
                Err(Unfit::BothSides)
            }
            _ => Ok(()),
        }
    }

    /// Whether `person` can stand in for the holder of `post` for `term`, in place `rank`.
    ///
    /// # Errors
    /// Why not.
    pub fn may_deputise(
        &self,
        post: PostId,
        person: PersonId,
        rank: i32,
        term: &Term,
    ) -> Result<(), Unfit> {
        if rank < 1 {
            return Err(Unfit::Rank);
        }
        let (post, person) = self.both(post, person, term)?;
        if post.kind != PostKind::Chief {
            return Err(Unfit::NotAChief);
        }
        if !term.is_within(AD_HOC_DAYS) {
            return Err(Unfit::TooLong);
        }
        if self
            .held(term)
            .any(|h| h.post == post.id && h.person == person.id)
        {
            return Err(Unfit::Already);
        }
        self.bar_to_deputise(post, person, term).map_or(Ok(()), Err)
    }

    /// Whether the contract with `organisation` can be prolonged until `to`.
    ///
    /// # Errors
    /// Why not.
    pub fn may_extend(&self, organisation: OrganisationId, to: NaiveDate) -> Result<(), Unfit> {
        let known = self.organisations.get(&organisation);
        let contract = known.ok_or(Unfit::NoSuchOrganisation)?.contract;
        match contract.to.is_some_and(|end| end < to) {
            true => Ok(()),
            false => Err(Unfit::NotLonger),
        }
    }

    /// Whether `section` can be entrusted with `subject`.
    ///
    /// # Errors
    /// Why not.
    pub fn may_entrust(&self, section: SectionId, subject: Subject) -> Result<(), Unfit> {
        let known = self.sections.get(&section).ok_or(Unfit::NoSuchSection)?;
        if known.closed_on.is_some() {
            return Err(Unfit::Closed);
        }
        match known.owner || known.subjects.contains(&subject) {
            true => Err(Unfit::Entrusted),
            false => Ok(()),
        }
    }

    /// Whether `person` can be taken back into service: they have, or had, a last day.
    ///
    /// # Errors
    /// Why not.
    pub fn may_reinstate(&self, person: PersonId) -> Result<(), Unfit> {
        let known = self.persons.get(&person).ok_or(Unfit::NoSuchPerson)?;
        known.ends_on.map(drop).ok_or(Unfit::NotLeaving)
    }

    fn bar_to_deputise(&self, post: &Post, person: &Person, term: &Term) -> Option<Unfit> {
        if person.organisation.is_some() {
            return Some(Unfit::OtherOrganisation);
        }
        let other_side = |other: &Post| other.of_owner() != post.of_owner();
        for other in self.posts_in(person.id, term) {
            match other.kind {
                PostKind::Administrator => return Some(Unfit::AdministratorAndChief),
                PostKind::Chief if other_side(other) => return Some(Unfit::BothSides),
                _ => {}
            }
        }
        self.deputised_in(person.id, term)
            .any(other_side)
            .then_some(Unfit::BothSides)
    }

    /// The post and the person, if they exist, fit each other, and are there on these days.
    fn both(&self, post: PostId, person: PersonId, term: &Term) -> Result<(&Post, &Person), Unfit> {
        let post = self.posts.get(&post).ok_or(Unfit::NoSuchPost)?;
        let person = self.persons.get(&person).ok_or(Unfit::NoSuchPerson)?;
        if term.to.is_some_and(|to| to < term.from) {
            return Err(Unfit::NoDays);
        }
        if post.is_closed(term.to.unwrap_or(NaiveDate::MAX)) {
            return Err(Unfit::Closed);
        }
        if post.organisation() != person.organisation.as_ref().map(|o| o.id) {
            return Err(Unfit::OtherOrganisation);
        }
        let there = person.in_service(term.from) && term.to.is_none_or(|to| person.in_service(to));
        match there {
            true => Ok((post, person)),
            false => Err(Unfit::NotInService),
        }
    }

    fn in_effect(&self, held: &Holding, day: NaiveDate) -> bool {
        let person = self.persons.get(&held.person);
        let post = self.posts.get(&held.post);
        held.ended_at.is_none()
            && held.term.covers(day)
            && person.is_some_and(|person| person.in_service(day))
            && post.is_some_and(|post| !post.is_closed(day))
    }

    fn held(&self, term: &Term) -> impl Iterator<Item = &Holding> {
        self.holdings
            .iter()
            .filter(move |held| held.ended_at.is_none() && held.term.meets(term))
    }

    fn posts_in(&self, person: PersonId, term: &Term) -> impl Iterator<Item = &Post> {
        self.held(term)
            .filter(move |held| held.person == person)
            .filter_map(|held| self.posts.get(&held.post))
    }

    /// The chiefs' posts for which `person` stands in on one of these days.
    fn deputised_in(&self, person: PersonId, term: &Term) -> impl Iterator<Item = &Post> {
        self.deputies
            .iter()
            .filter(move |d| d.person == person && d.ended_at.is_none() && d.term.meets(term))
            .filter_map(|d| self.posts.get(&d.post))
    }
}

fn on(day: NaiveDate) -> Term {
    Term {
        from: day,
        to: Some(day),
    }
}
