//! The simulated authenticator, as the product's types read its answers.

use std::ops::{Deref, DerefMut};

use kairan::staff::account::{Assertion, Registration};
use serde_json::Value;

/// A phone or a security key.
#[derive(Clone)]
pub struct Authenticator(line_simulator::Authenticator);

impl Authenticator {
    pub fn new(origin: &str) -> Self {
        Self(line_simulator::Authenticator::new(origin).unwrap())
    }

    /// `navigator.credentials.create(options)`.
    pub fn create(&mut self, options: &Value) -> Registration {
        Registration::parse(&self.created(options)).unwrap()
    }

    /// The same, as a page sends it.
    pub fn created(&mut self, options: &Value) -> String {
        self.0.created(options).unwrap()
    }

    /// `navigator.credentials.get(options)`.
    pub fn get(&mut self, options: &Value) -> Assertion {
        Assertion::parse(&self.signed(options)).unwrap()
    }

    /// The same, as a page sends it.
    pub fn signed(&mut self, options: &Value) -> String {
        self.0.signed(options).unwrap()
    }
}

impl Deref for Authenticator {
    type Target = line_simulator::Authenticator;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Authenticator {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
