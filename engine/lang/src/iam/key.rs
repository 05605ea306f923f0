//! Condition keys.

/// A condition key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'r> {
    name: &'r str,
    kind: KeyKind,
    multivalued: bool,
}

impl<'r> Key<'r> {
    /// A key with one value in a request.
    pub const fn single(name: &'r str, kind: KeyKind) -> Self {
        Self { name, kind, multivalued: false }
    }

    /// A key with any number of values in a request.
    pub const fn multivalued(name: &'r str, kind: KeyKind) -> Self {
        Self { name, kind, multivalued: true }
    }

    /// The published name, as `aws:SourceIp`, or with a placeholder, as `aws:RequestTag/${TagKey}`.
    pub fn name(self) -> &'r str {
        self.name
    }

    /// What its values are.
    pub fn kind(self) -> KeyKind {
        self.kind
    }

    /// Whether a request has a list of values for it, so that a test needs `ForAnyValue` or `ForAllValues`.
    pub fn is_multivalued(self) -> bool {
        self.multivalued
    }

    /// What stands before and after the placeholder, for a key that has one: `("events:Metadata/", "/Matcher")`. A few services
    /// publish it as `ResourceTag/tag-key`, or leave it out behind the slash.
    pub fn around_placeholder(self) -> Option<(&'r str, &'r str)> {
        if let Some(head) = self.name.strip_suffix("tag-key").or(Some(self.name)).filter(|head| head.ends_with('/')) {
            return Some((head, ""));
        }
        let (open, close) =
            if let Some(open) = self.name.find("${") { (open, '}') } else { (self.name.find('<')?, '>') };
        let end = open + self.name[open..].find(close)? + 1;
        Some((&self.name[..open], &self.name[end..]))
    }

    /// Whether a name, as a policy writes it, means this key. Case does not matter, and a placeholder stands for any text but
    /// none.
    pub fn is_named(self, name: &str) -> bool {
        match self.around_placeholder() {
            None => self.name.eq_ignore_ascii_case(name),
            Some((head, tail)) => {
                let (name, length) = (name.as_bytes(), name.len());
                length > head.len() + tail.len()
                    && name[..head.len()].eq_ignore_ascii_case(head.as_bytes())
                    && name[length - tail.len()..].eq_ignore_ascii_case(tail.as_bytes())
            }
        }
    }

    /// The published name, with what a similar name has behind its slash in the place of the placeholder:
    /// `aws:PrincipalTag/team` for `aws:PrincipalTags/team`.
    pub fn spelt_like(self, name: &str) -> String {
        match (self.around_placeholder(), name.split_once('/')) {
            (Some((head, tail)), Some((_, rest))) => format!("{head}{}{tail}", rest.strip_suffix(tail).unwrap_or(rest)),
            _ => self.name.to_owned(),
        }
    }
}

/// What the values of a condition key are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Text.
    String,
    /// The ARN of a resource or principal.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A moment.
    Date,
    /// An address or a range of addresses.
    Ip,
    /// Bytes in base64.
    Binary,
}

impl KeyKind {
    /// Every kind. The place of one is its number in the packed reference, so new ones go to the end.
    pub const ALL: [Self; 7] = [Self::String, Self::Arn, Self::Bool, Self::Numeric, Self::Date, Self::Ip, Self::Binary];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_keeps_its_tag() {
        let tag = Key::single("aws:PrincipalTag/${TagKey}", KeyKind::String);
        assert_eq!(tag.spelt_like("aws:PrincipalTags/a/b"), "aws:PrincipalTag/a/b");
        assert_eq!(Key::single("aws:SourceIp", KeyKind::Ip).spelt_like("aws:SorceIp"), "aws:SourceIp");
        let matcher = Key::single("events:Metadata/${MetadataKey}/Matcher", KeyKind::String);
        assert_eq!(matcher.spelt_like("events:Metadat/x/Matcher"), "events:Metadata/x/Matcher");
    }

    #[test]
    fn a_placeholder_stands_for_any_text_but_none() {
        let named = |key, name| Key::single(key, KeyKind::String).is_named(name);
        for (key, name, expected) in [
            ("aws:SourceIp", "AWS:sourceip", true),
            ("aws:SourceIp", "aws:SourceIp/x", false),
            ("aws:RequestTag/${TagKey}", "aws:requesttag/team", true),
            ("aws:RequestTag/${TagKey}", "aws:RequestTag/", false),
            ("aws:RequestTag/${TagKey}", "aws:RequestTag/ä", true),
            ("aws:RequestTag/${TagKey}", "aws:RequestTagä", false),
            ("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/a/b", true),
            ("ssm:resourceTag/tag-key", "ssm:resourceTag/team", true),
            ("glacier:ResourceTag/", "glacier:ResourceTag/team", true),
            ("glacier:ResourceTag/", "glacier:ResourceTag/", false),
            ("events:Metadata/${MetadataKey}/Matcher", "events:Metadata/x/matcher", true),
            ("events:Metadata/${MetadataKey}/Matcher", "events:Metadata/Matcher", false),
        ] {
            assert_eq!(named(key, name), expected, "{key} {name}");
        }
    }
}
