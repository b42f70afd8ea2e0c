//! Which areas of bulletins are the municipality.

use serde::{Deserialize, Serialize};

use crate::policy::Jma;

/// The municipality, by the codes that bulletins write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The first five digits of its 全国地方公共団体コード.
    municipality: String,
    /// Its wards' codes, where bulletins tell wards apart.
    wards: Vec<String>,
    /// Its stretches of coast (津波予報区).
    coast: Vec<String>,
}

impl Place {
    /// The municipality that a policy names.
    pub fn of(policy: &Jma) -> Self {
        Self {
            municipality: policy.municipality.chars().take(5).collect(),
            wards: policy.wards.clone(),
            coast: policy.coast.clone(),
        }
    }

    /// Whether this code (市町村等, seven digits) is the municipality or a part of it. Large ones are split: their parts
    /// share the first five digits.
    pub(super) fn is_city(&self, code: &str) -> bool {
        let own = self.municipality.len() == 5 && code.starts_with(&self.municipality);
        (own && code.len() == 7) || self.wards.iter().any(|ward| ward == code)
    }

    /// Whether this 津波予報区 is one of the municipality's.
    pub(super) fn is_coast(&self, code: &str) -> bool {
        self.coast.iter().any(|coast| coast == code)
    }

    /// The prefecture's two digits.
    pub(super) fn prefecture(&self) -> &str {
        self.municipality.get(..2).unwrap_or("??")
    }
}
