//! Addresses a menu may open.

use crate::policy::Profile;

/// Hosts that hide where a link leads; residents must be able to see it.
const SHORTENERS: [&str; 12] = [
    "bit.ly",
    "buff.ly",
    "cutt.ly",
    "goo.gl",
    "is.gd",
    "lin.ee",
    "onl.sc",
    "ow.ly",
    "t.co",
    "tinyurl.com",
    "urx.space",
    "x.gd",
];

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
    if uri
        .strip_prefix("line://")
        .is_some_and(|rest| !rest.is_empty())
    {
        return Ok(uri);
    }
    let host = uri
        .strip_prefix("https://")
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .filter(|host| host.contains('.') && !host.contains('@'))
        .ok_or_else(|| format!("`{uri}` must begin with https://, tel: or line://"))?;
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    match against(&host) {
        Some(reason) => Err(format!("`{uri}` {reason}")),
        None => Ok(uri),
    }
}

/// What speaks against opening a host, if anything does.
fn against(host: &str) -> Option<&'static str> {
    let is_or_is_under = |name: &str| {
        let before = host.strip_suffix(name);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    SHORTENERS
        .iter()
        .any(|name| is_or_is_under(name))
        .then_some("is a shortened link; write where it leads, so that residents see it")
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
        assert!(resolve("https://line.me/R/nv/location/").is_ok());
        for (uri, why) in [
            ("http://www.city.example.jp/", "https://"),
            ("https://bit.ly/x", "shortened"),
            ("https://BIT.LY:443/x", "shortened"),
            ("https://a.t.co/x", "shortened"),
            ("https://city@evil.example/", "https://"),
            ("{sight}", "{site}"),
            ("tel:", "telephone"),
            ("javascript:alert(1)", "https://"),
        ] {
            assert!(resolve(uri).is_err_and(|e| e.contains(why)), "{uri}");
        }
    }
}
