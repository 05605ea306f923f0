//! Patterns take the texts that they are defined to take, whatever they hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_lang::iam::glob::{Pattern, covers, matches, overlaps};

/// The definition, by a table: which beginnings of the pattern take which beginnings of the text.
fn by_definition(pattern: &[char], text: &[char]) -> bool {
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for piece in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match piece {
                '*' => row[at] || at > 0 && next[at - 1],
                '?' => at > 0 && row[at - 1],
                letter => at > 0 && row[at - 1] && *letter == text[at - 1],
            };
        }
        row = next;
    }
    row[text.len()]
}

fuzz_target!(|texts: (String, String)| {
    let (pattern, text) = texts;
    let chars = |text: &str| text.chars().collect::<Vec<char>>();
    let expected = by_definition(&chars(&pattern), &chars(&text));
    assert_eq!(matches(&pattern, &text), expected);
    assert_eq!(Pattern::new(&pattern).matches(&text), expected);
    assert_eq!(overlaps(&pattern, &text), overlaps(&text, &pattern));
    assert!(covers(&pattern, &pattern));
    if covers(&pattern, &text) && !text.contains(['*', '?']) {
        assert!(expected);
    }
});
