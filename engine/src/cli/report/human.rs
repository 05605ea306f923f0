//! For people: excerpts of the source with the place marked.

use annotate_snippets::{AnnotationKind, Element, Group, Level as Heading, Origin, Renderer, Snippet};
use slipway_lang::diagnostic::{Diagnostic, Severity};
use slipway_lang::text::TextRange;

use super::excerpt::Excerpt;
use super::{CheckedFile, Level, Report, human_position};
use crate::cli::output::visible;

/// Another place is shown in the same excerpt when it is at most this many lines away.
const NEAR: u32 = 8;

/// What is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Detail {
    /// Infos and hints too.
    pub(crate) verbose: bool,
    /// The closing line.
    pub(crate) summary: bool,
}

impl Detail {
    fn shows(self, level: Level) -> bool {
        self.verbose || level > Level::Info
    }
}

/// Prints the report with colours; the stream takes them away where they do not belong.
pub(crate) fn render(report: &Report, detail: Detail) -> String {
    let mut text = String::new();
    for (file, finding) in report.findings() {
        let level = report.policy.level(finding);
        if detail.shows(level) {
            text.push_str(&described(file, finding, level));
            text.push_str("\n\n");
        }
    }
    if detail.summary && !report.files.is_empty() {
        text.push_str(&summary(report, detail));
        text.push('\n');
    }
    text
}

/// One finding: its message, where it is, and what can be done.
fn described(file: &CheckedFile, finding: &Diagnostic, level: Level) -> String {
    let heading = match level {
        Level::Error => Heading::ERROR,
        Level::Warning => Heading::WARNING,
        Level::Info => Heading::INFO,
        Level::Hint => Heading::HELP.with_name("hint"),
    };
    let mut group = Group::with_title(heading.primary_title(&*finding.message).id(finding.rule.code));
    let (near, far): (Vec<_>, Vec<_>) =
        finding.related.iter().partition(|related| is_near(file, finding.range, related.range));
    let near: Vec<_> = near.into_iter().map(|related| (related.range, &*related.message)).collect();
    group = group.elements(excerpt(file, finding.range, None, &near));
    for related in far {
        group = group.element(Heading::NOTE.message(visible(&related.message).into_owned()));
        group = group.elements(excerpt(file, related.range, Some(&related.message), &[]));
    }
    for fix in &finding.fixes {
        let applied = if fix.safe { " (--fix does it)" } else { "" };
        group = group.element(Heading::HELP.message(format!("{}{applied}", visible(&fix.title))));
    }
    if finding.severity == Severity::Blocker {
        group =
            group.element(Heading::NOTE.message("a deployment is certain to fail on this, and stops before it starts"));
    }
    group = group.element(Heading::NOTE.message(format!("see {}", finding.rule.url())));
    Renderer::styled().render(&[group])
}

/// Whether two places fit one excerpt: close to each other, and not far apart on one long line.
fn is_near(file: &CheckedFile, primary: TextRange, other: TextRange) -> bool {
    let (one, two) = (file.source.line_of(primary.start()), file.source.line_of(other.start()));
    one.abs_diff(two) <= NEAR && (one != two || Excerpt::shows_whole_line(&file.source, one))
}

/// The place, and the lines around it with the place marked.
fn excerpt<'a>(
    file: &CheckedFile,
    primary: TextRange,
    label: Option<&'a str>,
    context: &[(TextRange, &'a str)],
) -> [Element<'a>; 2] {
    let (line, column) = human_position(&file.source, primary.start());
    let ranges: Vec<TextRange> = std::iter::once(primary).chain(context.iter().map(|(range, _)| *range)).collect();
    let excerpt = Excerpt::of(&file.source, &file.redactor, &ranges);
    let mut marks = excerpt.marks.into_iter();
    let primary = marks.next().map(|mark| AnnotationKind::Primary.span(mark).label(label));
    let context = marks.zip(context).map(|(mark, (_, message))| AnnotationKind::Context.span(mark).label(*message));
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line as usize + 1);
    let origin = Origin::path(visible(&file.path).into_owned()).line(line).char_column(column);
    [origin.into(), snippet.annotations(primary.into_iter().chain(context)).into()]
}

/// "2 errors, 1 warning in 1 file; 1 fixable with --fix"
fn summary(report: &Report, detail: Detail) -> String {
    let shown = |finding: &Diagnostic| detail.shows(report.policy.level(finding));
    let affected = report.files.iter().filter(|file| file.findings.iter().any(shown)).count();
    if affected == 0 {
        return match report.files.as_slice() {
            [file] => format!("No problems found in {}.", visible(&file.path)),
            files => format!("No problems found in {}.", counted(files.len(), "file")),
        };
    }
    let summary = report.summary();
    let mut counts = vec![(summary.errors, "error"), (summary.warnings, "warning")];
    if detail.verbose {
        counts.extend([(summary.infos, "info"), (summary.hints, "hint")]);
    }
    let counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)).collect();
    let files = match report.files.len() {
        checked if checked == affected => counted(affected, "file"),
        checked => format!("{affected} of {checked} files"),
    };
    let fixable = report.findings().filter(|(_, finding)| shown(finding) && finding.fixes.iter().any(|fix| fix.safe));
    let fixable = match fixable.count() {
        0 => String::new(),
        count => format!("; {count} fixable with --fix"),
    };
    format!("{} in {files}{fixable}", counts.join(", "))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use slipway_lang::text::{TextRange, TextSize};

    use super::super::{Policy, samples};
    use super::*;
    use crate::project::Redactor;

    /// The report of one finding at the first `part` of `text`, without colours and without the line about the rule's page.
    fn shown(text: &str, part: &str) -> String {
        let finding = samples::finding(&samples::WRONG_SIZE, text, part, "a", "Wrong.");
        plain(samples::file("a.yml", text, vec![finding]))
    }

    fn plain(file: CheckedFile) -> String {
        let report = Report { files: vec![file], failures: Vec::new(), policy: Policy::default() };
        let text = anstream::adapter::strip_str(&render(&report, Detail::default())).to_string();
        text.replace("   = note: see docs/rules/SCF901.md\n", "").trim_end().to_owned()
    }

    #[test]
    fn a_finding_is_shown_in_its_line() {
        assert_eq!(shown("a: 1\nb: 漢字 wrong # x\nc: 3\n", "wrong"), "x");
    }
}
