//! Bounds for what aliases and variables multiply.

use crate::yaml::NodeId;

/// What may be copied from elsewhere in any document, however short.
const VALUES: usize = 200_000;
/// Bytes of text that may be copied.
const BYTES: usize = 8 * 1024 * 1024;

/// How much may still be copied. What is written in the document is not counted: it is there once.
#[derive(Debug)]
pub(crate) struct Budget {
    values: usize,
    bytes: usize,
    exhausted_at: Option<NodeId>,
}

impl Budget {
    /// A budget for a document with so many nodes and bytes: a long one may copy more than a short one.
    pub(crate) fn new(nodes: usize, bytes: usize) -> Self {
        Self { values: VALUES.saturating_add(nodes), bytes: BYTES.saturating_add(bytes), exhausted_at: None }
    }

    /// Takes values and bytes of text out of the budget; false when they are not in it any more. `at` is the node of the
    /// document for whose sake they are copied.
    pub(crate) fn spend(&mut self, values: usize, bytes: usize, at: NodeId) -> bool {
        if self.exhausted_at.is_some() {
            return false;
        }
        if let (Some(values), Some(bytes)) = (self.values.checked_sub(values), self.bytes.checked_sub(bytes)) {
            self.values = values;
            self.bytes = bytes;
            true
        } else {
            self.exhaust(at);
            false
        }
    }

    /// Gives up, with the node that asked for too much.
    pub(crate) fn exhaust(&mut self, at: NodeId) {
        self.exhausted_at.get_or_insert(at);
    }

    /// The node that asked for more than there was.
    pub(crate) fn exhausted_at(&self) -> Option<NodeId> {
        self.exhausted_at
    }
}
