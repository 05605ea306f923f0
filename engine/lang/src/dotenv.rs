//! `.env` files, read as the Node package reads them for which people have written them: a line that makes no sense is
//! skipped, nothing is expanded.

use std::collections::BTreeMap;

use crate::text::{TextRange, TextSize, unify_line_ends};

/// The files of a stage, in the order in which they count.
pub fn file_names(stage: &str) -> [String; 2] {
    [format!(".env.{stage}"), ".env".to_owned()]
}

/// A variable that a file sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Where the name stands in the text.
    pub range: TextRange,
    /// Its value.
    pub value: String,
}

/// Names and values. Of a name that stands twice, the last one counts.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    settings(text).into_iter().map(|setting| (setting.name, setting.value)).collect()
}

/// What a text sets, line by line.
pub fn settings(text: &str) -> Vec<Setting> {
    // Byte for byte the same length, so that places stay.
    let unified = unify_line_ends(text);
    let text = unified.as_deref().unwrap_or(text);
    let mut settings = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let Some((name, value, after)) = assignment(rest) else {
            rest = rest.split_once('\n').map_or("", |(_, next)| next);
            continue;
        };
        let start = TextSize::new((name.as_ptr() as usize - text.as_ptr() as usize) as u32);
        settings.push(Setting { name: name.to_owned(), range: TextRange::at(start, TextSize::of(name)), value });
        rest = after;
    }
    settings
}

/// `NAME=value`, `export NAME=value` or `NAME: value` at the start of `text`, and what follows its line.
fn assignment(text: &str) -> Option<(&str, String, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let text = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(text);
    let text = text.trim_start_matches([' ', '\t']);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')))?;
    let (name, rest) = text.split_at(end);
    let value = rest.trim_start_matches([' ', '\t']);
    let value = match value.strip_prefix('=') {
        Some(value) => value,
        None => rest.strip_prefix(':').filter(|value| value.starts_with([' ', '\t']))?,
    };
    let value = value.trim_start_matches([' ', '\t']);
    if name.is_empty() {
        return None;
    }
    let (value, after) = quoted(value).unwrap_or_else(|| plain(value));
    Some((name, value, after))
}

/// A value in quotes, which may span lines, when nothing but a comment follows it on its line.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let mut escaped = false;
    let end = text.char_indices().skip(1).find_map(|(at, character)| {
        let closes = character == quote && !escaped;
        escaped = character == '\\' && !escaped;
        closes.then_some(at)
    })?;
    let (line, after) = text[end + 1..].split_once('\n').unwrap_or((&text[end + 1..], ""));
    let line = line.trim_start();
    if !line.is_empty() && !line.starts_with('#') {
        return None;
    }
    let value = text[1..end].replace("\r\n", "\n");
    let value = if quote == '"' { value.replace("\\n", "\n").replace("\\r", "\r") } else { value };
    Some((value, after))
}

/// A value without quotes: up to a comment or the end of the line.
fn plain(text: &str) -> (String, &str) {
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    (line.split('#').next().unwrap_or_default().trim().to_owned(), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_written() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("", &[]),
            ("A=1", &[("A", "1")]),
            ("A = 1 \nB=\n", &[("A", "1"), ("B", "")]),
            ("A=1 # one", &[("A", "1")]),
            ("# A=1\n\n  B=2", &[("B", "2")]),
            ("export A=1\r\nexportB=2", &[("A", "1"), ("exportB", "2")]),
            ("A: 1\nB:2", &[("A", "1")]),
            ("A='x # y' # z", &[("A", "x # y")]),
            ("A=\"two\\nlines\"\nB='two\\nlines'", &[("A", "two\nlines"), ("B", "two\\nlines")]),
            ("A=\"two\nlines\"\nB=`it's`", &[("A", "two\nlines"), ("B", "it's")]),
            ("A=\"a \\\" b\"", &[("A", "a \\\" b")]),
            ("A='open\nB=2", &[("A", "'open"), ("B", "2")]),
            ("A=$B ${C}", &[("A", "$B ${C}")]),
            ("no sense\n=1\nA=1\nA=2\n", &[("A", "2")]),
            ("A.b-C=é", &[("A.b-C", "é")]),
            ("\u{feff}A=1", &[("A", "1")]),
            (
                "A=\"two\r\nlines\"\r\nB='x' \r\nC=\r\nD=1\rE=2",
                &[("A", "two\nlines"), ("B", "x"), ("C", ""), ("D", "1"), ("E", "2")],
            ),
        ];
        for (text, expected) in cases {
            let values = parse(text);
            let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(values, *expected, "{text:?}");
        }
    }

    #[test]
    fn names_know_their_place() {
        let text = "\u{feff}A=1\r\n export  B='x\r\ny' # c\rÉ=1\nC: 2\nA=3";
        let settings = settings(text);
        let placed: Vec<_> = settings.iter().map(|setting| (&*setting.name, &text[setting.range])).collect();
        assert_eq!(placed, [("A", "A"), ("B", "B"), ("C", "C"), ("A", "A")]);
        assert_eq!(settings.last().unwrap().range.end(), TextSize::of(text) - TextSize::of("=3"));
    }
}
