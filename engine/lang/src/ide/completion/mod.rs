//! What can be written at the cursor.

mod aliases;
mod image;
mod keys;
mod paths;
mod policy;
mod resolvers;
mod snippets;
mod values;
mod variables;

use super::cursor::{Cursor, Role};
use crate::rules::{Container, RuleContext};
use crate::text::{TextRange, TextSize};
use crate::yaml::{NodeId, Style, Tree};

/// Something that can be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is shown and searched.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// Type, default and whether it is required, in a few words.
    pub detail: String,
    /// What it means, in Markdown.
    pub documentation: String,
    /// What it replaces: a stretch of the cursor's line that holds or touches the cursor.
    pub replaced: TextRange,
    /// What is written in its place. Lines after the first are indented against the line of the cursor, and end with `\n`:
    /// the editor adds that line's own indentation.
    pub new_text: String,
    /// Whether `new_text` is a snippet of the Language Server Protocol, with `$1` and `${1:text}`.
    pub snippet: bool,
    /// What is searched and compared with the replaced text, where that is not the label.
    pub filter: Option<String>,
    /// Whether there is a newer way to write it.
    pub deprecated: bool,
    /// Whether there is more to choose from where the cursor then stands.
    pub more: bool,
}

/// The kinds of item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A key.
    Key,
    /// A word, a number or a text.
    Value,
    /// A block of several lines.
    Snippet,
    /// A source of variables, such as `env`.
    Source,
    /// What a variable may name: an environment variable, a parameter, a path of the document.
    Variable,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// An alias to an anchor, or a merge key.
    Alias,
}

/// Of files, of names and of texts that are used elsewhere, no more than this are offered.
const MOST: usize = 500;

/// What can be written at `offset`, most useful first. Keys that are there already are left out, and so is what the
/// deployment type or a sibling excludes.
pub fn complete(ctx: &RuleContext<'_>, offset: TextSize) -> Vec<Item> {
    let text = ctx.source().text();
    let offset = text.floor_char_boundary(usize::from(offset));
    // The two characters of a line end belong together.
    let is_in_line_end = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
    let offset = if is_in_line_end { offset - 1 } else { offset };
    if is_in_comment(ctx.tree(), offset) || is_before_content(text, offset) {
        return Vec::new();
    }
    if let Some(items) = variables::at(ctx, offset).or_else(|| aliases::behind_star(ctx, offset)) {
        return items;
    }
    first_items(ctx, offset, Cursor::readings(ctx.document, offset))
}

/// What the first reading offers that offers anything.
fn first_items(ctx: &RuleContext<'_>, offset: usize, mut readings: impl Iterator<Item = Cursor>) -> Vec<Item> {
    let items = |cursor| Some(Place { ctx, cursor: &cursor, offset }.items()).filter(|items| !items.is_empty());
    readings.find_map(items).unwrap_or_default()
}

fn is_in_comment(tree: &Tree, offset: usize) -> bool {
    let offset = TextSize::new(offset as u32);
    let comments = tree.comments();
    let next = comments.partition_point(|comment| comment.start() < offset);
    next.checked_sub(1).is_some_and(|last| offset <= comments[last].end())
}

/// Whether the place lies before the content of a line or before a dash, or directly behind a dash, where a blank comes first.
fn is_before_content(text: &str, offset: usize) -> bool {
    let line = text[..offset].rsplit(['\n', '\r']).next().unwrap_or_default();
    let rest = text[offset..].split(['\n', '\r']).next().unwrap_or_default();
    let is_indentation = line.trim_matches([' ', '\t', '-']).is_empty();
    let content = rest.trim_start_matches([' ', '\t']);
    let is_dash = content.starts_with("- ") || content.trim_end() == "-";
    let follows = !content.is_empty() && (content.len() < rest.len() || is_dash);
    is_indentation && (line.ends_with('-') || follows)
}

/// One reading of the place of the cursor, and what is known around it.
#[derive(Clone, Copy)]
struct Place<'a> {
    ctx: &'a RuleContext<'a>,
    cursor: &'a Cursor,
    offset: usize,
}

impl<'a> Place<'a> {
    fn items(self) -> Vec<Item> {
        match self.cursor.role {
            Role::Key { mapping, colon } => keys::of(self, mapping, colon),
            Role::Value => values::of(self),
        }
    }

