//! The explanation as one JSON document. Its shape is a public contract.

use serde::Serialize;
use slipway_lang::iam::reference::{Action, reference};
use slipway_lang::rules::explain::{
    Condition, Conditions, Denial, Exception, Explanation, Grant, LeftOut, Limit, PolicySource, Reason, Risk, RiskKind,
    Scope,
};

use super::ExplainedFile;

/// The version of the shape.
const VERSION: u32 = 1;

/// Prints the explanations as JSON.
pub(super) fn render(files: &[ExplainedFile]) -> String {
    let files = files.iter().map(|file| JsonFile {
        path: &file.path,
        errors: file.errors,
        policies: file.policies.iter().map(JsonPolicy::of).collect(),
    });
    let document = JsonReport { version: VERSION, reference_date: reference().date(), files: files.collect() };
    serde_json::to_string_pretty(&document).expect("strings and numbers always become JSON") + "\n"
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonReport<'a> {
    version: u32,
    reference_date: &'a str,
    files: Vec<JsonFile<'a>>,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    errors: usize,
    policies: Vec<JsonPolicy<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonPolicy<'a> {
    /// Null for a policy that stands alone.
    container: Option<&'a str>,
    source: &'static str,
    grants: Vec<JsonGrant<'a>>,
    denials: Vec<JsonDenial<'a>>,
    default_grants: Vec<String>,
    risks: Vec<JsonRisk>,
    left_out: Vec<JsonLeftOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonGrant<'a> {
    ability: &'static str,
    actions: Vec<String>,
    /// What the statement spares, where it names no other actions.
    #[serde(skip_serializing_if = "Option::is_none")]
    every_but: Option<&'a [String]>,
    resources: JsonScope<'a>,
    conditions: JsonConditions<'a>,
    exceptions: Vec<JsonException<'a>>,
}

#[derive(Serialize)]
struct JsonScope<'a> {
    /// Whether all are meant but these.
    negated: bool,
    names: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonConditions<'a> {
    tests: Vec<JsonCondition<'a>>,
    has_unreadable: bool,
}

#[derive(Serialize)]
struct JsonCondition<'a> {
    operator: &'a str,
    key: &'a str,
    values: &'a [String],
}

#[derive(Serialize)]
struct JsonException<'a> {
    resources: JsonScope<'a>,
    conditions: JsonConditions<'a>,
}

#[derive(Serialize)]
struct JsonDenial<'a> {
    actions: JsonScope<'a>,
    resources: JsonScope<'a>,
    conditions: JsonConditions<'a>,
}

#[derive(Serialize)]
struct JsonRisk {
    kind: &'static str,
    /// The name of a path to more permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'static str>,
    actions: Vec<String>,
    limits: Vec<&'static str>,
}

#[derive(Serialize)]
struct JsonLeftOut<'a> {
    text: &'a str,
    reason: &'static str,
}

impl<'a> JsonPolicy<'a> {
    fn of(explanation: &'a Explanation) -> Self {
        Self {
            container: explanation.container.as_deref(),
            source: match explanation.source {
                PolicySource::Policy => "policy",
                PolicySource::None => "none",
                PolicySource::Unknown => "unknown",
                PolicySource::Faulty => "faulty",
            },
            grants: explanation.grants.iter().map(JsonGrant::of).collect(),
            denials: explanation.denials.iter().map(JsonDenial::of).collect(),
            default_grants: names(&explanation.default_grants),
            risks: explanation.risks.iter().map(JsonRisk::of).collect(),
            left_out: explanation.left_out.iter().map(JsonLeftOut::of).collect(),
        }
    }
}

impl<'a> JsonGrant<'a> {
    fn of(grant: &'a Grant) -> Self {
        Self {
            ability: grant.ability.name(),
            actions: names(&grant.actions),
            every_but: grant.every_but.as_deref(),
            resources: JsonScope::of(&grant.resources),
            conditions: JsonConditions::of(&grant.conditions),
            exceptions: grant.exceptions.iter().map(JsonException::of).collect(),
        }
    }
}

impl<'a> JsonScope<'a> {
    fn of(scope: &'a Scope) -> Self {
        Self { negated: scope.negated, names: &scope.texts }
    }
}

impl<'a> JsonConditions<'a> {
    fn of(conditions: &'a Conditions) -> Self {
        let test = |Condition { operator, key, values }: &'a Condition| JsonCondition { operator, key, values };
        Self { tests: conditions.tests.iter().map(test).collect(), has_unreadable: conditions.has_unreadable }
    }
}

impl<'a> JsonException<'a> {
    fn of(exception: &'a Exception) -> Self {
        Self { resources: JsonScope::of(&exception.resources), conditions: JsonConditions::of(&exception.conditions) }
    }
}

impl<'a> JsonDenial<'a> {
    fn of(denial: &'a Denial) -> Self {
        Self {
            actions: JsonScope::of(&denial.actions),
            resources: JsonScope::of(&denial.resources),
            conditions: JsonConditions::of(&denial.conditions),
        }
    }
}

impl JsonRisk {
    fn of(risk: &Risk) -> Self {
        let (kind, path) = match risk.kind {
            RiskKind::Administrator => ("administrator", None),
            RiskKind::Escalation(path) => ("escalation", Some(path)),
            RiskKind::Exfiltration => ("exfiltration", None),
            RiskKind::Credentials => ("credentials", None),
        };
        let limit = |limit: &Limit| match limit {
            Limit::Resources => "resources",
            Limit::Condition => "condition",
            Limit::Deny => "deny",
        };
        Self { kind, path, actions: names(&risk.actions), limits: risk.limits.iter().map(limit).collect() }
    }
}

impl<'a> JsonLeftOut<'a> {
    fn of(left_out: &'a LeftOut) -> Self {
        let reason = match left_out.reason {
            Reason::Fault => "fault",
            Reason::Unknown => "unknown",
            Reason::NameOnly => "nameOnly",
            Reason::NoResource => "noResource",
            Reason::TakenBack => "takenBack",
        };
        Self { text: &left_out.text, reason }
    }
}

fn names(actions: &[Action<'_>]) -> Vec<String> {
    actions.iter().map(ToString::to_string).collect()
}
