//! Applying the fixes that are safe.

use std::io::Write;
use std::path::Path;

use slipway_lang::fix_all::{Applied, Fixed, fix_all};
use slipway_lang::yaml::Document;

use slipway_project::{Project, Redactor};

/// Applies the safe fixes of a project's configuration until none is left.
pub(crate) fn fix(text: &str, project: &Project) -> Fixed {
    let (document, inputs) = (Document::new(text), project.inputs());
    let findings = slipway_lang::analyze(&document, &inputs).diagnostics;
    fix_all(&document, &findings, &inputs)
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
    use super::*;

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
