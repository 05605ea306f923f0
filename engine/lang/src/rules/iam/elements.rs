//! Keys that are no element of the map they stand in.

use super::{PolicyContext, edits};
use crate::config::Value;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::list_words;
use crate::suggest::nearest;

/// A kind of map in a policy.
pub(super) struct Elements {
    /// What it is, in words: `a policy`.
    pub of: &'static str,
    /// Its elements.
    pub names: &'static [&'static str],
}

impl Elements {
    /// Whether a key is one of them.
    pub fn has(&self, key: &str) -> bool {
        self.names.contains(&key)
    }

    /// The element that a key was meant for which is none.
    pub fn meant(&self, key: &str) -> Option<&'static str> {
        nearest(key, self.names.iter().copied())
    }

    /// Reports a key of `map` that is none of them.
    pub fn report(
        &self,
        ctx: &PolicyContext<'_>,
        rule: &'static Rule,
        map: Value<'_>,
        (key, value): (&str, Value<'_>),
    ) -> Diagnostic {
        let mut message = format!("`{key}` is not an element of {}, and IAM refuses it.", self.of);
        let fix = if let Some(near) = self.meant(key).filter(|near| map.get(near).is_none()) {
            message.push_str(&format!(" Did you mean `{near}`?"));
            edits::safe(format!("Rename to `{near}`"), edits::rename(ctx, value, near))
        } else {
            let names = list_words(self.names.iter().map(|name| format!("`{name}`")));
            message.push_str(&format!(" It may have {names}."));
            edits::suggestion(format!("Remove `{key}`"), edits::remove(ctx, value))
        };
        ctx.report(rule, ctx.key(value), message).fix(fix)
    }
}
