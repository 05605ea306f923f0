//! `textDocument/documentSymbol` and `workspace/symbol`.

use slipway_lang::ide::{self, SymbolKind as Kind};
use slipway_project::{find_all, read_text};
use tower_lsp::ls_types::{DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind};

use crate::capabilities::Client;
use crate::session::{Session, path_of};
use crate::snapshot::Snapshot;

/// Most symbols of a workspace that are listed; whoever looks for one of more types another letter.
const MOST: usize = 1000;

/// The outline of a document.
pub(crate) fn document(client: &Client, snapshot: &Snapshot) -> DocumentSymbolResponse {
    let symbols = snapshot.ask(ide::symbols);
    if client.symbol_trees {
        DocumentSymbolResponse::Nested(symbols.into_iter().map(|symbol| tree(snapshot, symbol)).collect())
    } else {
        let mut list = Vec::new();
        for symbol in &symbols {
            flatten(snapshot, symbol, None, &mut list);
        }
        DocumentSymbolResponse::Flat(list)
    }
}

/// The symbols of the workspace whose name holds the letters of the query in their order.
pub(crate) fn workspace(session: &Session, query: &str) -> Vec<SymbolInformation> {
    let query = query.to_lowercase();
    let mut found = Vec::new();
    let mut look = |snapshot: &Snapshot| {
        let mut list = Vec::new();
        for symbol in &snapshot.ask(ide::symbols) {
            flatten(snapshot, symbol, None, &mut list);
        }
        found.extend(list.into_iter().filter(|symbol| holds(&symbol.name.to_lowercase(), &query)));
    };
    let open = session.snapshots();
    for snapshot in &open {
        look(snapshot);
    }
    let open: Vec<_> = open.iter().filter_map(|snapshot| path_of(&snapshot.uri)).collect();
    for folder in session.folders() {
        for path in find_all(&folder).0.iter().filter(|path| !open.contains(path)) {
            if let Some(snapshot) = read_text(path).and_then(|text| session.unopened(path, text)) {
                look(&snapshot);
            }
        }
    }
    found.truncate(MOST);
    found
}

fn holds(name: &str, query: &str) -> bool {
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

#[allow(deprecated, reason = "the type has no other way to be made")]
fn tree(snapshot: &Snapshot, symbol: ide::Symbol) -> DocumentSymbol {
    let range = |range| snapshot.positions.range(snapshot.document.source(), range);
    DocumentSymbol {
        name: symbol.name,
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: range(symbol.range),
        selection_range: range(symbol.selection),
        children: Some(symbol.children.into_iter().map(|child| tree(snapshot, child)).collect()),
    }
}

#[allow(deprecated, reason = "the type has no other way to be made")]
fn flatten(snapshot: &Snapshot, symbol: &ide::Symbol, parent: Option<&str>, list: &mut Vec<SymbolInformation>) {
    let range = snapshot.positions.range(snapshot.document.source(), symbol.range);
    list.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: snapshot.uri.clone(), range },
        container_name: parent.map(str::to_owned),
    });
    for child in &symbol.children {
        flatten(snapshot, child, Some(&symbol.name), list);
    }
}

fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Module => SymbolKind::MODULE,
        Kind::Package => SymbolKind::PACKAGE,
        Kind::Namespace => SymbolKind::NAMESPACE,
        Kind::Class => SymbolKind::CLASS,
        Kind::Event => SymbolKind::EVENT,
        Kind::Struct => SymbolKind::STRUCT,
        Kind::Variable => SymbolKind::VARIABLE,
        Kind::Constant => SymbolKind::CONSTANT,
        Kind::Object => SymbolKind::OBJECT,
        Kind::Array => SymbolKind::ARRAY,
        Kind::String => SymbolKind::STRING,
        Kind::Number => SymbolKind::NUMBER,
        Kind::Boolean => SymbolKind::BOOLEAN,
        Kind::Null => SymbolKind::NULL,
        Kind::Key => SymbolKind::KEY,
    }
}
