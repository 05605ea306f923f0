//! What is known about the image of one container: its source, its Dockerfile, its arguments and options.

use std::ops::Range;

use super::options::{Flag, flags};
use crate::config::Value;
use crate::diagnostic::Place;
use crate::dockerfile::{self, Dockerfile, Instruction, Stage, Variables};
use crate::inputs::{FileKind, Files, normalize_path};
use crate::rules::folder::join;
use crate::rules::{Container, RuleContext};
use crate::text::{TextEdit, TextRange};

pub(super) struct Image<'a> {
    pub(super) ctx: &'a RuleContext<'a>,
    pub(super) container: Container<'a>,
    pub(super) src: Option<Source<'a>>,
    pub(super) recipe: Recipe<'a>,
    pub(super) flags: Vec<Flag<'a>>,
    /// Whether there may be flags that are not known yet.
    pub(super) has_unknown_flags: bool,
    /// Build arguments, unless some of them are not known yet.
    arguments: Option<Variables>,
}

/// The source folder.
pub(super) struct Source<'a> {
    pub(super) value: Value<'a>,
    /// As written.
    pub(super) written: &'a str,
    /// In its shortest form.
    pub(super) folder: String,
    /// What stands there, and the files to look at; `None` when the disk must not be looked at.
    pub(super) disk: Option<(FileKind, &'a dyn Files)>,
}

/// What the image is built by.
pub(super) enum Recipe<'a> {
    /// It is not known yet, or the disk must not be looked at.
    Unknown,
    /// There is no Dockerfile.
    None,
    /// A Dockerfile, in the configuration file or on the disk.
    Dockerfile { inline: Option<Value<'a>>, file: Dockerfile },
}

impl<'a> Image<'a> {
    pub(super) fn new(ctx: &'a RuleContext<'a>, container: Container<'a>) -> Self {
        let src = container.get(&["src"]).and_then(|value| {
            let written = value.as_str()?;
            let folder = normalize_path(written);
            let disk = ctx.files().map(|files| (files.kind(&folder), files));
            Some(Source { value, written, folder, disk })
        });
        let options = container.get(&["build", "options"]);
        Self {
            recipe: Recipe::find(container, src.as_ref()),
            src,
            flags: options.map(|options| flags(ctx, options)).unwrap_or_default(),
            has_unknown_flags: is_unknown(container, "options"),
            arguments: arguments(container),
            ctx,
            container,
        }
    }

    /// The source folder and the files, when the folder is there.
    pub(super) fn folder(&self) -> Option<(&Source<'a>, &'a dyn Files)> {
        let src = self.src.as_ref()?;
        src.disk.filter(|(kind, _)| *kind == FileKind::Folder).map(|(_, files)| (src, files))
    }

    /// The Dockerfile in force, when it is known.
    pub(super) fn dockerfile(&self) -> Option<&Dockerfile> {
        match &self.recipe {
            Recipe::Dockerfile { file, .. } => Some(file),
            Recipe::Unknown | Recipe::None => None,
        }
    }

    /// The flag that names the stage to build; of several the last one counts.
    pub(super) fn target(&self) -> Option<&Flag<'a>> {
        self.flags.iter().rfind(|flag| flag.name == "target")
    }

    /// The stage that is built, when it is known and exists.
    pub(super) fn stage(&self) -> Option<&Stage> {
        let target = match self.target() {
            Some(flag) => Some(flag.value.as_deref()?),
            None if self.has_unknown_flags => return None,
            None => None,
        };
        self.dockerfile()?.target(target)
    }

    /// The stages whose settings end up in the image, the outermost first.
    pub(super) fn lineage(&self) -> Vec<&Stage> {
        match (self.dockerfile(), self.stage(), &self.arguments) {
            (Some(file), Some(stage), Some(arguments)) => file.lineage(stage, arguments),
            _ => Vec::new(),
        }
    }

    /// The text of a `FROM` with its variables replaced, as far as they are known.
    pub(super) fn expand_global(&self, text: &str) -> Option<String> {
        let globals = self.dockerfile()?.globals(self.arguments.as_ref()?);
        dockerfile::expand(text, |name| globals.get(name).map(String::as_str))
    }

    /// The variables that are in force in the image.
    pub(super) fn variables(&self) -> Option<Variables> {
        Some(self.dockerfile()?.variables(self.stage()?, self.arguments.as_ref()?))
    }

    /// Where a part of the Dockerfile is shown: in `dockerFileString`, or at `src` for a file on the disk.
    pub(super) fn place(&self, range: TextRange) -> Place {
        match (&self.recipe, &self.src) {
            (Recipe::Dockerfile { inline: Some(text), .. }, _) => self.ctx.part(*text, bytes(range)),
            (_, Some(src)) => src.value.place(),
            (_, None) => self.container.value.key_place(),
        }
    }

    /// What a message calls an instruction: "Line 3 of `api/Dockerfile`".
    pub(super) fn line(&self, instruction: &Instruction) -> String {
        let line = instruction.lines.start() + 1;
        match (&self.recipe, &self.src) {
            (Recipe::Dockerfile { inline: None, .. }, Some(src)) => {
                format!("Line {line} of `{}`", src.path("Dockerfile"))
            }
            _ => format!("Line {line} of `dockerFileString`"),
        }
    }

    /// Replaces a part of the Dockerfile, if it stands in the configuration file as it is.
    pub(super) fn edit(&self, range: TextRange, new: &str) -> Option<Vec<TextEdit>> {
        let Recipe::Dockerfile { inline: Some(text), .. } = &self.recipe else { return None };
        Some(vec![TextEdit::replace(self.ctx.exact_part(*text, bytes(range))?, new)])
    }
}

impl<'a> Recipe<'a> {
    fn find(container: Container<'a>, src: Option<&Source<'a>>) -> Self {
        let inline = container.get(&["build", "dockerFileString"]).filter(|text| !text.is_null());
        if let Some(inline) = inline {
            let file = inline.as_str().map(Dockerfile::parse);
            return file.map_or(Self::Unknown, |file| Self::Dockerfile { inline: Some(inline), file });
        }
        if is_unknown(container, "dockerFileString") {
            return Self::Unknown;
        }
        let Some((FileKind::Folder, files)) = src.and_then(|src| src.disk) else { return Self::Unknown };
        let path = src.map(|src| join(&src.folder, "Dockerfile")).unwrap_or_default();
        match (files.kind(&path), files.read(&path)) {
            (_, Some(text)) => Self::Dockerfile { inline: None, file: Dockerfile::parse(&text) },
            (FileKind::Missing | FileKind::Folder, None) => Self::None,
            (FileKind::File | FileKind::Other, None) => Self::Unknown,
        }
    }
}

impl Source<'_> {
    /// What a message calls a file of the folder.
    pub(super) fn path(&self, name: &str) -> String {
        match self.folder.as_str() {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }
}

/// Whether `build`, or a key of it, is known at deploy time only.
fn is_unknown(container: Container<'_>, key: &str) -> bool {
    let Some(build) = container.get(&["build"]) else { return false };
    let value = build.get(key);
    build.is_unknown() || value.is_some_and(|value| value.is_unknown() || value.items().any(Value::is_unknown))
}

fn arguments(container: Container<'_>) -> Option<Variables> {
    if is_unknown(container, "args") {
        return None;
    }
    let arguments = container.get(&["build", "args"]).into_iter().flat_map(Value::entries);
    arguments.map(|(name, value)| Some((name.to_owned(), value.env_text()?))).collect()
}

fn bytes(range: TextRange) -> Range<usize> {
    range.into()
}
