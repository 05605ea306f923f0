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
    let omitted = match report.files.iter().map(|file| file.omitted).sum() {
        0 => String::new(),
        count => format!("; {} left out: mend some of these first", counted(count, "less grave finding")),
    };
    format!("{} in {files}{fixable}{omitted}", counts.join(", "))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::super::{Policy, samples};
    use super::*;

    fn plain(report: &Report, detail: Detail) -> String {
        anstream::adapter::strip_str(&render(report, detail)).to_string()
    }

    /// The report of one finding at the first `part` of `text`, without the line about the rule's page.
    fn shown(text: &str, part: &str) -> String {
        let finding = samples::finding(&samples::WRONG_SIZE, text, part, "a", "Wrong.");
        one(samples::file("a.yml", text, vec![finding]))
    }

    fn one(file: CheckedFile) -> String {
        let report = Report { files: vec![file], failures: Vec::new(), policy: Policy::default() };
        let text = plain(&report, Detail::default());
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains("= note: see ")).collect();
        lines.join("\n").trim_end().to_owned()
    }

    #[test]
    fn everything_about_a_finding_is_said() {
        let expected = "\
warning[SCF902]: Upper case, which the registry refuses.
 --> a b/serverless.containers.yml:1:7
  |
1 | name: Shop # é😀
  |       ^^^^
  |
  = note: a deployment is certain to fail on this, and stops before it starts
  = note: see docs/rules/SCF902.md

error[SCF901]: There is no size 300.
               Take 256 or 512.
 --> a b/serverless.containers.yml:4:10
  |
4 |     cpu: 300
  |          ^^^
5 |     memory: 2048
  |             ---- memory is set here
  |
  = help: Use 256 (--fix does it)
  = help: Use 512
  = note: see docs/rules/SCF901.md

1 error, 1 warning in 1 of 2 files; 1 fixable with --fix
";
        let detail = Detail { verbose: false, summary: true };
        assert_eq!(plain(&samples::report(Policy::default()), detail), expected);
    }

    #[test]
    fn infos_are_shown_when_asked_for() {
        let text = plain(&samples::report(Policy::default()), Detail { verbose: true, summary: true });
        assert!(
            text.contains("info[SCF903]: A 100%, useful: comment.\n --> a b/serverless.containers.yml:1:15"),
            "{text}"
        );
        assert!(text.ends_with("1 error, 1 warning, 1 info in 1 of 2 files; 1 fixable with --fix\n"), "{text}");
    }

    #[test]
    fn a_clean_report_says_so() {
        let clean = |paths: &[&str]| {
            let files = paths.iter().map(|path| samples::file(path, "", Vec::new())).collect();
            let report = Report { files, failures: Vec::new(), policy: Policy::default() };
            plain(&report, Detail { verbose: false, summary: true })
        };
        assert_eq!(clean(&["a.yml"]), "No problems found in a.yml.\n");
        assert_eq!(clean(&["a.yml", "b.yml"]), "No problems found in 2 files.\n");
        assert_eq!(clean(&[]), "");
    }

    #[test]
    fn any_text_is_shown_sanely() {
        let cases = [
            ("", "", " --> a.yml:1:1\n  |\n1 |\n  | ^"),
            ("a: 1\r\nb: x\r\n", "x", " --> a.yml:2:4\n  |\n2 | b: x\n  |    ^"),
            ("b: 漢字 wrong # y\n", "wrong", " --> a.yml:1:7\n  |\n1 | b: 漢字 wrong # y\n  |         ^^^^^"),
            ("\tb:\twrong", "wrong", " --> a.yml:1:5\n  |\n1 |     b:    wrong\n  |           ^^^^^"),
            ("a\u{1b}[31m: x", "x", " --> a.yml:1:9\n  |\n1 | a␛[31m: x\n  |         ^"),
            ("a: |\n  b\n  c\nd: 1", "|\n  b\n  c", " --> a.yml:1:4\n  |\n1 | a: |\n  |    ^"),
            ("a: 1\n", "\n", " --> a.yml:1:5\n  |\n1 | a: 1\n  |     ^"),
        ];
        for (text, part, expected) in cases {
            assert_eq!(shown(text, part), format!("error[SCF901]: Wrong.\n{expected}\n  |"), "{text:?}");
        }
    }

    #[test]
    fn a_long_line_keeps_its_columns() {
        let text = format!("a: \"{}\" wrong {}", "x".repeat(100_000), "y".repeat(100_000));
        let shown = shown(&text, "wrong");
        assert!(shown.contains(" --> a.yml:1:100007\n"), "{}", &shown[..100]);
        assert!(shown.contains("xx\" wrong yy"));
        assert!(shown.lines().all(|line| line.chars().count() < 140));
    }

    #[test]
    fn a_place_far_away_gets_its_own_excerpt() {
        let text = format!("first: 1\n{}last: 2\n", "x: 0\n".repeat(98));
        let finding = samples::finding(&samples::WRONG_SIZE, &text, "2", "a", "Wrong.")
            .related(samples::range_of(&text, "1"), "the first one");
        let expected = "\
error[SCF901]: Wrong.
   --> a.yml:100:7
    |
100 | last: 2
    |       ^
    |
note: the first one
 --> a.yml:1:8
  |
1 | first: 1
  |        ^";
        assert_eq!(one(samples::file("a.yml", &text, vec![finding])), expected);
    }

    #[test]
    fn secrets_are_not_shown() {
        let text = "password: hunter2 # x\n";
        let finding = samples::finding(&samples::WRONG_SIZE, text, "hunter2", "a", "Wrong.");
        let mut file = samples::file("a.yml", text, vec![finding]);
        file.redactor.add("hunter2");
        assert!(one(file).contains("1 | password: *** # x\n  |           ^^^"));
    }
}
