//! What a check found, and the forms in which it can be printed. A reporter turns a [`Report`] into text and nothing else.

mod excerpt;
pub(crate) mod github;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod sarif;

use serde::Serialize;
use slipway_lang::diagnostic::{Diagnostic, Severity};
use slipway_lang::text::{Encoding, Position, Source, TextRange};

use crate::error::{Error, Exit};
use slipway_project::Redactor;

/// Everything a check has to say.
pub(crate) struct Report {
    /// The files that were checked, in the order in which they were named.
    pub(crate) files: Vec<CheckedFile>,
    /// What could not be checked.
    pub(crate) failures: Vec<Error>,
    /// How grave a finding is in this run.
    pub(crate) policy: Policy,
}

/// One file and what was found in it.
pub(crate) struct CheckedFile {
    /// The path as people and programs are shown it, with `/` between its parts.
    pub(crate) path: String,
    /// The text the findings point into.
    pub(crate) source: Source,
    /// The findings in the order of the text. Their words hold no secrets.
    pub(crate) findings: Vec<Diagnostic>,
    /// How many less grave findings were left out, since there were too many.
    pub(crate) omitted: usize,
    /// The secrets that the text itself may hold.
    pub(crate) redactor: Redactor,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// What is as grave as this counts as an error.
    pub(crate) errors_from: Severity,
    /// Warnings fail the check.
    pub(crate) deny_warnings: bool,
}

/// The severities of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Style or convenience.
    Hint,
    /// Worth knowing.
    Info,
    /// Probably wrong, or certain to stop a deployment.
    Warning,
    /// Wrong.
    Error,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Hint => Self::Hint,
            Severity::Info => Self::Info,
            Severity::Warning | Severity::Blocker => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { errors_from: Severity::Error, deny_warnings: false }
    }
}

impl Policy {
    /// The level at which a finding is shown and counted.
    pub(crate) fn level(self, finding: &Diagnostic) -> Level {
        if finding.severity >= self.errors_from { Level::Error } else { finding.severity.into() }
    }

    /// Whether a finding makes the check fail.
    pub(crate) fn fails(self, finding: &Diagnostic) -> bool {
        match self.level(finding) {
            Level::Error => true,
            Level::Warning => self.deny_warnings,
            Level::Info | Level::Hint => false,
        }
    }
}

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
    pub(crate) hints: usize,
}

impl Report {
    /// Every finding with its file.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&CheckedFile, &Diagnostic)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// Counts the findings.
    pub(crate) fn summary(&self) -> Summary {
        let mut summary = Summary { files: self.files.len(), ..Summary::default() };
        for (_, finding) in self.findings() {
            *match self.policy.level(finding) {
                Level::Error => &mut summary.errors,
                Level::Warning => &mut summary.warnings,
                Level::Info => &mut summary.infos,
                Level::Hint => &mut summary.hints,
            } += 1;
        }
        summary
    }

    /// How the check ends.
    pub(crate) fn exit(&self) -> Exit {
        let failed = self.findings().any(|(_, finding)| self.policy.fails(finding));
        let found = if failed { Exit::Failed } else { Exit::Success };
        self.failures.iter().map(Error::exit).fold(found, Exit::max)
    }
}

/// A range as the machine-readable forms that follow LSP count it: from 0, columns in UTF-16 units.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Span {
    start: Point,
    end: Point,
}

/// A position from 0, the column in UTF-16 units.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Point {
    line: u32,
    character: u32,
}

impl Span {
    /// Finds a range in its text.
    pub(crate) fn of(source: &Source, range: TextRange) -> Self {
        Self { start: Point::of(source, range.start()), end: Point::of(source, range.end()) }
    }
}

impl Point {
    fn of(source: &Source, offset: slipway_lang::text::TextSize) -> Self {
        let Position { line, character } = source.position(offset, Encoding::Utf16);
        Self { line, character }
    }
}

/// A position as people count it: line and column from 1, the column in characters.
pub(crate) fn human_position(source: &Source, offset: slipway_lang::text::TextSize) -> (usize, usize) {
    let Position { line, character } = source.position(offset, Encoding::Utf32);
    (line as usize + 1, character as usize + 1)
}

/// The findings that the reporters' tests print.
#[cfg(test)]
pub(crate) mod samples {
    use slipway_lang::declare_rule;
    use slipway_lang::diagnostic::{Diagnostic, Fix, Place, Rule};
    use slipway_lang::text::{Source, TextEdit, TextRange, TextSize};

    use super::{CheckedFile, Policy, Report};
    use crate::error::Error;
    use slipway_project::Redactor;

    declare_rule! {
        /// ## What it does
        /// Reports sizes that do not exist.
        WRONG_SIZE = "SCF901", "Wrong size", Error, fix: Safe;
        /// ## What it does
        /// Reports what the service refuses.
        REFUSED = "SCF902", "Refused name", Blocker, fix: None;
        /// Reports what is worth knowing.
        NOTEWORTHY = "SCF903", "Noteworthy", Info, fix: None
    }

    pub(crate) const TEXT: &str = "name: Shop # é😀\ncontainers:\n  api:\n    cpu: 300\n    memory: 2048\n";

    /// The range of the first place where `part` stands in `text`.
    pub(crate) fn range_of(text: &str, part: &str) -> TextRange {
        TextRange::at(TextSize::new(text.find(part).unwrap() as u32), TextSize::of(part))
    }

    pub(crate) fn finding(rule: &'static Rule, text: &str, part: &str, path: &str, message: &str) -> Diagnostic {
        rule.at(Place { range: range_of(text, part), path: path.to_owned(), definition: None }, message)
    }

    pub(crate) fn file(path: &str, text: &str, findings: Vec<Diagnostic>) -> CheckedFile {
        let source = Source::new(text.to_owned());
        CheckedFile { path: path.to_owned(), source, findings, omitted: 0, redactor: Redactor::default() }
    }

    /// A file with one finding of each kind, a clean file, and a file that could not be read.
    pub(crate) fn report(policy: Policy) -> Report {
        let refused = finding(&REFUSED, TEXT, "Shop", "name", "Upper case, which the registry refuses.");
        let size = finding(&WRONG_SIZE, TEXT, "300", "containers.api.cpu", "There is no size 300.\nTake 256 or 512.")
            .related(range_of(TEXT, "2048"), "memory is set here")
            .fix(Fix::safe("Use 256", vec![TextEdit::replace(range_of(TEXT, "300"), "256")]))
            .fix(Fix::suggestion("Use 512", vec![TextEdit::replace(range_of(TEXT, "300"), "512")]));
        let note = finding(&NOTEWORTHY, TEXT, "😀", "", "A 100%, useful: comment.");
        Report {
            files: vec![
                file("a b/serverless.containers.yml", TEXT, vec![refused, note, size]),
                file("clean.yml", "name: shop\n", Vec::new()),
            ],
            failures: vec![Error::input("cannot read gone.yml").because("no such file")],
            policy,
        }
    }
}
