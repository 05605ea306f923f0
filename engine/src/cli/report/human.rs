//! For people: excerpts of the source with the place marked.

use annotate_snippets::renderer::DEFAULT_LINE_NUM_STYLE as MARGIN;
use annotate_snippets::{AnnotationKind, Group, Level as Heading, Message, Renderer, Snippet, Title};
use slipway_lang::diagnostic::{Diagnostic, Related, Severity};
use slipway_lang::text::TextRange;

use super::excerpt::Excerpt;
use super::{CheckedFile, Level, Report, human_position};
use crate::cli::output::visible;

/// Another place is shown in the same excerpt when it is at most this many lines away.
const NEAR: u32 = 8;

const RENDERER: Renderer = Renderer::styled();

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
    let (near, far): (Vec<_>, Vec<_>) =
        finding.related.iter().partition(|related| is_near(file, finding.range, related.range));
    let title = heading.clone().primary_title(&*finding.message).id(finding.rule.code);
    let mut text = block(file, heading, title, finding.range, &near, advice(finding));
    for related in far {
        let title = Heading::NOTE.primary_title(&*related.message);
        text.push('\n');
        text.push_str(&block(file, Heading::NOTE, title, related.range, &[], Vec::new()));
    }
    text
}

/// What can be done about a finding, and where to read more.
fn advice(finding: &Diagnostic) -> Vec<Message<'static>> {
    let fixes = finding.fixes.iter().map(|fix| {
        let applied = if fix.safe { " (--fix does it)" } else { "" };
        Heading::HELP.message(format!("{}{applied}", visible(&fix.title)))
    });
    let mut advice: Vec<Message<'static>> = fixes.collect();
    if finding.severity == Severity::Blocker {
        advice.push(Heading::NOTE.message("a deployment is certain to fail on this, and stops before it starts"));
    }
    advice.push(Heading::NOTE.message(format!("see {}", finding.rule.url())));
    advice
}

/// Whether two places fit one excerpt: close to each other, and not far apart on one long line.
fn is_near(file: &CheckedFile, primary: TextRange, other: TextRange) -> bool {
    let (one, two) = (file.source.line_of(primary.start()), file.source.line_of(other.start()));
    one.abs_diff(two) <= NEAR && (one != two || Excerpt::shows_whole_line(&file.source, one))
}

/// A title, the place, the lines around it with the place marked, and what is to be said below.
///
/// The parts are drawn one by one: the line with the place counts columns in the file, and the excerpt may have been cut.
fn block(
    file: &CheckedFile,
    heading: Heading<'static>,
    title: Title<'_>,
    primary: TextRange,
    context: &[&Related],
    below: Vec<Message<'static>>,
) -> String {
    let ranges = std::iter::once(primary).chain(context.iter().map(|related| related.range));
    let excerpt = Excerpt::of(&file.source, &file.redactor, &ranges.collect::<Vec<_>>());
    let first_line = excerpt.first_line as usize + 1;
    let gutter = (first_line + excerpt.text.matches('\n').count()).to_string().len();
    let (line, column) = human_position(&file.source, primary.start());
    let path = visible(&file.path);
    let origin = format!("{:gutter$}{MARGIN}-->{MARGIN:#} {path}:{line}:{column}", "");

    let mut marks = excerpt.marks.into_iter();
    let primary = marks.next().map(|mark| AnnotationKind::Primary.span(mark));
    let context = marks.zip(context).map(|(mark, related)| AnnotationKind::Context.span(mark).label(&*related.message));
    let snippet = Snippet::source(excerpt.text).line_start(first_line).annotations(primary.into_iter().chain(context));

    let title = RENDERER.render(&[Group::with_title(title)]);
    let lines = RENDERER.render(&[Group::with_level(heading).element(snippet).elements(below)]);
    format!("{title}\n{origin}\n{lines}")
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
