//! "Did you mean": the candidate that a mistyped word was probably meant to be.

/// Longer words are no slips of the finger, and comparing them costs time.
const LONGEST: usize = 64;

/// The candidate nearest to `word`, the first of several that are equally near: one that differs in case alone, or in at
/// most two inserted, dropped, changed or swapped characters; in one, if the word is short. `None` for a candidate itself.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = match length {
        0..=1 => 0,
        2..=4 => 1,
        5..=LONGEST => 2,
        _ => return None,
    };
    let folded = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == word {
            return None;
        }
        // A byte is at least a quarter of a character, so that most candidates need not be counted through.
        let far = candidate.len() > (length + allowed) * 4 || candidate.chars().count().abs_diff(length) > allowed;
        if far {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate.to_lowercase());
        if distance <= allowed && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let candidates = ["env", "self", "param", "pathPattern", "a", "cf", "memory"];
        for (word, expected) in [
            ("enw", Some("env")),
            ("slef", Some("self")),
            ("Self", Some("self")),
            ("SELF", Some("self")),
            ("pathPatern", Some("pathPattern")),
            ("pathpatterns", Some("pathPattern")),
            ("memmory", Some("memory")),
            ("A", Some("a")),
            ("b", None),
            ("", None),
            ("ccc", None),
            ("xyz", None),
            ("option", None),
            ("env", None),
            ("prm", None),
            ("parma", Some("param")),
        ] {
            assert_eq!(nearest(word, candidates), expected, "{word}");
        }
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(nearest("values", ["valuesss", "value", "valued"]), Some("value"));
        assert_eq!(nearest("valuex", ["valuea", "valueb"]), Some("valuea"));
    }

    #[test]
    fn very_long_words_are_not_compared() {
        let long = "x".repeat(100_000);
        assert_eq!(nearest(&long, [format!("{long}y").as_str()]), None);
        assert_eq!(nearest("xx", [long.as_str()]), None);
    }
}
