//! Definition, references, highlights, renaming and links.

use std::fmt;

use super::names::{self, Mention, Subject};
use crate::analyze;
use crate::diagnostic::Severity;
use crate::fix::rename_key;
use crate::ignore_comments::is_code;
use crate::inputs::{FileKind, normalize_path};
use crate::rules::{self, RuleContext};
use crate::text::{TextEdit, TextRange, TextSize, apply_edits};
use crate::yaml::Document;

/// A place in this document or in a file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file, as [`Files`](crate::inputs::Files) names it; `None` for this document.
    pub file: Option<String>,
    /// Where in its text.
    pub range: TextRange,
}

/// Where something is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name that was asked about.
    pub origin: TextRange,
    /// Where it leads.
    pub targets: Vec<Location>,
}

/// A place to be highlighted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Where.
    pub range: TextRange,
    /// Whether it defines or uses the name.
    pub kind: HighlightKind,
}

/// The kinds of highlight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HighlightKind {
    /// A use.
    Read,
    /// The definition.
    Write,
}

/// What would be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTarget {
    /// The name in the text.
    pub range: TextRange,
    /// The name.
    pub name: String,
}

/// Why something cannot have a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameError(String);

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of the text that leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The part.
    pub range: TextRange,
    /// Where it leads.
    pub target: LinkTarget,
    /// What is there, in a few words.
    pub tooltip: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A file or folder of the project.
    File(String),
    /// An address.
    Url(String),
    /// The page of the rule with this code.
    Rule(String),
}

/// Where what stands at `offset` is defined.
pub fn definition(ctx: &RuleContext<'_>, offset: TextSize) -> Option<Definition> {
    let all = names::mentions(ctx);
    let here = names::at(ctx, &all, offset)?;
    let mut targets = elsewhere(ctx, &here.subject);
    targets.extend(names::of(&all, &here.subject).filter(|mention| mention.defines).map(location));
    (!targets.is_empty()).then_some(Definition { origin: here.range, targets })
}

/// Everything that names what stands at `offset`, the definition too when asked for.
pub fn references(ctx: &RuleContext<'_>, offset: TextSize, include_declaration: bool) -> Vec<Location> {
    let all = names::mentions(ctx);
    let Some(here) = names::at(ctx, &all, offset) else { return Vec::new() };
    let mut found: Vec<Location> = names::of(&all, &here.subject)
        .filter(|mention| include_declaration || !mention.defines)
        .map(location)
        .collect();
    if include_declaration && here.defines && !found.contains(&location(&here)) {
        found.insert(0, location(&here));
    }
    found
}

/// Where what stands at `offset` is named in the document.
pub fn highlights(ctx: &RuleContext<'_>, offset: TextSize) -> Vec<Highlight> {
    let all = names::mentions(ctx);
    let Some(here) = names::at(ctx, &all, offset) else { return Vec::new() };
    let kind = |mention: &Mention| if mention.defines { HighlightKind::Write } else { HighlightKind::Read };
    let mut found: Vec<Highlight> =
        names::of(&all, &here.subject).map(|mention| Highlight { range: mention.range, kind: kind(mention) }).collect();
    if found.iter().all(|other| other.range != here.range) {
        found.insert(0, Highlight { range: here.range, kind: kind(&here) });
    }
    found
}

/// What would be renamed at `offset`: a container, a parameter or an anchor.
pub fn rename_target(ctx: &RuleContext<'_>, offset: TextSize) -> Option<RenameTarget> {
    let all = names::mentions(ctx);
    let here = names::at(ctx, &all, offset)?;
    let name = match &here.subject {
        Subject::Anchor(_) => ctx.source().slice(here.range).to_owned(),
        Subject::Param(name) => name.clone(),
        Subject::Key(route) if is_container(route) && here.defines => route[1].clone(),
        _ => return None,
    };
    Some(RenameTarget { range: here.range, name })
}

/// Renames what stands at `offset`, with everything that names it.
///
/// # Errors
///
/// When nothing there can be renamed, or when it cannot have that name.
pub fn rename(ctx: &RuleContext<'_>, offset: TextSize, new_name: &str) -> Result<Vec<TextEdit>, RenameError> {
    let refuse = |words: String| Err(RenameError(words));
    let all = names::mentions(ctx);
    let Some((here, old)) = names::at(ctx, &all, offset).zip(rename_target(ctx, offset)) else {
        return refuse("Only containers, parameters and anchors can be renamed here.".to_owned());
    };
    let mut edits = Vec::new();
    match &here.subject {
        Subject::Anchor(_) => {
            if new_name.is_empty()
                || new_name.contains(|letter: char| letter.is_whitespace() || ",[]{}".contains(letter))
            {
                return refuse(format!("`{new_name}` cannot name an anchor: no blanks, commas or brackets."));
            }
            let taken =
                ctx.tree().nodes().any(|(_, node)| node.anchor.as_ref().is_some_and(|other| other.text == new_name));
            if taken && new_name != old.name {
                return refuse(format!("There is an anchor `{new_name}` already."));
            }
            edits.extend(names::of(&all, &here.subject).map(|mention| TextEdit::replace(mention.range, new_name)));
        }
        Subject::Param(_) => {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
            if new_name.is_empty() || !new_name.chars().all(plain) {
                return refuse(format!("`{new_name}` cannot name a parameter: letters, digits, `_` and `-` only."));
            }
            if names::of(&all, &Subject::Param(new_name.to_owned())).next().is_some() && new_name != old.name {
                return refuse(format!("There is a parameter `{new_name}` already."));
            }
            edits.extend(names::of(&all, &here.subject).map(|mention| TextEdit::replace(mention.range, new_name)));
        }
        Subject::Key(_) => {
            if ctx.containers().any(|container| container.name == new_name) && new_name != old.name {
                return refuse(format!("There is a container `{new_name}` already."));
            }
            let key = ctx.tree().node_at(here.range.start());
            let renamed = key.and_then(|key| rename_key(ctx.document, key, new_name));
            let Some(renamed) = renamed else {
                return refuse("The name cannot be changed where it is written.".to_owned());
            };
            edits.extend(renamed);
            let prefix = TextSize::of("containers.");
            for mention in names::of(&all, &here.subject).filter(|mention| !mention.defines) {
                let start = mention.range.start() + prefix;
                let range = TextRange::at(start, TextSize::of(&*old.name));
                if ctx.source().slice(range) == old.name {
                    edits.push(TextEdit::replace(range, new_name));
                }
            }
        }
        Subject::Env(_) | Subject::File(_) => {}
    }
    if let Some(why) = matches!(here.subject, Subject::Key(_)).then(|| name_fault(ctx, &edits)).flatten() {
        return refuse(why);
    }
    edits.sort_by_key(|edit| edit.range.start());
    Ok(edits)
}

