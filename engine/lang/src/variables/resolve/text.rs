//! Values as parts of a text.

use super::{Evaluator, Known, MAX_DEPTH, NodeRef, Outcome, Spot};
use crate::config::number_text;
use crate::variables::finding::FindingKind;
use crate::yaml::NodeKind;

impl Evaluator<'_> {
    /// Puts a value at the end of a text as the original tool does it; `None` when the value is unknown or cannot stand in
    /// a text, which is reported at `spot`.
    pub(super) fn append(&mut self, mut text: String, value: &Known, spot: &Spot) -> Option<String> {
        match value {
            Known::Missing | Known::Unknown => return None,
            Known::Null => {
                self.find(FindingKind::NullInText, spot.clone(), None);
                return None;
            }
            Known::Collection(at) => {
                let document = self.document(at.document);
                let is_list = matches!(document.tree().node(at.node).kind, NodeKind::Sequence { .. })
                    && document.tree().function(at.node).is_none();
                let kind = if is_list { FindingKind::ListInText } else { FindingKind::MapInText };
                self.find(kind, spot.clone(), None);
                if !is_list {
                    return None;
                }
            }
            Known::Json(_) => self.find(FindingKind::ListInText, spot.clone(), None),
            Known::Bool(_) | Known::Number(_) | Known::Text(_) => {}
        }
        self.push(&mut text, value, spot, 0).then_some(text)
    }

    /// Appends a value, lists with their items joined by commas; false when a part is unknown.
    fn push(&mut self, text: &mut String, value: &Known, spot: &Spot, depth: usize) -> bool {
        let before = text.len();
        match value {
            // An empty item of a list leaves nothing between its commas.
            Known::Null => {}
            Known::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Known::Number(number) => text.push_str(&number_text(*number)),
            Known::Text(value) => text.push_str(value),
            Known::Json(value) => match push_json(text, value) {
                Some(()) => {}
                None => return false,
            },
            Known::Collection(at) => {
                let document = self.document(at.document);
                let NodeKind::Sequence { items, .. } = &document.tree().node(at.node).kind else { return false };
                if depth == MAX_DEPTH || !self.budget.spend(items.len(), 0, spot.node) {
                    return false;
                }
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        text.push(',');
                    }
                    let Outcome { value, .. } = self.node(NodeRef { node: *item, ..*at }, Some(spot));
                    if !self.push(text, &value, spot, depth + 1) {
                        return false;
                    }
                }
                return true;
            }
            Known::Missing | Known::Unknown => return false,
        }
        self.budget.spend(0, text.len() - before, spot.node)
    }
}

fn push_json(text: &mut String, value: &serde_json::Value) -> Option<()> {
    match value {
        serde_json::Value::Null => {}
        serde_json::Value::Bool(value) => text.push_str(&value.to_string()),
        serde_json::Value::Number(number) => text.push_str(&number_text(number.as_f64()?)),
        serde_json::Value::String(value) if value.contains("${") => return None,
        serde_json::Value::String(value) => text.push_str(value),
        serde_json::Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                push_json(text, item)?;
            }
        }
        serde_json::Value::Object(_) => return None,
    }
    Some(())
}
