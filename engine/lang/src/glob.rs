//! The one way in which texts are held against patterns with stars, whoever's patterns they are.

/// Whether a text is taken by a pattern in which `is_star` says what stands for any run, and `accepts` what a piece of the
/// pattern takes of the text.
///
/// Goes from the left and, on a mismatch, lets the last star take one piece more: an earlier star never has to give way, so
/// there is one way back and no recursion. Nothing is prepared, as whole lists of names are tried at once.
pub(crate) fn matches<T: Copy>(
    mut pattern: impl Iterator<Item = T> + Clone,
    mut text: impl Iterator<Item = T> + Clone,
    is_star: impl Fn(T) -> bool,
    accepts: impl Fn(T, T) -> bool,
) -> bool {
    // What follows the last star, and the text behind what that star has taken.
    let mut star = None;
    loop {
        let (mut rest_of_pattern, mut rest_of_text) = (pattern.clone(), text.clone());
        match (rest_of_pattern.next(), rest_of_text.next()) {
            (None, None) => return true,
            (Some(piece), _) if is_star(piece) => {
                star = Some((rest_of_pattern.clone(), text.clone()));
                pattern = rest_of_pattern;
            }
            (Some(piece), Some(other)) if accepts(piece, other) => (pattern, text) = (rest_of_pattern, rest_of_text),
            _ => {
                let Some((behind, taken)) = &mut star else { return false };
                if taken.next().is_none() {
                    return false;
                }
                (pattern, text) = (behind.clone(), taken.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::matches;

    /// How often a letter of the pattern is held against one of the text.
    fn comparisons(pattern: &str, text: &str) -> usize {
        let count = Cell::new(0);
        let accepts = |piece: u8, other: u8| {
            count.set(count.get() + 1);
            piece == other
        };
        matches(pattern.bytes(), text.bytes(), |piece| piece == b'*', accepts);
        count.get()
    }

    #[test]
    fn two_hundred_stars_stay_linear() {
        let pattern = "*a".repeat(200);
        for (text, end) in [("a", ""), ("a", "b"), ("ab", ""), ("b", "")] {
            let count = |length: usize| comparisons(&pattern, &format!("{}{end}", text.repeat(length)));
            let (short, long) = (count(2_000), count(20_000));
            assert!(long <= 11 * short.max(2_000), "{text}{end}: {short} and {long}");
            assert!(long <= 2 * 20_000 * text.len(), "{text}{end}: {long}");
        }
    }
}
