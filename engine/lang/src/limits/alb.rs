//! Limits of application load balancers.
//!
//! Sources: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>

use std::ops::RangeInclusive;

/// Characters of a path pattern.
pub const PATH_PATTERN_LENGTH: usize = 128;
/// Characters of a host pattern.
pub const HOST_PATTERN_LENGTH: usize = 128;
/// Values of all conditions of one rule together.
pub const VALUES_PER_RULE: usize = 5;
/// `*` and `?` of all conditions of one rule together. Newer pages say 6; 5 is sure to deploy.
pub const WILDCARDS_PER_RULE: usize = 5;
/// Rules of one balancer, default rules not counted. Can be raised on request.
pub const RULES: usize = 100;
/// Target groups of one balancer.
pub const TARGET_GROUPS: usize = 100;
/// Numbers of rules.
pub const PRIORITIES: RangeInclusive<u32> = 1..=50_000;
/// Characters of a health-check path.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html>
pub const HEALTH_PATH_LENGTH: usize = 1024;

/// Whether a character may stand in a path pattern; `*` and `?` are among them.
pub fn is_path_pattern_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || r#"_-.$/~"'@:+&*?"#.contains(character)
}

/// Whether a text may be a host pattern: at least one dot, and only letters behind the last.
pub fn is_host_pattern(host: &str) -> bool {
    let is_character = |character: char| character.is_ascii_alphanumeric() || "-.*?".contains(character);
    let top = host.rsplit_once('.').map(|(_, top)| top);
    host.len() <= HOST_PATTERN_LENGTH
        && host.chars().all(is_character)
        && top.is_some_and(|top| !top.is_empty() && top.chars().all(|character| character.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_patterns_have_an_alphabet() {
        assert!(r#"/AZaz09_-.$/~"'@:+&*?"#.chars().all(is_path_pattern_character));
        let refused: Vec<char> = (' '..='~').filter(|character| !is_path_pattern_character(*character)).collect();
        assert_eq!(refused, " !#%(),;<=>[\\]^`{|}".chars().collect::<Vec<_>>());
        assert!(!is_path_pattern_character('é'));
    }

    #[test]
    fn hosts_have_a_form() {
        for (host, expected) in [
            ("example.com", true),
            ("*.example.com", true),
            ("a?.Example.com", true),
            ("localhost", false),
            ("example.c0m", false),
            ("example.", false),
            ("10.0.0.1", false),
            ("a_b.com", false),
            ("", false),
        ] {
            assert_eq!(is_host_pattern(host), expected, "{host}");
        }
        assert!(!is_host_pattern(&format!("{}.com", "a".repeat(125))));
    }
}
