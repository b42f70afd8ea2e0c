//! What forms are drawn from: choices to offer, and what is wrong with what was entered.

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What choosing it means; may be empty.
    pub hint: String,
}

impl Choice {
    /// A choice that explains itself.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// What choosing it means.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field's name.
    pub field: &'static str,
    /// What was entered, what is expected: 「氏名を入力してください」.
    pub text: String,
}

/// Everything wrong with a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<Fault>);

impl Errors {
    /// Adds a fault.
    pub fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.push(Fault {
            field,
            text: text.into(),
        });
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every fault.
    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// What is wrong with `field`; empty when nothing is.
    pub fn of(&self, field: &str) -> &str {
        let fault = self.0.iter().find(|fault| fault.field == field);
        fault.map_or("", |fault| &fault.text)
    }
}
