//! What resolving variables brings to light; the rules turn it into diagnostics.

use super::grammar::Part;
use crate::yaml::NodeId;

/// Something that is wrong, and where it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// A node of the document.
    pub node: NodeId,
    /// The bytes of the scalar's text that show it; `None` for the whole node.
    pub part: Option<Part>,
    /// What was probably meant in place of that part.
    pub replacement: Option<String>,
}

/// The kinds of [`Finding`].
#[derive(Debug, Clone, PartialEq)]
pub enum FindingKind {
    /// References lead back to the first of these.
    Cycle {
        /// The references as written.
        references: Vec<String>,
    },
    /// References lead on and on.
    TooDeep,
    /// Nothing stands at a path of the document.
    PathMissing {
        /// The path.
        path: String,
        /// Whether the path is there, with nothing under it.
        empty: bool,
        /// Whether the variable has no value for certain; else another alternative may have one.
        certain: bool,
    },
    /// There is no such file.
    FileMissing {
        /// The path of the file.
        path: String,
        /// Whether a folder stands there.
        folder: bool,
        /// As in [`Self::PathMissing`].
        certain: bool,
    },
    /// A file has nothing at a path.
    KeyMissing {
        /// The path of the file.
        file: String,
        /// The path in it; empty when the file itself is empty.
        key: String,
        /// As in [`Self::PathMissing`].
        certain: bool,
    },
    /// No source has a parameter.
    ParameterMissing {
        /// Its name.
        name: String,
        /// Whether it is there, with nothing under it.
        empty: bool,
        /// Whether another stage has it.
        elsewhere: bool,
        /// As in [`Self::PathMissing`].
        certain: bool,
    },
    /// The environment has no such variable, and the variable no other value.
    EnvironmentMissing {
        /// Its name.
        name: String,
    },
    /// A map in the middle of a text.
    MapInText,
    /// A list in the middle of a text.
    ListInText,
    /// `null` in the middle of a text.
    NullInText,
    /// Text that is neither true nor false.
    NotBoolean,
    /// A merge key whose value is no map.
    Unmergeable,
    /// Aliases or variables multiply beyond all bounds.
    Expansion,
}
