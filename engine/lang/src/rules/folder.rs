//! Paths of the project, and a careful look into its folders.

use std::collections::VecDeque;

use crate::inputs::{FileKind, Files, normalize_path};

/// Folders of dependencies and of version control: large, and never what a rule looks for.
pub(super) const NEVER_ENTERED: &[&str] =
    &["node_modules", ".git", ".venv", "venv", "__pycache__", "vendor", "target", ".next", ".terraform", ".tox"];

/// Brings a path that starts in a folder into its shortest form. A path from the root of the disk stays one.
pub(crate) fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() {
        normalize_path(path)
    } else {
        normalize_path(&format!("{folder}/{path}"))
    }
}

/// Whether a path in its shortest form leads out of the folder of the configuration file.
pub(super) fn leaves_project(path: &str) -> bool {
    path.starts_with('/') || path == ".." || path.starts_with("../")
}

/// Whether a path is a folder itself or lies in it; both in their shortest form.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    if folder.is_empty() {
        return !leaves_project(path);
    }
    match path.strip_prefix(folder) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('/').is_some_and(|rest| !leaves_project(rest)),
        None => false,
    }
}

/// The paths of what lies below a folder, the nearest first.
pub(super) struct Below<'a> {
    files: &'a dyn Files,
    folders: VecDeque<String>,
    entries: std::vec::IntoIter<String>,
    left: usize,
}

/// Goes through what lies below a folder: at most 500 entries, and not into [`NEVER_ENTERED`] or behind symbolic links,
/// so that a look costs little however large the folder is.
pub(super) fn below<'a>(files: &'a dyn Files, folder: &str) -> Below<'a> {
    const MOST: usize = 500;
    Below { files, folders: VecDeque::from([folder.to_owned()]), entries: Vec::new().into_iter(), left: MOST }
}

impl Below<'_> {
    /// Whether the look ended before everything was seen.
    pub(super) fn gave_up(&self) -> bool {
        self.left == 0
    }
}

impl Iterator for Below<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(path) = self.entries.next() {
                let name = path.rsplit('/').next().unwrap_or(&path);
                if !NEVER_ENTERED.contains(&name)
                    && self.files.kind(&path) == FileKind::Folder
                    && self.files.link_target(&path).is_none()
                {
                    self.folders.push_back(path.clone());
                }
                return Some(path);
            }
            let folder = self.folders.pop_front()?;
            let paths: Vec<String> = self.files.list(&folder).iter().map(|name| join(&folder, name)).collect();
            self.entries = paths.into_iter();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::MemoryFiles;

    #[test]
    fn paths_are_told_inside_from_outside() {
        for (path, folder, inside) in [
            ("api", "api", true),
            ("api/src", "api", true),
            ("apix", "api", false),
            ("api", "api/src", false),
            ("anything", "", true),
            ("../x", "", false),
            ("/api", "", false),
            ("../x/y", "../x", true),
            ("../..", "..", false),
            ("../x", "..", true),
            ("/srv/x", "/srv", true),
        ] {
            assert_eq!(is_within(path, folder), inside, "{path:?} in {folder:?}");
        }
        assert_eq!(join("api", "../web/./x/"), "web/x");
        assert_eq!([join("", "/etc/x"), join("", "./x"), join("..", "x")], ["/etc/x", "x", "../x"]);
        assert_eq!([leaves_project("..x"), leaves_project("../x"), leaves_project("")], [false, true, false]);
    }

    #[test]
    fn a_folder_is_looked_through_within_bounds() {
        let files = MemoryFiles::new([("api/b/c", ""), ("api/a", ""), ("api/node_modules/x/y", ""), ("other/z", "")]);
        let mut look = below(&files, "api");
        assert_eq!(look.by_ref().collect::<Vec<_>>(), ["api/a", "api/b", "api/node_modules", "api/b/c"]);
        assert!(!look.gave_up());
        let many = MemoryFiles::new((0..2000).map(|number| (format!("api/{number}"), "")));
        let mut look = below(&many, "api");
        assert_eq!(look.by_ref().count(), 500);
        assert!(look.gave_up());
    }
}
