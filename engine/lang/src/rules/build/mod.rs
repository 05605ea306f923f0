//! The source of a container, and how its image is built.

mod arguments;
mod base;
mod both;
mod ignore_file;
mod image;
mod loopback;
mod options;
mod port;
mod shared;
mod source;
mod target;
mod without_dockerfile;

use super::{Check, Container, RuleContext};
use crate::diagnostic::{Diagnostic, Rule};
use crate::text::TextRange;
use image::Image;

/// The family's rules, by code.
pub static RULES: &[&Rule] = &[
    &source::SOURCE_FOLDER_MISSING,
    &source::SOURCE_IS_A_FILE,
    &without_dockerfile::NOTHING_TO_BUILD,
    &without_dockerfile::BUILDPACKS_FALLBACK,
    &both::TWO_DOCKERFILES,
    &arguments::BUILD_ARGUMENT_TYPE,
    &options::QUOTES_IN_OPTIONS_STRING,
    &options::CONFLICTING_BUILD_FLAG,
    &target::UNKNOWN_BUILD_TARGET,
    &arguments::UNUSED_BUILD_ARGUMENT,
    &arguments::SECRET_IN_BUILD_ARGUMENT,
    &port::PORT_MISMATCH,
    &loopback::LOOPBACK_LISTENER,
    &base::LAMBDA_BASE_IMAGE_ON_FARGATE,
    &target::STAGE_FOR_OTHER_COMPUTE_TYPE,
    &source::SOURCE_OUTSIDE_PROJECT,
    &ignore_file::NO_IGNORE_FILE,
    &shared::SHARED_SOURCE,
    &without_dockerfile::NO_MAIN,
    &without_dockerfile::DEPENDENCIES_NOT_INSTALLED,
    &without_dockerfile::NO_MAIN_PY,
    &base::WRONG_ARCHITECTURE,
    &source::SOURCE_CHANGED_BY_LINK,
];

/// The stage that a container's `--target` names, and where it is named; of several the last one counts.
pub(crate) fn named_target(ctx: &RuleContext<'_>, container: Container<'_>) -> Option<(String, TextRange)> {
    let flags = options::flags(ctx, container.get(&["build", "options"])?);
    let flag = flags.into_iter().rfind(|flag| flag.name == "target")?;
    Some((flag.value?, flag.value_place.range))
}

/// The family's checks. All but one look at one image at a time, so that its files are read once.
pub static CHECKS: &[Check] = &[images, shared::check];

const IMAGE_CHECKS: &[fn(&Image<'_>, &mut Vec<Diagnostic>)] = &[
    source::check,
    without_dockerfile::check,
    both::check,
    arguments::check,
    options::check,
    target::check,
    port::check,
    loopback::check,
    base::check,
    ignore_file::check,
];

fn images(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers() {
        let image = Image::new(ctx, container);
        for check in IMAGE_CHECKS {
            check(&image, acc);
        }
    }
}
