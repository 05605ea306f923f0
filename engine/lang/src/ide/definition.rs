//! Where what is named at a place is written: in the document, in a file that it reads, in a Dockerfile, in a `.env` file.

use super::paths::{Paths, Step};
use super::reference::{Mention, Mentions, Recipe, Role, Subject, stage_name};
use crate::dockerfile::Dockerfile;
use crate::dotenv;
use crate::inputs::{FileKind, Files};
use crate::rules::{RuleContext, join_paths};
use crate::text::{TextRange, TextSize};
use crate::variables::is_data;
use crate::variables::stages::DEFAULT_STAGE_KEY;
use crate::yaml::Document;

/// Where what is named at a place is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The words at the place that name it.
    pub origin: TextRange,
    /// Where it is written; never empty. More than one where several stages have it, and none is in force.
    pub targets: Vec<Location>,
}

/// A place in this document or in a file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path of the file or folder, as [`Files`] takes it; `None` for this document.
    pub file: Option<String>,
    /// The place in its text; empty and at its start for a file or folder as a whole.
    pub range: TextRange,
}

/// Where what is named at a place is written. A name that nothing refers to has no definition but itself, which is none.
pub fn definition(ctx: &RuleContext<'_>, offset: TextSize) -> Option<Definition> {
    let mentions = Mentions::of(ctx);
    let Mention { subject, range, role, .. } = mentions.at(offset)?;
    if *role == Role::Declaration && !mentions.is_used(subject) {
        return None;
    }
    let targets = targets(ctx, &mentions, subject);
    (!targets.is_empty()).then_some(Definition { origin: *range, targets })
}

impl Location {
    /// A place in the document itself.
    pub(super) fn here(range: TextRange) -> Self {
        Self { file: None, range }
    }

    fn in_file(path: &str, range: TextRange) -> Self {
        Self { file: Some(path.to_owned()), range }
    }
}

/// Where a subject is written; of several places those that are in force.
fn targets(ctx: &RuleContext<'_>, mentions: &Mentions, subject: &Subject) -> Vec<Location> {
    let in_force = match subject {
        Subject::Parameter(name) => Paths::of(ctx).parameter(ctx.stage(), name),
        Subject::Resolver(name) => resolver_in_force(ctx, name),
        Subject::Environment(_) => return written_elsewhere(ctx, subject).into_iter().take(1).collect(),
        Subject::Folder(path) => return folder(ctx, path).into_iter().collect(),
        _ => None,
    };
    if let Some(key) = in_force.and_then(|step| step.key) {
        return vec![Location::here(ctx.tree().node(key).range)];
    }
    let here = mentions.naming(subject).into_iter().filter(|mention| mention.role == Role::Declaration);
    let mut targets: Vec<_> = here.map(|mention| Location::here(mention.range)).collect();
    if let (true, Subject::Entry(key)) = (targets.is_empty(), subject) {
        targets.push(Location::here(ctx.tree().node(*key).range)); // a key that an alias gives
    }
    targets.extend(written_elsewhere(ctx, subject));
    targets
}

fn resolver_in_force(ctx: &RuleContext<'_>, name: &str) -> Option<Step> {
    let mut paths = Paths::of(ctx);
    [ctx.stage(), DEFAULT_STAGE_KEY].into_iter().find_map(|stage| paths.end(&["stages", stage, "resolvers", name]))
}

/// Where a subject is written outside of the document, what is in force first.
pub(super) fn written_elsewhere(ctx: &RuleContext<'_>, subject: &Subject) -> Vec<Location> {
    let Some(files) = ctx.files() else { return Vec::new() };
    match subject {
        Subject::Environment(name) => {
            let names = dotenv::file_names(ctx.stage()).into_iter();
            names.filter_map(|file| Some(Location { range: setting(files, &file, name)?, file: Some(file) })).collect()
        }
        Subject::File { path, keys } => file(files, path, keys).into_iter().collect(),
        Subject::BuildStage { recipe: Recipe::File(path), name } => stage(files, path, name).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The last setting of a variable in an environment file, which is the one that counts.
fn setting(files: &dyn Files, file: &str, name: &str) -> Option<TextRange> {
    let settings = dotenv::settings(&files.read(file)?);
    settings.into_iter().rfind(|setting| setting.name == name).map(|setting| setting.range)
}

/// The Dockerfile of a folder, or the folder itself where it has none.
fn folder(ctx: &RuleContext<'_>, path: &str) -> Option<Location> {
    let files = ctx.files()?;
    let dockerfile = join_paths(path, "Dockerfile");
    match (files.kind(path), files.kind(&dockerfile)) {
        (FileKind::Folder, FileKind::File) => Some(Location::in_file(&dockerfile, TextRange::default())),
        (FileKind::Folder | FileKind::File, _) => Some(Location::in_file(path, TextRange::default())),
        (FileKind::Missing | FileKind::Other, _) => None,
    }
}

/// A key in a file, or the file itself where the key cannot be found.
fn file(files: &dyn Files, path: &str, keys: &[String]) -> Option<Location> {
    if files.kind(path) != FileKind::File {
        return None;
    }
    let text = (!keys.is_empty() && is_data(path)).then(|| files.read(path)).flatten();
    let place = text.and_then(|text| {
        let document = Document::new(text);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let step = Paths::beside(&document).end(&keys)?;
        Some(document.tree().node(step.key.unwrap_or(step.value)).range)
    });
    Some(Location::in_file(path, place.unwrap_or_default()))
}

/// The name of a stage in a Dockerfile, or the Dockerfile itself where it has no such stage.
fn stage(files: &dyn Files, path: &str, name: &str) -> Option<Location> {
    let file = Dockerfile::parse(&files.read(path)?);
    let stage = file.target(Some(name));
    let from = stage.and_then(|stage| file.instructions_of(stage).first());
    Some(Location::in_file(path, from.and_then(stage_name).unwrap_or_default()))
}
