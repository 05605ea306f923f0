//! `build.options`: SCF086, SCF087, and the flags for other rules.

use std::ops::Range;

use super::base::is_other_architecture;
use super::image::Image;
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::rules::{RuleContext, edits};
use crate::text::TextEdit;

declare_rule! {
    /// ## What it does
    /// Reports quotes and backslashes in `build.options` where it is one string.
    ///
    /// ## Why it matters
    /// The string is parted at blanks and nothing else, so quotes go to Docker as they are and a quoted blank parts the value. A
    /// list holds each flag as one text.
    ///
    /// ## Example
    /// ```yaml container
    /// build:
    ///   options: --label "team=web shop"
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// build:
    ///   options:
    ///     - --label
    ///     - team=web shop
    /// ```
    QUOTES_IN_OPTIONS_STRING = "SCF086", "Quotes in options string", Warning, fix: Unsafe;

    /// ## What it does
    /// Reports a flag that collides with one that Slipway sets itself: `--tag`, `--file`, `--load`, `--push`, `--output`,
    /// `--platform` and their short forms.
    ///
    /// ## Why it matters
    /// The image then gets another name, is built from another file, ends up elsewhere, or does not run on the deployed machines.
    ///
    /// ## Example
    /// ```yaml container
    /// build:
    ///   options:
    ///     - --tag=shop:latest
    ///     - --pull
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// build:
    ///   options:
    ///     - --pull
    /// ```
    ///
    /// ## Source
    /// [`docker build`](https://docs.docker.com/reference/cli/docker/buildx/build/)
    CONFLICTING_BUILD_FLAG = "SCF087", "Conflicting build flag", Warning, fix: Unsafe
}

/// One flag of `docker build`.
pub(super) struct Flag<'a> {
    /// Its long name without dashes.
    pub(super) name: &'static str,
    /// Its value, when it takes one and one is there.
    pub(super) value: Option<String>,
    /// Where it stands, its value included when both are in one text.
    pub(super) place: Place,
    /// Where its value stands.
    pub(super) value_place: Place,
    /// The words that it is made of.
    words: Range<usize>,
    source: Words<'a>,
}

/// The flags that rules know, with their short form, and whether they take a value.
const KNOWN: &[(&str, Option<char>, bool)] = &[
    ("tag", Some('t'), true),
    ("file", Some('f'), true),
    ("output", Some('o'), true),
    ("platform", None, true),
    ("target", None, true),
    ("load", None, false),
    ("push", None, false),
];

/// The words of `build.options` and where each one comes from.
#[derive(Clone)]
struct Words<'a> {
    options: Value<'a>,
    words: std::rc::Rc<[Word<'a>]>,
}

struct Word<'a> {
    text: &'a str,
    value: Value<'a>,
    part: Range<usize>,
}

impl<'a> Flag<'a> {
    /// Gives the flag another value.
    pub(super) fn with_value(&self, ctx: &RuleContext<'a>, new: &str) -> Option<Vec<TextEdit>> {
        let old = self.value.as_deref()?;
        let word = &self.source.words[self.words.end - 1];
        let is_plain = new.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        let range = ctx.exact_part(word.value, word.part.end - old.len()..word.part.end)?;
        is_plain.then(|| vec![TextEdit::replace(range, new)])
    }

    /// Leaves the flag out.
    fn removal(&self, ctx: &RuleContext<'a>) -> Option<Vec<TextEdit>> {
        let Words { options, words } = &self.source;
        if options.is_list() {
            // The edits of two items could meet.
            return if self.words.len() == 1 { edits::remove(ctx, words[self.words.start].value) } else { None };
        }
        let (first, last) = (&words[self.words.start], &words[self.words.end - 1]);
        let before = self.words.start.checked_sub(1).map(|before| &words[before]);
        let part = match (before, words.get(self.words.end)) {
            (_, Some(next)) => first.part.start..next.part.start,
            (Some(before), None) => before.part.end..last.part.end,
            (None, None) => return edits::remove(ctx, *options),
        };
        Some(vec![TextEdit::replace(ctx.exact_part(*options, part)?, "")])
    }
}

