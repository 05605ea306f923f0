//! Layout: texts before and after; and for any text, that it says the same afterwards and stays as it is from then on.

#[path = "support/documents.rs"]
mod documents;

use std::fs;
use std::path::Path;

use documents::{Choice, Writer, bytes, config};
use proptest::prelude::*;
use slipway_lang::config::build;
use slipway_lang::ide::{FormatOptions, format, format_on_type};
use slipway_lang::inputs::Inputs;
use slipway_lang::text::{TextRange, TextSize, apply_edits};
use slipway_lang::yaml::Document;

const OPTIONS: FormatOptions =
    FormatOptions { indent: 2, trim_trailing_whitespace: true, insert_final_newline: true, trim_final_newlines: true };

fn formatted_with(text: &str, options: &FormatOptions, range: Option<TextRange>) -> String {
    let document = Document::new(text);
    let edits = format(&document, options, range);
    for edit in &edits {
        let old = document.source().slice(edit.range);
        let is_line_wise = !old.contains(['\n', '\r']) || old.trim().is_empty();
        assert!(is_line_wise && edit.new_text.trim().is_empty() && old != edit.new_text, "{edit:?} of {old:?}");
    }
    apply_edits(text, &edits).unwrap()
}

fn formatted(text: &str) -> String {
    formatted_with(text, &OPTIONS, None)
}

#[track_caller]
fn assert_formats(table: &[(&str, &str)]) {
    for (before, after) in table {
        assert_eq!(formatted(before), *after, "\n{before}");
        assert_eq!(formatted(after), *after, "again\n{after}");
    }
}

/// Texts that are laid out already.
#[track_caller]
fn assert_stays(texts: &[&str]) {
    for text in texts {
        assert_eq!(formatted(text), *text);
    }
}

#[test]
fn lines_are_indented_alike() {
    assert_formats(&[
        ("a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"),
        ("a:\n b: 1\nc:\n   d: 1\n", "a:\n  b: 1\nc:\n  d: 1\n"),
        ("  a: 1\n  b: 2\n", "a: 1\nb: 2\n"),
        ("a:\n    - b: 1\n      c:\n          d: 1\n    - e\n", "a:\n  - b: 1\n    c:\n      d: 1\n  - e\n"),
        ("a:\n    -   b: 1\n        c: 2\n    -   - d\n        -   e\n", "a:\n  - b: 1\n    c: 2\n  - - d\n    - e\n"),
        ("-\n    a: 1\n    b: 2\n", "-\n  a: 1\n  b: 2\n"),
        ("-   !Sub\n    a: 1\n-\n    -   # c\n\n        d\n    -\n", "- !Sub\n  a: 1\n-\n  -   # c\n\n      d\n  -\n"),
        ("a:\n    &x\n    b: 1\nc: *x\n", "a:\n    &x\n  b: 1\nc: *x\n"),
    ]);
    // Dashes stay as the document has them.
    assert_formats(&[
        ("a:\n- b:\n    - c\n- d:\n  - e\nf:\n- g\n", "a:\n- b:\n  - c\n- d:\n  - e\nf:\n- g\n"),
        ("a:\n    - b\nc:\n    - d\ne:\n- f\n", "a:\n  - b\nc:\n  - d\ne:\n  - f\n"),
    ]);
    let four = FormatOptions { indent: 4, ..OPTIONS };
    assert_eq!(
        formatted_with("a:\n  b:\n  - c: 1\n    d: |\n      e\n", &four, None),
        "a:\n    b:\n    - c: 1\n      d: |\n          e\n"
    );
    assert_eq!(formatted_with("a:\n  b:\n    - c\n", &four, None), "a:\n    b:\n        - c\n");
    assert_eq!(formatted_with("a:\n  b: 1\n", &FormatOptions { indent: 0, ..OPTIONS }, None), "a:\n b: 1\n");
    assert_eq!(
        formatted_with("a:\n  b: 1\n", &FormatOptions { indent: u32::MAX, ..OPTIONS }, None),
        format!("a:\n{:16}b: 1\n", "")
    );
}

