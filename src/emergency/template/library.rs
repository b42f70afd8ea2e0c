//! All templates together.

use std::collections::BTreeMap;

use rust_embed::Embed;

use super::fault::Fault;
use super::file;
use super::model::Template;
use crate::table::{Finding, Source};

#[derive(Embed)]
#[folder = "emergency-templates/"]
#[include = "*.toml"]
struct Files;

/// Templates by code, each with the one that answers it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library(BTreeMap<String, Template>);

impl Library {
    /// Those that come with the program.
    ///
    /// # Errors
    /// See [`Library::of`]; a test holds that there are none.
    pub fn builtin() -> Result<Self, Vec<Finding<Fault>>> {
        Self::of(&builtin())
    }

    /// Reads templates, each from a file of its own.
    ///
    /// # Errors
    /// Every fault with its file and line; a code that stands twice; an answer that is not there, or is none.
    pub fn of(files: &[Source]) -> Result<Self, Vec<Finding<Fault>>> {
        let mut library = Self::default();
        let mut faults = Vec::new();
        for source in files {
            match file::read(source) {
                Ok(template) if library.0.contains_key(&template.code) => {
                    let fault = Fault::CodeTwice(template.code);
                    faults.push(source.fault(1, None, fault));
                }
                Ok(template) => drop(library.0.insert(template.code.clone(), template)),
                Err(found) => faults.extend(found),
            }
        }
        for source in files {
            let template = library
                .all()
                .find(|template| source.name.strip_suffix(".toml") == Some(template.code.as_str()));
            let Some(template) = template else { continue };
            let missing = [library.unanswered(template), library.unannounced(template)];
            let missing = missing.into_iter().flatten();
            faults.extend(missing.map(|fault| source.fault(1, None, fault)));
        }
        match faults.is_empty() {
            true => Ok(library),
            false => Err(faults),
        }
    }

    /// The template with this code.
    pub fn find(&self, code: &str) -> Option<&Template> {
        self.0.get(code)
    }

    /// All of them, by code.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }

    /// What keeps `template` from having its answer here.
    fn unanswered(&self, template: &Template) -> Option<Fault> {
        let answers = template.answers.as_deref()?;
        match self.find(answers) {
            Some(answer) if answer.answers.is_none() => None,
            Some(_) => Some(Fault::NotAnAnswer(answers.to_owned())),
            None => Some(Fault::AnswerMissing(answers.to_owned())),
        }
    }

    /// What keeps `template` from being announced from here.
    fn unannounced(&self, template: &Template) -> Option<Fault> {
        let announced_by = template.announced_by.as_deref()?;
        let missing = self.find(announced_by).is_none();
        missing.then(|| Fault::AnnouncementMissing(announced_by.to_owned()))
    }
}

/// The files that come with the program.
pub(super) fn builtin() -> Vec<Source> {
    let named = |name: std::borrow::Cow<'static, str>| {
        let file = Files::get(&name)?;
        Some(Source::new(name, file.data.into_owned()))
    };
    Files::iter().filter_map(named).collect()
}
