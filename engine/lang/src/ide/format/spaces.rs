use super::Plan;
use crate::fix::layout::{Flow, Slot};
use crate::text::{TextRange, TextSize};
use crate::yaml::{CollectionStyle, NodeId, NodeKind};

impl Plan<'_> {
    /// Decides how many blanks stand around colons, dashes, commas and brackets.
    pub(super) fn set_spaces(&mut self) {
        let padding = self.padding();
        for (id, node) in self.layout.tree.nodes() {
            match &node.kind {
                NodeKind::Mapping { style, .. } | NodeKind::Sequence { style, .. } => match style {
                    CollectionStyle::Block => self.around_heads(id),
                    CollectionStyle::Flow => drop(self.inside_brackets(id, &padding)),
                },
                NodeKind::Scalar(_) | NodeKind::Alias { .. } => {}
            }
        }
        for line in &mut self.lines {
            line.gaps.sort_by_key(|(range, _)| range.start());
        }
    }

    fn around_heads(&mut self, collection: NodeId) {
        for index in 0..self.layout.len(collection) {
            if let Some(slot) = self.layout.slot_at(collection, index) {
                self.around_head(&slot);
            }
        }
    }

    fn around_head(&mut self, slot: &Slot) {
        let layout = self.layout;
        if slot.key.is_some() {
            return self.around_colon(slot);
        }
        let Some(head) = layout.head(slot) else { return };
        let dash = head + TextSize::new(1);
        // A collection in the line of the dash has its own column; behind an anchor or a tag it starts on the next line.
        let value = layout.node(slot.value);
        let is_bare = value.anchor.is_none() && value.tag.is_none();
        let width = match (self.columns.get(&slot.parent), self.columns.get(&slot.value)) {
            (Some(own), Some(inner)) if is_bare => inner.new.saturating_sub(own.new + 1),
            _ => 1,
        };
        if !value.range.is_empty() || layout.is_block(slot.value) {
            self.set_gap_to(dash, layout.start(slot.value), width);
        }
    }

    fn around_colon(&mut self, slot: &Slot) {
        let layout = self.layout;
        let Some((key, colon)) = slot.key.zip(layout.colon(slot)) else { return };
        // Behind an alias, the colon would become part of its name.
        if matches!(layout.node(key).kind, NodeKind::Scalar(_)) {
            self.set_gap_to(layout.node(key).range.end(), colon - TextSize::new(1), 0);
        }
        if !layout.node(slot.value).range.is_empty() {
            self.set_gap_to(colon, layout.start(slot.value), 1);
        }
    }

    /// Nothing is done unless all commas are found.
    fn inside_brackets(&mut self, collection: NodeId, padding: &Padding) -> Option<()> {
        let layout = self.layout;
        let inside = layout.brackets(collection)?;
        let slots: Vec<Slot> =
            (0..layout.len(collection)).map(|index| layout.slot_at(collection, index)).collect::<Option<_>>()?;
        let items: Vec<Flow> = slots.iter().map(|slot| layout.flow(slot)).collect::<Option<_>>()?;
        let width = padding.of(&layout.node(collection).kind);
        let (Some(first), Some(last)) = (items.first(), items.last()) else {
            self.set_gap_to(inside.start(), inside.end(), 0);
            return Some(());
        };
        self.set_gap_to(inside.start(), first.range.start(), width);
        let last_end = last.comma.unwrap_or(last.range.end());
        if last.comma.is_some() || is_closed(self, slots.last()?) {
            self.set_gap_to(last_end, inside.end(), width);
        }
        for (slot, item) in slots.iter().zip(&items) {
            self.around_colon(slot);
            if let Some(comma) = item.comma.filter(|_| is_closed(self, slot)) {
                self.set_gap_to(item.range.end(), comma - TextSize::new(1), 0);
            }
        }
        for pair in items.windows(2) {
            self.set_gap_to(pair[0].comma?, pair[1].range.start(), 1);
        }
        Some(())
    }

    /// Sets the blanks from one place to another one behind it on the same line.
    fn set_gap_to(&mut self, start: TextSize, end: TextSize, width: usize) {
        let is_one_line = start <= end && self.layout.source.line_of(start) == self.layout.source.line_of(end);
        if is_one_line {
            self.set_gap(TextRange::new(start, end), width);
        }
    }

    /// What the document does more often.
    fn padding(&self) -> Padding {
        let mut counts = [[0_usize; 2]; 2];
        for (id, node) in self.layout.tree.nodes() {
            let Some(inside) = self.layout.brackets(id).filter(|_| self.layout.len(id) > 0) else { continue };
            let text = self.layout.source.slice(inside);
            let is_mapping = matches!(node.kind, NodeKind::Mapping { .. });
            if !text.trim_start_matches([' ', '\t']).starts_with(['\n', '\r', '#']) {
                counts[usize::from(is_mapping)][usize::from(text.starts_with([' ', '\t']))] += 1;
            }
        }
        let [list, map] = counts.map(|[without, with]| usize::from(with > without));
        Padding { list, map }
    }
}

/// Blanks behind an opening bracket and before a closing one.
struct Padding {
    list: usize,
    map: usize,
}

impl Padding {
    fn of(&self, kind: &NodeKind) -> usize {
        if matches!(kind, NodeKind::Mapping { .. }) { self.map } else { self.list }
    }
}

/// Whether what follows an entry or item can touch it: not nothing, and not an alias.
fn is_closed(plan: &Plan<'_>, slot: &Slot) -> bool {
    let value = plan.layout.node(slot.value);
    !value.range.is_empty() && !matches!(value.kind, NodeKind::Alias { .. })
}
