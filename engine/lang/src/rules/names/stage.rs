//! SCF041, SCF042, SCF044: stages that cannot be deployed.

use std::ops::RangeInclusive;

use super::part::stage_place;
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a stage in force with fewer than 3 or more than 12 characters. The stage is chosen with `--stage` or
    /// `SERVERLESS_STAGE` and is `dev` when nothing is said; the fault is shown at `name`, to which it is joined.
    ///
    /// ## Why it matters
    /// The stage is part of the names of all cloud resources. The original tool refuses other lengths.
    ///
    /// ## Example
    /// <!-- with: stage=p -->
    /// ```yaml top
    /// name: shop
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: stage=prod -->
    /// ```yaml top
    /// name: shop
    /// ```
    STAGE_LENGTH = "SCF041", "Stage length", Error, fix: None;

    /// ## What it does
    /// Reports a stage in force with characters other than letters, digits, hyphens and underscores. The stage is chosen with
    /// `--stage` or `SERVERLESS_STAGE`; the fault is shown at `name`, to which it is joined.
    ///
    /// ## Why it matters
    /// The stage is part of the names of all cloud resources, which take no other characters.
    ///
    /// ## Example
    /// <!-- with: stage=pre prod -->
    /// ```yaml top
    /// name: shop
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: stage=pre-prod -->
    /// ```yaml top
    /// name: shop
    /// ```
    STAGE_CHARACTERS = "SCF042", "Stage characters", Error, fix: None;

    /// ## What it does
    /// Reports a key under `stages` that is allowed, but too long for a stage.
    ///
    /// ## Why it matters
    /// A stage has at most 12 characters, so nothing can ever be deployed with the parameters of this one.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   production-eu1:
    ///     params:
    ///       memory: 2048
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   prod-eu1:
    ///     params:
    ///       memory: 2048
    /// ```
    STAGE_KEY_UNUSABLE = "SCF044", "Unusable stage key", Warning, fix: None
}

/// Characters of a stage that can be deployed.
const STAGE: RangeInclusive<usize> = 3..=12;
/// Most characters that the model lets a key under `stages` have; a longer one is reported from there.
const LONGEST_KEY: usize = 16;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let stage = ctx.stage();
    let length = stage.chars().count();
    if !STAGE.contains(&length) {
        let message = format!(
            "The stage `{stage}` has {length} character{}, but must have {} to {}. Choose another with `--stage`.",
            if length == 1 { "" } else { "s" },
            STAGE.start(),
            STAGE.end()
        );
        acc.push(STAGE_LENGTH.at(stage_place(ctx), message));
    }
    if stage.chars().any(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')) {
        let message = format!(
            "The stage `{}` may hold only letters, digits and hyphens, because cloud resources are named after it. Choose another \
             with `--stage`.",
            stage.escape_debug()
        );
        acc.push(STAGE_CHARACTERS.at(stage_place(ctx), message));
    }
    for (key, value) in ctx.get(&["stages"]).into_iter().flat_map(Value::entries) {
        let length = key.chars().count();
        if length > *STAGE.end() && length <= LONGEST_KEY {
            let message = format!(
                "The stage `{key}` has {length} characters, and stages with more than {} cannot be deployed, so this is never \
                 used. Shorten it.",
                STAGE.end()
            );
            acc.push(STAGE_KEY_UNUSABLE.at(value.key_place(), message));
        }
    }
}
