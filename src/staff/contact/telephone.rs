//! A telephone number of Japan, as people write it and as machines dial it.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// A telephone on which somebody can be called, in the form of E.164: `+819012345678`. Personal data: its
/// `Display` and `Debug` say the last four digits at most.
#[derive(Clone, PartialEq, Eq)]
pub struct Telephone(String);

/// Why a number is not taken. It does not repeat the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidTelephone {
    /// Not a number at all, or with digits too many or too few.
    #[error(
        "a telephone number of Japan has 10 or 11 digits and begins with 0, like 090-1234-5678"
    )]
    Form,
    /// It is of another country.
    #[error("only numbers of Japan (+81) are called")]
    Abroad,
    /// Nobody can be called there: free calls, services, machines.
    #[error("this is the number of a service: give one on which the person answers")]
    Service,
}

/// What Japan's own numbers begin with that are nobody's telephone (総務省, 電気通信番号計画).
const SERVICES: [&str; 9] = [
    "0120", "0170", "0180", "0190", "0204", "0570", "0800", "0910", "0990",
];

impl Telephone {
    /// Reads a number as people write it: with or without hyphens, brackets, blanks, in wide digits, with 0
    /// or +81 before it.
    ///
    /// # Errors
    /// It is no number of Japan on which somebody can be called.
    pub fn parse(text: &str) -> Result<Self, InvalidTelephone> {
        let text: String = text.nfkc().collect();
        let between = |c: char| {
            c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | '.')
        };
        let plain: String = text.chars().filter(|c| !between(*c)).collect();
        let own = match plain.strip_prefix('+').map(|rest| rest.strip_prefix("81")) {
            Some(Some(rest)) => {
                // 「+81 (0)90…」 too.
                let rest = rest.replace(['(', ')'], "");
                format!("0{}", rest.strip_prefix('0').unwrap_or(&rest))
            }
            Some(None) => return Err(InvalidTelephone::Abroad),
            None => plain.replace(['(', ')'], ""),
        };
        let digits = own.bytes().all(|b| b.is_ascii_digit());
        // Of 11 digits are mobile telephones and telephones on the Internet; all others have 10.
        let long = matches!(own.get(..3), Some("050" | "060" | "070" | "080" | "090"));
        let length = if long { 11 } else { 10 };
        if !digits || own.len() != length || !own.starts_with('0') || own.starts_with("00") {
            return Err(InvalidTelephone::Form);
        }
        if SERVICES.iter().any(|service| own.starts_with(service)) {
            return Err(InvalidTelephone::Service);
        }
        Ok(Self(format!("+81{}", &own[1..])))
    }

    /// For dialling and the database, never for logs: `+819012345678`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people of Japan read it, for who is to dial it by hand: `090-1234-5678`. Where an area code
    /// ends is not known of most, so these stand without hyphens.
    pub fn in_japan(&self) -> String {
        let own = format!("0{}", self.0.trim_start_matches("+81"));
        let (first, rest) = own.split_at(match (own.len(), own.get(..2)) {
            (11, _) => 3,
            (_, Some("03" | "06")) => 2,
            _ => return own,
        });
        let (middle, last) = rest.split_at(4);
        format!("{first}-{middle}-{last}")
    }
}

impl fmt::Display for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(4);
        write!(f, "…{}", self.0.get(last..).unwrap_or_default())
    }
}

impl fmt::Debug for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Telephone(…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_people_write_it() {
        for (written, dialled) in [
            ("090-1234-5678", "+819012345678"),
            ("09012345678", "+819012345678"),
            ("０９０−１２３４−５６７８", "+819012345678"),
            (" 090ー1234ー5678 ", "+819012345678"),
            ("090(1234)5678", "+819012345678"),
            ("(０３)　５８０３ ‐ １１１１", "+81358031111"),
            ("03.5803.1111", "+81358031111"),
            ("+81 90 1234 5678", "+819012345678"),
            ("+81-(0)90-1234-5678", "+819012345678"),
            ("050-3123-4567", "+815031234567"),
            ("0152-43-2131", "+81152432131"),
        ] {
            let read = Telephone::parse(written).unwrap();
            assert_eq!(read.as_str(), dialled, "{written}");
            assert_eq!(
                Telephone::parse(read.as_str()),
                Ok(read.clone()),
                "{written}"
            );
            assert_eq!(Telephone::parse(&read.in_japan()), Ok(read), "{written}");
        }
    }

    #[test]
    fn what_cannot_be_called_is_refused() {
        use InvalidTelephone::{Abroad, Form, Service};
        for (written, why) in [
            ("", Form),
            ("110", Form),
            ("内線 2345", Form),
            ("5803-1111", Form),
            ("090-1234-567", Form),
            ("090-1234-56789", Form),
            ("03-5803-11111", Form),
            ("0081-90-1234-5678", Form),
            ("090-1234-5678 (夜間)", Form),
            ("+1 212 555 0100", Abroad),
            ("0120-123-456", Service),
            ("0800-123-4567", Service),
            ("0570-012-345", Service),
        ] {
            assert_eq!(Telephone::parse(written), Err(why), "{written}");
        }
    }

    #[test]
    fn nothing_but_its_end_prints() {
        let mobile = Telephone::parse("090-1234-5678").unwrap();
        assert_eq!(mobile.to_string(), "…5678");
        assert_eq!(format!("{mobile:?}"), "Telephone(…)");
        assert_eq!(mobile.in_japan(), "090-1234-5678");
        let desk = |written| Telephone::parse(written).unwrap().in_japan();
        assert_eq!(desk("0358031111"), "03-5803-1111");
        assert_eq!(desk("0152-43-2131"), "0152432131");
    }
}
