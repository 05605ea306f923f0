//! `textDocument/codeLens`.

use serde_json::json;
use slipway_lang::ide::{self, LensKind};
use tower_lsp::ls_types::{CodeLens, Command as LspCommand};

use crate::session::{Session, path_of};
use crate::snapshot::Snapshot;
use crate::tasks::{Command, Known};

/// The commands above what they concern, and what is known from earlier ones.
pub(crate) fn lenses(session: &Session, snapshot: &Snapshot) -> Vec<CodeLens> {
    let Some(path) = path_of(&snapshot.uri).filter(|_| session.settings().code_lens) else { return Vec::new() };
    let known = session.tasks().known(&path);
    let lens = |lens: ide::Lens| {
        let (title, command) = words(&lens, &known);
        let mut argument = json!({ "uri": snapshot.uri.as_str() });
        if let Some(container) = &lens.container {
            argument["container"] = json!(container);
        }
        CodeLens {
            range: snapshot.positions.range(snapshot.document.source(), lens.range),
            command: Some(LspCommand::new(title, command.name().to_owned(), Some(vec![argument]))),
            data: None,
        }
    };
    snapshot.ask(ide::lenses).into_iter().map(lens).collect()
}

fn words(lens: &ide::Lens, known: &Known) -> (String, Command) {
    match (lens.kind, &lens.container) {
        (LensKind::Dev, None) => match &known.dev {
            None => ("Start dev".to_owned(), Command::Dev),
            Some(dev) => {
                let state = dev.proxy.as_ref().map_or("starting".to_owned(), |proxy| format!("running at {proxy}"));
                (format!("Stop dev ({state})"), Command::StopDev)
            }
        },
        (LensKind::Dev, Some(container)) => {
            let health = known.dev.as_ref().and_then(|dev| dev.health.get(container));
            (health.map_or("Dev".to_owned(), |health| format!("Dev ({health})")), Command::Dev)
        }
        (LensKind::Plan, _) => ("Plan".to_owned(), Command::Plan),
        (LensKind::Deploy, _) => {
            let when = known.deployed.as_ref().and_then(|deployed| deployed.last_deployed.as_ref());
            (when.map_or("Deploy".to_owned(), |when| format!("Deploy (last {when})")), Command::Deploy)
        }
        (LensKind::Remove, _) => ("Remove".to_owned(), Command::Remove),
        (LensKind::Info, _) => ("Info".to_owned(), Command::Info),
        (LensKind::Logs, _) => ("Logs".to_owned(), Command::Logs),
        (LensKind::Open, container) => {
            let deployed = known.deployed.iter().flat_map(|deployed| &deployed.containers);
            let mut own = deployed.filter(|deployed| Some(&deployed.name) == container.as_ref());
            let status = own.find_map(|deployed| deployed.status.as_ref());
            (status.map_or("Open".to_owned(), |status| format!("Open ({status})")), Command::OpenRoute)
        }
    }
}
