//! Documents that nobody thought of.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Decisions taken from random bytes; zero when they run out, so that shrinking leads to the simplest document.
pub struct Choice<'a>(pub std::slice::Iter<'a, u8>);

impl Choice<'_> {
    pub fn below(&mut self, count: usize) -> usize {
        let (high, low) = (self.0.next().copied().unwrap_or(0), self.0.next().copied().unwrap_or(0));
        (usize::from(high) * 256 + usize::from(low)) % count
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }
}

/// A document in the making. Children (entries and items) are numbered in the order of the text; every comment names the
/// children it must go with: `# 3/7` belongs to child 7, which stands in child 3.
pub struct Writer<'c, 'b> {
    choice: &'c mut Choice<'b>,
    lines: Vec<String>,
    unit: usize,
    dash_offset: usize,
    children: usize,
    anchors: usize,
    /// Anchors of values that are complete, so that an alias may follow.
    complete: Vec<usize>,
}

impl Writer<'_, '_> {
    /// Writes one.
    pub fn document(choice: &mut Choice<'_>) -> String {
        let unit = [2, 4, 3][choice.below(3)];
        let dash_offset = if choice.chance(2) { 0 } else { unit };
        let mut writer =
            Writer { choice, lines: Vec::new(), unit, dash_offset, children: 0, anchors: 0, complete: Vec::new() };
        if writer.choice.chance(4) {
            writer.lines.push("# top".to_owned());
            if writer.choice.chance(2) {
                writer.lines.push(String::new());
            }
        }
        if writer.choice.chance(4) {
            writer.sequence(0, 0, "", "");
        } else {
            writer.mapping(0, 0, "", "");
        }
        let line_end = ["\n", "\n", "\r\n", "\r"][writer.choice.below(4)];
        let mut text = writer.lines.join(line_end);
        if !writer.choice.chance(3) {
            text.push_str(line_end);
        }
        if writer.choice.chance(8) {
            text.insert(0, '\u{feff}');
        }
        text
    }

    fn comment(&mut self, column: usize, owner: &str) {
        self.lines.push(format!("{:column$}# {owner}", ""));
    }

    /// What stands above a child that has a line of its own.
    fn above(&mut self, column: usize, parent: &str, own: &str) {
        if self.choice.chance(6) {
            self.lines.push(String::new());
        }
        if self.lines.is_empty() || self.lines.last().is_some_and(|line| line == "# top") {
            return;
        }
        if self.choice.chance(8) {
            self.comment(column, parent);
            self.lines.push(String::new());
        }
        if self.choice.chance(5) {
            self.comment(column, own);
        }
    }

    fn below(&mut self, column: usize, own: &str) {
        if self.choice.chance(10) {
            self.comment(column + 1, own);
        }
    }

    fn own(&mut self, parent: &str) -> String {
        self.children += 1;
        format!("{parent}/{}", self.children)
    }

    fn mapping(&mut self, column: usize, depth: usize, head: &str, parent: &str) {
        for index in 0..=self.choice.below(4) {
            let own = self.own(parent);
            let prefix = if index == 0 && !head.is_empty() {
                head.to_owned()
            } else {
                self.above(column, parent, &own);
                " ".repeat(column)
            };
            let key = ["k", "'q", "\"d", "日", "a b", "x-y"][self.choice.below(6)];
            let close = key.chars().next().filter(|first| "'\"".contains(*first)).map_or(String::new(), String::from);
            let key = format!("{prefix}{key}{}{close}:", self.children);
            let first = self.lines.len();
            self.value(&key, column, self.dash_offset, depth, &own);
            // Behind items in the column of the key, the comment would be the last item's.
            let dash = format!("{:column$}-", "");
            if !self.lines[first..].iter().any(|line| line.starts_with(&dash)) {
                self.below(column, &own);
            }
        }
    }

    fn sequence(&mut self, column: usize, depth: usize, head: &str, parent: &str) {
        for index in 0..=self.choice.below(3) {
            let own = self.own(parent);
            let prefix = if index == 0 && !head.is_empty() {
                head.to_owned()
            } else {
                self.above(column, parent, &own);
                " ".repeat(column)
            };
            if depth < 4 && self.choice.chance(3) {
                let gap = 1 + self.choice.below(3);
                let head = format!("{prefix}-{}", " ".repeat(gap));
                if self.choice.chance(3) {
                    self.sequence(column + 1 + gap, depth + 1, &head, &own);
                } else {
                    self.mapping(column + 1 + gap, depth + 1, &head, &own);
                }
            } else {
                self.value(&format!("{prefix}-"), column, self.unit, depth, &own);
            }
            self.below(column, &own);
        }
    }

