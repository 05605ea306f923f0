//! SCF093 and SCF101: the image that is built upon, and the machine it is for.

use super::image::Image;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::dockerfile::Stage;
use crate::model::ComputeType;

declare_rule! {
    /// ## What it does
    /// Reports a Fargate container that is built upon a Lambda runtime image.
    ///
    /// ## Why it matters
    /// Such an image starts Lambda's runtime client, which waits for events that never come outside of Lambda. Nothing listens
    /// on port 8080.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM public.ecr.aws/lambda/nodejs:22
    /// CMD ["index.handler"]
    /// ```
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM public.ecr.aws/docker/library/node:22-slim
    /// CMD ["node", "index.js"]
    /// ```
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    /// ```
    ///
    /// ## Source
    /// [Base images for Lambda](https://docs.aws.amazon.com/lambda/latest/dg/images-create.html)
    LAMBDA_BASE_IMAGE_ON_FARGATE = "SCF093", "Lambda base image on Fargate", Warning, fix: None;

    /// ## What it does
    /// Reports an image for another processor than x86-64: `--platform` in `build.options`, or in the `FROM` that the deployed
    /// stage comes from.
    ///
    /// ## Why it matters
    /// Containers run on x86-64 machines. The first program of the image fails there with "exec format error".
    ///
    /// ## Example
    /// ```yaml container
    /// build:
    ///   options: --platform linux/arm64
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// build:
    ///   options: []
    /// ```
    WRONG_ARCHITECTURE = "SCF101", "Wrong architecture", Blocker, fix: Unsafe
}

/// The platform that everything deployed runs on.
const PLATFORM: &str = "linux/amd64";

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    acc.extend(lambda_base(image));
    acc.extend(platform_flag(image));
    acc.extend(platform_of_base(image));
}

fn lambda_base(image: &Image<'_>) -> Option<Diagnostic> {
    if image.container.compute_type() != Some(ComputeType::Fargate) {
        return None;
    }
    let stage = *image.lineage().first()?;
    let base = image.expand_global(&stage.base)?;
    let path = base.strip_prefix("docker.io/").unwrap_or(&base);
    if !path.starts_with("public.ecr.aws/lambda/") && !path.starts_with("amazon/aws-lambda-") {
        return None;
    }
    let from = image.dockerfile()?.instructions_of(stage).first()?;
    let message = format!(
        "{} builds upon `{base}`, an image for Lambda, but the container runs on Fargate, where that image waits for events that \
         never come. Build upon a plain image.",
        image.line(from)
    );
    Some(LAMBDA_BASE_IMAGE_ON_FARGATE.at(image.place(from.range), message))
}

fn platform_flag(image: &Image<'_>) -> Option<Diagnostic> {
    let flag = image.flags.iter().rfind(|flag| flag.name == "platform")?;
    let platform = flag.value.as_deref().filter(|platform| is_other_architecture(platform))?;
    let fix = flag.with_value(image.ctx, PLATFORM);
    let fix = fix.map(|edits| Fix::suggestion(format!("Use `{PLATFORM}`"), edits));
    Some(WRONG_ARCHITECTURE.at(flag.value_place.clone(), wrong(platform)).fix(fix))
}

fn platform_of_base(image: &Image<'_>) -> Option<Diagnostic> {
    let stage: &Stage = image.lineage().first()?;
    let written = stage.platform.as_deref()?;
    let platform = image.expand_global(written).filter(|platform| is_other_architecture(platform))?;
    let from = image.dockerfile()?.instructions_of(stage).first()?;
    let start = from.arguments.find(written)?;
    let range = from.range_of(start..start + written.len());
    let message = format!("{} asks for `{platform}`. {}", image.line(from), wrong(&platform));
    let fix = image.edit(range, PLATFORM).map(|edits| Fix::suggestion(format!("Use `{PLATFORM}`"), edits));
    Some(WRONG_ARCHITECTURE.at(image.place(range), message).fix(fix))
}

fn wrong(platform: &str) -> String {
    format!(
        "An image for `{platform}` does not start: deployed containers run on `{PLATFORM}`. Use that platform, or none."
    )
}

/// Whether a platform, such as `linux/arm64/v8`, is certain not to run on x86-64. Of a list, one that does is enough.
pub(super) fn is_other_architecture(platform: &str) -> bool {
    platform.split(',').all(|platform| {
        let mut parts = platform.trim().split('/');
        let first = parts.next().unwrap_or_default().to_ascii_lowercase();
        let architecture = parts.next().map_or(first, str::to_ascii_lowercase);
        ["arm", "aarch64", "386", "i386", "ppc64", "s390x", "riscv64", "mips", "loong64"]
            .iter()
            .any(|other| architecture.starts_with(other))
    })
}

#[cfg(test)]
mod tests {
    use super::is_other_architecture;

    #[test]
    fn platforms_that_do_not_run_are_told_from_those_that_may() {
        for yes in
            ["linux/arm64", "linux/arm64/v8", "arm64", "linux/arm/v7", "Linux/AArch64", "linux/arm64,linux/arm/v7"]
        {
            assert!(is_other_architecture(yes), "{yes}");
        }
        for no in
            ["linux/amd64", "amd64", "linux/x86_64", "linux", "", "linux/amd64,linux/arm64", "linux/amd64/v2", "local"]
        {
            assert!(!is_other_architecture(no), "{no}");
        }
    }
}
