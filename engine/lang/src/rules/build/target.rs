//! SCF088 and SCF094: the stage that is built.

use super::image::Image;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::dockerfile::Stage;
use crate::model::{ComputeType, list_words};
use crate::rules::edits;
use crate::suggest::nearest;
use crate::text::{TextEdit, TextRange};

declare_rule! {
    /// ## What it does
    /// Reports a `--target` that is no stage of the Dockerfile. Case does not count.
    ///
    /// ## Why it matters
    /// The build stops: the stage cannot be found.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim AS base
    /// FROM base AS awsLambda
    /// ```
    /// ```yaml container
    /// build:
    ///   options: --target awsLamda
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim AS base
    /// FROM base AS awsLambda
    /// ```
    /// ```yaml container
    /// build:
    ///   options: --target awsLambda
    /// ```
    ///
    /// ## Source
    /// [Multi-stage builds](https://docs.docker.com/build/building/multi-stage/)
    UNKNOWN_BUILD_TARGET = "SCF088", "Unknown build target", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports that the stage which is built is named after the other compute type.
    ///
    /// ## Why it matters
    /// Without `--target` Docker builds the last stage, which then is the same for containers on Lambda and on Fargate.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim AS base
    /// FROM base AS awsLambda
    /// FROM base AS awsFargateEcs
    /// ```
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim AS base
    /// FROM base AS awsLambda
    /// FROM base AS awsFargateEcs
    /// ```
    /// ```yaml container
    /// build:
    ///   options:
    ///     - --target=awsLambda
    /// compute:
    ///   type: awsLambda
    /// ```
    STAGE_FOR_OTHER_COMPUTE_TYPE = "SCF094", "Final stage serves one compute type", Info, fix: Unsafe
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    acc.extend(unknown(image));
    acc.extend(other_type(image));
}

fn unknown(image: &Image<'_>) -> Option<Diagnostic> {
    let (file, flag) = image.dockerfile().zip(image.target())?;
    let target = flag.value.as_deref().filter(|target| file.target(Some(target)).is_none())?;
    let names: Vec<&str> = file.stages.iter().filter_map(|stage| stage.name.as_deref()).collect();
    let known = match names.as_slice() {
        [] => "It names no stage.".to_owned(),
        names => {
            format!("It has {}.", list_words(names.iter().map(|name| format!("`{name}`"))).replace(" or ", " and "))
        }
    };
    let message = format!("The Dockerfile has no stage `{target}`, so the build stops. {known}");
    let fix = nearest(target, names).and_then(|near| {
        let edits = flag.with_value(image.ctx, near)?;
        Some(Fix::suggestion(format!("Use `{near}`"), edits))
    });
    Some(UNKNOWN_BUILD_TARGET.at(flag.value_place.clone(), message).fix(fix))
}

fn other_type(image: &Image<'_>) -> Option<Diagnostic> {
    let own = image.container.compute_type()?;
    let built = image.stage()?;
    let other = compute_type(built).filter(|kind| *kind != own)?;
    let stages = &image.dockerfile()?.stages;
    let right = stages.iter().find(|stage| compute_type(stage) == Some(own)).and_then(|stage| stage.name.as_deref());
    let place = match image.target() {
        Some(flag) => flag.value_place.clone(),
        None => image.src.as_ref().map_or_else(|| image.container.value.key_place(), |src| Place::from(src.value)),
    };
    let advice = right.map_or(String::new(), |right| {
        format!(" Build the stage `{right}` with `--target={right}` in `build.options`.")
    });
    let message = format!("The stage `{}` is built, but the container runs on `{}`.{advice}", other.name(), own.name());
    let fix =
        right.and_then(|right| Some(Fix::suggestion(format!("Build the stage `{right}`"), choose(image, right)?)));
    Some(STAGE_FOR_OTHER_COMPUTE_TYPE.at(place, message).fix(fix))
}

/// The compute type that a stage is named after.
fn compute_type(stage: &Stage) -> Option<ComputeType> {
    [ComputeType::Lambda, ComputeType::Fargate].into_iter().find(|kind| stage.is_named(kind.name()))
}

/// Sets the target, where there is one, or adds one.
fn choose(image: &Image<'_>, stage: &str) -> Option<Vec<TextEdit>> {
    let (ctx, container) = (image.ctx, image.container);
    if let Some(flag) = image.target() {
        return flag.with_value(ctx, stage);
    }
    let flag = format!("--target={stage}");
    match (container.get(&["build"]), container.get(&["build", "options"])) {
        (_, Some(options)) => match options.as_str() {
            Some(text) => {
                let end = ctx.exact_part(options, 0..text.len())?.end();
                Some(vec![TextEdit::replace(TextRange::empty(end), format!(" {flag}"))])
            }
            None => edits::add_item(ctx, options, &flag),
        },
        (Some(build), None) => edits::add_entry(ctx, build, "options", &format!("- {flag}")),
        (None, None) => edits::add_entry(ctx, container.value, "build", &format!("options:\n  - {flag}")),
    }
}
