//! Names of resources to be filled in: the published formats, with what a deployment knows already in place.

use std::fmt;

use super::reference::{Action, ResourceType};

/// The name of a resource with gaps in it, such as
/// `arn:${aws:partition}:dynamodb:${aws:region}:${aws:accountId}:table/<TableName>`. It is displayed so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template<'r> {
    /// Its pieces, from left to right.
    pub pieces: Vec<Piece<'r>>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'r> {
    /// Text to be taken as it is, variables of the deployment included.
    Text(&'r str),
    /// A gap, by the name that the format gives to what belongs there.
    Gap(&'r str),
}

/// What a deployment puts in the place of placeholders.
const KNOWN: &[(&str, &str)] = &[
    ("Account", "${aws:accountId}"),
    ("AccountId", "${aws:accountId}"),
    ("Partition", "${aws:partition}"),
    ("Region", "${aws:region}"),
];

impl<'r> Template<'r> {
    /// The template of a published format.
    pub fn of(format: &'r str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = format;
        while let Some((before, (name, after))) =
            rest.split_once("${").and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
        {
            let known = KNOWN.iter().find(|(placeholder, _)| *placeholder == name);
            pieces.push(Piece::Text(before));
            pieces.push(known.map_or(Piece::Gap(name), |(_, variable)| Piece::Text(variable)));
            rest = after;
        }
        pieces.push(Piece::Text(rest));
        pieces.retain(|piece| *piece != Piece::Text(""));
        Self { pieces }
    }

    /// The name that it becomes, given what belongs in its gaps.
    pub fn filled(&self, fill: impl Fn(&str) -> String) -> String {
        let piece = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Gap(name) => fill(name),
        };
        self.pieces.iter().map(piece).collect()
    }
}

impl fmt::Display for Template<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.filled(|name| format!("<{name}>")))
    }
}

/// The templates of a type of resource, one for each form that its names have.
pub fn of_type(kind: ResourceType<'_>) -> impl Iterator<Item = Template<'_>> {
    kind.arn_formats().map(Template::of)
}

/// Few templates that leave none of the actions without a resource, in the order of the actions. Actions that only `*` grants
/// have no template, and are passed over.
pub fn of_actions<'r>(actions: impl IntoIterator<Item = Action<'r>>) -> Vec<Template<'r>> {
    let mut chosen: Vec<ResourceType<'r>> = Vec::new();
    for action in actions {
        for kind in main_types(action, &chosen) {
            if !chosen.contains(&kind) {
                chosen.push(kind);
            }
        }
    }
    chosen.into_iter().filter_map(|kind| of_type(kind).next()).collect()
}

/// The types of resources that an action needs beside those that are there already.
fn main_types<'r>(action: Action<'r>, present: &[ResourceType<'r>]) -> Vec<ResourceType<'r>> {
    let required: Vec<_> = action.resource_types().filter(|(_, required)| *required).map(|(kind, _)| kind).collect();
    // EC2 wants all at once; elsewhere the mark stands at alternatives, too.
    if action.service().prefix() == "ec2" && !required.is_empty() {
        return required;
    }
    let candidates =
        if required.is_empty() { action.resource_types().map(|(kind, _)| kind).collect() } else { required };
    if candidates.iter().any(|kind| present.contains(kind)) {
        return Vec::new();
    }
    // The shortest name is that of the thing itself; longer ones are of its parts, or of other ways to it.
    let length =
        |kind: &ResourceType<'_>| kind.arn_formats().next().and_then(|format| Some(resource_of(format)?.len()));
    candidates.into_iter().min_by_key(length).into_iter().collect()
}

/// Everything behind the fifth colon of a format.
fn resource_of(format: &str) -> Option<&str> {
    format.splitn(6, ':').nth(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;

    #[test]
    fn formats_are_filled_with_what_a_deployment_knows() {
        for (format, expected) in [
            (
                "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}",
                "arn:${aws:partition}:dynamodb:${aws:region}:${aws:accountId}:table/<TableName>/index/<IndexName>",
            ),
            ("arn:${Partition}:s3:::${BucketName}", "arn:${aws:partition}:s3:::<BucketName>"),
            ("arn:${Partition}:braket:*:*:device/${Id}/x", "arn:${aws:partition}:braket:*:*:device/<Id>/x"),
            ("${", "${"),
            ("", ""),
        ] {
            assert_eq!(Template::of(format).to_string(), expected);
        }
        let table = Template::of("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}");
        assert_eq!(table.pieces.last(), Some(&Piece::Gap("QueueName")));
        assert!(table.filled(|_| "jobs".to_owned()).ends_with(":jobs"));
    }

    #[test]
    fn each_action_gets_a_resource() {
        for (actions, expected) in [
            (&["dynamodb:Query", "dynamodb:GetItem"][..], &["table/<TableName>"][..]),
            (&["s3:GetObject", "s3:ListBucket"], &["<BucketName>/<ObjectName>", "<BucketName>"]),
            (&["sqs:ListQueues"], &[]),
            (
                &["ec2:RunInstances"],
                &[
                    "image/<ImageId>",
                    "instance/<InstanceId>",
                    "network-interface/<NetworkInterfaceId>",
                    "security-group/<SecurityGroupId>",
                    "subnet/<SubnetId>",
                ],
            ),
        ] {
            let actions = actions.iter().map(|action| reference().action(action).unwrap());
            let templates: Vec<String> = of_actions(actions).iter().map(ToString::to_string).collect();
            let resources: Vec<&str> =
                templates.iter().filter_map(|template| template.split(':').nth_back(0)).collect();
            assert_eq!(resources, expected);
        }
    }
}
