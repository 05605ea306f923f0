//! Comments that silence findings: `# slipway-ignore: SCF117`, with several codes separated by commas.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::yaml::Document;

const MARK: &str = "slipway-ignore:";

/// Takes out the findings that a comment silences. A comment behind something on its line is about that line, a comment
/// alone on its line is about the next one.
pub(crate) fn apply(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let silenced = silenced(document);
    if silenced.is_empty() {
        return;
    }
    diagnostics.retain(|diagnostic| {
        let line = document.source().line_of(diagnostic.range.start());
        !silenced.get(&line).is_some_and(|codes| codes.contains(&diagnostic.rule.code))
    });
}

/// The codes that are silenced on each line.
fn silenced(document: &Document) -> HashMap<u32, Vec<&str>> {
    let source = document.source();
    let mut silenced: HashMap<u32, Vec<&str>> = HashMap::new();
    for comment in document.tree().comments() {
        let text = source.slice(*comment).trim_start_matches('#').trim_start();
        let Some(list) = text.strip_prefix(MARK) else { continue };
        let line = source.line_of(comment.start());
        let is_alone = source
            .line_range(line)
            .and_then(|range| source.text().get(usize::from(range.start())..usize::from(comment.start())))
            .is_some_and(|before| before.trim().is_empty());
        silenced.entry(line + u32::from(is_alone)).or_default().extend(codes(list));
    }
    silenced
}

/// The codes at the start of a list; words behind them may give the reason.
fn codes(list: &str) -> impl Iterator<Item = &str> {
    let words = list.split([',', ' ', '\t']).filter(|word| !word.is_empty());
    words.take_while(|word| word.starts_with("SCF"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze;
    use crate::inputs::Inputs;

    fn codes_of(text: &str) -> Vec<&'static str> {
        let analysis = analyze(&Document::new(text), &Inputs::default());
        analysis.diagnostics.iter().map(|diagnostic| diagnostic.rule.code).filter(|code| *code <= "SCF020").collect()
    }

    const REST: &str = "\nname: shop\ndeployment: {type: aws@1.0}\ncontainers: {}\n";

    #[test]
    fn a_comment_silences_what_stands_beside_or_below_it() {
        for (text, expected) in [
            ("org: acme", &["SCF014", "SCF015"][..]),
            ("org: acme # slipway-ignore: SCF014", &["SCF015"]),
            ("# slipway-ignore: SCF014\norg: acme", &["SCF015"]),
            ("# slipway-ignore: SCF013,SCF014 since the old tool runs too\norg: acme", &["SCF015"]),
            ("#slipway-ignore:SCF014\r\norg: acme", &["SCF015"]),
            ("# slipway-ignore: SCF013\norg: acme", &["SCF014", "SCF015"]),
            ("# slipway-ignore: because of SCF014\norg: acme", &["SCF014", "SCF015"]),
            ("# slipway-ignore SCF014\norg: acme", &["SCF014", "SCF015"]),
            ("# slipway-ignore: SCF014\n\norg: acme", &["SCF014", "SCF015"]),
            ("stages: {} # slipway-ignore: SCF014\norg: acme", &["SCF014", "SCF015"]),
            ("frameworkVersion: '# slipway-ignore: SCF013'", &["SCF013", "SCF015"]),
        ] {
            let found = codes_of(&format!("{text}{REST}"));
            assert_eq!(found, expected, "{text}");
        }
    }
}
