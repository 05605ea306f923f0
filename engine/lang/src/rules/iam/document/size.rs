//! IAM010 and IAM011: how long a policy is.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::{Reader, Written};
use crate::rules::iam::{PolicyContext, edits, redundancy, rewrites};

declare_rule! {
    /// ## What it does
    /// Reports a policy of more than 6,144 characters, blanks not counted.
    ///
    /// ## Why it matters
    /// That is the most that a managed policy may have, and IAM refuses a longer one. Variables count as they are written;
    /// what a deployment puts in their place may be longer or shorter.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - &queues
    ///           Effect: Allow
    ///           Action: sqs:SendMessage
    ///           Resource:
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-00-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-01-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-02-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-03-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-04-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-05-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-06-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-07-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-08-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-09-outbound-notifications
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - Effect: Allow
    ///           Action: sqs:ReceiveMessage
    ///           Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    ///         - Effect: Allow
    ///           Action: sqs:DeleteMessage
    ///           Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Use instead
    /// Merge statements with the same actions, and name resources by their common start, such as
    /// `arn:aws:sqs:us-east-1:314159265358:tenant-*`.
    ///
    /// ## Source
    /// [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    POLICY_SIZE = "IAM010", "Policy too long", Error, fix: Unsafe;

    /// ## What it does
    /// Says that a policy has nine tenths or more of the 6,144 characters that it may have.
    ///
    /// ## Why it matters
    /// One more statement, and IAM refuses it.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - &queues
    ///           Effect: Allow
    ///           Action: sqs:SendMessage
    ///           Resource:
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-00-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-01-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-02-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-03-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-04-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-05-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-06-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-07-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-08-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-09-outbound-notifications
    ///             - arn:aws:sqs:us-east-1:314159265358:tenant-10-outbound-notifications
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    ///         - *queues
    /// ```
    ///
    /// ## Use instead
    /// Merge statements with the same actions, and name resources by their common start, such as
    /// `arn:aws:sqs:us-east-1:314159265358:tenant-*`.
    ///
    /// ## Source
    /// [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    POLICY_SIZE_NEAR = "IAM011", "Policy nearly too long", Info, fix: None
}

/// How many times too long a policy may be for small changes to help.
const MENDABLE: usize = 3;

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let policy = ctx.policy.value;
    if ctx.written(policy) != Written::Map {
        return;
    }
    let limit = ctx.facts.size_limit;
    let (size, has_variables) = size(ctx.reader(), policy);
    let counted = if has_variables { " Variables count as they are written." } else { "" };
    if size > limit {
        let message = format!(
            "The policy has {size} characters, and IAM takes {limit} at most. Merge statements, drop actions that others cover, or name resources by their common start.{counted}"
        );
        let mut finding = ctx.report(&POLICY_SIZE, ctx.key(policy), message);
        // What is many times too long has to be thought about anew.
        if size <= MENDABLE * limit {
            let merge = edits::suggestion("Merge statements", rewrites::merge_all(ctx));
            let drop = edits::suggestion("Remove what others cover", redundancy::removals(ctx, acc));
            let shorten =
                edits::suggestion("Write actions as patterns that reach the same", rewrites::shorten_all(ctx));
            finding = finding.fix(merge).fix(drop).fix(shorten);
        }
        acc.push(finding);
    } else if size * 10 >= limit * 9 {
        let message = format!("The policy has {size} of the {limit} characters that it may have.{counted}");
        acc.push(ctx.report(&POLICY_SIZE_NEAR, ctx.key(policy), message));
    }
}

/// The characters of the policy as compact JSON, blanks left out, and whether variables are among them.
pub(in crate::rules) fn size<'a>(reader: Reader<'a>, policy: Value<'a>) -> (usize, bool) {
    let (mut size, mut has_variables) = (0, false);
    // Whether a value stands below `Condition`, where numbers and booleans are sent as text.
    let mut open = vec![(policy, false)];
    while let Some((value, in_condition)) = open.pop() {
        let quotes = if in_condition { 2 } else { 0 };
        size += match reader.written(value) {
            Written::Map => {
                let entries = value.entries();
                let mut length = 2;
                for (key, child) in entries {
                    // The key, its colon, and the comma behind the value.
                    length += text_size(key) + 2;
                    open.push((child, in_condition || key == "Condition"));
                }
                length - usize::from(length > 2)
            }
            Written::List => {
                open.extend(value.items().map(|item| (item, in_condition)));
                2 + value.items().len().saturating_sub(1)
            }
            Written::Text(text) => {
                has_variables |= text.contains("${");
                text_size(text)
            }
            Written::Bool(text) | Written::Number(text) => text.len() + quotes,
            Written::Null => 4,
            Written::Function(_) | Written::Unknown => 0,
        };
    }
    (size, has_variables)
}

/// The characters of a text in JSON with its quotes, blanks left out.
fn text_size(text: &str) -> usize {
    let size = |character: char| match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        character if character < ' ' => 6,
        character => usize::from(!character.is_whitespace()),
    };
    2 + text.chars().map(size).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::build;
    use crate::inputs::{DocumentKind, Inputs};
    use crate::yaml::Document;

    #[test]
    fn the_size_is_that_of_compact_json() {
        for text in [
            "{}",
            "a: [b, c]\nd: {e: 1, f: true, g: null, h: []}",
            "'a\"b\\c': \"d\\te\\u0001\"\nx: ${self:a} b",
            "[[], {}, [a], {b: c}]",
        ] {
            let document = Document::new(text);
            let config = build(&document, &Inputs { kind: DocumentKind::Policy, ..Inputs::default() });
            let json = if text.contains("${") {
                r#"{"a\"b\\c":"d\te\u0001","x":"${self:a}b"}"#.to_owned()
            } else {
                config.root().unwrap().json().unwrap().to_string()
            };
            let (size, _) = size(Reader::new(&document, &config), config.root().unwrap());
            assert_eq!(size, json.chars().count(), "{json}");
        }
    }
}
