use super::TextRange;

/// A replacement of one stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards.
    pub new_text: String,
}

impl TextEdit {
    /// Puts `new_text` in the place of `range`.
    pub fn replace(range: TextRange, new_text: impl Into<String>) -> Self {
        Self { range, new_text: new_text.into() }
    }
}

/// Why a set of edits was not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Two edits touch the same stretch.
    Overlap,
    /// An edit lies outside the text or splits a character.
    OutOfBounds,
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Overlap => "two edits touch the same stretch of text",
            Self::OutOfBounds => "an edit lies outside the text",
        })
    }
}

impl std::error::Error for EditError {}

/// Applies edits that do not overlap; insertions at one place keep their order.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let mut ordered: Vec<&TextEdit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in ordered {
        let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        if start < copied {
            return Err(EditError::Overlap);
        }
        result.push_str(text.get(copied..start).ok_or(EditError::OutOfBounds)?);
        text.get(start..end).ok_or(EditError::OutOfBounds)?;
        result.push_str(&edit.new_text);
        copied = end;
    }
    result.push_str(&text[copied..]);
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> TextEdit {
        TextEdit::replace(TextRange::new(start.into(), end.into()), text)
    }

    #[test]
    fn edits_are_applied_in_the_order_of_the_text() {
        assert_eq!(apply_edits("abcdef", &[edit(4, 5, "X"), edit(1, 2, ""), edit(3, 3, "++")]).unwrap(), "ac++dXf");
    }

    #[test]
    fn edits_that_cannot_be_applied_are_refused() {
        assert_eq!(apply_edits("abc", &[edit(0, 2, ""), edit(1, 3, "")]), Err(EditError::Overlap));
        assert_eq!(apply_edits("abc", &[edit(2, 9, "")]), Err(EditError::OutOfBounds));
        assert_eq!(apply_edits("é", &[edit(1, 1, "x")]), Err(EditError::OutOfBounds));
    }
}
