//! SCF003, SCF013 to SCF015, SCF018: the document as a whole.

use crate::config::Data;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::fix;
use crate::model::DeploymentType;
use crate::rules::{RuleContext, edits};
use crate::text::{TextRange, TextSize};

declare_rule! {
    /// ## What it does
    /// Reports a file that is empty, a list, or a single value.
    ///
    /// ## Why it matters
    /// A configuration is a map: `name`, `deployment` and `containers` are its keys.
    ///
    /// ## Example
    /// ```yaml
    /// - name: shop
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// ```
    NOT_A_MAP = "SCF003", "Not a map", Error, fix: None;

    /// ## What it does
    /// Says that `frameworkVersion` is not looked at.
    ///
    /// ## Why it matters
    /// It pins a version of the original tool. Slipway's version is the one that is installed.
    ///
    /// ## Example
    /// ```yaml top
    /// frameworkVersion: "4.39.0"
    /// ```
    ///
    /// ## Use instead
    /// Remove the key when nobody uses the original tool any more.
    FRAMEWORK_VERSION_IGNORED = "SCF013", "`frameworkVersion` ignored", Info, fix: Unsafe;

    /// ## What it does
    /// Says that `org` is not looked at.
    ///
    /// ## Why it matters
    /// It names an account of the original tool's dashboard, which Slipway does not use.
    ///
    /// ## Example
    /// ```yaml top
    /// org: acme
    /// ```
    ///
    /// ## Use instead
    /// Remove the key when nobody uses the original tool any more.
    ORG_IGNORED = "SCF014", "`org` ignored", Info, fix: Unsafe;

    /// ## What it does
    /// Reports a file without containers.
    ///
    /// ## Why it matters
    /// The file is valid, but there is nothing to run: the original tool crashes on it after it has made the network.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   web:
    ///     src: ./web
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    NO_CONTAINERS = "SCF015", "No containers", Blocker, fix: Unsafe;

    /// ## What it does
    /// Points out the older architecture.
    ///
    /// ## Why it matters
    /// `awsApi@1.0` works and is supported in full. New projects are better off with `aws@1.0`, which streams responses of
    /// Lambda containers and has integrations. A deployed project cannot change over in place: `aws@1.0` needs a new `name`.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: awsApi@1.0
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop-2
    /// deployment:
    ///   type: aws@1.0
    /// ```
    LEGACY_DEPLOYMENT_TYPE = "SCF018", "Legacy deployment type", Hint, fix: None
}

const STARTER: &str =
    "\n  service:\n    src: ./service\n    routing:\n      pathPattern: /*\n    compute:\n      type: awsLambda";

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(root) = ctx.root() else {
        let place = Place::new(TextRange::empty(TextSize::new(0)), "");
        let message = "The file is empty. A configuration needs at least `name`, `deployment` and `containers`; \
                       `slipway init` writes one to start from.";
        acc.push(NOT_A_MAP.at(place, message));
        return;
    };
    match root.data() {
        Data::Map(_) | Data::Unknown => {}
        data => {
            let found = if matches!(data, Data::List(_)) { "a list" } else { "a single value" };
            let message = format!(
                "The file is {found}, but a configuration is a map with the keys `name`, `deployment` and `containers`."
            );
            acc.push(NOT_A_MAP.at(Place::new(root.heading(), ""), message));
            return;
        }
    }
    for (key, rule, what) in [
        ("frameworkVersion", &FRAMEWORK_VERSION_IGNORED, "pins a version of the original tool"),
        ("org", &ORG_IGNORED, "names an account of the original tool's dashboard"),
    ] {
        if let Some(value) = root.get(key) {
            let message = format!("`{key}` {what}; Slipway ignores it.");
            let fix = edits::remove(ctx, value).map(|edits| Fix::suggestion(format!("Remove `{key}`"), edits));
            acc.push(rule.at(value.key_place(), message).unnecessary().fix(fix));
        }
    }
    no_containers(ctx, acc);
    if ctx.deployment_type() == Some(DeploymentType::AwsApi)
        && let Some(value) = ctx.get(&["deployment", "type"])
    {
        let message = "`awsApi@1.0` is the older architecture. It is supported in full; to move to `aws@1.0`, deploy under a new \
                       `name` and switch the domain over.";
        acc.push(LEGACY_DEPLOYMENT_TYPE.at(value, message));
    }
}

fn no_containers(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(root) = ctx.root() else { return };
    let message = "There is no container, so there is nothing to deploy. Add one under `containers`.";
    match root.get("containers") {
        None => {
            let edits = fix::insert_entry(ctx.document, root.node(), "containers", STARTER, fix::Placement::Last);
            let fix = edits.map(|edits| Fix::suggestion("Add a container", edits));
            acc.push(NO_CONTAINERS.at(root.missing_place("containers"), message).fix(fix));
        }
        Some(containers) if containers.is_map() && containers.entries().next().is_none() => {
            acc.push(NO_CONTAINERS.at(containers.key_place(), message));
        }
        Some(_) => {}
    }
}
