//! Another name for what the user named: containers, parameters, resolvers, anchors and other keys of their own choice, with
//! everything in the document that refers to them.

use std::fmt;

use super::described::{Described, Name};
use super::reference::{Mention, Mentions, Role, Subject};
use crate::config::{Config, Data, Value, build};
use crate::fix;
use crate::model::Text;
use crate::names::FORMULAS;
use crate::names::alphabet;
use crate::rules::RuleContext;
use crate::text::{TextEdit, TextRange, TextSize, apply_edits};
use crate::variables::providers::provider_named;
use crate::yaml::{Document, NodeId, NodeKind};

/// What would be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTarget {
    /// The name at the place asked about, without quotes and signs around it.
    pub range: TextRange,
    /// The name.
    pub name: String,
}

/// Why something cannot have another name, or not this one: a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameError(String);

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RenameError {}

/// What would be renamed at a place; `None` where nothing has a name that can be changed.
pub fn rename_target(ctx: &RuleContext<'_>, offset: TextSize) -> Option<RenameTarget> {
    let mentions = Mentions::of(ctx);
    let at = mentions.at(offset).filter(|mention| mention.role != Role::Around)?;
    kind(ctx, &mentions, &at.subject).ok()?;
    Some(RenameTarget { range: bare(ctx, at), name: name(ctx, &at.subject)? })
}

/// Gives what is named at a place another name, wherever the document names it. The document means the same afterwards.
///
/// # Errors
///
/// When nothing there can be renamed, the name does not suit, is taken, or would change what the document means.
pub fn rename(ctx: &RuleContext<'_>, offset: TextSize, new_name: &str) -> Result<Vec<TextEdit>, RenameError> {
    let mentions = Mentions::of(ctx);
    let at = mentions.at(offset).filter(|mention| mention.role != Role::Around);
    let at = at.ok_or_else(|| refusal("Nothing here has a name that can be changed."))?;
    let kind = kind(ctx, &mentions, &at.subject)?;
    let old = name(ctx, &at.subject).ok_or_else(|| refusal("The name here cannot be read."))?;
    if old == new_name {
        return Ok(Vec::new());
    }
    suits(kind, new_name)?;
    let naming = mentions.naming(&at.subject);
    if !matches!(kind, Kind::Anchor) && naming.iter().any(|mention| mention.role == Role::Use) {
        suits_variables(new_name)?;
    }
    is_free(ctx, &mentions, &at.subject, new_name)?;
    let mut edits = Vec::new();
    for mention in naming {
        edits.extend(edit(ctx, mention, &old, new_name)?);
    }
    if keeps_meaning(ctx, &edits, &old, new_name) {
        Ok(edits)
    } else {
        Err(refusal(format!(
            "With `{new_name}` in the place of `{old}` the file would mean something else: either `{new_name}` has a meaning \
             already, or something refers to `{old}` in a way that cannot be followed. Choose another name, or change it by hand."
        )))
    }
}

fn refusal(sentence: impl Into<String>) -> RenameError {
    RenameError(sentence.into())
}

/// The kinds of names that can be changed.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Anchor,
    Container,
    Resolver,
    /// A key, and what the model asks of it.
    Key(Option<&'static Text>),
}

fn kind(ctx: &RuleContext<'_>, mentions: &Mentions, subject: &Subject) -> Result<Kind, RenameError> {
    let is_declared = || mentions.naming(subject).iter().any(|mention| mention.role == Role::Declaration);
    match subject {
        Subject::Anchor(_) => Ok(Kind::Anchor),
        Subject::Parameter(_) if is_declared() => Ok(Kind::Key(None)),
        Subject::Resolver(_) if is_declared() => Ok(Kind::Resolver),
        Subject::Parameter(name) | Subject::Resolver(name) => {
            Err(refusal(format!("`{name}` is not defined in this file, so it cannot be renamed here.")))
        }
        Subject::Entry(key) => kind_of_key(ctx, mentions, *key),
        Subject::Environment(name) => Err(refusal(format!(
            "`{name}` is a variable of the environment, which gets its name outside of this file. Rename it where it is set."
        ))),
        Subject::Folder(path) | Subject::File { path, .. } => Err(refusal(format!(
            "`{path}` stands on the disk, and a rename here would not move it. Change it there first."
        ))),
        Subject::BuildStage { name, .. } => {
            Err(refusal(format!("The stage `{name}` gets its name in the Dockerfile. Rename it there.")))
        }
    }
}

fn kind_of_key(ctx: &RuleContext<'_>, mentions: &Mentions, key: NodeId) -> Result<Kind, RenameError> {
    let written = ctx.tree().key_text(key).unwrap_or_default();
    match Described::of(ctx.tree(), key).map(|described| described.name) {
        Some(Name::Chosen(map)) => match map.key {
            "container name" => Ok(Kind::Container),
            "stage name" => Err(refusal(format!(
                "The stage `{written}` is chosen with `--stage` and names what is deployed, so a rename here would make another \
                 stage of it. Change the key by hand if that is meant."
            ))),
            _ => Ok(Kind::Key(Some(map.key_text))),
        },
        None if mentions.is_used(&Subject::Entry(key)) => Ok(Kind::Key(None)),
        None => Err(refusal(format!("Nothing refers to `{written}`. Change the key by hand."))),
        Some(_) => {
            Err(refusal(format!("`{written}` is a word of the configuration language and cannot have another name.")))
        }
    }
}

