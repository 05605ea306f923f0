use crate::config::Value;
use crate::model::DeploymentType;
use crate::rules::{Container, RuleContext};
use crate::webhook::Caller;

/// What an integration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// EventBridge calls the container.
    Called(Caller),
    /// A Slack app talks to it.
    Slack,
}

/// One integration of a known type.
#[derive(Clone, Copy)]
pub(super) struct Integration<'a> {
    /// The container that has it.
    pub(super) container: Container<'a>,
    /// Its key.
    pub(super) name: &'a str,
    /// What stands under the key.
    pub(super) value: Value<'a>,
    /// Its type.
    pub(super) kind: Kind,
}

/// The integrations of a container, in the order of the file; none where the deployment type has none.
pub(super) fn of<'a>(ctx: &RuleContext<'a>, container: Container<'a>) -> impl Iterator<Item = Integration<'a>> {
    let available = ctx.deployment_type() != Some(DeploymentType::AwsApi);
    let values = container.get(&["integrations"]).filter(|_| available);
    values.into_iter().flat_map(Value::entries).filter_map(move |(name, value)| {
        let kind = match value.get("type")?.as_str()? {
            "awsEventBridge" => Kind::Called(Caller::EventBridge),
            "schedule" => Kind::Called(Caller::Schedule),
            "slack" => Kind::Slack,
            _ => return None,
        };
        Some(Integration { container, name, value, kind })
    })
}

/// All integrations of the project.
pub(super) fn all<'a>(ctx: &'a RuleContext<'a>) -> impl Iterator<Item = Integration<'a>> {
    ctx.containers().flat_map(|container| of(ctx, container))
}

impl<'a> Integration<'a> {
    /// Who calls it, if EventBridge does.
    pub(super) fn caller(self) -> Option<Caller> {
        match self.kind {
            Kind::Called(caller) => Some(caller),
            Kind::Slack => None,
        }
    }

    /// The text under a key, with its value, where a message may show it.
    pub(super) fn text(self, key: &str) -> Option<(&'a str, Value<'a>)> {
        let value = self.value.get(key).filter(|value| !value.is_secret())?;
        Some((value.as_str()?, value))
    }
}
