//! Patterns of IAM: `*` stands for any text, also none, and `?` for one character.
//!
//! Every question is answered in time that grows with the product of both lengths, whatever the patterns hold.

use crate::glob;

/// A pattern, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// This character.
    Letter(char),
    /// One character.
    One,
    /// Any text, also none.
    Any,
    /// Text that is not known here: never empty, and not a wildcard. Two of the same name stand for the same text.
    Unknown(String),
    /// The name of something: not empty, and without `/` where that is said.
    Name { without_slash: bool },
}

/// Which characters a piece of a pattern takes.
#[derive(Clone, Copy)]
enum Class {
    Letter(char),
    Every,
    NoSlash,
}

/// A piece as an automaton takes it: what it consumes, and whether it may be passed or repeated.
#[derive(Clone, Copy)]
struct Step {
    class: Class,
    repeats: bool,
}

impl Pattern {
    /// Reads a pattern in which case counts: a resource, a value.
    pub fn new(text: &str) -> Self {
        let mut pattern = Self { tokens: Vec::with_capacity(text.len()) };
        pattern.push_text(text);
        pattern
    }

    /// Reads a pattern in which case does not count: an action.
    pub fn ignoring_case(text: &str) -> Self {
        Self::new(&text.to_ascii_lowercase())
    }

    /// The pattern of the empty text, to be added to.
    pub fn empty() -> Self {
        Self { tokens: Vec::new() }
    }

    /// Adds text with wildcards in it.
    pub fn push_text(&mut self, text: &str) {
        for character in text.chars() {
            self.push(match character {
                '*' => Token::Any,
                '?' => Token::One,
                letter => Token::Letter(letter),
            });
        }
    }

    /// Adds characters that stand for themselves, wildcards included.
    pub fn push_literal(&mut self, text: &str) {
        self.tokens.extend(text.chars().map(Token::Letter));
    }

    /// Adds text that is not known here, such as a variable; the same name stands for the same text.
    pub fn push_unknown(&mut self, name: &str) {
        self.push(Token::Unknown(name.to_owned()));
    }

    /// Adds the name of something, as a placeholder of a format stands for it.
    pub fn push_name(&mut self, without_slash: bool) {
        self.push(Token::Name { without_slash });
    }

    /// Whether it is a wildcard and nothing else.
    pub fn is_star(&self) -> bool {
        self.tokens == [Token::Any]
    }

    /// Whether it takes more than one text.
    pub fn has_wildcard(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Any | Token::One))
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Whether it begins with a wildcard.
    pub fn starts_with_wildcard(&self) -> bool {
        matches!(self.tokens.first(), Some(Token::Any | Token::One))
    }

    /// Whether a text is taken.
    pub fn matches(&self, text: &str) -> bool {
        let mut letters = Self::empty();
        letters.push_literal(text);
        self.overlaps(&letters)
    }

    /// Whether there is a text that both take.
    pub fn overlaps(&self, other: &Self) -> bool {
        overlap(&self.steps(), &other.steps())
    }

    /// Whether every text that `other` takes is taken, as far as that can be told piece by piece.
    pub fn covers(&self, other: &Self) -> bool {
        let (p, q) = (&self.tokens, &other.tokens);
        // `reach[j]`: the pieces of `p` so far can stand for the first `j` of `q`.
        let mut reach = vec![false; q.len() + 1];
        reach[0] = true;
        for token in p {
            if *token == Token::Any {
                let mut reached = false;
                for at in &mut reach {
                    reached |= *at;
                    *at = reached;
                }
                continue;
            }
            for at in (0..q.len()).rev() {
                reach[at + 1] = reach[at] && takes(token, &q[at]);
            }
            reach[0] = false;
        }
        reach[q.len()]
    }

    /// Keeps `?` before `*` in a row of wildcards, and one `*` only: then equal patterns look equal.
    fn push(&mut self, token: Token) {
        match token {
            Token::Any if self.tokens.last() == Some(&Token::Any) => {}
            Token::One if self.tokens.last() == Some(&Token::Any) => {
                self.tokens.insert(self.tokens.len() - 1, Token::One);
            }
            token => self.tokens.push(token),
        }
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            let (class, least_one, repeats) = match token {
                Token::Letter(letter) => (Class::Letter(*letter), true, false),
                Token::One => (Class::Every, true, false),
                Token::Any => (Class::Every, false, true),
                Token::Unknown(_) | Token::Name { without_slash: false } => (Class::Every, true, true),
                Token::Name { without_slash: true } => (Class::NoSlash, true, true),
            };
            if least_one {
                steps.push(Step { class, repeats: false });
            }
            if repeats {
                steps.push(Step { class, repeats: true });
            }
        }
        steps
    }
}

