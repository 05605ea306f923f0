//! How much of a broken text stays in the tree.

use std::collections::HashSet;

use super::EXAMPLES;
use crate::yaml::Document;

/// While a line is being typed, whatever is missing of it, all other keys stay where they are.
#[test]
fn half_typed_lines_keep_all_others() {
    let mut score = Score::default();
    for (name, text) in EXAMPLES {
        let sound = keys(&Document::new(text));
        let mut start = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches('\n');
            for cut in content.char_indices().map(|(at, _)| at) {
                let broken = format!("{}{}", &text[..start + cut], &text[start + content.len()..]);
                score.add(name, &sound, &broken, &[number]);
            }
            start += line.len();
        }
    }
    score.hold(0.999, 0.999);
}

#[test]
fn a_fault_keeps_all_other_lines() {
    let mut score = Score::default();
    for (name, text) in EXAMPLES {
        let sound = keys(&Document::new(text));
        for number in 0..text.lines().count() {
            for (kind, fault) in FAULTS {
                if let Some(broken) = with_faults(text, &[(number, fault)]) {
                    score.add(&format!("{name}, {kind}"), &sound, &broken, &[number]);
                }
            }
        }
    }
    score.hold(0.999, 0.997);
}

#[test]
fn two_faults_keep_all_other_lines() {
    let mut score = Score::default();
    // Any two lines, in an order that repeats itself late.
    let mut state = 1_u32;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % limit
    };
    for (name, text) in EXAMPLES {
        let sound = keys(&Document::new(text));
        let lines = text.lines().count();
        for _ in 0..250 {
            let (one, other) = (below(lines), below(lines));
            let faults = [(one, FAULTS[below(FAULTS.len())].1), (other, FAULTS[below(FAULTS.len())].1)];
            if one == other {
                continue;
            }
            if let Some(broken) = with_faults(text, &faults) {
                score.add(name, &sound, &broken, &[one, other]);
            }
        }
    }
    score.hold(0.99, 0.99);
}

/// Makes a fault in a line, unless the line has nothing that it could concern.
type Fault = fn(&str) -> Option<String>;

const FAULTS: [(&str, Fault); 13] = [
    ("a tab", |line| Some(format!("\t{line}"))),
    ("a space more", |line| Some(format!(" {line}"))),
    ("a space less", |line| line.strip_prefix(' ').map(str::to_owned)),
    ("no colon", |line| replace_colon(line, " ")),
    ("no space", |line| replace_colon(line, ":")),
    ("an at sign", |line| replace_colon(line, ": @")),
    ("a quote", |line| replace_colon(line, ": \"")),
    ("an apostrophe", |line| replace_colon(line, ": '")),
    ("a bracket", |line| replace_colon(line, ": [")),
    ("a second colon", |line| replace_colon(line, ": a: ")),
    ("an alias", |line| line.split_once(": ").map(|(key, _)| format!("{key}: *none"))),
    ("a bracket too many", |line| Some(format!("{line} }}"))),
    ("half a key", |line| Some(format!("{}word", &line[..line.len() - line.trim_start().len()]))),
];

fn replace_colon(line: &str, with: &str) -> Option<String> {
    line.split_once(": ").map(|(key, value)| format!("{key}{with}{value}"))
}

fn with_faults(text: &str, faults: &[(usize, Fault)]) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (number, fault) in faults {
        lines[*number] = fault(&lines[*number])?;
    }
    Some(lines.join("\n") + "\n")
}

/// The keys of a document: the line of each, and its name behind the names of the keys around it.
fn keys(document: &Document) -> Vec<(usize, Vec<String>)> {
    let tree = document.tree();
    let mut paths: Vec<Vec<String>> = vec![Vec::new(); tree.nodes().count()];
    let mut found = Vec::new();
    for (id, node) in tree.nodes() {
        let around = node.parent.map(|parent| paths[parent.0 as usize].clone()).unwrap_or_default();
        let path = &mut paths[id.0 as usize];
        *path = around;
        if let Some(entry) = tree.entry_of(id).filter(|entry| entry.value == id) {
            path.push(tree.scalar_text(entry.key).unwrap_or_default().to_owned());
            let line = document.source().line_of(tree.node(entry.key).range.start());
            found.push((line as usize, path.clone()));
        }
    }
    found
}

/// How many keys are left.
#[derive(Default)]
struct Score {
    wanted: usize,
    /// Somewhere, on their line.
    named: usize,
    /// Where they belong.
    placed: usize,
    /// Some of the texts that lost keys.
    lossy: Vec<String>,
}

impl Score {
    /// Counts the keys of a sound text that are left in a broken one. The keys of the lines that were touched do not count, and
    /// keys below those need not keep their place.
    fn add(&mut self, name: &str, sound: &[(usize, Vec<String>)], broken: &str, touched: &[usize]) {
        let left = keys(&Document::new(broken));
        let named: HashSet<(usize, &str)> =
            left.iter().map(|(line, path)| (*line, path.last().unwrap().as_str())).collect();
        let placed: HashSet<(usize, &[String])> = left.iter().map(|(line, path)| (*line, path.as_slice())).collect();
        let gone: HashSet<&[String]> =
            sound.iter().filter(|(line, _)| touched.contains(line)).map(|(_, path)| path.as_slice()).collect();
        let before = self.wanted - self.placed;
        for (line, path) in sound.iter().filter(|(line, _)| !touched.contains(line)) {
            self.wanted += 1;
            if named.contains(&(*line, path.last().unwrap().as_str())) {
                self.named += 1;
                let is_below = (1..path.len()).any(|length| gone.contains(&path[..length]));
                self.placed += usize::from(is_below || placed.contains(&(*line, path.as_slice())));
            }
        }
        if self.wanted - self.placed > before && self.lossy.len() < 10 {
            let lines: Vec<&str> = touched.iter().filter_map(|line| broken.lines().nth(*line)).collect();
            self.lossy.push(format!("{name}: {lines:?}"));
        }
    }

    /// Demands a share of the keys to be left, and a share to be left where they belong.
    fn hold(&self, named: f64, placed: f64) {
        let share = |part: usize| part as f64 / self.wanted as f64;
        let (all_named, all_placed) = (share(self.named), share(self.placed));
        assert!(
            all_named >= named && all_placed >= placed,
            "of {} keys {all_named:.5} are left, {all_placed:.5} where they belong; lost for example in {:#?}",
            self.wanted,
            self.lossy
        );
    }
}