/// What leads elsewhere: source folders, files that variables read, addresses, codes of rules in comments.
pub fn links(ctx: &RuleContext<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    for mention in names::mentions(ctx) {
        if let Subject::File(path) = &mention.subject
            && let Some(path) = file_behind(ctx, path)
        {
            let tooltip = format!("Open {path}");
            links.push(Link { range: mention.range, target: LinkTarget::File(path), tooltip });
        }
    }
    let text = ctx.source().text();
    for scheme in ["https://", "http://"] {
        for (at, _) in text.match_indices(scheme) {
            let end = text[at..].find(|letter: char| letter.is_whitespace() || "\"'<>`)]}${".contains(letter));
            let url = &text[at..at + end.unwrap_or(text.len() - at)];
            let url = url.trim_end_matches(['.', ',', ';', ':']);
            if url.len() > scheme.len() {
                let range = TextRange::at(TextSize::new(at as u32), TextSize::of(url));
                links.push(Link {
                    range,
                    target: LinkTarget::Url(url.to_owned()),
                    tooltip: "Open in a browser".to_owned(),
                });
            }
        }
    }
    for comment in ctx.tree().comments() {
        let words = ctx.source().slice(*comment);
        for (at, _) in words.match_indices("SCF") {
            let code = words.get(at..at + 6).unwrap_or_default();
            if is_code(code) {
                let range = TextRange::at(comment.start() + TextSize::new(at as u32), TextSize::of(code));
                let tooltip = format!("What {code} is about");
                links.push(Link { range, target: LinkTarget::Rule(code.to_owned()), tooltip });
            }
        }
    }
    links.sort_by_key(|link| link.range.start());
    links.dedup_by_key(|link| link.range.start());
    links
}

fn location(mention: &Mention) -> Location {
    Location { file: None, range: mention.range }
}

fn is_container(route: &[String]) -> bool {
    route.len() == 2 && route[0] == "containers"
}

/// Why a container cannot have its new name: what the rules about names say of the text as it would be, and do not say of it
/// as it is.
fn name_fault(ctx: &RuleContext<'_>, edits: &[TextEdit]) -> Option<String> {
    let Ok(renamed) = apply_edits(ctx.source().text(), edits) else {
        return Some("The name cannot be changed where it is written.".to_owned());
    };
    let faults = |document: &Document| {
        let found = analyze(document, ctx.inputs).diagnostics.into_iter();
        let grave = found.filter(|found| found.severity >= Severity::Blocker);
        grave.filter(|found| rules::names::RULES.iter().any(|rule| rule.code == found.rule.code)).collect::<Vec<_>>()
    };
    let before = faults(ctx.document);
    let new = faults(&Document::new(renamed)).into_iter();
    new.filter(|fault| before.iter().all(|other| other.message != fault.message)).map(|fault| fault.message).next()
}

/// The definitions of a subject in other files.
fn elsewhere(ctx: &RuleContext<'_>, subject: &Subject) -> Vec<Location> {
    let start = TextRange::empty(TextSize::new(0));
    match subject {
        Subject::File(path) => {
            file_behind(ctx, path).into_iter().map(|file| Location { file: Some(file), range: start }).collect()
        }
        Subject::Env(name) => {
            let files = [format!(".env.{}", ctx.stage()), ".env".to_owned()];
            // The first that has it is in force.
            let found = files.into_iter().find_map(|file| {
                let text = ctx.files()?.read(&file)?;
                let range = names::assignments(&text).get(&**name).copied()?;
                Some(Location { file: Some(file), range })
            });
            found.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The file that a path leads to: of a folder its Dockerfile.
fn file_behind(ctx: &RuleContext<'_>, path: &str) -> Option<String> {
    let files = ctx.files()?;
    match files.kind(path) {
        FileKind::File => Some(normalize_path(path)),
        FileKind::Folder => {
            let dockerfile = normalize_path(&format!("{path}/Dockerfile"));
            (files.kind(&dockerfile) == FileKind::File).then_some(dockerfile)
        }
        FileKind::Missing | FileKind::Other => None,
    }
}
