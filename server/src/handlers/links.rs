//! `textDocument/documentLink`.

use slipway_lang::ide::{self, LinkTarget};
use tower_lsp::ls_types::{DocumentLink, Uri};

use crate::rule_pages;
use crate::snapshot::Snapshot;

/// What leads elsewhere.
pub(crate) fn links(snapshot: &Snapshot) -> Vec<DocumentLink> {
    let link = |link: ide::Link| {
        Some(DocumentLink {
            range: snapshot.positions.range(snapshot.document.source(), link.range),
            target: Some(target(snapshot, &link.target)?),
            tooltip: Some(link.tooltip),
            data: None,
        })
    };
    snapshot.ask(ide::links).into_iter().filter_map(link).collect()
}

fn target(snapshot: &Snapshot, target: &LinkTarget) -> Option<Uri> {
    match target {
        LinkTarget::File(path) => Uri::from_file_path(snapshot.surroundings().folder()?.join(path)),
        LinkTarget::Url(url) => url.parse().ok(),
        LinkTarget::Rule(code) => rule_pages::href_of(code),
    }
}