#[test]
fn texts_of_several_lines_stay_as_they_are_in_themselves() {
    assert_formats(&[
        (
            "a:\n    b: |\n            x\n              y  \n\n            z\n    c: 1\n",
            "a:\n  b: |\n    x\n      y  \n\n    z\n  c: 1\n",
        ),
        ("a:\n    - |-\n        x\n         y\n    - >\n      z\n", "a:\n  - |-\n    x\n     y\n  - >\n    z\n"),
        ("a:\n    b: |2\n        x\n      y\n", "a:\n  b: |2\n      x\n    y\n"),
        (
            "a:\n    b: |+\n        x\n\n\n    c: |\n        y\n\n\n    d: 1\n",
            "a:\n  b: |+\n    x\n\n\n  c: |\n    y\n\n  d: 1\n",
        ),
        ("a:\n    b: 'x  \n\n\n         y'\n    c: 1\n", "a:\n  b: 'x  \n\n\n       y'\n  c: 1\n"),
        ("a:\n    b: x\n       y\n    c: \"x\\\n        y\"\n", "a:\n  b: x\n     y\n  c: \"x\\\n      y\"\n"),
        ("a:\n    b: [x,\n        y,\n      ]\n    c: 1\n", "a:\n  b: [x,\n      y,\n    ]\n  c: 1\n"),
        ("a: |\n  x\n   \n# c\nb: |\n  y\n # d\nc: 1\n", "a: |\n  x\n   \n# c\nb: |\n  y\n # d\nc: 1\n"),
    ]);
}

#[test]
fn blanks_are_those_that_are_needed() {
    assert_formats(&[
        ("a:   1\nb : 2\n\"c\"  :   3\nd:\t4\n", "a: 1\nb: 2\n\"c\": 3\nd: 4\n"),
        ("-   1\n-   [a]\n", "- 1\n- [a]\n"),
        ("a:   |\n  x\nb:  &c   d\ne:   *c\n", "a: |\n  x\nb: &c   d\ne: *c\n"),
        ("a: [ 1,2 ,  3 ]\nb: {c : 1,\"d\":2 ,  e:   3}\n", "a: [ 1, 2, 3 ]\nb: {c: 1, \"d\": 2, e: 3}\n"),
        (
            "a: {b: 1}\nc: {d: 1}\ne: { f: 1 }\ng: [h]\ni: [ j]\nk: [l ]\n",
            "a: {b: 1}\nc: {d: 1}\ne: {f: 1}\ng: [h]\ni: [j]\nk: [l]\n",
        ),
        ("a: { b: 1 }\nc: { d: [ ], e: { } }\ng: {f: 1}\n", "a: { b: 1 }\nc: { d: [], e: {} }\ng: { f: 1 }\n"),
        ("a: {\n  b: 1 ,c: 2 }\n", "a: {\n  b: 1, c: 2}\n"),
        ("{\"a\":1,\"b\":[true,null]}\n", "{\"a\": 1, \"b\": [true, null]}\n"),
        ("a: 1  \t\nb:  \n  c: 1 \n", "a: 1\nb:\n  c: 1\n"),
    ]);
    assert_stays(&[
        "a: {b, c: , d: ~}\n",
        "a: &x 1\nb: [*x , *x ]\nc: {*x : 1}\n",
        "a: 'b  c'\nd: \"e  :  f\"\ng: h  i\n",
    ]);
}

