//! How much of a broken text stays in the tree.

use std::collections::HashSet;

use super::EXAMPLES;
use crate::yaml::Document;

/// The keys of a document with their lines and with the keys around them.
fn keys(document: &Document) -> Vec<(u32, Vec<String>)> {
    let tree = document.tree();
    let mut paths: Vec<Vec<String>> = vec![Vec::new(); tree.nodes().count()];
    let mut found = Vec::new();
    for (id, node) in tree.nodes() {
        let around = node.parent.map(|parent| paths[parent.0 as usize].clone()).unwrap_or_default();
        paths[id.0 as usize] = around;
        let Some(entry) = tree.entry_of(id) else { continue };
        if entry.value == id {
            let key = tree.scalar_text(entry.key).unwrap_or_default().to_owned();
            paths[id.0 as usize].push(key);
            let line = document.source().line_of(tree.node(entry.key).range.start());
            found.push((line, paths[id.0 as usize].clone()));
        }
    }
    found
}

struct Score {
    wanted: usize,
    named: usize,
    placed: usize,
    lossy: Vec<String>,
}

impl Score {
    fn new() -> Self {
        Self { wanted: 0, named: 0, placed: 0, lossy: Vec::new() }
    }

    /// Counts the keys of a sound text that are left in a broken one. The keys of the lines that were touched do not count, and
    /// keys below them need not keep their place.
    fn add(&mut self, name: &str, sound: &[(u32, Vec<String>)], broken: &str, touched: &[u32]) {
        let document = Document::new(broken);
        let left = keys(&document);
        let named: HashSet<(u32, &str)> =
            left.iter().map(|(line, path)| (*line, path.last().unwrap().as_str())).collect();
        let placed: HashSet<(u32, &[String])> = left.iter().map(|(line, path)| (*line, path.as_slice())).collect();
        let gone: HashSet<&[String]> =
            sound.iter().filter(|(line, _)| touched.contains(line)).map(|(_, path)| path.as_slice()).collect();
        for (line, path) in sound.iter().filter(|(line, _)| !touched.contains(line)) {
            self.wanted += 1;
            let is_named = named.contains(&(*line, path.last().unwrap().as_str()));
            let below = (1..path.len()).any(|length| gone.contains(&path[..length]));
            let is_placed = is_named && (below || placed.contains(&(*line, path.as_slice())));
            self.named += usize::from(is_named);
            self.placed += usize::from(is_placed);
            if !is_placed {
                let how = if is_named { "moved" } else { "lost" };
                let problems: Vec<String> = document
                    .tree()
                    .problems()
                    .iter()
                    .map(|problem| {
                        format!(
                            "{}: {:?} {}",
                            document.source().line_of(problem.range.start()) + 1,
                            document.source().slice(problem.range),
                            problem.message
                        )
                    })
                    .collect();
                self.lossy.push(format!(
                    "{name} {touched:?}: {how} {path:?} of line {} // {:?} // {}",
                    line + 1,
                    touched.iter().map(|l| broken.lines().nth(*l as usize).unwrap_or("")).collect::<Vec<_>>(),
                    problems.join(" | ")
                ));
            }
        }
    }
}

/// A text with one line changed, or `None` when the fault does not apply to the line.
type Fault = fn(&str) -> Option<String>;

const FAULTS: [(&str, Fault); 12] = [
    ("tab", |line| Some(format!("\t{line}"))),
    ("one space more", |line| Some(format!(" {line}"))),
    ("one space less", |line| line.strip_prefix(' ').map(str::to_owned)),
    ("half a key below", |line| Some(format!("{line} # and:\n{}rout", indentation(line)))),
    ("no colon", |line| line.contains(": ").then(|| line.replacen(": ", " ", 1))),
    ("no space", |line| line.contains(": ").then(|| line.replacen(": ", ":", 1))),
    ("at sign", |line| line.contains(": ").then(|| line.replacen(": ", ": @", 1))),
    ("quote", |line| line.contains(": ").then(|| line.replacen(": ", ": \"", 1))),
    ("bracket", |line| line.contains(": ").then(|| line.replacen(": ", ": [", 1))),
    ("second colon", |line| line.contains(": ").then(|| line.replacen(": ", ": a: ", 1))),
    ("alias", |line| line.contains(": ").then(|| format!("{}: *none", line.split_once(": ").unwrap().0))),
    ("closing bracket", |line| Some(format!("{line} }}"))),
];

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

#[test]
fn faults() {
    let mut score = Score::new();
    let mut per = std::collections::BTreeMap::new();
    for (name, text) in EXAMPLES {
        let sound = keys(&Document::new(text));
        let lines: Vec<&str> = text.lines().collect();
        for number in 0..lines.len() {
            for (fault, apply) in FAULTS {
                let Some(changed) = apply(lines[number]) else { continue };
                if changed.contains('\n') {
                    continue;
                }
                let broken: Vec<&str> = lines
                    .iter()
                    .enumerate()
                    .map(|(at, line)| if at == number { changed.as_str() } else { line })
                    .collect();
                let before = (score.wanted, score.placed, score.lossy.len());
                score.add(name, &sound, &(broken.join("\n") + "\n"), &[number as u32]);
                for l in &mut score.lossy[before.2..] {
                    l.insert_str(0, &format!("{fault}: "));
                }
                let e = per.entry(fault).or_insert((0, 0));
                e.0 += score.wanted - before.0;
                e.1 += score.placed - before.1;
            }
        }
    }
    for l in &score.lossy {
        println!("@{l}");
    }
    for (f, (w, p)) in per {
        println!("{f} {}", p as f64 / w as f64);
    }
    println!(
        "{} {} {}",
        score.wanted,
        score.named as f64 / score.wanted as f64,
        score.placed as f64 / score.wanted as f64
    );
}

#[test]
fn cutting_a_line_keeps_all_others() {
    let mut score = Score::new();
    for (name, text) in EXAMPLES {
        let sound = keys(&Document::new(text));
        let mut start = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches('\n');
            for cut in content.char_indices().map(|(at, _)| at) {
                let broken = format!("{}{}", &text[..start + cut], &text[start + content.len()..]);
                score.add(name, &sound, &broken, &[number as u32]);
            }
            start += line.len();
        }
    }
    for l in &score.lossy {
        println!("{l}");
    }
    println!(
        "{} {} {}",
        score.wanted,
        score.named as f64 / score.wanted as f64,
        score.placed as f64 / score.wanted as f64
    );
}
