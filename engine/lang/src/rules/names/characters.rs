//! SCF032 to SCF034 and SCF039: characters that a service refuses in the names made of the project, the stage and the
//! container.

use super::part::parts;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Rule};
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports upper case in the project's name, a stage or a container's name.
    ///
    /// ## Why it matters
    /// The image repository is called `<name>-<stage>-<container>`, and ECR takes lower case only: a deployment stops when it
    /// makes the repository. For a stage of the file that is not the one in force this is a warning.
    ///
    /// ## Example
    /// ```yaml top
    /// name: Shop
    /// ```
    /// <!-- with: stage=Prod -->
    /// ```yaml top
    /// name: shop
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// name: shop
    /// ```
    ///
    /// ## Source
    /// [ECR, CreateRepository](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html)
    UPPER_CASE = "SCF032", "Upper case", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports an underscore in the project's name, a stage or a container's name.
    ///
    /// ## Why it matters
    /// Load balancers and target groups carry these names, and take letters, digits and hyphens only.
    ///
    /// ## Example
    /// ```yaml top
    /// name: my_shop
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// name: my-shop
    /// ```
    ///
    /// ## Source
    /// [Elastic Load Balancing, CreateLoadBalancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html)
    UNDERSCORE = "SCF033", "Underscore", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a hyphen at the start or the end of the project's name, a stage or a container's name, and two hyphens in a
    /// row.
    ///
    /// ## Why it matters
    /// The three are joined with hyphens to the name of the image repository, in which a hyphen must stand between two
    /// letters or digits. Load balancers may not begin or end with one either.
    ///
    /// ## Example
    /// ```yaml top
    /// name: shop-
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// name: shop
    /// ```
    ///
    /// ## Source
    /// [ECR, CreateRepository](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html)
    HYPHEN_POSITION = "SCF034", "Hyphen position", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a container's name that is empty or holds anything but letters, digits, hyphens and underscores.
    ///
    /// ## Why it matters
    /// The name becomes part of the names of the container's repository, role, function or service, and of its target group.
    /// None of them takes other characters.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   api/v1:
    ///     src: ./api
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   api-v1:
    ///     src: ./api
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    ///
    /// ## Source
    /// [ECR, CreateRepository](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html)
    CONTAINER_NAME_CHARACTERS = "SCF039", "Container name characters", Blocker, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for part in parts(ctx) {
        let text = part.text;
        let mut report = |rule: &'static Rule, fault: &str| {
            let message = format!("{} {fault}", part.subject);
            let fix = part.rename(ctx, &slug(text));
            acc.push(rule.at(part.place.clone(), message).severity(part.severity).fix(fix));
        };
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let fault = "has upper case, but becomes part of the name of an image repository, which takes lower case only. Write it \
                         in lower case.";
            report(&UPPER_CASE, fault);
        }
        if text.contains('_') {
            let fault = "has an underscore, but becomes part of the names of a load balancer and of target groups, which take \
                         letters, digits and hyphens only. Write a hyphen.";
            report(&UNDERSCORE, fault);
        }
        if let Some(position) = bad_hyphen(text) {
            let fault = format!(
                "{position}. It is joined with others by hyphens to the name of an image repository, where each hyphen must \
                 stand between letters or digits. Remove the hyphen."
            );
            report(&HYPHEN_POSITION, &fault);
        }
        if part.is_container
            && let Some(fault) = bad_characters(text)
        {
            report(&CONTAINER_NAME_CHARACTERS, &fault);
        }
    }
}

/// Where a hyphen stands that has no letter or digit at its side, as the predicate of a sentence.
fn bad_hyphen(text: &str) -> Option<&'static str> {
    if text.starts_with('-') {
        Some("begins with a hyphen")
    } else if text.ends_with('-') {
        Some("ends with a hyphen")
    } else if text.contains("--") {
        Some("has two hyphens in a row")
    } else {
        None
    }
}

/// What no service takes in a name, as the predicate of a sentence.
fn bad_characters(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("is empty, but cloud resources are named after it. Give it one.".to_owned());
    }
    let bad = text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))?;
    Some(format!(
        "has the character `{}`, but becomes part of the names of cloud resources, which take letters, digits and hyphens only. \
         Write a hyphen or another letter.",
        bad.escape_debug()
    ))
}

/// The nearest text that every service takes: in lower case, with single hyphens for everything that is no letter or
/// digit. Empty when nothing remains.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_have_no_faults() {
        for (text, expected) in [
            ("MyApp", "myapp"),
            ("my_app", "my-app"),
            ("-app", "app"),
            ("a--b-", "a-b"),
            ("-My_App-", "my-app"),
            ("api/v1", "api-v1"),
            ("we ird/Name", "we-ird-name"),
            ("bücher", "b-cher"),
            ("漢字", ""),
            ("", ""),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }
}
