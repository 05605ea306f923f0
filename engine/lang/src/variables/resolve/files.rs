//! The files that variables read.

use std::rc::Rc;

use super::walk::{OnTheWay, Walk};
use super::{DocumentId, Evaluator, Home, Known, NodeRef, Origin, Outcome, Spot};
use crate::inputs::{FileKind, normalize_path};
use crate::yaml::{Document, ProblemKind};

/// What a file holds.
#[derive(Debug, Clone)]
pub(super) enum FileContent {
    /// There is no such file.
    Missing,
    /// It is a folder.
    Folder,
    /// It cannot be read, or not as what its name says.
    Unreadable,
    /// A program, which is not run.
    Program,
    /// Text.
    Text(Rc<str>),
    /// Data.
    Data(DocumentId),
}

/// Extensions of files that are programs.
const PROGRAMS: [&str; 6] = ["js", "cjs", "mjs", "ts", "mts", "cts"];
/// Extensions of files that are data.
const DATA: [&str; 4] = ["json", "tfstate", "yml", "yaml"];

/// Whether a file is run rather than read.
pub fn is_program(path: &str) -> bool {
    PROGRAMS.contains(&&*extension(path))
}

/// Whether a file is read as data, so that a key may lead into it.
pub(crate) fn is_data(path: &str) -> bool {
    DATA.contains(&&*extension(path))
}

/// What reading a file gave.
pub(super) enum FileValue {
    /// A value, which may be unknown.
    Found(Outcome),
    /// There is no such file; whether a folder is in its place.
    NoFile { folder: bool },
    /// The file is there, but nothing is at the path in it.
    NoKey {
        /// How many keys of the path are there.
        depth: usize,
        /// The collection that has no such key.
        at: Option<NodeRef>,
    },
}

impl Evaluator<'_> {
    /// What a file holds at a path of keys.
    pub(super) fn file_value(&mut self, path: &str, keys: &[&str], spot: &Spot) -> FileValue {
        let id = match self.file(path) {
            FileContent::Missing => return FileValue::NoFile { folder: false },
            FileContent::Folder => return FileValue::NoFile { folder: true },
            FileContent::Unreadable | FileContent::Program => return FileValue::Found(Outcome::UNKNOWN),
            FileContent::Text(text) => {
                let home = Home::Brought(spot.clone());
                let origin = Origin::File(normalize_path(path));
                return FileValue::Found(self.once(origin, spot.node, |this| this.brought_text(&text, &home)));
            }
            FileContent::Data(id) => id,
        };
        let Some(root) = self.document(id).tree().root() else { return FileValue::NoKey { depth: 0, at: None } };
        let root = NodeRef { document: id, node: root };
        // What JavaScript takes for false counts as an empty file.
        let empty = match self.node(root, Some(spot)).value {
            Known::Null | Known::Bool(false) => true,
            Known::Number(number) => number == 0.0,
            Known::Text(text) => text.is_empty(),
            _ => false,
        };
        if empty {
            return FileValue::NoKey { depth: 0, at: None };
        }
        match self.walk(root, keys, OnTheWay::Stop, spot) {
            Walk::Found(Outcome { value: Known::Null, .. }) => FileValue::NoKey { depth: keys.len(), at: None },
            Walk::Found(outcome) => FileValue::Found(outcome),
            Walk::Lost { depth, at } => FileValue::NoKey { depth, at },
        }
    }

    fn file(&mut self, path: &str) -> FileContent {
        let normal = normalize_path(path);
        if let Some(content) = self.files.get(&normal) {
            return content.clone();
        }
        let content = self.read(path);
        self.files.insert(normal, content.clone());
        content
    }

    fn read(&mut self, path: &str) -> FileContent {
        let Some(files) = self.inputs.files else { return FileContent::Unreadable };
        match files.kind(path) {
            FileKind::Missing => return FileContent::Missing,
            FileKind::Folder => return FileContent::Folder,
            FileKind::Other => return FileContent::Unreadable,
            FileKind::File => {}
        }
        if is_program(path) {
            return FileContent::Program;
        }
        let Some(text) = files.read(path) else { return FileContent::Unreadable };
        if !is_data(path) {
            return FileContent::Text(text.into());
        }
        let document = Document::new(text);
        if document.tree().problems().iter().any(|problem| problem.kind == ProblemKind::Syntax) {
            return FileContent::Unreadable;
        }
        self.documents.push(Rc::new(document));
        FileContent::Data(DocumentId(self.documents.len() as u32))
    }
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}
