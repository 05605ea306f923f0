//! IAM070: the resource part of names.

use std::cmp::Reverse;

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::iam::arn::Arn;
use crate::iam::formats::ServiceFormat;
use crate::iam::policy::{Statement, Text};
use crate::iam::reference::{Action, ResourceType};
use crate::iam::tables::type_prefixes;
use crate::iam::templates::Template;
use crate::iam::variables;
use crate::model::list_words;
use crate::rules::iam::{PolicyScope, edits};
use crate::suggest::closest;

declare_rule! {
    /// ## What it does
    /// Reports an ARN whose last part has none of the forms that the service publishes: mostly the type of the resource is missing. It
    /// is a warning where it cannot be told what is meant.
    ///
    /// ## Why it matters
    /// IAM takes the policy, but the ARN is that of no resource. Capitals count.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: 'arn:aws:dynamodb:us-east-1:${aws:accountId}:orders'
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: dynamodb:GetItem
    ///     Resource: 'arn:aws:dynamodb:us-east-1:${aws:accountId}:table/orders'
    /// ```
    ///
    /// ## Source
    /// [Actions, resources, and condition keys of the services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    ARN_SHAPE = "IAM070", "Unknown form of a resource", Error, fix: Unsafe
}

/// How many forms a message shows.
const SHOWN: usize = 4;

/// What there is to say of a resource part that none of the formats has, none of which is missing.
pub(super) fn unknown<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    text: &Text<'a>,
    arn: &Arn<'a>,
    formats: &'static [ServiceFormat],
) -> Diagnostic {
    let certain = mended(arn, formats);
    let severity = if certain.is_some() { Severity::Error } else { Severity::Warning };
    let likely = without_colons(arn, formats).or(certain).or_else(|| of_near_type(arn, formats));
    let service = arn.service.text;
    let what = match arn.resource.text {
        "" => "The ARN ends with an empty field".to_owned(),
        written => format!("`{written}` has none of the forms that names of {service} have"),
    };
    let outcome = match severity {
        Severity::Error => ", so that nothing has this name".to_owned(),
        _ => format!(", as of {}. If it is wrong, nothing has this name", scope.reference.date()),
    };
    let advice = likely.as_ref().map_or_else(
        || {
            let shapes = shapes(scope, statement, arn, formats);
            format!("Names may end with {}.", list_words(shapes.iter().map(|shape| format!("`{shape}`"))))
        },
        |likely| format!("Did you mean `{likely}`?"),
    );
    let message = format!("{what}{outcome}. {advice}");
    let fix = likely.and_then(|likely| {
        let edits = edits::replace_part(scope, text, arn.resource.range.clone(), &likely);
        edits::suggestion(format!("Use `{likely}`"), edits)
    });
    let place =
        if arn.resource.text.is_empty() { scope.at(text.value) } else { scope.part(text, arn.resource.range.clone()) };
    scope.report(&ARN_SHAPE, place, message).severity(severity).fix(fix)
}

/// The resource part with the right capitals, or with the type that is missing.
fn mended(arn: &Arn<'_>, formats: &'static [ServiceFormat]) -> Option<String> {
    let written = arn.resource.text;
    let fits = |resource: &String| has_form(resource, formats);
    let with_capitals = formats.iter().map(ServiceFormat::beginning).find_map(|beginning| {
        let is_meant = written.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning));
        is_meant.then(|| format!("{beginning}{}", &written[beginning.len()..])).filter(fits)
    });
    let with_type = || {
        let beginning = type_prefixes::of_service(arn.service.text)?;
        let is_other_type = of_near_type(arn, formats).is_some() || written.is_empty();
        let resource = format!("{beginning}{}", written.trim_start_matches(':'));
        Some(resource).filter(|resource| !is_other_type && fits(resource))
    };
    with_capitals.or_else(with_type)
}

/// The resource part without the colons that it begins with.
fn without_colons(arn: &Arn<'_>, formats: &'static [ServiceFormat]) -> Option<String> {
    let written = arn.resource.text;
    let rest = written.trim_start_matches(':');
    (rest.len() < written.len() && !rest.is_empty() && has_form(rest, formats)).then(|| rest.to_owned())
}

/// The resource part with a misspelt type put right.
fn of_near_type(arn: &Arn<'_>, formats: &'static [ServiceFormat]) -> Option<String> {
    let written = arn.resource.text;
    let end = written.find(['/', ':']).filter(|end| *end > 2)?;
    let types = formats.iter().filter_map(|format| {
        let beginning = format.beginning();
        Some(&beginning[..beginning.find(['/', ':'])?])
    });
    let mut types_alike = types.clone().filter(|kind| kind.eq_ignore_ascii_case(&written[..end]));
    let near = types_alike.next().or_else(|| closest(&written[..end], types, 2))?;
    // The other separator may be what is wrong, too.
    let separators = [&written[end..=end], "/", ":"];
    let resources = separators.iter().map(|separator| format!("{near}{separator}{}", &written[end + 1..]));
    resources.into_iter().find(|resource| has_form(resource, formats))
}

fn has_form(resource: &str, formats: &[ServiceFormat]) -> bool {
    let pattern = variables::pattern(resource);
    formats.iter().any(|format| format.format.resource.overlaps(&pattern))
}

/// The forms that are likeliest: those that begin alike, and those of resources of the actions.
fn shapes<'a>(
    scope: &PolicyScope<'a>,
    statement: &Statement<'a>,
    arn: &Arn<'_>,
    formats: &'static [ServiceFormat],
) -> Vec<String> {
    let entries = statement.actions.iter().flat_map(|element| &element.entries);
    let types = entries.filter_map(|entry| scope.reference.action(entry.text)).flat_map(Action::resource_types);
    let wanted: Vec<&str> = types.flat_map(|(kind, _): (ResourceType<'_>, bool)| kind.arn_formats()).collect();
    let alike = |format: &ServiceFormat| {
        let letters = format.beginning().bytes().zip(arn.resource.text.bytes());
        letters.take_while(|(one, other)| one == other).count()
    };
    let mut formats: Vec<&ServiceFormat> = formats.iter().collect();
    formats.sort_by_key(|format| (Reverse(alike(format)), !wanted.contains(&format.text), format.text.len()));
    formats.truncate(SHOWN);
    formats.iter().map(|format| Template::of(format.resource()).to_string()).collect()
}
