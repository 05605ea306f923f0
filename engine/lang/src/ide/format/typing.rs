use super::FormatOptions;
use crate::fix::layout::Layout;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, NodeKind, ScalarStyle};

/// Indents a line that was just begun, as what stands above asks for. A line that is not empty stays as it is, and so does
/// one below an empty line: there somebody has already decided.
pub fn format_on_type(document: &Document, offset: TextSize, typed: char, options: &FormatOptions) -> Vec<TextEdit> {
    let layout = Layout::new(document);
    let line = layout.source.line_of(offset);
    if typed != '\n' || line == 0 || !layout.is_blank(line) || layout.is_blank(line - 1) {
        return Vec::new();
    }
    let Some(width) = (Above { layout, line: line - 1, unit: options.unit() }).wanted() else { return Vec::new() };
    let range = TextRange::new(layout.line_start(line), layout.line_end(line));
    let new = " ".repeat(width);
    if layout.source.slice(range) == new { Vec::new() } else { vec![TextEdit::replace(range, new)] }
}

/// The line above the one that was begun.
struct Above<'a> {
    layout: Layout<'a>,
    line: u32,
    unit: usize,
}

/// What leads a line: dashes, then perhaps a key.
struct Lead<'a> {
    /// The column of the last dash.
    dash: Option<usize>,
    /// The column behind the dashes.
    column: usize,
    /// What stands there, without a comment.
    rest: &'a str,
}

impl<'a> Above<'a> {
    /// The indentation of the line below; `None` where it is not for us to say.
    fn wanted(&self) -> Option<usize> {
        if let Some(inside) = self.inside() {
            return inside;
        }
        let lead = self.lead();
        if lead.rest.is_empty() {
            // Behind a dash alone comes its item, below a comment what it is about.
            return Some(lead.dash.map_or(self.indent(self.line), |dash| dash + 2));
        }
        if lead.rest.ends_with(['[', '{']) {
            return Some(self.indent(self.line) + self.unit);
        }
        if is_heading(lead.rest) {
            return Some(self.below_heading(&lead));
        }
        let is_entry = lead.rest.contains(": ");
        Some(if is_entry { lead.column } else { lead.dash.unwrap_or(lead.column) })
    }

    /// The indentation inside a text or brackets that go on below: `Some(None)` in quotes, which keep what is there.
    fn inside(&self) -> Option<Option<usize>> {
        let layout = self.layout;
        let line_of = |offset| layout.source.line_of(offset);
        let mut found = None;
        for (id, node) in layout.tree.nodes() {
            let (first, last) = (line_of(node.range.start()), line_of(node.range.end()));
            if first > self.line {
                break;
            }
            match &node.kind {
                NodeKind::Scalar(scalar) if matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded) => {
                    let last = line_of(layout.end(id)).max(first);
                    if last >= self.line {
                        return Some(Some(if first == self.line {
                            self.below_header(last)
                        } else {
                            self.indent(self.line)
                        }));
                    }
                }
                NodeKind::Scalar(scalar) if scalar.style != ScalarStyle::Plain && last > self.line => {
                    return Some(None);
                }
                NodeKind::Mapping { style: CollectionStyle::Flow, .. }
                | NodeKind::Sequence { style: CollectionStyle::Flow, .. }
                    if last > self.line =>
                {
                    let is_opened = first == self.line;
                    found = Some(Some(self.indent(self.line) + if is_opened { self.unit } else { 0 }));
                }
                _ => {}
            }
        }
        found
    }

    /// The indentation of the text of a block scalar.
    fn below_header(&self, last: u32) -> usize {
        let text = (self.line + 1..=last).find(|line| !self.layout.is_blank(*line));
        let lead = self.lead();
        let is_item = lead.dash.is_some() && !lead.rest.contains(':');
        let fallback = if is_item { lead.column } else { lead.column + self.unit };
        text.map_or(fallback, |line| self.indent(line))
    }

    /// The indentation below a key without a value: that of the value that stands there already, else one step deeper.
    fn below_heading(&self, lead: &Lead<'_>) -> usize {
        let layout = self.layout;
        let next = (self.line + 2..layout.source.line_count())
            .find(|line| !layout.is_blank(*line) && !layout.is_comment(*line))
            .filter(|line| {
                let text = layout.source.slice(TextRange::new(layout.line_start(*line), layout.line_end(*line)));
                let indent = self.indent(*line);
                let is_own_dash = indent == lead.column && lead.dash.is_none() && text.trim_start().starts_with("- ");
                indent > lead.column || is_own_dash
            });
        next.map_or(lead.column + self.unit, |line| self.indent(line))
    }

    fn lead(&self) -> Lead<'a> {
        let range = TextRange::new(self.layout.line_start(self.line), self.layout.line_end(self.line));
        let comment = self.layout.comments_in(range).first();
        let end = comment.map_or(range.end(), |comment| comment.start());
        let text = self.layout.source.slice(TextRange::new(range.start(), end)).trim_end();
        let mut rest = text.trim_start_matches(' ');
        let mut dash = None;
        while let Some(behind) = rest.strip_prefix('-').filter(|behind| behind.is_empty() || behind.starts_with(' ')) {
            dash = Some(text.len() - rest.len());
            rest = behind.trim_start_matches(' ');
        }
        Lead { dash, column: text.len() - rest.len(), rest }
    }

    fn indent(&self, line: u32) -> usize {
        let text = self.layout.source.slice(TextRange::new(self.layout.line_start(line), self.layout.line_end(line)));
        text.len() - text.trim_start_matches(' ').len()
    }
}

/// Whether a text is a key whose value comes below: nothing follows but an anchor or a tag.
fn is_heading(text: &str) -> bool {
    let words = text.rsplit(' ').find(|word| !word.is_empty() && !word.starts_with(['&', '!']));
    words.is_some_and(|word| word.ends_with(':'))
}
