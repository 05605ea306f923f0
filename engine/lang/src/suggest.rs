//! "Did you mean …?"

/// No longer word is taken for a misspelt one.
const LONGEST: usize = 64;

/// The candidate that is nearest to a word, when one is near enough to be meant: at most two letters changed, left out,
/// added or swapped, fewer in short words, and no other candidate just as near. Case alone costs nothing.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = match word.chars().take(6).count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    match *all_nearest(word, candidates, limit) {
        [candidate] => Some(candidate),
        _ => None,
    }
}

/// The candidate that is nearest to a word and at most so many letters away; of several the one that begins most like the
/// word, and of those the first. Case alone costs nothing.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>, limit: usize) -> Option<&'c str> {
    let alike = |candidate: &str| {
        let letters = word.bytes().zip(candidate.bytes());
        letters.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
    };
    all_nearest(word, candidates, limit).into_iter().rev().max_by_key(|candidate| alike(candidate))
}

/// The candidates that are nearest, all just as near, in their order.
fn all_nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>, mut limit: usize) -> Vec<&'c str> {
    let length = word.chars().count();
    let mut nearest = Vec::new();
    if length > LONGEST {
        return nearest;
    }
    let folded = word.to_lowercase();
    for candidate in candidates {
        // Comparing takes time in proportion to both lengths, and most candidates are no match by their length alone.
        if candidate.len() > 4 * LONGEST || candidate.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate.to_lowercase());
        if distance > limit || candidate == word {
            continue;
        }
        if distance < limit {
            limit = distance;
            nearest.clear();
        }
        nearest.push(candidate);
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::{closest, nearest};

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["environment", "routing", "src", "compute", "dev", "min", "max"];
        for (word, expected) in [
            ("enviroment", Some("environment")),
            ("Environment", Some("environment")),
            ("rotuing", Some("routing")),
            ("scr", Some("src")),
            ("SRC", Some("src")),
            ("service", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
        assert_eq!(nearest("mix", ["min", "max"]), None, "two candidates are just as near");
        assert_eq!(nearest("abc", [&*"abcd".repeat(1_000_000)]), None);
    }

    #[test]
    fn of_several_the_one_that_begins_alike_is_closest() {
        for (word, limit, expected) in [
            ("GetItm", 2, Some("GetItem")),
            ("PutItm", 2, Some("PutItem")),
            ("FutItem", 1, Some("PutItem")),
            ("PutItemized", 2, None),
            ("", 2, None),
        ] {
            assert_eq!(closest(word, ["GetItem", "PutItem", "PutItems"], limit), expected, "{word}");
        }
        assert_eq!(closest("mix", ["min", "max"], 1), Some("min"));
    }
}
