//! What a `${…}` in a policy is: a variable that a deployment resolves, one that IAM resolves for each request, or neither.
//!
//! Both are written alike. A name is first held against what can be told from its form, then against the values that a
//! deployment knows, then against the condition keys of AWS.

use std::ops::Range;

use super::glob::Pattern;
use super::reference::reference;
use crate::variables::grammar;
use crate::variables::providers::{Provider, Reach, provider_named};

/// A `${…}` in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    /// Its place in the text, from `$` to behind the brace, or to the end where that is missing.
    pub range: Range<usize>,
    /// What stands between the braces.
    pub inside: &'a str,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What a `${…}` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// Its brace is missing, so that all of it is text.
    Unclosed,
    /// `${*}`, `${?}` or `${$}`: the character itself.
    Escape(char),
    /// Nothing stands inside.
    Empty,
    /// It belongs to another tool's templates.
    Foreign(Template),
    /// A deployment puts a value in its place.
    DeployTime,
    /// IAM puts the value of a condition key in its place.
    Iam(IamVariable<'a>),
    /// Neither. The name of a condition key that is near is given, if there is one.
    Unknown(Option<String>),
}

/// Tools with templates of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// AWS CloudFormation: `${AWS::Region}`.
    CloudFormation,
    /// Terraform: `${var.name}`.
    Terraform,
    /// The AWS CDK: `${Token[…]}`.
    Cdk,
}

/// A variable of IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IamVariable<'a> {
    /// The condition key, as written, without blanks around it.
    pub key: &'a str,
    /// Whether there are blanks in or around the key.
    pub blanks: bool,
    /// What stands behind the comma, without blanks around it.
    pub default: Option<&'a str>,
}

impl IamVariable<'_> {
    /// Whether the default is missing or in single quotes, as IAM wants it.
    pub fn default_is_quoted(&self) -> bool {
        self.default.is_none_or(|text| text.len() >= 2 && text.starts_with('\'') && text.ends_with('\''))
    }
}

/// Where the `${…}` of a text stand, from left to right. Those inside of others are a part of them.
pub fn places(text: &str) -> Vec<Range<usize>> {
    if !text.contains("${") {
        return Vec::new();
    }
    grammar::parse(text).own_variables().map(|variable| variable.range.clone()).collect()
}

/// The variables of a text. `is_resolver` says whether a file names a source of values of its own.
pub fn variables<'a>(text: &'a str, is_resolver: &dyn Fn(&str) -> bool) -> Vec<Variable<'a>> {
    if !text.contains("${") {
        return Vec::new();
    }
    let template = grammar::parse(text);
    let variable = |variable: &grammar::Variable| classify(text, variable.range.clone(), variable.closed, is_resolver);
    template.own_variables().map(variable).collect()
}

/// What a text with wildcards and variables stands for: variables are text that is not known, escapes are letters.
pub fn pattern(text: &str) -> Pattern {
    let mut pattern = Pattern::empty();
    let mut done = 0;
    for range in places(text) {
        pattern.push_text(&text[done..range.start]);
        match &text[range.clone()] {
            "${*}" => pattern.push_literal("*"),
            "${?}" => pattern.push_literal("?"),
            "${$}" => pattern.push_literal("$"),
            variable => pattern.push_unknown(variable),
        }
        done = range.end;
    }
    pattern.push_text(&text[done..]);
    pattern
}

/// Whether a deployment leaves a variable of a policy alone, so that it reaches IAM as it is written.
pub fn is_left_alone(text: &str, range: Range<usize>, closed: bool, is_resolver: &dyn Fn(&str) -> bool) -> bool {
    classify(text, range, closed, is_resolver).kind != Kind::DeployTime
}

fn classify<'a>(text: &'a str, range: Range<usize>, closed: bool, is_resolver: &dyn Fn(&str) -> bool) -> Variable<'a> {
    let inside = if closed { &text[range.start + 2..range.end - 1] } else { &text[range.start + 2..range.end] };
    let kind = if closed { kind(inside, is_resolver) } else { Kind::Unclosed };
    Variable { range, inside, kind }
}

fn kind<'a>(inside: &'a str, is_resolver: &dyn Fn(&str) -> bool) -> Kind<'a> {
    match inside {
        "*" => return Kind::Escape('*'),
        "?" => return Kind::Escape('?'),
        "$" => return Kind::Escape('$'),
        _ if inside.trim().is_empty() => return Kind::Empty,
        _ => {}
    }
    if let Some(template) = foreign(inside.trim()) {
        return Kind::Foreign(template);
    }
    let (written, default) = match inside.split_once(',') {
        Some((key, default)) => (key, Some(default.trim())),
        None => (inside, None),
    };
    let key = written.trim();
    // `${aws:}` and `${team}` ask nobody.
    let Some((prefix, name)) = key.split_once(':') else {
        return if is_call(key, is_resolver) { Kind::DeployTime } else { Kind::Unknown(near(key)) };
    };
    let iam = || Kind::Iam(IamVariable { key, blanks: written != key || key.contains(char::is_whitespace), default });
    // Blanks in a name hide which one is meant from IAM, not from people.
    let squeezed: String = key.split_whitespace().collect();
    if prefix.trim() == "aws" {
        return match () {
            () if is_deploy_time_fact(name) => Kind::DeployTime,
            () if reference().key(&squeezed).is_some() => iam(),
            () => Kind::Unknown(near(&squeezed)),
        };
    }
    // A few keys of services begin like a source of values: `s3:prefix` is a key, `s3:bucket/key` an object.
    if reference().key(&squeezed).is_some() || prefix == "iot" {
        return iam();
    }
    if is_call(key, is_resolver) || answers(prefix, is_resolver) {
        return Kind::DeployTime;
    }
    Kind::Unknown(near(&squeezed))
}