#[test]
fn comments_go_with_what_they_are_about() {
    assert_formats(&[
        (
            "# top\na:\n    # b\n    b: 1\n    # end of a\n# c\nc: 1\n",
            "# top\na:\n  # b\n  b: 1\n  # end of a\n# c\nc: 1\n",
        ),
        (
            "a:\n    - b:\n            c: 1\n            # c\n      # b\n    # a\n",
            "a:\n  - b:\n      c: 1\n      # c\n    # b\n  # a\n",
        ),
        ("a: 'b'# c\nd: \"e\"#f\n", "a: 'b' # c\nd: \"e\" #f\n"),
        ("a: [ # b\n    c,\n    # d\n    e]\n", "a: [ # b\n    c,\n    # d\n    e]\n"),
        ("a:   1 # b\n", "a: 1 # b\n"),
        ("a: 1   # b   \n", "a: 1   # b\n"),
    ]);
    // What stands below each other does so afterwards.
    assert_formats(&[
        ("a:     1   # x\nbc:    22  # y\nd: 3\n", "a: 1    # x\nbc: 22  # y\nd: 3\n"),
        ("a:\n    b: 漢字   # x\n    ccc: 1   # y\n", "a:\n  b: 漢字   # x\n  ccc: 1   # y\n"),
        ("a:\n    b:       # x\n        c: 1 # y\n", "a:\n  b:     # x\n    c: 1 # y\n"),
    ]);
    assert_stays(&["a: 1      # x\nbcd: 234  # y\n", "a: 1  # x\nb:  # y\n  c: 1\n"]);
}

#[test]
fn blank_lines_come_one_by_one_and_the_text_ends_with_a_line_end() {
    assert_formats(&[
        ("a: 1\n\n\n\nb: 2\n\n  \nc: 3\n", "a: 1\n\nb: 2\n\nc: 3\n"),
        ("a: 1", "a: 1\n"),
        ("a: 1\n\n\n", "a: 1\n"),
        ("a: 1\n  ", "a: 1\n"),
        ("a: 1\r\n\r\n\r\nb:   2", "a: 1\r\n\r\nb: 2\r\n"),
        ("a: 1\r\r\r\rb:   2\r\r", "a: 1\r\rb: 2\r"),
        ("# a\n\n\n# b", "# a\n\n# b\n"),
        ("\u{feff}a:   1\n", "\u{feff}a: 1\n"),
        ("a: |-\n  b", "a: |-\n  b\n"),
    ]);
    let keeps = FormatOptions {
        trim_trailing_whitespace: false,
        insert_final_newline: false,
        trim_final_newlines: false,
        ..OPTIONS
    };
    for text in ["a: 1  \nb: 2", "a: 1\n\n\n", "a: 1\n  \nb: 2\n"] {
        assert_eq!(formatted_with(text, &keeps, None), text);
    }
    assert_stays(&["", "\n", "a: |+\n  b\n\n\n", "a: |\n  b"]);
}

#[test]
fn what_is_not_understood_stays_as_it_is() {
    assert_stays(&[
        "a:    [1\nb:   2\n",
        "a:   1\n   b:   2\n c: 3\n",
        "? a\n:   b\n",
        "a:   'b\n",
        "---\na:   1\n---\nb:   2\n",
        "<<<<<<< a\nb:   1\n=======\n",
    ]);
    assert_formats(&[("---\na:   1\n", "---\na: 1\n"), ("a:   1\na:   2\n", "a: 1\na: 2\n")]);
}

#[test]
fn a_part_is_laid_out_alone() {
    let text = "a:\n    b:   1\n    c:\n          d:   1\n          e:   2\n    f:   3\n";
    let lines = |first: u32, last: u32| {
        let source = Document::new(text);
        let range = |line| source.source().line_range(line).unwrap();
        formatted_with(text, &OPTIONS, Some(TextRange::new(range(first).start(), range(last).end())))
    };
    assert_eq!(lines(1, 1), text.replace("b:   1", "b: 1"));
    // A block moves as a whole or not at all, and below what does not move.
    assert_eq!(lines(3, 4), "a:\n    b:   1\n    c:\n      d: 1\n      e: 2\n    f:   3\n");
    assert_eq!(lines(3, 3), text.replace("d:   1", "d: 1"));
    assert_eq!(lines(0, 6), formatted(text));
    assert_eq!(
        formatted_with("- a:   1\n  b: 2\n", &OPTIONS, Some(TextRange::up_to(TextSize::new(3)))),
        "- a: 1\n  b: 2\n"
    );
    assert_eq!(
        formatted_with("-   a:   1\n    b: 2\n", &OPTIONS, Some(TextRange::up_to(TextSize::new(3)))),
        "-   a: 1\n    b: 2\n"
    );
}

