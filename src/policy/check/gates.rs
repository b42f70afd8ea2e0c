//! Hosts that are hosts, and stand in one list only.

use super::Check;
use crate::policy::links::host_of;
use crate::policy::profile::Profile;

pub(super) fn check(profile: &Profile, check: &mut Check<'_>) {
    let links = &profile.links;
    check.within("links", |check| {
        let lists = [
            ("own", &links.own),
            ("allowed", &links.allowed),
            ("denied", &links.denied),
            ("shorteners", &links.shorteners),
            ("redirectors", &links.redirectors),
        ];
        if links.own.is_empty() {
            check.fault("own", "no host is the municipality's own; write that of its site");
        }
        for (at, (key, hosts)) in lists.iter().enumerate() {
            check.within(key, |check| {
                for (number, host) in hosts.iter().enumerate() {
                    check.within(number, |check| {
                        if !is_host(host) {
                            check.fault("", format!("`{host}` is no host; write one like www.city.example.jp, without https:// and path"));
                        }
                        let earlier = lists.iter().take(at).find(|(_, others)| others.contains(host));
                        if let Some((other, _)) = earlier {
                            check.fault("", format!("`{host}` stands in `{other}` too; choose one"));
                        }
                    });
                }
            });
            check.once(key, hosts);
        }
        check.once("require", &links.require);
    });
    for (section, key, address) in [
        ("operator", "site", &profile.operator.site),
        ("operator", "policy_page", &profile.operator.policy_page),
    ] {
        if host_of(address).is_some_and(|host| !links.is_own(&host)) {
            check.within(section, |check| {
                check.fault(key, format!("`{key}` is `{address}`, whose host is not among the own hosts; write it in `own` of [links]"));
            });
        }
    }
    check.within("images", |check| {
        check.once("require", &profile.images.require)
    });
    if let Some(open) = &profile.open_data {
        check.within("open_data", |check| {
            check.words("tag", &open.tag);
            check.address("terms", &open.terms);
        });
    }
}

fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
}
