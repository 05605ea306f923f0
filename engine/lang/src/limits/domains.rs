//! Domains and certificates.

/// Characters of the first domain of a certificate.
///
/// Source: <https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html>
pub const CERTIFICATE_DOMAIN_LENGTH: usize = 64;
/// Characters of a label of a domain (RFC 1035, section 2.3.4).
pub const LABEL_LENGTH: usize = 63;
/// Names of one certificate, as long as the quota is not raised.
///
/// Source: <https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html>
pub const CERTIFICATE_NAMES: usize = 10;

/// Domains that nobody outside can have, with why.
const RESERVED: &[(&str, &str)] = &[
    ("localhost", "names the machine itself"),
    ("local", "is for names inside one network"),
    ("internal", "is for names inside one network"),
    ("test", "is kept for tests"),
    ("example.com", "is kept for documentation"),
    ("example.net", "is kept for documentation"),
    ("example.org", "is kept for documentation"),
    ("amazonaws.com", "belongs to AWS"),
    ("cloudfront.net", "belongs to AWS"),
];

/// The reserved domain that a domain is, or lies below, and why nobody can have it. The reason continues a sentence that
/// begins with the reserved domain.
pub fn reserved(domain: &str) -> Option<(&'static str, &'static str)> {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let is_at_or_below =
        |reserved: &str| domain.strip_suffix(reserved).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    RESERVED.iter().copied().find(|(reserved, _)| is_at_or_below(reserved))
}

/// Whether a text is a domain that a certificate can be issued for: at least two labels of letters, digits and `-`, which
/// begin and end with neither, the last of letters alone; the first may be `*`.
pub fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.strip_prefix("*.").unwrap_or(domain).split('.').collect();
    let is_label = |label: &&str| {
        (1..=LABEL_LENGTH).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    labels.len() >= 2
        && labels.iter().all(is_label)
        && labels.last().is_some_and(|top| top.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_domains_are_known() {
        for (domain, expected) in [
            ("localhost", Some("localhost")),
            ("api.localhost", Some("localhost")),
            ("printer.local", Some("local")),
            ("x.internal", Some("internal")),
            ("a.test", Some("test")),
            ("example.com", Some("example.com")),
            ("API.Example.COM.", Some("example.com")),
            ("x.s3.amazonaws.com", Some("amazonaws.com")),
            ("d111.cloudfront.net", Some("cloudfront.net")),
            ("myexample.com", None),
            ("example.com.au", None),
            ("latest", None),
            ("", None),
        ] {
            assert_eq!(reserved(domain).map(|(reserved, _)| reserved), expected, "{domain}");
        }
    }

    #[test]
    fn domains_have_a_form() {
        for (domain, expected) in [
            ("a.com", true),
            ("*.a.com", true),
            ("A-1.b.Com", true),
            ("com", false),
            ("*.com", false),
            ("a.*.com", false),
            ("foo_bar.com", false),
            ("-a.com", false),
            ("a-.com", false),
            ("a..com", false),
            ("a.com.", false),
            ("a.c0m", false),
            ("https://a.com", false),
            ("a.com:80", false),
            ("exämple.com", false),
            ("", false),
        ] {
            assert_eq!(is_domain(domain), expected, "{domain}");
        }
        assert!(is_domain(&format!("{}.com", "a".repeat(63))));
        assert!(!is_domain(&format!("{}.com", "a".repeat(64))));
    }
}