    fn value(&mut self, head: &str, column: usize, dash_offset: usize, depth: usize, own: &str) {
        let tail = if self.choice.chance(6) { format!(" # {own}") } else { String::new() };
        let with_properties = match self.choice.below(40) {
            0 | 1 if !self.complete.is_empty() => {
                let anchor = self.complete[self.choice.below(self.complete.len())];
                return self.lines.push(format!("{head} *a{anchor}{tail}"));
            }
            2 | 3 => {
                self.anchors += 1;
                format!("{head} &a{}", self.anchors)
            }
            4 => format!("{head} !Sub"),
            _ => head.to_owned(),
        };
        let anchor = self.anchors;
        let has_anchor = with_properties.ends_with(&format!(" &a{anchor}"));
        self.bare_value(&with_properties, column, dash_offset, depth, own, &tail);
        if has_anchor {
            self.complete.push(anchor);
        }
    }

    fn bare_value(&mut self, head: &str, column: usize, dash_offset: usize, depth: usize, own: &str, tail: &str) {
        let indent = " ".repeat(column + self.unit);
        match self.choice.below(if depth < 4 { 16 } else { 12 }) {
            0 => self.lines.push(format!("{head}{tail}")),
            1 => self.lines.push(format!("{head} plain text{tail}")),
            2 => self.lines.push(format!("{head} 1.50{tail}")),
            3 => self.lines.push(format!("{head} 'it''s'{tail}")),
            4 => self.lines.push(format!("{head} \"\\u00e9 # no\"{tail}")),
            5 => {
                let header = ["|", ">", "|-", "|+", ">+", "|2-"][self.choice.below(if self.unit == 2 { 6 } else { 5 })];
                self.lines.push(format!("{head} {header}{tail}"));
                self.lines.push(format!("{indent}text # no"));
                if self.choice.chance(2) {
                    self.lines.extend([String::new(), format!("{indent}  - more")]);
                }
                if self.choice.chance(3) {
                    self.lines.push(String::new());
                }
                if self.choice.chance(6) {
                    self.lines.push(format!("{indent} "));
                }
            }
            6 => {
                self.lines.push(format!("{head} two"));
                self.lines.push(format!("{indent}lines{tail}"));
            }
            7 => {
                self.lines.push(format!("{head} 'two"));
                self.lines.push(String::new());
                self.lines.push(format!("{indent}lines'{tail}"));
            }
            8 | 9 => {
                let flow = self.flow(depth);
                self.lines.push(format!("{head} {flow}{tail}"));
            }
            10 => self.flow_lines(head, column, tail, own),
            11 => self.lines.push(format!("{head} ~{tail}")),
            12 => {
                self.lines.push(format!("{head}{tail}"));
                self.sequence(column + dash_offset, depth + 1, "", own);
            }
            _ => {
                self.lines.push(format!("{head}{tail}"));
                self.mapping(column + self.unit, depth + 1, "", own);
            }
        }
    }

    fn flow(&mut self, depth: usize) -> String {
        let count = self.choice.below(4);
        let is_map = self.choice.chance(2);
        let mut children = Vec::new();
        for index in 0..count {
            self.children += 1;
            let form = if is_map { self.choice.below(4) } else { 4 };
            if form == 0 {
                children.push(format!("k{index}"));
                continue;
            }
            let value = match self.choice.below(if depth < 4 { 6 } else { 5 }) {
                0 => "x".to_owned(),
                1 => "2".to_owned(),
                2 => "'a, b'".to_owned(),
                3 => "\"c\"".to_owned(),
                4 => "~".to_owned(),
                _ => self.flow(depth + 1),
            };
            children.push(match form {
                1 => format!("\"k{index}\":{value}"),
                2 | 3 => format!("k{index}: {value}"),
                _ => value,
            });
        }
        let space = if self.choice.chance(3) { " " } else { "" };
        let comma = if count > 0 && self.choice.chance(5) { "," } else { "" };
        let inside = format!("{space}{}{comma}{space}", children.join(", "));
        if is_map { format!("{{{inside}}}") } else { format!("[{inside}]") }
    }

    fn flow_lines(&mut self, head: &str, column: usize, tail: &str, own: &str) {
        let indent = column + self.unit;
        self.lines.push(format!("{head} ["));
        let count = 1 + self.choice.below(3);
        let trailing = self.choice.chance(2);
        for index in 0..count {
            let item = self.own(own);
            if self.choice.chance(4) {
                self.comment(indent, own);
            }
            let comma = if index + 1 < count || trailing { "," } else { "" };
            let comment = if self.choice.chance(3) { format!(" # {item}") } else { String::new() };
            self.lines.push(format!("{:indent$}v{index}{comma}{comment}", ""));
        }
        self.lines.push(format!("{:1$}]{tail}", "", column + 1));
    }
}

/// Random bytes, which tell nobody anything and so are not printed.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

pub fn bytes(count: std::ops::Range<usize>) -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), count).prop_map(Bytes)
}

/// The same documents every time, unless `PROPTEST_CASES` asks for a number of new ones.
pub fn config(cases: u32) -> ProptestConfig {
    let fixed = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() },
    };
    ProptestConfig { failure_persistence: None, max_shrink_iters: 20_000, ..fixed }
}
