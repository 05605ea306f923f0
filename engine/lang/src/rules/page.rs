//! The published page of a rule, and the index of all of them.

use super::families;
use crate::diagnostic::{FixKind, Rule, Severity};

const HEADER: &str = "<!-- Made by `cargo xtask generate` from the rule's own text. -->\n";

/// The page of a rule in Markdown.
pub fn page(rule: &Rule) -> String {
    let mut page = format!(
        "{HEADER}\n# {code}: {title}\n\nSeverity: **{severity}** · Fix: {fix}\n\n",
        code = rule.code,
        title = rule.title,
        severity = severity(rule.severity),
        fix = fix(rule.fix),
    );
    for line in rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
        match line.strip_prefix("```").map(str::trim) {
            // What else stands behind the language tells the tests how to complete a fragment.
            Some(info) if !info.is_empty() => {
                let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
                if info == "yaml policy" {
                    page.push_str("A policy of its own:\n\n");
                } else if language != "yaml" {
                    page.push_str(&format!("`{rest}`:\n\n"));
                }
                page.push_str(&format!("```{language}\n"));
            }
            _ if line.starts_with("<!-- with: ") => {
                let (name, value) =
                    line["<!-- with: ".len()..].trim_end_matches(" -->").split_once('=').unwrap_or_default();
                page.push_str(&format!("With {} `{value}`:\n\n", name.replace("env.", "the environment variable ")));
            }
            _ => {
                page.push_str(line);
                page.push('\n');
            }
        }
    }
    page.push_str(&format!(
        "\n## Silence it\n\n```yaml\n# slipway-ignore: {}\n```\n\non the line itself or on the one before.\n",
        rule.code
    ));
    page
}

/// The table of all rules in Markdown.
pub fn index() -> String {
    let mut index = format!(
        "{HEADER}\n# Rules\n\nWhat `slipway check` and the editor report. A *blocker* is a file that reads well and is certain to fail when it is \
         deployed: it shows as a warning, and stops `slipway deploy`.\n"
    );
    for family in families() {
        index.push_str(&format!(
            "\n## {}\n\n| Code | Title | Severity | Fix |\n| --- | --- | --- | --- |\n",
            family.title
        ));
        for rule in family.rules {
            index.push_str(&format!(
                "| [{code}]({code}.md) | {title} | {severity} | {fix} |\n",
                code = rule.code,
                title = rule.title,
                severity = severity(rule.severity),
                fix = fix(rule.fix),
            ));
        }
    }
    index
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Hint => "hint",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Blocker => "blocker",
        Severity::Error => "error",
    }
}

fn fix(kind: FixKind) -> &'static str {
    match kind {
        FixKind::None => "none",
        FixKind::Safe => "safe",
        FixKind::Unsafe => "offered",
        FixKind::Mixed => "safe or offered",
    }
}
