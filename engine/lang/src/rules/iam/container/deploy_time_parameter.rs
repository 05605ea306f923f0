//! IAM244: parameters that only a deployment reads.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::arn::Arn;
use crate::rules::iam::PolicyContext;
use crate::rules::iam::context::{Reach, ResourceEntry, Target};

declare_rule! {
    /// ## What it does
    /// Says that the container may read parameters that the file only uses in variables.
    ///
    /// ## Why it matters
    /// A variable such as `${ssm:/prod/db/url}` is resolved while deploying, by whoever deploys. The container gets the value and
    /// needs no permission for it.
    ///
    /// ## Example
    /// <!-- with: parameter=/prod/db/url -->
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: ssm:GetParameter
    ///     Resource: arn:aws:ssm:us-east-1:314159265358:parameter/prod/db/url
    /// ```
    ///
    /// ## Use instead
    /// Remove the statement, unless the container reads the parameter itself as well.
    ///
    /// ## Source
    /// [Parameter Store and IAM](https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html)
    DEPLOY_TIME_PARAMETER = "IAM244", "Parameter of the deployment", Info, fix: None
}

const READING: [&str; 2] = ["ssm:GetParameter", "ssm:GetParameters"];

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let parameters = ctx.facts.deploy_time_parameters;
    if parameters.is_empty() {
        return;
    }
    let is_of_deployment = |arn: &Arn<'_>| {
        let name = arn.resource.text.strip_prefix("parameter/").filter(|_| arn.service.text == "ssm");
        // Without a slash in it, a name has none at its beginning either.
        name.is_some_and(|name| parameters.contains(&format!("/{name}")) || parameters.contains(name))
    };
    let only_of_deployment = |resources: &[ResourceEntry<'_>]| {
        let fits = |entry: &ResourceEntry<'_>| matches!(&entry.target, Target::Arn(arn) if is_of_deployment(arn));
        !resources.is_empty() && resources.iter().all(fits)
    };
    let allowing =
        ctx.statements.iter().filter(|each| each.allows() && !each.has_not_action() && !each.has_not_resource());
    for statement in allowing.filter(|statement| only_of_deployment(&statement.resources)) {
        for entry in &statement.actions {
            let reads = READING.iter().any(|name| entry.text.text.eq_ignore_ascii_case(name));
            if !reads || !matches!(entry.reach, Reach::One(_)) {
                continue;
            }
            let message = "Only the deployment reads these parameters, by variables, and the container gets their values. \
                           Remove the action, unless the container reads them itself.";
            acc.push(ctx.report(&DEPLOY_TIME_PARAMETER, ctx.at(entry.text.value), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analyze;
    use crate::inputs::Inputs;
    use crate::yaml::Document;

    #[test]
    fn what_a_container_is_told_the_name_of_it_reads_itself() {
        for (environment, reported) in [
            ("URL: '${ssm:/prod/db/url}'", true),
            ("URL: '${aws:ssm:/prod/db/url}'", true),
            ("URL: '${ssm:/prod/db/url}'\n      NAME: /prod/db/url", false),
            ("URL: x", false),
        ] {
            let text = format!(
                "name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    environment:\n      {environment}\n    compute:\n      \
                 type: awsLambda\n      awsIam:\n        customPolicy:\n          Version: '2012-10-17'\n          Statement:\n          - Effect: \
                 Allow\n            Action: ssm:GetParameter\n            Resource: arn:aws:ssm:us-east-1:314159265358:parameter/prod/db/url\n"
            );
            let found = analyze(&Document::new(&*text), &Inputs::default()).diagnostics;
            assert_eq!(found.iter().any(|finding| finding.rule.code == "IAM244"), reported, "{text}");
        }
    }
}