/// Whether a piece, other than `*`, stands for everything that another piece stands for.
fn takes(token: &Token, other: &Token) -> bool {
    match (token, other) {
        (Token::One, Token::Letter(_) | Token::One) => true,
        (token, other) => token == other,
    }
}

/// Walks both automata at once, along the rows of one of them.
fn overlap(a: &[Step], b: &[Step]) -> bool {
    let mut row = vec![false; b.len() + 1];
    row[0] = true;
    for i in 0..=a.len() {
        let mut next = vec![false; b.len() + 1];
        for j in 0..=b.len() {
            if !row[j] {
                continue;
            }
            let (left, right) = (a.get(i), b.get(j));
            // What may be absent is passed.
            if right.is_some_and(|right| right.repeats) {
                row[j + 1] = true;
            }
            if left.is_some_and(|left| left.repeats) {
                next[j] = true;
            }
            let (Some(left), Some(right)) = (left, right) else { continue };
            if !meet(left.class, right.class) {
                continue;
            }
            match (left.repeats, right.repeats) {
                (false, false) => next[j + 1] = true,
                (true, false) => row[j + 1] = true,
                (false, true) => next[j] = true,
                (true, true) => {}
            }
        }
        if i == a.len() {
            return row[b.len()];
        }
        row = next;
    }
    false
}

fn meet(a: Class, b: Class) -> bool {
    match (a, b) {
        (Class::Letter(a), Class::Letter(b)) => a == b,
        (Class::Letter(letter), Class::NoSlash) | (Class::NoSlash, Class::Letter(letter)) => letter != '/',
        (Class::Every | Class::NoSlash, _) | (_, Class::Every) => true,
    }
}

/// Whether a pattern takes a text.
pub fn matches(pattern: &str, text: &str) -> bool {
    takes_text(pattern, text, |letter, other| letter == other)
}

/// The same where case does not count.
pub fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    takes_text(pattern, text, |letter, other| letter.eq_ignore_ascii_case(&other))
}

fn takes_text(pattern: &str, text: &str, same: impl Fn(char, char) -> bool) -> bool {
    let accepts = |piece, other| piece == '?' || same(piece, other);
    glob::matches(pattern.chars(), text.chars(), |piece| piece == '*', accepts)
}

/// Whether there is a text that both patterns take.
pub fn overlaps(a: &str, b: &str) -> bool {
    Pattern::new(a).overlaps(&Pattern::new(b))
}

/// Whether every text that `q` takes is taken by `p`, as far as that can be told piece by piece.
pub fn covers(p: &str, q: &str) -> bool {
    Pattern::new(p).covers(&Pattern::new(q))
}

