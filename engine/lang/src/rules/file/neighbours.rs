//! SCF011 and SCF012: other files beside the configuration.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Place};
use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};

declare_rule! {
    /// ## What it does
    /// Reports a folder with several configuration files.
    ///
    /// ## Why it matters
    /// Only one of them is used: `.yml` before `.yaml` before `.json`. The others are easily edited in vain.
    ///
    /// ## Example
    /// ```text serverless.containers.json
    /// {}
    /// ```
    /// ```yaml top
    /// # serverless.containers.json stands beside this file
    /// ```
    ///
    /// ## Use instead
    /// Remove or rename the file that is not meant.
    SEVERAL_CONFIG_FILES = "SCF011", "Several config files", Warning, fix: None;

    /// ## What it does
    /// Says that the original tool would not have used this file.
    ///
    /// ## Why it matters
    /// It looks for `serverless-compose.*`, `samconfig.*` and `template.*` first and takes the folder for another kind of
    /// project. Slipway takes no notice of those files.
    ///
    /// ## Example
    /// ```text template.yaml
    /// Resources: {}
    /// ```
    /// ```yaml top
    /// # template.yaml stands beside this file
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done. Move the other file to a folder of its own when both tools are used.
    OTHER_FILE_PICKED = "SCF012", "Older tool picks another file", Info, fix: None
}

const BASE: &str = "serverless.containers";
const EXTENSIONS: &[&str] = &["yml", "yaml", "json", "toml", "ts", "js", "cjs", "mjs"];

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(files) = ctx.files() else { return };
    let own = ctx.inputs.file_name.as_str();
    let is_config = |name: &str| {
        name.strip_prefix(BASE).and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| EXTENSIONS.contains(&rest))
    };
    if !is_config(own) {
        return; // named by hand, so that no search was made
    }
    let names = files.list("");
    let top = Place::new(TextRange::empty(TextSize::new(0)), "");
    let others: Vec<String> =
        names.iter().filter(|name| is_config(name) && *name != own).map(|name| format!("`{name}`")).collect();
    if !others.is_empty() {
        let message = format!(
            "{} beside `{own}`. Of several configuration files `.yml` is used before `.yaml` before `.json`; remove the ones that are not meant.",
            if let [one] = others.as_slice() {
                format!("{one} stands")
            } else {
                format!("{} stand", others.join(", "))
            }
        );
        acc.push(SEVERAL_CONFIG_FILES.at(top.clone(), message));
    }
    let picked = names
        .iter()
        .find(|name| ["serverless-compose.", "samconfig.", "template."].iter().any(|base| name.starts_with(base)));
    if let Some(picked) = picked {
        let message =
            format!("The original tool would use `{picked}` in place of this file. Slipway takes no notice of it.");
        acc.push(OTHER_FILE_PICKED.at(top, message));
    }
}
