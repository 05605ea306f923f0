//! The source of a container: which of its files count, and which of them changed.

pub(crate) mod ignore_file;
pub(crate) mod watch;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ignore::WalkBuilder;
use sha2::{Digest, Sha256};
use slipway_lang::service::Service;

pub(crate) use ignore_file::IgnoreFile;

/// Folders of version control, dependencies and caches: their changes are never changes of the source.
const NEVER_WATCHED: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    ".venv",
    "venv",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".tox",
    ".next",
    ".nuxt",
    ".turbo",
    ".idea",
    ".vscode",
    ".terraform",
];

/// Which files of a source folder count.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// The source folder, absolute.
    folder: PathBuf,
    /// What is looked at: the folder itself, or `dev.watchPath`.
    root: PathBuf,
    /// What the build context leaves out; none where no image is built.
    ignore_file: Option<IgnoreFile>,
    /// Whether `.gitignore` counts: where no image is built.
    git_ignore: bool,
    excluded: IgnoreFile,
    /// Without dots; empty: all.
    extensions: Vec<String>,
}

impl Selection {
    /// The files of a container whose source stands in `folder`.
    pub(crate) fn new(service: &Service, folder: &Path, builds_image: bool) -> Self {
        let root = match &service.dev.watch_path {
            Some(path) => folder.join(path),
            None => folder.to_owned(),
        };
        let excluded = service.dev.exclude_directories.iter().map(|entry| {
            let entry = entry.trim_start_matches("./").trim_end_matches("/**").trim_matches('/');
            // A bare name stands for every folder of that name.
            if entry.contains('/') { entry.to_owned() } else { format!("**/{entry}") }
        });
        Self {
            folder: folder.to_owned(),
            root,
            ignore_file: builds_image.then(|| IgnoreFile::of_context(folder)),
            git_ignore: !builds_image,
            excluded: IgnoreFile::parse(&excluded.collect::<Vec<_>>().join("\n")),
            extensions: service.dev.watch_extensions.clone(),
        }
    }

    /// What is looked at.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a folder may hold files that count.
    pub(crate) fn enters(&self, folder: &Path) -> bool {
        let Ok(relative) = folder.strip_prefix(&self.folder) else { return true };
        let never = relative.components().any(|part| NEVER_WATCHED.iter().any(|name| part.as_os_str() == *name));
        !never && !self.excluded.excludes(relative)
    }

    fn counts(&self, file: &Path) -> bool {
        let Ok(relative) = file.strip_prefix(&self.folder) else { return false };
        let name = relative.file_name().unwrap_or_default().to_string_lossy();
        let is_temporary = name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".swx") || name == "4913";
        let is_test = name.contains(".test.") || name.contains(".spec.");
        let has_extension = self.extensions.is_empty()
            || self.extensions.iter().any(|extension| name.ends_with(&format!(".{extension}")))
            || ["Dockerfile", ".dockerignore", "package.json"].contains(&&*name);
        let left_out = self.ignore_file.as_ref().is_some_and(|file| file.excludes(relative) && name != "Dockerfile");
        !is_temporary && !is_test && has_extension && !left_out && !self.excluded.excludes(relative)
    }

    fn walk(&self) -> impl Iterator<Item = ignore::DirEntry> {
        let mut walk = WalkBuilder::new(&self.root);
        walk.standard_filters(false).git_ignore(self.git_ignore).parents(self.git_ignore).require_git(false);
        let selection = self.clone();
        walk.filter_entry(move |entry| {
            !entry.file_type().is_some_and(|kind| kind.is_dir()) || selection.enters(entry.path())
        });
        walk.build().filter_map(Result::ok)
    }

    /// The folders that may hold files that count.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let folders = self.walk().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
        folders.map(ignore::DirEntry::into_path).collect()
    }
}

/// The files of a source at a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    files: BTreeMap<PathBuf, File>,
}

#[derive(Clone, Debug)]
struct File {
    modified: Option<SystemTime>,
    len: u64,
    hash: [u8; 32],
}