/// The same where case does not count.
pub fn covers_ignoring_case(p: &str, q: &str) -> bool {
    Pattern::ignoring_case(p).covers(&Pattern::ignoring_case(q))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, letter by letter; takes exponential time.
    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some(b'*'), _) => naive(&pattern[1..], text) || !text.is_empty() && naive(pattern, &text[1..]),
            (Some(b'?'), Some(_)) => naive(&pattern[1..], &text[1..]),
            (Some(a), Some(b)) => a == b && naive(&pattern[1..], &text[1..]),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// The definition once more, by a table, for patterns of any length: which beginnings take which beginnings.
    fn by_table(pattern: &str, text: &str) -> bool {
        let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
        let mut table = vec![vec![false; text.len() + 1]; pattern.len() + 1];
        table[0][0] = true;
        for i in 1..=pattern.len() {
            for j in 0..=text.len() {
                table[i][j] = match pattern[i - 1] {
                    '*' => table[i - 1][j] || j > 0 && table[i][j - 1],
                    '?' => j > 0 && table[i - 1][j - 1],
                    letter => j > 0 && table[i - 1][j - 1] && letter.eq_ignore_ascii_case(&text[j - 1]),
                };
            }
        }
        table[pattern.len()][text.len()]
    }

    /// Every text of at most `length` letters out of two.
    fn texts(length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..length {
            last = last.iter().flat_map(|text| [format!("{text}a"), format!("{text}b")]).collect();
            all.extend(last.clone());
        }
        all
    }

    proptest! {
        #[test]
        fn matching_is_as_defined(pattern in "[ab*?]{0,6}", text in "[ab]{0,7}") {
            prop_assert_eq!(matches(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn long_patterns_match_as_defined(pattern in "[aBé:*?]{0,60}", text in "[aAbé:]{0,120}") {
            let expected = by_table(&pattern, &text);
            prop_assert_eq!(matches_ignoring_case(&pattern, &text), expected);
            // The pattern itself with something in the place of its wildcards is always taken.
            let own = pattern.replace('*', "ab:").replace('?', "é");
            prop_assert!(matches(&pattern, &own));
            prop_assert!(Pattern::new(&pattern).matches(&own));
        }

        #[test]
        fn overlap_is_a_common_text(a in "[ab*?]{0,4}", b in "[ab*?]{0,4}") {
            // Two patterns with a text in common have a common one that is no longer than both together.
            let takes = |pattern: &str, text: &str| naive(pattern.as_bytes(), text.as_bytes());
            let common = texts(8).iter().any(|text| takes(&a, text) && takes(&b, text));
            prop_assert_eq!(overlaps(&a, &b), common);
            prop_assert_eq!(overlaps(&b, &a), common);
        }

        #[test]
        fn what_is_covered_is_taken(p in "[ab*?]{0,4}", q in "[ab*?]{0,4}", text in "[ab]{0,6}") {
            if covers(&p, &q) && matches(&q, &text) {
                prop_assert!(matches(&p, &text));
            }
        }

        #[test]
        fn cover_is_reflexive_and_transitive(p in "[ab*?]{0,4}", q in "[ab*?]{0,4}", r in "[ab*?]{0,4}") {
            prop_assert!(covers(&p, &p));
            if covers(&p, &q) && covers(&q, &r) {
                prop_assert!(covers(&p, &r));
            }
        }

        #[test]
        fn without_wildcards_cover_is_matching(p in "[ab*?]{0,5}", q in "[ab]{0,6}") {
            prop_assert_eq!(covers(&p, &q), matches(&p, &q));
        }
    }

    #[test]
    fn case_counts_only_where_it_is_said() {
        assert!(!matches("s3:Get*", "s3:getobject"));
        assert!(matches_ignoring_case("S3:Get*", "s3:getObject"));
        assert!(covers_ignoring_case("s3:*", "S3:Get*"));
        assert!(matches("?", "é"));
    }

    #[test]
    fn unknown_text_is_neither_empty_nor_a_wildcard() {
        let with = |before: &str, after: &str| {
            let mut pattern = Pattern::new(before);
            pattern.push_unknown("x");
            pattern.push_text(after);
            pattern
        };
        assert!(with("a/", "").overlaps(&Pattern::new("a/b")));
        assert!(!with("a/", "").overlaps(&Pattern::new("a/")));
        assert!(Pattern::new("a/*").covers(&with("a/", "")));
        assert!(!Pattern::new("a/?").covers(&with("a/", "")));
        assert!(!with("a/", "").covers(&Pattern::new("a/b")));
        assert!(with("a/", "").covers(&with("a/", "")));
        assert!(!with("", "").has_wildcard());
    }

    #[test]
    fn names_may_exclude_slashes() {
        let mut bucket = Pattern::empty();
        bucket.push_name(true);
        assert!(bucket.overlaps(&Pattern::new("reports")) && bucket.overlaps(&Pattern::new("re*s")));
        assert!(!bucket.overlaps(&Pattern::new("reports/*")) && !bucket.overlaps(&Pattern::empty()));
    }

    #[test]
    fn hostile_patterns_come_to_an_end() {
        let stars = "*a".repeat(2000);
        let text = "a".repeat(1999);
        assert!(!matches(&stars, &text));
        assert!(!overlaps(&stars, &"*b".repeat(2000)));
        assert!(overlaps(&stars, &"b*".repeat(2000)));
        assert!(covers(&stars, &stars));
        assert!(matches(&"*".repeat(2000), &text));
    }
}
