//! The pages of the rules, for the link that an editor puts on a diagnostic's code.
//!
//! They are part of the program and have no address. So they are written to the user's cache, each when a diagnostic first
//! names it, and the link leads there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use slipway_lang::diagnostic::Rule;
use slipway_lang::rules;
use tower_lsp::ls_types::Uri;

static WRITTEN: LazyLock<Mutex<HashMap<&'static str, Option<Uri>>>> = LazyLock::new(Mutex::default);

/// Where the page of a rule can be read; `None` when it cannot be written.
pub(crate) fn href(rule: &'static Rule) -> Option<Uri> {
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    written.entry(rule.code).or_insert_with(|| write(rule)).clone()
}

/// Where the page of the rule with this code can be read.
pub(crate) fn href_of(code: &str) -> Option<Uri> {
    href(rules::by_code(code)?)
}

fn write(rule: &'static Rule) -> Option<Uri> {
    let folder = cache_folder()?.join("slipway").join(env!("CARGO_PKG_VERSION")).join("rules");
    let path = folder.join(format!("{}.md", rule.code));
    let page = rules::page(rule);
    let written = if std::fs::read_to_string(&path).is_ok_and(|found| found == page) {
        Ok(())
    } else {
        std::fs::create_dir_all(&folder).and_then(|()| replace(&path, &page))
    };
    if let Err(error) = &written {
        tracing::warn!("the page of {} cannot be written to {}: {error}", rule.code, path.display());
    }
    written.ok().and_then(|()| Uri::from_file_path(&path))
}

/// Puts a whole new file in place, so that nobody ever reads half a page.
fn replace(path: &Path, page: &str) -> std::io::Result<()> {
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    std::fs::write(&draft, page)?;
    std::fs::rename(&draft, path)
}

/// The folder for what can be made again.
fn cache_folder() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return named("LOCALAPPDATA");
    }
    if cfg!(target_os = "macos") {
        return named("HOME").map(|home| home.join("Library/Caches"));
    }
    named("XDG_CACHE_HOME").or_else(|| named("HOME").map(|home| home.join(".cache")))
}
