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
