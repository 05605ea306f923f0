//! IAM160 to IAM163: actions and resources that another entry of the same list says as well.

use std::collections::HashMap;

use super::{WILDCARDS, action_covers, resource_covers};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Rule};
use crate::iam::policy::Text;
use crate::rules::iam::context::{Reach, Target};
use crate::rules::iam::{PolicyContext, edits};
use crate::text::TextEdit;

declare_rule! {
    /// ## What it does
    /// Marks an action that stands in the list before. Capitals make no difference.
    ///
    /// ## Why it matters
    /// It changes nothing, and takes a part of the few characters that a policy may have.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - s3:GetObject
    ///       - s3:PutObject
    ///       - s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - s3:GetObject
    ///       - s3:PutObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    ACTION_REPEATED = "IAM160", "Repeated action", Hint, fix: Safe;

    /// ## What it does
    /// Marks an action that a pattern of the same list reaches.
    ///
    /// ## Why it matters
    /// It changes nothing, and hides how much the pattern allows.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action:
    ///       - sqs:GetQueueUrl
    ///       - sqs:Get*
    ///     Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: sqs:Get*
    ///     Resource: arn:aws:sqs:us-east-1:314159265358:jobs
    /// ```
    ///
    /// ## Source
    /// [Policy element `Action`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    ACTION_COVERED = "IAM161", "Covered action", Hint, fix: Safe;

    /// ## What it does
    /// Marks a resource that stands in the list before.
    ///
    /// ## Why it matters
    /// It changes nothing, and takes a part of the few characters that a policy may have.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource:
    ///       - arn:aws:s3:::report-archive/*
    ///       - arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Resource`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    RESOURCE_REPEATED = "IAM162", "Repeated resource", Hint, fix: Safe;

    /// ## What it does
    /// Marks a resource that a pattern of the same list takes in.
    ///
    /// ## Why it matters
    /// It changes nothing, and hides how much the pattern takes in.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource:
    ///       - arn:aws:s3:::report-archive/*
    ///       - arn:aws:s3:::report-archive/daily/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Resource`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    RESOURCE_COVERED = "IAM163", "Covered resource", Hint, fix: Safe
}

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    for statement in &ctx.statements {
        let known = |reach: &Reach| !matches!(reach, Reach::Faulty | Reach::Unknown);
        let actions = statement.actions.iter().filter(|entry| known(&entry.reach)).map(|entry| entry.text);
        check_actions(ctx, &actions.collect::<Vec<_>>(), acc);
        let known = |target: &Target<'_>| matches!(target, Target::Every | Target::Arn(_));
        let resources = statement.resources.iter().filter(|entry| known(&entry.target)).map(|entry| entry.text);
        check_resources(ctx, &resources.collect::<Vec<_>>(), acc);
    }
}

fn check_actions<'a>(ctx: &PolicyContext<'a>, actions: &[&Text<'a>], acc: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    // A pattern only takes in what has the same prefix, unless the prefix is a pattern itself.
    let mut patterns: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, action) in actions.iter().enumerate().filter(|(_, action)| action.text.contains(WILDCARDS)) {
        patterns.entry(prefix(action.text)).or_default().push(at);
    }
    let with_any_prefix: Vec<usize> = {
        let lists = patterns.iter().filter(|(prefix, _)| prefix.contains(WILDCARDS));
        let mut all: Vec<usize> = lists.flat_map(|(_, places)| places).copied().collect();
        all.sort_unstable();
        all
    };
    for (at, action) in actions.iter().enumerate() {
        let written = action.text;
        let before = *first.entry(written.to_ascii_lowercase()).or_insert(at);
        if before != at {
            let what = "stands in this list before";
            acc.push(needless(ctx, &ACTION_REPEATED, action, actions[before], what, &[]));
            continue;
        }
        // Of two that take in each other, the first one stays.
        let covers = |other: &&usize| {
            let pattern = actions[**other].text;
            let both_ways = || **other > at && action_covers(written, pattern);
            **other != at && !pattern.eq_ignore_ascii_case(written) && action_covers(pattern, written) && !both_ways()
        };
        let of_service = patterns.get(&prefix(written)).into_iter().flatten().find(covers);
        let of_any = with_any_prefix.iter().find(covers);
        if let Some(other) = of_service.into_iter().chain(of_any).min() {
            let what = format!("is among what `{}` reaches", actions[*other].text);
            let same = |again: &&&Text<'a>| again.text.eq_ignore_ascii_case(written);
            let repeats: Vec<_> = actions[at + 1..].iter().filter(same).copied().collect();
            acc.push(needless(ctx, &ACTION_COVERED, action, actions[*other], &what, &repeats));
        }
    }
}

/// What stands before the colon, in small letters.
fn prefix(action: &str) -> String {
    action.split_once(':').map_or(action, |(prefix, _)| prefix).to_ascii_lowercase()
}

fn check_resources<'a>(ctx: &PolicyContext<'a>, resources: &[&Text<'a>], acc: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    let patterns: Vec<usize> = (0..resources.len()).filter(|at| resources[*at].text.contains(WILDCARDS)).collect();
    for (at, resource) in resources.iter().enumerate() {
        let before = *first.entry(resource.text).or_insert(at);
        if before != at {
            let what = "stands in this list before";
            acc.push(needless(ctx, &RESOURCE_REPEATED, resource, resources[before], what, &[]));
            continue;
        }
        let covers = |other: &&usize| {
            let other_text = resources[**other].text;
            let both_ways = || **other > at && resource_covers(resource.text, other_text);
            **other != at && other_text != resource.text && resource_covers(other_text, resource.text) && !both_ways()
        };
        if let Some(other) = patterns.iter().find(covers) {
            let what = format!("is among what `{}` takes in", resources[*other].text);
            let repeats: Vec<_> =
                resources[at + 1..].iter().filter(|again| again.text == resource.text).copied().collect();
            acc.push(needless(ctx, &RESOURCE_COVERED, resource, resources[*other], &what, &repeats));
        }
    }
}

fn needless<'a>(
    ctx: &PolicyContext<'a>,
    rule: &'static Rule,
    entry: &Text<'a>,
    other: &Text<'a>,
    what: &str,
    repeats: &[&Text<'a>],
) -> Diagnostic {
    let message = format!("`{}` {what}, and changes nothing. Remove it.", entry.text);
    // What repeats it is needless for the same reason, and would be next.
    let removed = std::iter::once(&entry).chain(repeats).map(|entry| edits::remove(ctx, entry.value));
    let edits = removed.collect::<Option<Vec<_>>>().map(|edits| edits.concat());
    let fix = edits::safe(format!("Remove `{}`", entry.text), edits.filter(|edits| are_apart(edits)));
    let diagnostic = ctx.report(rule, ctx.at(entry.value), message).unnecessary();
    diagnostic.related(ctx.at(other.value).range, "This says it already.").fix(fix)
}

/// Whether edits leave each other alone.
fn are_apart(edits: &[TextEdit]) -> bool {
    let mut ranges: Vec<_> = edits.iter().map(|edit| edit.range).collect();
    ranges.sort_by_key(|range| range.start());
    ranges.windows(2).all(|pair| pair[0].end() <= pair[1].start())
}
