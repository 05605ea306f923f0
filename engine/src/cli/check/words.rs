//! Findings without the secrets that their words, their fixes or the text around them may hold.

use slipway_lang::Analysis;
use slipway_lang::diagnostic::Diagnostic;
use slipway_lang::secrets::secret_in;

use slipway_project::Redactor;

/// Everything that must be hidden when this document is talked about: what variables brought in from a safe place, and
/// what stands in clear in the file.
pub(crate) fn secrets(analysis: &Analysis, mut redactor: Redactor) -> Redactor {
    for value in analysis.config.values() {
        let Some(text) = value.as_str() else { continue };
        if value.is_secret() || secret_in(value.key().unwrap_or_default(), text).is_some() {
            redactor.add(text);
        }
    }
    redactor
}

/// Masks the secrets in a finding's words. A fix that would write a secret is left out: with a mask in it, it would write
/// the mask.
pub(crate) fn without_secrets(mut finding: Diagnostic, redactor: &Redactor) -> Diagnostic {
    let hide = |text: &mut String| {
        let hidden = redactor.hide(text).into_owned();
        *text = hidden;
    };
    hide(&mut finding.message);
    finding.related.iter_mut().for_each(|related| hide(&mut related.message));
    finding.fixes.retain(|fix| fix.edits.iter().all(|edit| redactor.find(&edit.new_text).is_empty()));
    finding.fixes.iter_mut().for_each(|fix| hide(&mut fix.title));
    finding
}

#[cfg(test)]
mod tests {
    use slipway_lang::diagnostic::Fix;
    use slipway_lang::text::{TextEdit, TextRange};

    use super::*;
    use crate::cli::report::samples;

    #[test]
    fn words_and_fixes_hold_no_secret() {
        let mut redactor = Redactor::default();
        redactor.add("hunter2");
        let edit = |text: &str| vec![TextEdit::replace(TextRange::empty(0.into()), text)];
        let finding = samples::finding(&samples::WRONG_SIZE, "a", "a", "a", "hunter2 is wrong")
            .related(TextRange::empty(0.into()), "see hunter2")
            .fix(Fix::safe("Quote hunter2", edit("'hunter2'")))
            .fix(Fix::safe("Remove hunter2", edit("")));
        let finding = without_secrets(finding, &redactor);
        assert_eq!(finding.message, "*** is wrong");
        assert_eq!(finding.related[0].message, "see ***");
        let titles: Vec<_> = finding.fixes.iter().map(|fix| fix.title.as_str()).collect();
        assert_eq!(titles, ["Remove ***"]);
    }
}
