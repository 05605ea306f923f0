//! A version of a document, and what is known about it.

use std::sync::{Arc, OnceLock};

use slipway_lang::rules::RuleContext;
use slipway_lang::yaml::Document;
use slipway_lang::{Analysis, analyze};
use tower_lsp::ls_types::Uri;

use crate::convert::Positions;
use crate::project::Surroundings;

/// One version of one document. It never changes, so whoever holds it works undisturbed.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// Tells snapshots apart, also those of one version in different surroundings.
    pub(crate) id: u64,
    /// The document's name.
    pub(crate) uri: Uri,
    /// The client's number of this text.
    pub(crate) version: i32,
    /// The text and its tree.
    pub(crate) document: Arc<Document>,
    /// How the client counts columns.
    pub(crate) positions: Positions,
    surroundings: Arc<Surroundings>,
    analysis: OnceLock<Analysis>,
}

impl Snapshot {
    pub(crate) fn new(
        id: u64,
        uri: Uri,
        version: i32,
        document: Arc<Document>,
        positions: Positions,
        surroundings: Arc<Surroundings>,
    ) -> Self {
        Self { id, uri, version, document, positions, surroundings, analysis: OnceLock::new() }
    }

    /// The project around it.
    pub(crate) fn surroundings(&self) -> &Arc<Surroundings> {
        &self.surroundings
    }

    /// What the text means and what is wrong with it; worked out by whoever asks first.
    pub(crate) fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| analyze(&self.document, &self.surroundings.inputs()))
    }

    /// Asks the core something about the document.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&RuleContext<'_>) -> T) -> T {
        let inputs = self.surroundings.inputs();
        question(&RuleContext::new(&self.document, &self.analysis().config, &inputs))
    }
}
