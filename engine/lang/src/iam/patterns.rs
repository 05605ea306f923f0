//! Few patterns in the place of many actions.

use super::reference::{Action, Service};

/// The fewest names and patterns of a service, with its prefix, that reach the chosen actions and no other one of today. Patterns
/// end where a word of the names ends, as `s3:Get*` does.
pub fn shortest<'r>(service: Service<'r>, is_chosen: impl Fn(Action<'r>) -> bool) -> Vec<String> {
    let mut texts = Vec::new();
    let actions: Vec<Action<'r>> = service.actions().collect();
    // What is left to look at: actions that begin alike, and how many bytes of them do.
    let mut open = vec![(&actions[..], 0)];
    while let Some((alike, length)) = open.pop() {
        let chosen = || alike.iter().copied().filter(|action| is_chosen(*action));
        match chosen().count() {
            0 => {}
            1 => texts.extend(chosen().map(|action| action.to_string())),
            _ if reaches_only(service, alike[0].name(), length, &is_chosen) => {
                texts.push(format!("{}:{}*", service.prefix(), &alike[0].name()[..length]));
            }
            _ => {
                let mut groups: Vec<(&[Action<'r>], usize)> = Vec::new();
                let mut rest = alike;
                while let Some(first) = rest.first() {
                    let end = word_end(first.name(), length);
                    let word = &first.name()[..end];
                    let same = |action: &Action<'_>| {
                        action.name().get(..end) == Some(word) && word_end(action.name(), length) == end
                    };
                    let count = rest.iter().take_while(|action| same(action)).count();
                    if end == length {
                        // The whole name ends here, so it cannot be told apart by a longer beginning.
                        texts.extend(rest[..count].iter().filter(|own| is_chosen(**own)).map(ToString::to_string));
                    } else {
                        groups.push((&rest[..count], end));
                    }
                    rest = &rest[count..];
                }
                open.extend(groups.into_iter().rev());
            }
        }
    }
    texts.sort_by_cached_key(|text| text.to_ascii_lowercase());
    texts.dedup();
    texts
}

/// Whether all that a pattern reaches is chosen; names of which nothing else is known are not.
fn reaches_only<'r>(service: Service<'r>, name: &str, length: usize, is_chosen: impl Fn(Action<'r>) -> bool) -> bool {
    let start = &name[..length];
    let begins_so = |bare: &str| bare.get(..length).is_some_and(|own| own.eq_ignore_ascii_case(start));
    length > 0 && service.starting_with(start).all(is_chosen) && !service.bare_names().any(begins_so)
}

/// The end of the word that begins at a place of a name.
fn word_end(name: &str, start: usize) -> usize {
    let bytes = name.as_bytes();
    let is_start = |at: &usize| bytes[*at].is_ascii_uppercase() && !bytes[*at - 1].is_ascii_uppercase();
    (start + 1..bytes.len()).find(is_start).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::iam::reference::{AccessLevel, reference};

    #[test]
    fn patterns_reach_what_was_chosen_and_nothing_else() {
        for service in reference().services() {
            for level in AccessLevel::ALL {
                let chosen: HashSet<String> = service
                    .actions()
                    .filter(|action| action.level() == level)
                    .map(|action| action.to_string())
                    .collect();
                let texts = shortest(service, |action| action.level() == level);
                let reached =
                    |text: &String| reference().matching(text).map(|action| action.to_string()).collect::<Vec<_>>();
                let all: HashSet<String> = texts.iter().flat_map(reached).collect();
                assert_eq!(all, chosen, "{} {level}: {texts:?}", service.prefix());
                assert!(texts.len() <= chosen.len());
            }
        }
    }

    #[test]
    fn words_are_not_cut() {
        let sqs = reference().service("sqs").unwrap();
        let texts = |names: &[&str]| shortest(sqs, |action| names.contains(&action.name()));
        assert_eq!(texts(&["GetQueueUrl", "GetQueueAttributes"]), ["sqs:Get*"]);
        assert_eq!(texts(&["TagQueue", "UntagQueue"]), ["sqs:TagQueue", "sqs:UntagQueue"]);
        assert_eq!(texts(&["SendMessage"]), ["sqs:SendMessage"]);
        assert_eq!(texts(&[]), Vec::<String>::new());
    }
}
