//! "Did you mean …?"

/// The candidate that is nearest to a word, when one is near enough to be meant: at most two letters changed, left out,
/// added or swapped, fewer in short words, and no other candidate just as near. Case alone costs nothing.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 64;
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let limit = match length {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    let folded = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        // Comparing takes time in proportion to both lengths, and most candidates are no match by their length alone.
        if candidate.len() > 4 * LONGEST || candidate.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate.to_lowercase());
        if distance > limit || candidate == word {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tied = true,
            _ => (best, tied) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
}
