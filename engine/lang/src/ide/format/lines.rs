use super::Plan;
use crate::text::{TextEdit, TextRange, TextSize};

impl Plan<'_> {
    /// The edits of one line.
    pub(super) fn edit_line(&self, line: u32, acc: &mut Vec<TextEdit>) {
        let layout = self.layout;
        let range = self.text_range(line);
        let text = layout.source.slice(range);
        let planned = &self.lines[line as usize];
        if !planned.continues && layout.is_blank(line) {
            return self.edit_blank_line(line, acc);
        }
        let content = text.trim_start_matches(' ');
        if let Some(column) = planned.column {
            // Before a comment, tabs are blanks as well.
            let content = if planned.continues { content } else { content.trim_start_matches([' ', '\t']) };
            let old = TextRange::at(range.start(), TextSize::of(text) - TextSize::of(content));
            push(acc, layout.source.slice(old), old, column);
        }
        let trimmed = text.trim_end_matches([' ', '\t']);
        let end = range.start() + TextSize::of(trimmed);
        for (gap, width) in planned.gaps.iter().filter(|(gap, _)| gap.end() <= end) {
            push(acc, layout.source.slice(*gap), *gap, *width);
        }
        if self.options.trim_trailing_whitespace && !planned.is_open && !trimmed.is_empty() && end < range.end() {
            acc.push(TextEdit::replace(TextRange::new(end, range.end()), ""));
        }
    }

    /// Of several blank lines the first one stays.
    fn edit_blank_line(&self, line: u32, acc: &mut Vec<TextEdit>) {
        let layout = self.layout;
        if layout.line_start(line) >= self.content_end {
            return;
        }
        let is_repeated = line.checked_sub(1).is_some_and(|above| self.is_spare(above));
        let range = self.text_range(line);
        if is_repeated {
            acc.push(TextEdit::replace(TextRange::new(range.start(), layout.next_line(line)), ""));
        } else if self.options.trim_trailing_whitespace && !range.is_empty() {
            acc.push(TextEdit::replace(range, ""));
        }
    }

    /// Whether a line is blank and means nothing.
    pub(super) fn is_spare(&self, line: u32) -> bool {
        self.layout.is_blank(line) && !self.lines[line as usize].continues
    }

    /// The edits behind the last line.
    pub(super) fn edit_end(&self, acc: &mut Vec<TextEdit>) {
        let layout = self.layout;
        let end = self.content_end;
        let last = layout.source.line_of(end);
        if !self.contains(last) || self.is_spare(last) {
            return;
        }
        if layout.is_terminated(last) {
            let rest = TextRange::new(layout.next_line(last), layout.source.len());
            if self.options.trim_final_newlines && !rest.is_empty() {
                acc.push(TextEdit::replace(rest, ""));
            }
        } else if self.options.insert_final_newline && !self.would_take_line_end() {
            acc.push(TextEdit::replace(TextRange::empty(layout.line_end(last)), layout.source.line_end()));
        }
    }

    /// Whether a line end at the end of the text would become part of a block scalar.
    fn would_take_line_end(&self) -> bool {
        let scalar = self.layout.tree.root().and_then(|root| self.layout.last_block_scalar(root));
        let header = scalar.map(|scalar| self.layout.rest_of_line(self.layout.node(scalar).range.start()));
        header.is_some_and(|header| !header.chars().take(3).any(|character| character == '-'))
    }
}

/// Replaces blanks by `width` spaces, unless they are these.
fn push(acc: &mut Vec<TextEdit>, old: &str, range: TextRange, width: usize) {
    let new = " ".repeat(width);
    if old != new {
        acc.push(TextEdit::replace(range, new));
    }
}
