use super::FormatOptions;
use crate::fix::layout::Layout;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{CollectionStyle, Document, NodeKind, Scalar, ScalarStyle};

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

/// What goes on below the line.
enum Inside {
    /// Quotes: what stands there is part of the text.
    Quotes,
    /// Something that asks for this column.
    Column(usize),
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
        match self.inside() {
            Some(Inside::Quotes) => return None,
            Some(Inside::Column(column)) => return Some(column),
            None => {}
        }
        let lead = self.lead();
        Some(match lead.rest {
            // Behind a dash alone comes its item, below a comment what it is about.
            "" => lead.dash.map_or(self.indent(self.line), |dash| dash + 2),
            rest if rest.ends_with(['[', '{']) => self.indent(self.line) + self.unit,
            rest if is_heading(rest) => self.below_heading(&lead),
            rest if rest.contains(": ") => lead.column,
            _ => lead.dash.unwrap_or(lead.column),
        })
    }

    /// The text or the brackets that go on below.
    fn inside(&self) -> Option<Inside> {
        let layout = self.layout;
        let line_of = |offset| layout.source.line_of(offset);
        let own = self.indent(self.line);
        let mut found = None;
        for (id, node) in layout.tree.nodes() {
            let (first, last) = (line_of(node.range.start()), line_of(node.range.end()));
            if first > self.line {
                break;
            }
            match &node.kind {
                NodeKind::Scalar(Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. }) => {
                    let last = line_of(layout.end(id)).max(first);
                    if last >= self.line {
                        let is_header = first == self.line;
                        return Some(Inside::Column(if is_header { self.below_header(last) } else { own }));
                    }
                }
                NodeKind::Scalar(scalar) if scalar.style != ScalarStyle::Plain && last > self.line => {
                    return Some(Inside::Quotes);
                }
                NodeKind::Mapping { style: CollectionStyle::Flow, .. }
                | NodeKind::Sequence { style: CollectionStyle::Flow, .. }
                    if last > self.line =>
                {
                    found = Some(Inside::Column(if first == self.line { own + self.unit } else { own }));
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
        text.map_or(if is_item { lead.column } else { lead.column + self.unit }, |line| self.indent(line))
    }

    /// The indentation below a key without a value: that of the value that stands there already, else one step deeper.
    fn below_heading(&self, lead: &Lead<'_>) -> usize {
        let says_something = |line: &u32| !self.layout.is_blank(*line) && !self.layout.is_comment(*line);
        let next = (self.line + 2..self.layout.source.line_count()).find(says_something);
        let is_value = |line: &u32| {
            let is_dash = self.layout.line_text(*line).trim_start_matches(' ').starts_with("- ");
            let indent = self.indent(*line);
            indent > lead.column || is_dash && indent == lead.column && lead.dash.is_none()
        };
        next.filter(is_value).map_or(lead.column + self.unit, |line| self.indent(line))
    }

    fn lead(&self) -> Lead<'a> {
        let range = TextRange::new(self.layout.line_start(self.line), self.layout.line_end(self.line));
        let end = self.layout.comments_in(range).first().map_or(range.end(), |comment| comment.start());
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
        let text = self.layout.line_text(line);
        text.len() - text.trim_start_matches(' ').len()
    }
}

/// Whether a text is a key whose value comes below: nothing follows but an anchor or a tag.
fn is_heading(text: &str) -> bool {
    let words = text.rsplit(' ').find(|word| !word.is_empty() && !word.starts_with(['&', '!']));
    words.is_some_and(|word| word.ends_with(':'))
}