impl Snapshot {
    /// Looks at the files that count. Those whose time and length are as before are not read again.
    pub(crate) fn take(selection: &Selection, before: &Self) -> Self {
        let files = selection.walk().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        let files = files.filter(|entry| selection.counts(entry.path())).filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            let (modified, len) = (metadata.modified().ok(), metadata.len());
            let known = before.files.get(entry.path());
            let same = known.filter(|known| known.modified.is_some() && known.modified == modified && known.len == len);
            let hash = match same {
                Some(known) => known.hash,
                None => hash_of(entry.path())?,
            };
            Some((entry.into_path(), File { modified, len, hash }))
        });
        Self { files: files.collect() }
    }

    /// The files that came, went or have other content than before.
    pub(crate) fn changed_since(&self, before: &Self) -> Vec<PathBuf> {
        let differs =
            |(path, file): &(&PathBuf, &File)| before.files.get(*path).is_none_or(|old| old.hash != file.hash);
        let mut changed: Vec<PathBuf> = self.files.iter().filter(differs).map(|(path, _)| path.clone()).collect();
        changed.extend(before.files.keys().filter(|path| !self.files.contains_key(*path)).cloned());
        changed
    }
}

fn hash_of(path: &Path) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut file = fs::File::open(path).ok()?;
    std::io::copy(&mut file, &mut HashWriter(&mut hash)).ok()?;
    Some(hash.finalize().into())
}

struct HashWriter<'h>(&'h mut Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_lang::service::Dev;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn service(dev: Dev) -> Service {
        use slipway_lang::{inputs::Inputs, rules::RuleContext, yaml::Document};
        let text = "containers: {api: {src: ., routing: {pathPattern: /*}, compute: {type: awsLambda}}}";
        let document = Document::new(text.to_owned());
        let inputs = Inputs::default();
        let config = slipway_lang::analyze(&document, &inputs).config;
        let service = Service::all(&RuleContext::new(&document, &config, &inputs)).remove(0).unwrap();
        Service { dev, ..service }
    }

    fn counted(root: &Path, dev: Dev, builds_image: bool) -> String {
        let snapshot = Snapshot::take(&Selection::new(&service(dev), root, builds_image), &Snapshot::default());
        let names = snapshot.files.keys().map(|path| path.strip_prefix(root).unwrap().display().to_string());
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_files_of_the_source_count() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().join("test"); // a project may stand below a folder of any name
        for path in ["a.js", "a.ts", "a.test.js", "b~", "node_modules/x/y.js", "lib/c.js", "out/d.js", ".git/HEAD"] {
            write(&root, path, path);
        }
        write(&root, ".gitignore", "out\n");
        write(&root, ".dockerignore", "lib\n");
        assert_eq!(counted(&root, Dev::default(), false), ".dockerignore .gitignore a.js a.ts lib/c.js");
        assert_eq!(counted(&root, Dev::default(), true), ".dockerignore .gitignore a.js a.ts out/d.js");
        let extensions = |all: &[&str]| Dev {
            watch_extensions: all.iter().map(|each| (*each).to_owned()).collect(),
            ..Dev::default()
        };
        assert_eq!(counted(&root, extensions(&["ts"]), false), ".dockerignore a.ts");
        let excluded = Dev { exclude_directories: vec!["./lib/".into()], ..Dev::default() };
        assert_eq!(counted(&root, excluded, false), ".dockerignore .gitignore a.js a.ts");
        let path = Dev { watch_path: Some("lib".into()), ..Dev::default() };
        assert_eq!(counted(&root, path, false), "lib/c.js");
    }

    #[test]
    fn only_other_content_is_a_change() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "a", "1");
        write(root.path(), "b", "1");
        let selection = Selection::new(&service(Dev::default()), root.path(), false);
        let first = Snapshot::take(&selection, &Snapshot::default());
        write(root.path(), "a", "1");
        let second = Snapshot::take(&selection, &first);
        assert!(second.changed_since(&first).is_empty());
        write(root.path(), "a", "22");
        write(root.path(), "c", "");
        fs::remove_file(root.path().join("b")).unwrap();
        let third = Snapshot::take(&selection, &second);
        let changed = third.changed_since(&second);
        assert_eq!(changed, ["a", "c", "b"].map(|name| root.path().join(name)));
    }
}