/// What stands behind `aws:` in a variable that a deployment resolves.
fn is_deploy_time_fact(name: &str) -> bool {
    let service = |name: &str| ["ssm:", "s3:", "cf:", "/"].iter().any(|start| name.starts_with(start));
    matches!(name, "accountId" | "region" | "partition") || service(name)
}

/// `file(…)`, `ssm(eu-west-1):…`, `strToBool(…)`.
fn is_call(key: &str, is_resolver: &dyn Fn(&str) -> bool) -> bool {
    key.split_once('(').is_some_and(|(name, _)| name != "aws" && answers(name, is_resolver))
}

fn answers(name: &str, is_resolver: &dyn Fn(&str) -> bool) -> bool {
    let supported = |provider: &Provider| provider.reach != Reach::Unsupported || provider.name == "output";
    is_resolver(name) || provider_named(name).is_some_and(supported)
}

fn near(key: &str) -> Option<String> {
    let (prefix, _) = key.split_once(':')?;
    if prefix.is_empty() {
        return None;
    }
    reference().nearest_key(key).map(|key| key.name().to_owned())
}

fn foreign(inside: &str) -> Option<Template> {
    const TERRAFORM: [&str; 7] = ["var.", "local.", "data.", "module.", "aws_", "each.", "path."];
    if inside.contains("::") || inside.starts_with('!') {
        return Some(Template::CloudFormation);
    }
    if inside.starts_with("Token[") {
        return Some(Template::Cdk);
    }
    TERRAFORM.iter().any(|start| inside.starts_with(start)).then_some(Template::Terraform)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let name = |variable: &Variable<'_>| match &variable.kind {
            Kind::Unclosed => "unclosed".to_owned(),
            Kind::Escape(character) => format!("escape {character}"),
            Kind::Empty => "empty".to_owned(),
            Kind::Foreign(template) => format!("{template:?}"),
            Kind::DeployTime => "deploy".to_owned(),
            Kind::Iam(iam) => {
                let blanks = if iam.blanks { " blanks" } else { "" };
                let default = if iam.default_is_quoted() { "" } else { " unquoted" };
                format!("iam {}{blanks}{default}", iam.key)
            }
            Kind::Unknown(near) => format!("unknown {}", near.as_deref().unwrap_or("-")),
        };
        variables(text, &|name| name == "shared").iter().map(name).collect()
    }

    #[test]
    fn variables_are_told_apart() {
        for (text, expected) in [
            ("plain", &[][..]),
            ("${*}${?}${$}", &["escape *", "escape ?", "escape $"]),
            ("${}${ }", &["empty", "empty"]),
            ("${aws:accountId}${aws:region}${aws:partition}", &["deploy"; 3]),
            ("${aws:ssm:/a}${aws:/a}${aws:s3:b/k}${aws:cf:s.O}", &["deploy"; 4]),
            ("${self:custom.${sls:stage}.x}", &["deploy"]),
            ("${env:A, 'x'}${param:a}${opt:stage}${git:sha1}", &["deploy"; 4]),
            ("${file(./a.yml):b}${ssm:/a}${ssm(eu-west-1):/a}${cf:s.O}${output:x}", &["deploy"; 5]),
            ("${shared:a}", &["deploy"]),
            ("${s3:bucket/key}", &["deploy"]),
            ("${s3:prefix}", &["iam s3:prefix"]),
            ("${ec2:SourceInstanceARN}", &["iam ec2:SourceInstanceARN"]),
            ("${saml:sub}", &["iam saml:sub"]),
            ("${aws:userid}${aws:PrincipalTag/team}", &["iam aws:userid", "iam aws:PrincipalTag/team"]),
            ("${aws:userid, 'shared'}", &["iam aws:userid"]),
            ("${aws:userid, shared}", &["iam aws:userid unquoted"]),
            ("${aws:PrincipalTag/team }", &["iam aws:PrincipalTag/team blanks"]),
            ("${iot:Connection.Thing.ThingName}", &["iam iot:Connection.Thing.ThingName"]),
            ("${AWS::Region}", &["CloudFormation"]),
            ("${var.bucket}${aws_sqs_queue.jobs.arn}", &["Terraform"; 2]),
            ("${tenant}", &["unknown -"]),
            ("a${aws:userid", &["unclosed"]),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
        assert!(kinds("${aws:PrincipalTags/team}")[0].starts_with("unknown aws:PrincipalTag/"));
    }

    #[test]
    fn a_pattern_keeps_what_is_unknown_apart() {
        assert!(pattern("a${*}b").matches("a*b"));
        assert!(!pattern("a${*}b").matches("axb"));
        assert!(pattern("a${self:x}*").overlaps(&Pattern::new("ab")));
        assert!(!pattern("a${self:x}").overlaps(&Pattern::new("a")));
    }
}
