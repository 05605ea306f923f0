//! The project's files, for the rules that look at them.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use slipway_lang::inputs::{FileKind, Files, normalize_path};

/// The largest file that is read on behalf of a rule or a variable, in bytes.
const MAX_FILE_LEN: u64 = 1024 * 1024;

/// The folders of a kernel's own trees: what looks like a file there may block, or never end.
const KERNEL_TREES: [&str; 3] = ["/dev", "/proc", "/sys"];

/// The folder of a configuration file on disk.
#[derive(Debug)]
pub struct DiskFiles {
    folder: PathBuf,
}

impl DiskFiles {
    /// Looks at `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Option<String> {
        read_text(&self.path(path))
    }

    fn kind(&self, path: &str) -> FileKind {
        match std::fs::metadata(self.path(path)) {
            Ok(found) if found.is_dir() => FileKind::Folder,
            Ok(found) if found.is_file() => FileKind::File,
            Ok(_) => FileKind::Other,
            Err(_) => FileKind::Missing,
        }
    }

    fn list(&self, path: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(path)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
        names.sort_unstable();
        names
    }

    fn link_target(&self, path: &str) -> Option<String> {
        let link = self.path(path);
        let target = std::fs::read_link(&link).ok()?;
        let folder = self.folder.canonicalize().ok()?;
        let parent = link.parent()?.canonicalize().ok()?;
        let target = normalize_path(&slashes(&parent.join(target)));
        let folder = slashes(&folder);
        Some(target.strip_prefix(&format!("{folder}/")).map(str::to_owned).unwrap_or(target))
    }
}

/// The text of a regular file of at most 1 MiB; `None` for anything else, and for what is not UTF-8.
pub fn read_text(path: &Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    let kernel = KERNEL_TREES.iter().any(|tree| real.starts_with(tree));
    if kernel || !real.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(real).ok()?.take(MAX_FILE_LEN + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > MAX_FILE_LEN {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// A path with `/` between its parts.
pub fn slashes(path: &Path) -> String {
    let mut text = String::new();
    for component in path.components() {
        if !matches!(component, Component::RootDir) && !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        match component {
            Component::RootDir => text.push('/'),
            other => text.push_str(&other.as_os_str().to_string_lossy()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_with_care() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
        write("text", "ä".as_bytes());
        write("binary", &[0xff, 0xfe]);
        write("large", &vec![b'x'; MAX_FILE_LEN as usize + 1]);
        write("full", &vec![b'x'; MAX_FILE_LEN as usize]);
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        let files = DiskFiles::new(folder.path().to_owned());
        assert_eq!(files.read("./text").as_deref(), Some("ä"));
        assert_eq!(files.read("sub/../text").as_deref(), Some("ä"));
        assert_eq!(files.read("full").map(|text| text.len() as u64), Some(MAX_FILE_LEN));
        for path in ["binary", "large", "sub", "missing", "/dev/zero", "/proc/self/environ", "a\0b", ""] {
            assert_eq!(files.read(path), None, "{path:?}");
        }
        assert_eq!(files.kind("text"), FileKind::File);
        assert_eq!(files.kind("sub"), FileKind::Folder);
        assert_eq!(files.kind("missing"), FileKind::Missing);
        assert_eq!(files.list(""), ["binary", "full", "large", "sub", "text"]);
        assert!(files.list("text").is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_told_apart() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project");
        std::fs::create_dir_all(project.join("sub")).unwrap();
        std::fs::write(project.join("text"), "x").unwrap();
        std::fs::write(folder.path().join("outside"), "y").unwrap();
        symlink("../text", project.join("sub/inner")).unwrap();
        symlink("../../outside", project.join("sub/outer")).unwrap();
        symlink("loop", project.join("loop")).unwrap();
        let files = DiskFiles::new(project);
        assert_eq!(files.read("sub/inner").as_deref(), Some("x"));
        assert_eq!(files.link_target("sub/inner").as_deref(), Some("text"));
        assert!(files.link_target("sub/outer").unwrap().starts_with('/'));
        assert_eq!(files.link_target("text"), None);
        assert_eq!(files.kind("loop"), FileKind::Missing);
        assert_eq!(files.read("loop"), None);
        assert_eq!(files.kind("/dev/null"), FileKind::Other);
    }
}
