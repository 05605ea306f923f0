//! Secrets that must not be shown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use slipway_lang::secrets::{is_secret_name, secret_value};

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// The shortest value that is hidden; shorter ones would blot out ordinary words.
const MIN_LEN: usize = 6;

/// The values that are hidden wherever they turn up.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// Longest first, so that a secret inside another does not split it.
    values: Vec<String>,
}

impl Redactor {
    /// Hides the values of the variables whose name says that they are secret, or that look like a secret themselves.
    pub fn of_environment(env: &BTreeMap<String, String>) -> Self {
        let mut redactor = Self::default();
        for (name, value) in env {
            if is_secret_name(name) || secret_value(value).is_some() {
                redactor.add(value);
            }
        }
        redactor
    }

    /// Hides one more value; of a value that spans lines, every line.
    pub fn add(&mut self, value: &str) {
        for line in value.lines().map(str::trim).filter(|line| line.len() >= MIN_LEN) {
            if !self.values.iter().any(|known| known == line) {
                let at = self.values.partition_point(|known| known.len() >= line.len());
                self.values.insert(at, line.to_owned());
            }
        }
    }

    /// The length of the longest secret, in bytes.
    pub fn longest(&self) -> usize {
        self.values.first().map_or(0, String::len)
    }

    /// Where secrets stand in a text: in order, without overlap.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for value in &self.values {
            for (at, part) in text.match_indices(value.as_str()) {
                let range = at..at + part.len();
                if !found.iter().any(|other| other.start < range.end && range.start < other.end) {
                    found.push(range);
                }
            }
        }
        found.sort_unstable_by_key(|range| range.start);
        found
    }

    /// The text with every secret masked.
    pub fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len());
        let mut copied = 0;
        for range in found {
            shown.push_str(&text[copied..range.start]);
            shown.push_str(MASK);
            copied = range.end;
        }
        shown.push_str(&text[copied..]);
        Cow::Owned(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let env =
            [("DB_PASSWORD", "hunter2hunter2"), ("Api_Token", "hunter2"), ("SHORT_SECRET", "dev"), ("HOME", "/home/x")];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let redactor = Redactor::of_environment(&env.into());
        assert_eq!(redactor.hide("a hunter2hunter2 b hunter2, dev /home/x"), "a *** b ***, dev /home/x");
        assert_eq!(redactor.hide("nothing"), "nothing");
        assert_eq!(redactor.find("xhunter2-hunter2"), [1..8, 9..16]);
    }
}
