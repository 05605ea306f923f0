//! `textDocument/references`.

use slipway_lang::ide;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::Source;
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use crate::snapshot::Snapshot;

/// Everything that names what stands at a position.
pub(crate) fn references(snapshot: &Snapshot, position: Position, declaration: bool) -> Vec<Location> {
    let offset = snapshot.positions.offset(snapshot.document.source(), position);
    snapshot.ask(|ctx| {
        let found = ide::references(ctx, offset, declaration);
        found.iter().filter_map(|found| location(snapshot, ctx, found)).collect()
    })
}

/// A place, as the protocol writes it: of this document, or of another file of the project, whose text is read for it.
pub(super) fn location(snapshot: &Snapshot, ctx: &RuleContext<'_>, place: &ide::Location) -> Option<Location> {
    let Some(file) = &place.file else {
        let range = snapshot.positions.range(snapshot.document.source(), place.range);
        return Some(Location { uri: snapshot.uri.clone(), range });
    };
    let uri = Uri::from_file_path(snapshot.surroundings().folder()?.join(file))?;
    let text = ctx.files().and_then(|files| files.read(file));
    let range = text.map_or(Range::default(), |text| snapshot.positions.range(&Source::new(text), place.range));
    Some(Location { uri, range })
}