/// What a subject is called now.
fn name(ctx: &RuleContext<'_>, subject: &Subject) -> Option<String> {
    match subject {
        Subject::Anchor(node) => Some(ctx.tree().node(*node).anchor.as_ref()?.text.clone()),
        Subject::Entry(key) => ctx.tree().key_text(*key).map(Into::into),
        Subject::Parameter(name) | Subject::Resolver(name) => Some(name.clone()),
        _ => None,
    }
}

/// Whether a name has the form that is asked of it.
fn suits(kind: Kind, new: &str) -> Result<(), RenameError> {
    match kind {
        Kind::Anchor => {
            let fits = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
            if new.is_empty() || !new.chars().all(fits) {
                return Err(refusal("An anchor's name may hold only letters, digits, dots, hyphens and underscores."));
            }
        }
        Kind::Container => {
            let mut formulas = FORMULAS.iter().filter(|formula| formula.original.contains("{container}"));
            if formulas.any(|formula| alphabet::fault(new, 1..=usize::MAX, formula.alphabet).is_some()) {
                return Err(refusal(
                    "A container's name becomes part of the names of cloud resources: it may hold only lower-case letters, digits, \
                     and single hyphens between them.",
                ));
            }
        }
        Kind::Resolver if provider_named(new).is_some() => {
            return Err(refusal(format!(
                "`{new}` is a provider of variables, so a resolver of that name would hide it."
            )));
        }
        Kind::Key(Some(text)) => {
            let count = new.chars().count();
            if count < text.min as usize || count > text.max as usize {
                return Err(refusal(format!("The name must have {} to {} characters.", text.min, text.max)));
            }
            if let Some(pattern) = text.pattern.filter(|pattern| !(pattern.matches)(new)) {
                return Err(refusal(format!("The name {}.", pattern.words)));
            }
        }
        Kind::Key(None) | Kind::Resolver => {}
    }
    if new.is_empty() { Err(refusal("The new name is empty.")) } else { Ok(()) }
}

/// Whether a name can stand in a variable.
fn suits_variables(new: &str) -> Result<(), RenameError> {
    if new.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_')) {
        return Ok(());
    }
    Err(refusal("Variables refer to this name, so it may hold only letters, digits, hyphens and underscores."))
}

/// Whether nothing else has a name.
fn is_free(ctx: &RuleContext<'_>, mentions: &Mentions, subject: &Subject, new: &str) -> Result<(), RenameError> {
    let tree = ctx.tree();
    let is_taken = match subject {
        Subject::Anchor(_) => {
            tree.nodes().any(|(_, node)| node.anchor.as_ref().is_some_and(|anchor| anchor.text == new))
        }
        Subject::Entry(key) => {
            let siblings = tree.node(*key).parent.map(|mapping| tree.entries(mapping)).unwrap_or_default();
            siblings.iter().any(|entry| tree.key_text(entry.key).as_deref() == Some(new))
        }
        Subject::Parameter(_) => !mentions.naming(&Subject::Parameter(new.to_owned())).is_empty(),
        Subject::Resolver(_) => !mentions.naming(&Subject::Resolver(new.to_owned())).is_empty(),
        _ => false,
    };
    if is_taken { Err(refusal(format!("`{new}` is taken already. Choose another name."))) } else { Ok(()) }
}

/// The change of one place that names something.
fn edit(ctx: &RuleContext<'_>, mention: &Mention, old: &str, new: &str) -> Result<Vec<TextEdit>, RenameError> {
    let is_key = mention.role == Role::Declaration && !matches!(mention.subject, Subject::Anchor(_));
    let edits = if is_key {
        fix::rename_key(ctx.document, mention.node, new)
    } else {
        let range = bare(ctx, mention);
        (ctx.source().slice(range) == old).then(|| vec![TextEdit::replace(range, new)])
    };
    edits.ok_or_else(|| {
        let line = ctx.source().line_of(mention.range.start()) + 1;
        refusal(format!("Line {line} names `{old}` in a way that cannot be changed safely. Change it by hand."))
    })
}

/// The name in a mention, without quotes and signs around it.
fn bare(ctx: &RuleContext<'_>, mention: &Mention) -> TextRange {
    let tree = ctx.tree();
    match (&mention.subject, &tree.node(mention.node).kind) {
        (Subject::Anchor(_), _) => {
            let sign = ctx.source().slice(mention.range).starts_with(['&', '*']);
            TextRange::new(mention.range.start() + TextSize::new(u32::from(sign)), mention.range.end())
        }
        (_, NodeKind::Scalar(scalar)) if mention.role == Role::Declaration => {
            tree.scalar_part(ctx.source(), mention.node, 0..scalar.text.len())
        }
        _ => mention.range,
    }
}

/// Whether the document means the same afterwards, the name aside. Asked of the edited document itself: what refers to a name
/// may be put together from parts, and a new name may come before another.
fn keeps_meaning(ctx: &RuleContext<'_>, edits: &[TextEdit], old: &str, new: &str) -> bool {
    let Ok(text) = apply_edits(ctx.source().text(), edits) else { return false };
    let document = Document::new(text);
    let config = build(&document, ctx.inputs);
    let counts = |document: &Document, config: &Config| (document.tree().problems().len(), config.values().count());
    let is_same = |(before, after): (Value<'_>, Value<'_>)| {
        let has_same_key = before.key() == after.key() || before.key() == Some(old) && after.key() == Some(new);
        has_same_key && is_same_data(before.data(), after.data())
    };
    counts(ctx.document, ctx.config) == counts(&document, &config)
        && ctx.config.values().zip(config.values()).all(is_same)
}

fn is_same_data(before: &Data, after: &Data) -> bool {
    match (before, after) {
        (Data::Number(before), Data::Number(after)) => before.to_bits() == after.to_bits(),
        _ => before == after,
    }
}
