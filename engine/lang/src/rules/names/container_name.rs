//! SCF040 and SCF046: container names that get in the way of local containers.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::limits::local_containers::is_common;
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a container's name of a single character.
    ///
    /// ## Why it matters
    /// The local container has the same name, and Docker takes names of two characters and more.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   a:
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
    ///   api:
    ///     src: ./api
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    TOO_SHORT_FOR_DOCKER = "SCF040", "Container name too short for Docker", Warning, fix: None;

    /// ## What it does
    /// Reports a container with the name of a well-known image, such as `redis` or `postgres`.
    ///
    /// ## Why it matters
    /// In development, the original tool removes a running container that has the name of one of the file, whoever started
    /// it. A database that was started by hand as `postgres` is gone, with what was in it.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   nginx:
    ///     src: ./proxy
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
    ///   proxy:
    ///     src: ./proxy
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    COMMON_LOCAL_CONTAINER = "SCF046", "Name of a common local container", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let (name, value) = (container.name, container.value);
        if name.chars().count() == 1 {
            let message = format!(
                "The container name `{name}` has one character, but Docker, which names the local container after it, wants at \
                 least two. Lengthen it."
            );
            acc.push(TOO_SHORT_FOR_DOCKER.at(value.key_place(), message));
        }
        if is_common(name) {
            let message = format!(
                "`{name}` is also what a local container of that image is often called, and the original tool removes a running \
                 container of that name in development. Give this one another name."
            );
            let new = format!("{name}-service");
            let fix = edits::rename(ctx, value, &new).map(|edits| Fix::suggestion(format!("Rename to `{new}`"), edits));
            acc.push(COMMON_LOCAL_CONTAINER.at(value.key_place(), message).fix(fix));
        }
    }
}
