//! The surroundings of an error, small enough to be read hundreds of times.

use super::line::{Line, ladder};
use crate::text::{TextEdit, TextRange, TextSize, apply_edits};
use crate::yaml::outline::Outline;
use crate::yaml::parser::{Extent, extent};

/// How many lines are kept above the first line that may be changed.
const LINES_ABOVE: usize = 8;

/// How many bytes are read beyond the error.
const HORIZON: usize = 8_192;

/// A stretch of a text, below the lines that it belongs to by indentation and an entry that has its anchors. Read on its own,
/// it fails where the text does.
pub(super) struct Window<'a> {
    text: &'a str,
    /// Where the stretch starts.
    start: usize,
    /// The lines that it belongs to, and its anchors.
    head: String,
    /// Nothing is read beyond this offset of the text.
    horizon: usize,
}

impl<'a> Window<'a> {
    /// The window around an error; the whole text if a smaller one does not fail as it does. Changes are expected from `first` on.
    /// `anchors` are those of the text with their places.
    pub(super) fn around<'b>(
        text: &'a str,
        error: usize,
        first: usize,
        outline: &Outline,
        anchors: impl Iterator<Item = (usize, &'b str)>,
    ) -> Self {
        let horizon = error.saturating_add(HORIZON);
        let mut top = Line::at(text, first.min(error));
        for _ in 0..LINES_ABOVE {
            top = top.above().unwrap_or(top);
        }
        // A part of a collection in brackets means nothing.
        if let Some(flow) = outline.flow_around(text, top.range.start) {
            top = Line::at(text, flow);
        }
        let start = top.range.start;
        let heads = ladder(text, start, top.indent()).into_iter().rev();
        let head = heads
            .map(|line| format!("{}\n", &text[line..text[line..].find('\n').map_or(text.len(), |end| line + end)]));
        let anchors: Vec<String> =
            anchors.filter(|(at, _)| *at < start).map(|(_, name)| format!("&{name} 0")).collect();
        let anchors = if anchors.is_empty() { String::new() } else { format!("'': [{}]\n", anchors.join(", ")) };
        let head = anchors + &head.collect::<String>();
        let window = Self { text, start, head, horizon };
        if window.extent(&[]).is_some_and(|extent| extent.error == Some(error)) {
            window
        } else {
            Self { horizon, ..Self::whole(text) }
        }
    }

    /// The text as a whole.
    pub(super) fn whole(text: &'a str) -> Self {
        Self { text, start: 0, head: String::new(), horizon: usize::MAX }
    }

    /// How far the window could be read after some edits of the text. `None` for edits that cannot be made inside it.
    pub(super) fn extent(&self, edits: &[TextEdit]) -> Option<Extent> {
        let shift = TextSize::new(self.start as u32);
        let inside = edits.iter().map(|edit| {
            let range = TextRange::new(edit.range.start().checked_sub(shift)?, edit.range.end().checked_sub(shift)?);
            Some(TextEdit::replace(range, &*edit.new_text))
        });
        let Some(inside) = inside.collect::<Option<Vec<TextEdit>>>() else {
            return Self { horizon: self.horizon, ..Self::whole(self.text) }.extent(edits);
        };
        let head = self.head.len();
        let text = self.head.clone() + &apply_edits(&self.text[self.start..], &inside).ok()?;
        let extent = extent(&text, (self.horizon - self.start).saturating_add(head));
        let error = extent.error.map(|at| self.start + offset_before(&inside, at.saturating_sub(head)));
        Some(Extent { error, ..extent })
    }

    /// How many bytes are read at most for [`Self::extent`].
    pub(super) fn len(&self) -> usize {
        self.head.len() + self.horizon.min(self.text.len()) - self.start
    }
}

/// The offset that a place of an edited text had before the edits.
fn offset_before(edits: &[TextEdit], at: usize) -> usize {
    let mut edits: Vec<&TextEdit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let (mut old, mut new) = (0, 0);
    for edit in edits {
        let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        if at <= new + (start - old) {
            break;
        }
        new += start - old + edit.new_text.len();
        old = end;
        if at < new {
            return start;
        }
    }
    old + (at - new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> TextEdit {
        TextEdit::replace(TextRange::new(start.into(), end.into()), text)
    }

    #[test]
    fn a_window_fails_where_the_text_does() {
        let section =
            |name: &str| format!("  {name}:\n    src: x\n    compute: {{}}\n    routing:\n      pathPattern: /\n");
        let sound: String = ["a", "b", "c", "d", "e", "f"].map(section).concat();
        let text = format!("containers:\n{sound}    rout\n{sound}");
        let error = extent(&text, usize::MAX).error.unwrap();
        let window = Window::around(&text, error, error, &Outline::default(), std::iter::empty());
        assert!(window.start > 0);
        assert!(window.head.starts_with("containers:\n  "), "{:?}", window.head);
        let colon = text.find("rout\n").unwrap() as u32 + 4;
        assert_eq!(window.extent(&[edit(colon, colon, ":")]).unwrap().error, None);
        assert_eq!(window.extent(&[edit(colon, colon, "x")]).unwrap().error, Some(error));
        // An edit above the window is tried on the whole text.
        assert_eq!(window.extent(&[edit(0, 10, "@")]).unwrap().error, Some(0));
    }

    #[test]
    fn a_window_is_the_whole_text_where_a_smaller_one_fails_otherwise() {
        let text = format!("a: &a 1\nb:\n{}  x: *a\n  y: 1\n  z\n", "  k: v\n".repeat(20));
        let error = extent(&text, usize::MAX).error.unwrap();
        assert_eq!(Window::around(&text, error, error, &Outline::default(), std::iter::empty()).start, 0);
        assert!(Window::around(&text, error, error, &Outline::default(), [(3, "a")].into_iter()).start > 0);
    }

    #[test]
    fn offsets_lead_back_behind_edits() {
        let edits = [edit(2, 4, "xyz"), edit(6, 6, "!")];
        let back: Vec<usize> = (0..12).map(|at| offset_before(&edits, at)).collect();
        assert_eq!(back, [0, 1, 2, 2, 2, 4, 5, 6, 6, 7, 8, 9]);
    }
}
