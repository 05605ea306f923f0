//! Applying the fixes that are safe.

use std::io::Write;
use std::path::Path;

use slipway_lang::diagnostic::Diagnostic;
use slipway_lang::fix_all::compatible_fixes;
use slipway_lang::text::{TextEdit, apply_edits};
use slipway_lang::yaml::Document;

use slipway_project::{Project, Redactor};

/// A fix may uncover another finding, so the text is analysed again; this many times at most.
const MAX_ROUNDS: usize = 10;

/// A text with its safe fixes applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// The text.
    pub(crate) text: String,
    /// What was done, in the order in which it was done.
    pub(crate) applied: Vec<Applied>,
}

/// One fix that was applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    code: &'static str,
    path: String,
    title: String,
}

/// Applies the safe fixes of a project's configuration until none is left.
pub(crate) fn fix(text: &str, project: &Project) -> Fixed {
    fix_with(text, |document| slipway_lang::analyze(document, &project.inputs()).diagnostics)
}

fn fix_with(text: &str, analyze: impl Fn(&Document) -> Vec<Diagnostic>) -> Fixed {
    let mut fixed = Fixed { text: text.to_owned(), applied: Vec::new() };
    let mut document = Document::new(text);
    for _ in 0..MAX_ROUNDS {
        let findings = analyze(&document);
        let chosen = compatible_fixes(&findings);
        let edits: Vec<TextEdit> = chosen.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
        let Ok(text) = apply_edits(&fixed.text, &edits) else { break };
        if text == fixed.text {
            break;
        }
        let next = Document::new(&*text);
        if next.tree().problems().len() > document.tree().problems().len() {
            // A fix that breaks the syntax is a mistake in its rule; the user's file must not suffer from it.
            break;
        }
        let applied = chosen.iter().map(|(index, fix)| Applied {
            code: findings[*index].rule.code,
            path: findings[*index].path.clone(),
            title: fix.title.clone(),
        });
        fixed.applied.extend(applied);
        fixed.text = text;
        document = next;
    }
    fixed
}

/// What was done, for people.
pub(crate) fn told(path: &str, applied: &[Applied], redactor: &Redactor) -> String {
    let noun = if applied.len() == 1 { "problem" } else { "problems" };
    let mut text = format!("Fixed {} {noun} in {path}:", applied.len());
    for Applied { code, path, title } in applied {
        let place = if path.is_empty() { String::new() } else { format!(" {path}") };
        text.push_str(&format!("\n  {code}{place}: {title}"));
    }
    crate::cli::output::visible(&redactor.hide(&text)).into_owned()
}

/// Replaces a file's content in one step, so that no reader ever sees half of it. Links and permissions stay.
pub(crate) fn replace_file(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    // A rename would replace a file that is write-protected; opening it does not.
    let permissions = std::fs::OpenOptions::new().write(true).open(&path)?.metadata()?.permissions();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".slipway-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use slipway_lang::text::TextRange;

    use super::*;
    use crate::cli::report::samples::{WRONG_SIZE, finding, range_of};

    /// Findings at every `old` of the table that stands in the text, each with a fix that puts `new` there.
    fn replacing<'a>(table: &'a [(&'a str, &'a str)]) -> impl Fn(&Document) -> Vec<Diagnostic> + 'a {
        move |document| {
            let text = document.source().text();
            let standing = table.iter().filter(|(old, _)| text.contains(old));
            let diagnostic = |(old, new): &(&str, &str)| {
                let edit = TextEdit::replace(range_of(text, old), *new);
                finding(&WRONG_SIZE, text, old, old, "Wrong.").fix(Fix::safe(format!("Use {new}"), vec![edit]))
            };
            standing.map(diagnostic).collect()
        }
    }

    fn titles(fixed: &Fixed) -> Vec<&str> {
        fixed.applied.iter().map(|applied| applied.title.as_str()).collect()
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let fixed = fix_with("one two", replacing(&[("one", "two"), ("two", "three")]));
        assert_eq!(fixed.text, "three three");
        assert_eq!(titles(&fixed), ["Use two", "Use three", "Use three"]);
    }

    #[test]
    fn fixes_that_overlap_wait_for_the_next_round() {
        let fixed = fix_with("abcd", replacing(&[("bc", "x"), ("cd", "never"), ("xd", "y")]));
        assert_eq!(fixed.text, "ay");
        assert_eq!(titles(&fixed), ["Use x", "Use y"]);
    }

    #[test]
    fn insertions_at_one_place_wait_for_each_other() {
        let insert = |text: &'static str| {
            let edit = TextEdit::replace(TextRange::empty(TextSize::new(0)), text);
            finding(&WRONG_SIZE, "x", "x", text, "Wrong.").fix(Fix::safe(text, vec![edit]))
        };
        let findings = [insert("a"), insert("b")];
        assert_eq!(compatible_fixes(&findings).len(), 1);
    }

    #[test]
    fn fixes_that_undo_each_other_come_to_an_end() {
        let fixed = fix_with("a", replacing(&[("a", "b"), ("b", "a")]));
        assert_eq!(fixed.applied.len(), MAX_ROUNDS);
        assert_eq!(fix_with("a", replacing(&[("a", "a")])).applied, []);
    }

    #[test]
    fn fixes_that_need_a_look_are_left_alone() {
        let analyze = |document: &Document| {
            let edit = TextEdit::replace(range_of(document.source().text(), "a"), "b");
            vec![finding(&WRONG_SIZE, "a", "a", "", "Wrong.").fix(Fix::suggestion("Use b", vec![edit]))]
        };
        assert_eq!(fix_with("a", analyze), Fixed { text: "a".into(), applied: Vec::new() });
    }

    #[test]
    fn what_was_done_is_told() {
        let applied = |path: &str| Applied { code: "SCF001", path: path.into(), title: "Use hunter2".into() };
        let mut redactor = Redactor::default();
        redactor.add("hunter2");
        assert_eq!(told("a.yml", &[applied("")], &redactor), "Fixed 1 problem in a.yml:\n  SCF001: Use ***");
        assert!(
            told("a.yml", &[applied("x"), applied("")], &redactor)
                .starts_with("Fixed 2 problems in a.yml:\n  SCF001 x: ")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions_and_its_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("real.yml");
        let link = folder.path().join("link.yml");
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.yml", &link).unwrap();
        replace_file(&link, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file stays behind");
    }
}