/// The text after the line end that was typed at `|`, with the cursor at its end.
fn typed(marked: &str, options: &FormatOptions) -> String {
    let at = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let edits = format_on_type(&Document::new(&*text), TextSize::new(at as u32), '\n', options);
    assert!(edits.iter().all(|edit| edit.new_text.trim().is_empty()), "{edits:?}");
    let cursor = edits.last().map_or(at, |edit| usize::from(edit.range.start()) + edit.new_text.len());
    let mut after = apply_edits(&text, &edits).unwrap();
    after.insert(cursor, '|');
    after
}

#[test]
fn a_new_line_is_indented_as_what_is_above_asks_for() {
    let table = [
        ("a:\n|", "a:\n  |"),
        ("a: # x\n|\n", "a: # x\n  |\n"),
        ("a:\n    |\nb: 1\n", "a:\n  |\nb: 1\n"),
        ("a:\n  b:\n|\n  c: 1\n", "a:\n  b:\n    |\n  c: 1\n"),
        ("a:\n|\n    b: 1\n", "a:\n    |\n    b: 1\n"),
        ("a:\n|\n- b\n", "a:\n|\n- b\n"),
        ("a: &x\n|", "a: &x\n  |"),
        ("a:\n  b: 1\n|", "a:\n  b: 1\n  |"),
        ("a:\n  - b: 1\n|", "a:\n  - b: 1\n    |"),
        ("a:\n  - b:\n|", "a:\n  - b:\n      |"),
        ("a:\n  - b\n|", "a:\n  - b\n  |"),
        ("a:\n  -\n|", "a:\n  -\n    |"),
        ("a:\n  - - b\n|", "a:\n  - - b\n    |"),
        ("a: [\n|\n", "a: [\n  |\n"),
        ("a: [\n    b,\n|\n  ]\n", "a: [\n    b,\n    |\n  ]\n"),
        ("a: 'b\n   |\n  c'\n", "a: 'b\n   |\n  c'\n"),
        ("  # a\n|", "  # a\n  |"),
        ("a: 1\n\n  |", "a: 1\n\n  |"),
        ("a:\n|b: 1\n", "a:\n|b: 1\n"),
        ("|a", "|a"),
    ];
    for (before, after) in table {
        assert_eq!(typed(before, &OPTIONS), after, "{before:?}");
    }
    assert_eq!(typed("a:\n|", &FormatOptions { indent: 4, ..OPTIONS }), "a:\n    |");
    assert_eq!(format_on_type(&Document::new("a:\nb"), TextSize::new(3), ':', &OPTIONS), []);
}

#[test]
fn a_block_scalar_goes_on_in_its_column() {
    for (text, line, indent) in [
        ("a:\n  b: |\n\n", 2, 4),
        ("a:\n  b: >-\n\n  c: 1\n", 2, 4),
        ("a:\n  - |\n\n", 2, 4),
        ("a: |\n   b\n\n", 2, 3),
        ("a: |\n   b\n     c\n\n", 3, 5),
        ("a: |\n\n   b\n", 1, 3),
    ] {
        let document = Document::new(text);
        let at = document.source().line_range(line).unwrap().start();
        let edits = format_on_type(&document, at, '\n', &OPTIONS);
        assert_eq!(edits.iter().map(|edit| edit.new_text.len()).collect::<Vec<_>>(), [indent], "{text:?}");
    }
}

