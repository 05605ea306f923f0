//! What services take as a name.

use std::ops::RangeInclusive;

/// A set of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Letters, digits and `-`, with a letter or digit at both ends.
    Hyphens,
    /// Letters, digits, `_` and `-`.
    Words,
    /// Lower-case letters and digits, in parts joined by one `.`, `_` or `-` each.
    LowerCaseParts,
    /// Letters, digits and `.-_/#`.
    LogGroup,
    /// Letters, digits and `_+=,.@-`.
    Iam,
    /// Letters, digits and `.-_`.
    Events,
    /// Letters, digits and `.-_/`.
    Parameter,
    /// Letters, digits and `_-`, and not `sg-` at the start.
    SecurityGroup,
    /// Letters, digits and `_.-`, with a letter or digit at the start.
    Docker,
    /// Every text.
    Any,
}

/// Why a service refuses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It has fewer characters than this.
    TooShort {
        /// The fewest characters.
        min: usize,
    },
    /// It has more characters than the service takes.
    TooLong {
        /// How many it has.
        length: usize,
        /// The most characters.
        max: usize,
    },
    /// This character is not allowed.
    Character(char),
    /// This character may not stand at the start or at the end.
    AtEnd(char),
    /// These two characters may not stand side by side.
    Neighbours(char, char),
    /// It may not begin with this.
    Prefix(&'static str),
}

/// What a service has against a name.
pub fn fault(name: &str, length: RangeInclusive<usize>, alphabet: Alphabet) -> Option<NameFault> {
    let count = name.chars().count();
    if count < *length.start() {
        return Some(NameFault::TooShort { min: *length.start() });
    }
    if let Some(character) = name.chars().find(|character| !alphabet.has(*character)) {
        return Some(NameFault::Character(character));
    }
    alphabet
        .misplaced(name)
        .or((count > *length.end()).then_some(NameFault::TooLong { length: count, max: *length.end() }))
}

impl Alphabet {
    /// Whether a character is allowed somewhere in a name.
    pub fn has(self, character: char) -> bool {
        let others = match self {
            Self::Hyphens => "-",
            Self::Words | Self::SecurityGroup => "_-",
            Self::LowerCaseParts | Self::Events | Self::Docker => "._-",
            Self::LogGroup => "._-/#",
            Self::Iam => "_+=,.@-",
            Self::Parameter => "._-/",
            Self::Any => return true,
        };
        let is_word = match self {
            Self::LowerCaseParts => character.is_ascii_lowercase() || character.is_ascii_digit(),
            _ => character.is_ascii_alphanumeric(),
        };
        is_word || others.contains(character)
    }

    /// What stands where it may not, in a name whose characters are all allowed.
    fn misplaced(self, name: &str) -> Option<NameFault> {
        let word = |character: char| character.is_ascii_alphanumeric();
        let first = || name.chars().next().filter(|character| !word(*character)).map(NameFault::AtEnd);
        let last = || name.chars().next_back().filter(|character| !word(*character)).map(NameFault::AtEnd);
        match self {
            Self::Hyphens => first().or_else(last),
            Self::LowerCaseParts => {
                let pairs = || name.chars().zip(name.chars().skip(1));
                let neighbours = pairs().find(|(left, right)| !word(*left) && !word(*right));
                first().or_else(last).or(neighbours.map(|(left, right)| NameFault::Neighbours(left, right)))
            }
            Self::Docker => first(),
            Self::SecurityGroup => name.starts_with("sg-").then_some(NameFault::Prefix("sg-")),
            Self::Words | Self::LogGroup | Self::Iam | Self::Events | Self::Parameter | Self::Any => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_against_their_alphabet() {
        use NameFault::{AtEnd, Character, Neighbours, Prefix, TooLong, TooShort};
        for (name, alphabet, expected) in [
            ("alb-a", Alphabet::Hyphens, None),
            ("ALB-1", Alphabet::Hyphens, None),
            ("a--b", Alphabet::Hyphens, None),
            ("", Alphabet::Hyphens, Some(TooShort { min: 1 })),
            ("-a", Alphabet::Hyphens, Some(AtEnd('-'))),
            ("a-", Alphabet::Hyphens, Some(AtEnd('-'))),
            ("a_b", Alphabet::Hyphens, Some(Character('_'))),
            ("abcdefghijk", Alphabet::Hyphens, Some(TooLong { length: 11, max: 10 })),
            ("a_b-C", Alphabet::Words, None),
            ("-a-", Alphabet::Words, None),
            ("a.b", Alphabet::Words, Some(Character('.'))),
            ("é", Alphabet::Words, Some(Character('é'))),
            ("a.b_c-d", Alphabet::LowerCaseParts, None),
            ("A", Alphabet::LowerCaseParts, Some(Character('A'))),
            ("a--b", Alphabet::LowerCaseParts, Some(Neighbours('-', '-'))),
            ("a-_b", Alphabet::LowerCaseParts, Some(Neighbours('-', '_'))),
            ("a-", Alphabet::LowerCaseParts, Some(AtEnd('-'))),
            ("/aws/#a_.", Alphabet::LogGroup, None),
            ("a b", Alphabet::LogGroup, Some(Character(' '))),
            ("a+=,.@-_", Alphabet::Iam, None),
            ("a/b", Alphabet::Iam, Some(Character('/'))),
            ("a.-_B", Alphabet::Events, None),
            ("/a/b.c", Alphabet::Parameter, None),
            ("sg-a-lb", Alphabet::SecurityGroup, Some(Prefix("sg-"))),
            ("a-sg-lb", Alphabet::SecurityGroup, None),
            ("_a", Alphabet::Docker, Some(AtEnd('_'))),
            ("a_", Alphabet::Docker, None),
            ("\u{0}é", Alphabet::Any, None),
        ] {
            assert_eq!(fault(name, 1..=10, alphabet), expected, "{name:?} {alphabet:?}");
        }
    }
}
