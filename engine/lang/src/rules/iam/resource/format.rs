//! IAM060 and IAM061: what is not the name of a resource.

use super::partition;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::{Malformed, PARTITIONS, is_account, is_known_region};
use crate::iam::formats::{self, ServiceFormat};
use crate::iam::glob::Pattern;
use crate::iam::policy::{Statement, Text};
use crate::iam::reference::Action;
use crate::iam::templates::Template;
use crate::rules::iam::{PolicyScope, edits};

declare_rule! {
    /// ## What it does
    /// Reports a resource that is neither `*` nor an ARN.
    ///
    /// ## Why it matters
    /// IAM refuses the policy: a resource is named in full.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: s3://report-archive/2026/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/2026/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Resource`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    NOT_AN_ARN = "IAM060", "Resource without an ARN", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an ARN with fewer than the six fields that colons separate: `arn`, partition, service, region, account and resource.
    ///
    /// ## Why it matters
    /// IAM refuses the policy. Fields that a service does not use are empty, but their colons stay.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:report-archive/*
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
    /// [Resource names in policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    TOO_FEW_FIELDS = "IAM061", "ARN with missing fields", Error, fix: Unsafe
}

pub(super) fn malformed<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    text: &Text<'a>,
    fault: Malformed,
) -> Diagnostic {
    match fault {
        Malformed::Prefix => not_an_arn(scope, statement, text),
        Malformed::Fields(count) => too_few_fields(scope, text, count),
    }
}

fn not_an_arn<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>, text: &Text<'a>) -> Diagnostic {
    let likely = likely(scope, statement, text.text);
    let advice = likely
        .first()
        .map_or_else(|| "Write its ARN, or `*` for all.".to_owned(), |likely| format!("Did you mean `{likely}`?"));
    let message = format!("`{}` is not the name of a resource, and IAM refuses it. {advice}", text.text);
    let likely: Vec<&str> = likely.iter().map(String::as_str).collect();
    let edits = if likely.is_empty() { None } else { edits::replace_by_several(scope, text.value, &likely) };
    let fix = edits::suggestion(format!("Use `{}`", likely.join("` and `")), edits);
    scope.report(&NOT_AN_ARN, scope.at(text.value), message).fix(fix)
}

/// The names that are probably meant.
fn likely<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>, text: &str) -> Vec<String> {
    if text.bytes().all(|byte| byte == b'*') {
        return vec!["*".to_owned()];
    }
    if let Some(path) = text.strip_prefix("s3://") {
        return if path.is_empty() { Vec::new() } else { vec![format!("arn:{}:s3:::{path}", partition(scope))] };
    }
    let head = text.split(':').next().unwrap_or_default();
    if head.eq_ignore_ascii_case("arn") {
        return vec![format!("arn{}", &text[head.len()..])];
    }
    let behind = text.trim_start_matches(':');
    let has_partition = PARTITIONS
        .iter()
        .chain(&["${aws:partition}"])
        .any(|partition| behind.strip_prefix(partition).is_some_and(|rest| rest.starts_with(':')));
    if has_partition {
        return vec![format!("arn:{behind}")];
    }
    bucket(scope, statement, text)
}

/// The bucket of this name, or its objects, as the actions of the statement want it.
fn bucket<'a>(scope: &PolicyScope<'a>, statement: &Statement<'a>, text: &str) -> Vec<String> {
    let name = text.split('/').next().unwrap_or_default();
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'*');
    if !(3..=63).contains(&name.len()) || !name.bytes().all(is_letter) {
        return Vec::new();
    }
    let entries = statement.actions.iter().flat_map(|element| &element.entries);
    let actions: Vec<Action<'_>> = entries
        .filter(|entry| entry.text.get(..3).is_some_and(|prefix| prefix.eq_ignore_ascii_case("s3:")))
        .flat_map(|entry| scope.reference.matching(entry.text))
        .collect();
    let wants =
        |wanted: &str| actions.iter().any(|action| action.resource_types().any(|(kind, _)| kind.name() == wanted));
    let arn = format!("arn:{}:s3:::{text}", partition(scope));
    if text.contains('/') {
        return if wants("object") { vec![arn] } else { Vec::new() };
    }
    let objects = wants("object").then(|| format!("{arn}/*"));
    wants("bucket").then_some(arn).into_iter().chain(objects).collect()
}

fn too_few_fields<'a>(scope: &PolicyScope<'a>, text: &Text<'a>, count: usize) -> Diagnostic {
    let fields = match count {
        1 => "one field".to_owned(),
        count => format!("{count} fields"),
    };
    let whole = whole(text);
    let advice = match &whole {
        Some((template, _)) => format!("Write it as `{template}`."),
        None => "Write `arn:<partition>:<service>:<region>:<account>:<resource>`.".to_owned(),
    };
    let message = format!("The ARN has {fields} of six, and IAM refuses it. {advice}");
    let fix = whole.and_then(|(_, arn)| {
        let arn = arn?;
        edits::suggestion(format!("Use `{arn}`"), edits::replace(scope, text.value, &arn))
    });
    scope.report(&TOO_FEW_FIELDS, scope.at(text.value), message).fix(fix)
}

/// The template of the service that is named, and what the text becomes by it.
fn whole(text: &Text<'_>) -> Option<(Template<'static>, Option<String>)> {
    let fields: Vec<&str> = text.text.split(':').collect();
    let formats = formats::of_service(fields.get(2)?);
    let resource = fields.last().filter(|_| fields.len() > 3 && text.variables.is_empty());
    let pattern = Pattern::new(resource.copied().unwrap_or_default());
    let shortest =
        |formats: &mut dyn Iterator<Item = &'static ServiceFormat>| formats.min_by_key(|format| format.text.len());
    let fitting = shortest(&mut formats.iter().filter(|format| format.format.resource.overlaps(&pattern)));
    let Some(format) = fitting else { return Some((Template::of(shortest(&mut formats.iter())?.text), None)) };
    let template = Template::of(format.text);
    let given = |fits: fn(&str) -> bool| fields[3..].iter().find(|field| fits(field)).copied();
    let field = |number: usize, given: Option<&str>, known: &str| match format.text.split(':').nth(number) {
        None | Some("") => String::new(),
        Some(_) => given.unwrap_or(known).to_owned(),
    };
    let arn = resource.map(|resource| {
        let region = field(3, given(is_known_region), "${aws:region}");
        let account = field(4, given(is_account), "${aws:accountId}");
        format!("arn:{}:{}:{region}:{account}:{resource}", fields[1], fields[2])
    });
    Some((template, arn))
}
