//! What analysis may know beside the text: options, environment and files, handed in as data.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The stage that is used when nobody names one.
pub const DEFAULT_STAGE: &str = "dev";

/// What a document is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentKind {
    /// A configuration of containers.
    #[default]
    Configuration,
    /// An IAM policy that stands alone.
    Policy,
}

/// What the lint of IAM policies may know beside the document.
#[derive(Clone, Debug, Default)]
pub struct IamInputs {
    /// The account of the deployment.
    pub account_id: Option<String>,
    /// The role that is given beside a policy that stands alone; a configuration says it itself.
    pub role_arn: Option<String>,
    /// Whether the policies are to be read by the original tool, too.
    pub compat_upstream: bool,
    /// Names of parameters of Systems Manager that a deployment reads and the container does not, for a policy that stands
    /// alone; a configuration says it itself.
    pub parameters: BTreeSet<String>,
    /// Codes of rules that only report when asked to.
    pub enabled: BTreeSet<String>,
}

/// Everything analysis may look at beside the document itself.
pub struct Inputs<'a> {
    /// What the document is.
    pub kind: DocumentKind,
    /// The stage in force.
    pub stage: String,
    /// The stage given on the command line, exactly as given: what `${opt:stage}` yields.
    pub stage_option: Option<String>,
    /// The region of the deployment, when it was named; rules that compare regions are silent without it.
    pub region: Option<String>,
    /// Process environment and `.env` files, merged by precedence; `None` when the environment is not to be looked at,
    /// which makes every `${env:…}` unknown.
    pub env: Option<BTreeMap<String, String>>,
    /// Parameters from `--param name=value`.
    pub params: BTreeMap<String, String>,
    /// Other options, for `${opt:…}`.
    pub options: BTreeMap<String, String>,
    /// The files of the project; `None` when rules must not look at the disk, which makes every `${file(…)}` unknown.
    pub files: Option<&'a dyn Files>,
    /// The file name of the document, for rules that look at its neighbours.
    pub file_name: String,
    /// For the policies.
    pub iam: IamInputs,
}

impl Default for Inputs<'_> {
    fn default() -> Self {
        Self {
            kind: DocumentKind::default(),
            stage: DEFAULT_STAGE.to_owned(),
            stage_option: None,
            region: None,
            env: None,
            params: BTreeMap::new(),
            options: BTreeMap::new(),
            files: None,
            file_name: "serverless.containers.yml".to_owned(),
            iam: IamInputs::default(),
        }
    }
}

/// Read access to the folder of the configuration file. Paths are as written in the file, with `/`, relative to that folder.
///
/// Implementations never follow a path into a device or a pipe, never run anything, and cap what they read.
pub trait Files {
    /// The text of a regular file; `None` when there is none, or when it cannot be read as UTF-8.
    fn read(&self, path: &str) -> Option<String>;
    /// What stands at a path, symbolic links followed.
    fn kind(&self, path: &str) -> FileKind;
    /// The names in a folder, sorted; empty when it is not one.
    fn list(&self, path: &str) -> Vec<String>;
    /// The target of a symbolic link at the path itself, relative to the configuration folder where it lies inside it
    /// and with leading `..` or `/` where it does not; `None` when the path is no link.
    fn link_target(&self, path: &str) -> Option<String>;
}

/// Files that are looked at once, however often they are asked for: many rules ask the same.
pub(crate) struct Remembered<'a> {
    files: &'a dyn Files,
    kinds: RefCell<HashMap<String, FileKind>>,
    lists: RefCell<HashMap<String, Vec<String>>>,
}

impl<'a> Remembered<'a> {
    /// Nothing is looked at yet.
    pub(crate) fn new(files: &'a dyn Files) -> Self {
        Self { files, kinds: RefCell::default(), lists: RefCell::default() }
    }
}

impl Files for Remembered<'_> {
    fn read(&self, path: &str) -> Option<String> {
        self.files.read(path)
    }

    fn kind(&self, path: &str) -> FileKind {
        once(&self.kinds, path, || self.files.kind(path))
    }

    fn list(&self, path: &str) -> Vec<String> {
        once(&self.lists, path, || self.files.list(path))
    }

    fn link_target(&self, path: &str) -> Option<String> {
        self.files.link_target(path)
    }
}

fn once<T: Clone>(known: &RefCell<HashMap<String, T>>, path: &str, look: impl FnOnce() -> T) -> T {
    if let Some(found) = known.borrow().get(path) {
        return found.clone();
    }
    let found = look();
    known.borrow_mut().insert(path.to_owned(), found.clone());
    found
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Nothing, or nothing that can be reached.
    Missing,
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, a pipe, a socket.
    Other,
}

/// Files in memory: paths to texts. Folders exist by the files in them.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    texts: BTreeMap<String, String>,
    links: BTreeMap<String, String>,
}

impl MemoryFiles {
    /// Holds the given files; a path that ends in `/` makes an empty folder.
    pub fn new<P: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let texts = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Self { texts, links: BTreeMap::new() }
    }

    /// Adds a symbolic link, its target given as [`Files::link_target`] is to answer. Only the link itself is followed,
    /// not a path through it.
    #[must_use]
    pub fn with_link(mut self, path: &str, target: &str) -> Self {
        self.links.insert(normalize_path(path), normalize_path(target));
        self
    }

    fn paths(&self) -> impl Iterator<Item = &String> {
        self.texts.keys().chain(self.links.keys())
    }
}

/// Brings a relative path into the form without `.`, empty and resolvable `..` segments; leading `..` stay.
pub fn normalize_path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let joined = segments.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Option<String> {
        let path = normalize_path(path);
        self.texts.get(self.links.get(&path).unwrap_or(&path)).cloned()
    }

    fn kind(&self, path: &str) -> FileKind {
        let path = normalize_path(path);
        let path = self.links.get(&path).unwrap_or(&path);
        if self.texts.contains_key(path) {
            FileKind::File
        } else if path.is_empty()
            || self.paths().any(|file| file.strip_prefix(&**path).is_some_and(|rest| rest.starts_with('/')))
        {
            FileKind::Folder
        } else {
            FileKind::Missing
        }
    }

    fn list(&self, path: &str) -> Vec<String> {
        let path = normalize_path(path);
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let mut names: Vec<String> = self
            .paths()
            .filter_map(|file| file.strip_prefix(&*prefix))
            .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn link_target(&self, path: &str) -> Option<String> {
        self.links.get(&normalize_path(path)).cloned()
    }
}