/// The flags among the options. Values of flags that nobody asks about look like words without a meaning, and are passed over.
pub(super) fn flags<'a>(ctx: &RuleContext<'a>, options: Value<'a>) -> Vec<Flag<'a>> {
    let source = Words { options, words: words(options).into() };
    let words = &source.words;
    let mut flags = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let start = at;
        at += 1;
        let Some((name, attached, takes_value)) = known(word.text) else { continue };
        let value = match attached {
            Some(value) => Some(value),
            None if takes_value => words.get(at).map(|next| {
                at += 1;
                next.text
            }),
            None => None,
        };
        let last = &words[at - 1];
        let value_part = last.part.end - value.map_or(last.part.len(), str::len)..last.part.end;
        let part = if last.value == word.value { word.part.start..last.part.end } else { word.part.clone() };
        flags.push(Flag {
            name,
            value: value.map(str::to_owned),
            place: ctx.part(word.value, part),
            value_place: ctx.part(last.value, value_part),
            words: start..at,
            source: source.clone(),
        });
    }
    flags
}

/// The words: items of a list, or the parts of a string between blanks.
fn words(options: Value<'_>) -> Vec<Word<'_>> {
    match options.as_str() {
        Some(text) => text
            .split_whitespace()
            .map(|word| {
                let start = word.as_ptr() as usize - text.as_ptr() as usize;
                Word { text: word, value: options, part: start..start + word.len() }
            })
            .collect(),
        None => options
            .items()
            .filter_map(|item| item.as_str().map(|text| Word { text, value: item, part: 0..text.len() }))
            .collect(),
    }
}

/// The name of a known flag, the value that is attached to it, and whether it takes one.
fn known(word: &str) -> Option<(&'static str, Option<&str>, bool)> {
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        let (known, _, takes_value) = KNOWN.iter().find(|(known, ..)| *known == name)?;
        return Some((known, value, *takes_value));
    }
    let mut letters = word.strip_prefix('-')?.chars();
    let short = letters.next();
    let (known, _, takes_value) = KNOWN.iter().find(|(_, letter, _)| short.is_some() && *letter == short)?;
    let rest = letters.as_str();
    let value = (!rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest));
    Some((known, value, *takes_value))
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let ctx = image.ctx;
    if let Some(options) = image.container.get(&["build", "options"])
        && let Some(text) = options.as_str()
        && text.contains(['"', '\'', '\\'])
    {
        let message = "The string is parted at blanks alone: quotes and backslashes go to Docker as they are. Write a list, with each flag and each value as one item.";
        let fix = shlex::split(text).and_then(|words| {
            let edits = edits::rewrite(ctx, options, &list(&words))?;
            Some(Fix::suggestion("Make it a list", edits))
        });
        acc.push(QUOTES_IN_OPTIONS_STRING.at(options, message).fix(fix));
    }
    for flag in &image.flags {
        let reason = match flag.name {
            "tag" => "Slipway names the image itself.",
            "file" => "the Dockerfile is the one in `src`, or the text in `dockerFileString`.",
            "load" => "Slipway sets it already.",
            "push" => "Slipway pushes the image itself, to the project's own registry.",
            "output" => "Slipway loads the image itself, and would not find it elsewhere.",
            "platform" if flag.value.as_deref().is_some_and(is_other_architecture) => continue, // SCF101
            "platform" => "deployed images always are for `linux/amd64`.",
            _ => continue,
        };
        let message = format!("`--{}` does not belong here: {reason} Remove it.", flag.name);
        let fix = flag.removal(ctx).map(|edits| Fix::suggestion(format!("Remove `--{}`", flag.name), edits));
        acc.push(CONFLICTING_BUILD_FLAG.at(flag.place.clone(), message).fix(fix));
    }
}

/// Words as a list in YAML.
fn list(words: &[String]) -> String {
    words.iter().map(|word| format!("- {}\n", serde_json::Value::from(word.as_str()))).collect()
}
