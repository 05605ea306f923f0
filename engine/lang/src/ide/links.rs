//! What leads elsewhere: folders and files of the project, addresses on the web, pages of rules.

use std::collections::HashMap;

use super::reference::{Mentions, Recipe, Role, Subject};
use crate::ignore_comments::IgnoreComments;
use crate::inputs::FileKind;
use crate::limits::domains;
use crate::rules::{self, RuleContext, join_paths};
use crate::text::{TextRange, TextSize};

/// A stretch of text that leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The stretch.
    pub range: TextRange,
    /// Where it leads.
    pub target: LinkTarget,
    /// What is found there, in a few words.
    pub tooltip: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LinkTarget {
    /// To a file or folder, as [`Files`](crate::inputs::Files) takes it.
    File(String),
    /// To an address on the web.
    Url(String),
    /// To the page of the rule with this code.
    Rule(String),
}

/// All links of a document in the order of the text. Only what is there is linked to, as far as files can be looked at.
pub fn links(ctx: &RuleContext<'_>) -> Vec<Link> {
    let mut links = files(ctx);
    links.extend(addresses(ctx));
    links.extend(domains_of(ctx));
    links.extend(rule_pages(ctx));
    links.sort_by_key(|link| (link.range.start(), link.range.end()));
    let mut end = TextSize::default();
    links.retain(|link| {
        let is_clear = link.range.start() >= end;
        if is_clear {
            end = link.range.end();
        }
        is_clear
    });
    links
}

/// Folders, files that variables read, and Dockerfiles of which a stage is built.
fn files(ctx: &RuleContext<'_>) -> Vec<Link> {
    let Some(disk) = ctx.files() else { return Vec::new() };
    let mut kinds: HashMap<String, FileKind> = HashMap::new();
    let mut kind = |path: &str| *kinds.entry(path.to_owned()).or_insert_with(|| disk.kind(path));
    let mentions = Mentions::of(ctx);
    let uses = mentions.all().iter().filter(|mention| mention.role == Role::Use);
    let links = uses.filter_map(|mention| {
        let path = match &mention.subject {
            Subject::File { path, keys } if keys.is_empty() => path.clone(),
            Subject::BuildStage { recipe: Recipe::File(path), .. } => path.clone(),
            Subject::Folder(path) => {
                let dockerfile = join_paths(path, "Dockerfile");
                if kind(&dockerfile) == FileKind::File { dockerfile } else { path.clone() }
            }
            _ => return None,
        };
        let what = match kind(&path) {
            FileKind::File => format!("Open `{path}`"),
            FileKind::Folder if path.is_empty() => "Show this folder".to_owned(),
            FileKind::Folder => format!("Show the folder `{path}`"),
            FileKind::Missing | FileKind::Other => return None,
        };
        Some(Link { range: mention.range, target: LinkTarget::File(path), tooltip: what })
    });
    links.collect()
}

/// Addresses that are written out, in values and in comments.
fn addresses(ctx: &RuleContext<'_>) -> Vec<Link> {
    let text = ctx.source().text();
    let mut links = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("http") {
        let start = at + found;
        let rest = &text[start..];
        at = start + "http".len();
        let is_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        let Some(length) = address_length(rest).filter(|_| !is_word) else { continue };
        at = start + length;
        let range = TextRange::at(TextSize::new(start as u32), TextSize::new(length as u32));
        let address = &text[start..at];
        // What a variable is part of is not known before it is resolved.
        if !address.contains("${") {
            links.push(Link {
                range,
                target: LinkTarget::Url(address.to_owned()),
                tooltip: "Open in the browser".to_owned(),
            });
        }
    }
    links
}

/// Bytes of an address; what browsers and servers take in practice.
const LONGEST_ADDRESS: usize = 2048;

/// The length of the address that a text starts with, without what ends the sentence around it.
fn address_length(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let ends =
        |character: char| character.is_whitespace() || character.is_control() || "\"'`<>|\\^".contains(character);
    let text = &text[..text.floor_char_boundary(LONGEST_ADDRESS)];
    let mut address = &text[..text.find(ends).unwrap_or(text.len())];
    while let Some(last) = address.chars().next_back() {
        let is_outside = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '*' => true,
            ')' => address.matches(')').count() > address.matches('(').count(),
            ']' => address.matches(']').count() > address.matches('[').count(),
            '}' => address.matches('}').count() > address.matches('{').count(),
            _ => false,
        };
        if !is_outside {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    (address.len() > scheme.len()).then_some(address.len())
}

/// The domains of containers.
fn domains_of(ctx: &RuleContext<'_>) -> Vec<Link> {
    let links = ctx.containers().filter_map(|container| {
        let value = container.get(&["routing", "domain"])?;
        let domain = value.as_str().filter(|domain| domains::is_domain(domain) && !domain.starts_with('*'))?;
        let address = format!("https://{domain}/");
        let tooltip = format!("Open `{address}` in the browser");
        let range = value.is_written_here().then(|| ctx.part(value, 0..domain.len()).range)?;
        Some(Link { range, target: LinkTarget::Url(address), tooltip })
    });
    links.collect()
}

/// Codes of rules in comments that silence them.
fn rule_pages(ctx: &RuleContext<'_>) -> Vec<Link> {
    let comments = IgnoreComments::of(ctx.document);
    let codes = comments.comments().iter().flat_map(|comment| &comment.codes);
    let links = codes.filter_map(|code| {
        let rule = rules::by_code(&code.text)?;
        let tooltip = format!("Read about {}: {}", rule.code, rule.title);
        Some(Link { range: code.range, target: LinkTarget::Rule(rule.code.to_owned()), tooltip })
    });
    links.collect()
}
