//! Addresses a menu may open.

use crate::policy::{Profile, Standing};

/// Puts the town's own addresses in their places: `{site}`, `{opinions}`, `{policy_page}`, `{telephone}`.
///
/// # Errors
/// Why the address may not stand in a menu.
pub(super) fn resolve(written: &str, profile: &Profile) -> Result<String, String> {
    let uri = [
        ("{site}", &profile.operator.site),
        ("{policy_page}", &profile.operator.policy_page),
        ("{opinions}", &profile.inquiry.opinions),
        ("{telephone}", &profile.inquiry.telephone),
    ]
    .iter()
    .fold(written.to_owned(), |uri, (place, value)| {
        uri.replace(place, value)
    });
    if uri.contains(['{', '}']) {
        return Err(format!(
            "`{written}` names a place that is none of {{site}}, {{opinions}}, {{policy_page}}, {{telephone}}"
        ));
    }
    if let Some(number) = uri.strip_prefix("tel:") {
        let dialled = |c: char| c.is_ascii_digit() || "-+*#".contains(c);
        return if !number.is_empty() && number.chars().all(dialled) {
            Ok(uri)
        } else {
            Err(format!("`{uri}` is no telephone; write tel: and digits"))
        };
    }
    match profile.links.check(&uri) {
        // Nobody is asked, menu by menu, to show that they have opened it: the policy says so once for all.
        Ok(link) if link.standing == Standing::Other && !profile.links.require.is_empty() => {
            Err(format!(
                "`{uri}` is somebody else's site; a menu opens the town's own, and those that [links] `allowed` of the policy names"
            ))
        }
        Ok(_) => Ok(uri),
        Err(refused) => Err(refused.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_addresses_pass() {
        let profile = Profile::parse(include_str!("../../policies/default.toml"))
            .unwrap_or_else(|faults| panic!("{faults:?}"));
        let resolve = |uri| resolve(uri, &profile);
        assert_eq!(
            resolve("{site}a"),
            Ok(format!("{}a", profile.operator.site))
        );
        assert_eq!(resolve("tel:119"), Ok("tel:119".to_owned()));
        for listed in [
            "https://line.me/R/nv/location/",
            "https://disaportal.gsi.go.jp/",
        ] {
            assert!(resolve(listed).is_ok());
        }
        for (uri, why) in [
            ("http://www.city.example.jp/", "https://"),
            ("https://bit.ly/x", "shortened"),
            ("https://BIT.LY:443/x", "shortened"),
            ("https://a.t.co/x", "shortened"),
            ("https://city@evil.example/", "https://"),
            ("https://www.example.org/", "`allowed`"),
            ("line://nv/location", "https://"),
            ("{sight}", "{site}"),
            ("tel:", "telephone"),
            ("javascript:alert(1)", "https://"),
            ("https://intranet/", "public"),
            (
                "https://www.google.com/url?q=https://evil.example/",
                "passes on",
            ),
        ] {
            assert!(resolve(uri).is_err_and(|e| e.contains(why)), "{uri}");
        }
    }
}