/// What a document means, in JSON.
fn meaning(text: &str) -> Option<String> {
    let document = Document::new(text);
    let config = build(&document, &Inputs::default());
    config.root().map(|root| {
        format!("{:?}", config.values().map(|value| (value.path(), value.data().clone())).collect::<Vec<_>>())
            + &root.path()
    })
}

fn comments(text: &str) -> Vec<String> {
    let document = Document::new(text);
    document.tree().comments().iter().map(|range| document.source().slice(*range).trim_end().to_owned()).collect()
}

fn assert_sound(text: &str, options: &FormatOptions) -> Result<(), TestCaseError> {
    let after = formatted_with(text, options, None);
    prop_assert_eq!(meaning(text), meaning(&after), "{}\n=>\n{}\n{:?}", text, after, text);
    prop_assert_eq!(comments(text), comments(&after), "{}\n=>\n{}", text, after);
    let again = formatted_with(&after, options, None);
    prop_assert_eq!(&again, &after, "{:?}\n=>\n{}\n=>\n{}", text, after, again);
    Ok(())
}

#[test]
fn the_corpus_says_the_same_afterwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders =
        ["tests/fixtures/corpus/valid", "tests/fixtures/corpus/invalid", "examples/acmeinc", "examples/acmeinc-broken"];
    let paths =
        folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap()).map(|entry| entry.unwrap().path());
    let mut changed = 0;
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "yml")) {
        let text = fs::read_to_string(&path).unwrap();
        for text in [text.clone(), text.replace('\n', "\r\n"), text.replace("name: ", "name:   ").replace("  ", "    ")]
        {
            for indent in [1, 2, 3, 4, 8] {
                assert_sound(&text, &FormatOptions { indent, ..OPTIONS }).unwrap();
            }
            changed += usize::from(formatted(&text) != text);
        }
        // The project's own files are laid out already.
        let is_clean = Document::new(&*text).tree().problems().is_empty();
        if is_clean && path.display().to_string().contains("examples") {
            assert_eq!(formatted(&text), text, "{}", path.display());
        }
    }
    assert!(changed > 60, "{changed}");
}

/// A document with blanks and blank lines put into it.
fn messy() -> impl Strategy<Value = String> {
    let mess = (any::<prop::sample::Index>(), 0..8_usize);
    (bytes(0..400), prop::collection::vec(mess, 0..12)).prop_map(|(bytes, mess)| {
        let mut text = Writer::document(&mut Choice(bytes.0.iter()));
        for (place, kind) in mess {
            let with = [" ", "  ", "   ", "\n", "\n\n", "\t", "  # é", " : "][kind];
            // Where blanks are already, they do the least harm.
            let places: Vec<usize> =
                text.match_indices([' ', '\n', ',', ':']).map(|(at, _)| at).chain([text.len()]).collect();
            let at = places[place.index(places.len())];
            text.insert_str(at, with);
        }
        text
    })
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn any_document_says_the_same_afterwards(bytes in bytes(0..400), indent in 0..6_u32) {
        let text = Writer::document(&mut Choice(bytes.0.iter()));
        assert_sound(&text, &FormatOptions { indent, ..OPTIONS })?;
    }

    #[test]
    fn any_messy_document_says_the_same_afterwards(text in messy(), indent in 1..5_u32) {
        assert_sound(&text, &FormatOptions { indent, ..OPTIONS })?;
    }

    #[test]
    fn any_part_says_the_same_afterwards(text in messy(), start in any::<prop::sample::Index>(), length in 0..200_usize) {
        let start = text.floor_char_boundary(start.index(text.len() + 1));
        let end = text.floor_char_boundary((start + length).min(text.len()));
        let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
        let after = formatted_with(&text, &OPTIONS, Some(range));
        prop_assert_eq!(meaning(&text), meaning(&after), "{}\n=>\n{}", text, after);
    }
}