    fn tree(self) -> &'a Tree {
        self.cursor.tree()
    }

    fn style(self) -> &'a Style {
        self.ctx.document.style()
    }

    /// What stands on the cursor's line, without its line end.
    fn line(self) -> TextRange {
        let text = self.ctx.source().text();
        let start = text[..self.offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let end = text[self.offset..].find(['\n', '\r']).map_or(text.len(), |length| self.offset + length);
        range(start, end)
    }

    /// What is typed of the scalar before the cursor, quotes included.
    fn typed(self) -> &'a str {
        self.ctx.source().slice(range(self.cursor.range.start().into(), self.offset))
    }

    /// The container that a node stands in.
    fn container(self, node: NodeId) -> Option<Container<'a>> {
        match self.cursor.keys(node).as_slice() {
            ["containers", name, ..] => self.ctx.containers().find(|container| container.name == *name),
            _ => None,
        }
    }
}

fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(TextSize::new(start as u32), TextSize::new(end.max(start) as u32))
}

impl Item {
    /// What is written by an editor that knows no snippets.
    pub fn plain_text(&self) -> String {
        if self.snippet { snippets::plain(&self.new_text) } else { self.new_text.clone() }
    }

    fn new(kind: ItemKind, label: impl Into<String>, replaced: TextRange, new_text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            kind,
            detail: String::new(),
            documentation: String::new(),
            replaced,
            new_text: new_text.into(),
            snippet: false,
            filter: None,
            deprecated: false,
            more: false,
        }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn documentation(mut self, documentation: impl Into<String>) -> Self {
        self.documentation = documentation.into();
        self
    }

    fn filter(mut self, filter: impl Into<String>) -> Self {
        self.filter = Some(filter.into()).filter(|filter| *filter != self.label);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::config::build;
    use crate::inputs::Inputs;
    use crate::yaml::Document;

    fn corpus() -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut texts = Vec::new();
        for folder in ["corpus/valid", "corpus/invalid", "corpus/complete"] {
            for entry in fs::read_dir(root.join("tests/fixtures").join(folder)).unwrap() {
                texts.push(fs::read_to_string(entry.unwrap().path()).unwrap());
            }
        }
        texts.sort();
        texts
    }

    /// At how many of the offsets a part of the text offers something else than all of it.
    fn differences(text: &str, offsets: impl Iterator<Item = usize>) -> Vec<String> {
        let (document, inputs) = (Document::new(text), Inputs::default());
        let config = build(&document, &inputs);
        let ctx = RuleContext::new(&document, &config, &inputs);
        let differs = |offset: &usize| {
            let quick = first_items(&ctx, *offset, Cursor::readings(&document, *offset));
            quick != first_items(&ctx, *offset, Cursor::readings_of_all(&document, *offset))
        };
        let places = offsets.filter(|offset| text.is_char_boundary(*offset) && !is_before_content(text, *offset));
        places.filter(differs).map(|offset| format!("{}|{}", &text[..offset], &text[offset..])).collect()
    }

    /// Numbers that are the same every time.
    fn random() -> impl FnMut(usize) -> usize {
        let mut state = 1_u64;
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        }
    }

    #[test]
    #[ignore = "takes minutes without optimisation"]
    fn a_part_of_the_text_says_what_all_of_it_says_everywhere() {
        for text in corpus() {
            let wrong = differences(&text, 0..=text.len());
            assert!(wrong.is_empty(), "{}", wrong.join("\n-----\n"));
        }
    }

    #[test]
    fn a_part_of_the_text_says_what_all_of_it_says() {
        for (index, text) in corpus().into_iter().enumerate() {
            let wrong = differences(&text, (index % 29..=text.len()).step_by(29));
            assert!(wrong.is_empty(), "{}", wrong.join("\n-----\n"));
        }
    }

    #[test]
    fn a_text_that_ends_anywhere_is_read_alike_in_part() {
        let mut random = random();
        for text in corpus() {
            for _ in 0..8 {
                let cut = &text[..text.floor_char_boundary(random(text.len()))];
                let wrong = differences(cut, [cut.len(), random(cut.len() + 1)].into_iter());
                assert!(wrong.is_empty(), "{}", wrong.join("\n-----\n"));
            }
        }
    }

    /// What brackets and quotes without an end mean is a guess, and a part of the text may lead to another one.
    #[test]
    fn a_damaged_text_is_mostly_read_alike_in_part() {
        const TRIED: usize = 600;
        let (mut random, corpus) = (random(), corpus());
        let wrong: usize = (0..TRIED)
            .map(|_| {
                let mut text = corpus[random(corpus.len())].clone();
                let start = text.floor_char_boundary(random(text.len()));
                let end = text.floor_char_boundary((start + random(60)).min(text.len())).max(start);
                text.replace_range(start..end, ["", ":", "\"", "{", "a", "\n"][random(6)]);
                let near = (start + random(40)).min(text.len());
                differences(&text, std::iter::once(near)).len()
            })
            .sum();
        assert!(wrong * 200 <= TRIED, "{wrong} of {TRIED}");
    }
}
