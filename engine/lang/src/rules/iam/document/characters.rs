//! IAM013: characters that IAM refuses.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::policy::Written;
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a key or value with a character that is neither tab, line feed, carriage return nor one from U+0020 to U+00FF.
    ///
    /// ## Why it matters
    /// IAM refuses the policy. Mostly it is a dash or a quote that a word processor has made.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report–archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsIam:
    ///     customPolicy:
    ///       Version: '2012-10-17'
    ///       Statement:
    ///         - Effect: Allow
    ///           Action: s3:GetObject
    ///           Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    CHARACTER_RANGE = "IAM013", "Character that IAM refuses", Error, fix: Unsafe
}

/// What word processors make, and what was typed.
const TYPOGRAPHY: &[(char, &str)] = &[
    ('\u{2010}', "-"),
    ('\u{2011}', "-"),
    ('\u{2012}', "-"),
    ('\u{2013}', "-"),
    ('\u{2014}', "-"),
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
    ('\u{2026}', "..."),
    ('\u{200b}', ""),
    ('\u{feff}', ""),
];

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let mut open = vec![ctx.policy.value];
    while let Some(value) = open.pop() {
        match ctx.written(value) {
            Written::Map => {
                for (key, child) in value.entries() {
                    if let Some(character) = refused(key) {
                        acc.push(ctx.report(&CHARACTER_RANGE, ctx.key(child), message("key", character)));
                    }
                    open.push(child);
                }
            }
            Written::List => open.extend(value.items()),
            Written::Text(text) => acc.extend(in_text(ctx, value, text)),
            _ => {}
        }
    }
}

/// The first character that IAM refuses.
pub(super) fn refused(text: &str) -> Option<char> {
    let is_taken = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    text.chars().find(|character| !is_taken(*character))
}

fn in_text<'a>(ctx: &PolicyContext<'a>, value: Value<'a>, text: &str) -> Option<Diagnostic> {
    // What a deployment makes of a variable is not what is written in it; text beside it is.
    let character = refused(text).filter(|_| !ctx.reader().is_unknown(value))?;
    let typed = |character: char| TYPOGRAPHY.iter().find(|(known, _)| *known == character).map(|(_, typed)| *typed);
    let mended: String = text.chars().map(|each| typed(each).map_or(each.to_string(), str::to_owned)).collect();
    let edits = edits::replace(ctx, value, &mended).filter(|_| refused(&mended).is_none());
    let fix = edits::suggestion("Use plain characters", edits);
    Some(ctx.report(&CHARACTER_RANGE, ctx.at(value), message("text", character)).fix(fix))
}

fn message(what: &str, character: char) -> String {
    format!(
        "This {what} has the character `{character}` (U+{:04X}), and IAM takes only those up to U+00FF. Type it anew on the keyboard.",
        u32::from(character)
    )
}
