//! `JUnit` XML: a suite a file, a case a finding; a file without findings is one case that passed.

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};
use slipway_lang::diagnostic::Diagnostic;

use super::{CheckedFile, Level, Policy, Report, human_position};
use crate::cli::output::visible;

/// Prints the report as XML. What lets the check fail is a failure; other findings are cases that passed and say why they
/// are there.
pub(crate) fn render(report: &Report) -> String {
    let mut suites = Suites::new("slipway check");
    suites.add_test_suites(report.files.iter().map(|file| suite(file, report.policy)));
    if !report.failures.is_empty() {
        let mut suite = TestSuite::new("files that could not be checked");
        for failure in &report.failures {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(visible(&failure.chain()));
            suite.add_test_case(TestCase::new(visible(&failure.to_string()), status));
        }
        suites.add_test_suite(suite);
    }
    suites.to_string().expect("a document in memory can always be written")
}

fn suite(file: &CheckedFile, policy: Policy) -> TestSuite {
    let mut suite = TestSuite::new(&*file.path);
    suite.add_test_cases(file.findings.iter().map(|finding| case(file, finding, policy)));
    if file.findings.is_empty() {
        let mut passed = TestCase::new("no problems", TestCaseStatus::success());
        passed.set_classname(&*file.path);
        suite.add_test_case(passed);
    }
    suite
}

fn case(file: &CheckedFile, finding: &Diagnostic, policy: Policy) -> TestCase {
    let (line, column) = human_position(&file.source, finding.range.start());
    let code = finding.rule.code;
    let place = format!("{}:{line}:{column}", file.path);
    let level = match policy.level(finding) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
        Level::Hint => "hint",
    };
    let message = visible(&finding.message);
    let text = format!("{place}: {level}[{code}] {message}");
    let mut case = if policy.fails(finding) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(level).set_message(message).set_description(text);
        TestCase::new(format!("{code} at {line}:{column}"), status)
    } else {
        let mut case = TestCase::new(format!("{code} at {line}:{column}"), TestCaseStatus::success());
        case.set_system_out(text);
        case
    };
    case.set_classname(&*file.path);
    case.extra.insert("file".into(), (&*file.path).into());
    case.extra.insert("line".into(), line.to_string().into());
    case
}

#[cfg(test)]
mod tests {
    use super::super::{Policy, samples};
    use super::*;

    #[test]
    fn only_what_fails_the_check_is_a_failure() {
        let parsed = |policy| Suites::deserialize(render(&samples::report(policy)).as_bytes()).unwrap();
        let lenient = parsed(Policy::default());
        assert_eq!((lenient.tests, lenient.failures, lenient.errors), (5, 1, 1));
        let strict = parsed(Policy { errors_from: slipway_lang::diagnostic::Severity::Blocker, ..Policy::default() });
        assert_eq!((strict.tests, strict.failures, strict.errors), (5, 2, 1));
        let denying = parsed(Policy { deny_warnings: true, ..Policy::default() });
        assert_eq!((denying.tests, denying.failures, denying.errors), (5, 2, 1));
    }

    #[test]
    fn what_xml_cannot_hold_is_made_visible() {
        let finding = samples::finding(&samples::WRONG_SIZE, "cpu: 300", "300", "cpu", "<\u{1b}&]]>");
        let report = Report {
            files: vec![samples::file("a\"<.yml", "cpu: 300", vec![finding])],
            failures: Vec::new(),
            policy: Policy::default(),
        };
        let text = render(&report);
        assert!(text.contains(r"&lt;\u{1b}&amp;]]&gt;"), "{text}");
        assert_eq!(Suites::deserialize(text.as_bytes()).unwrap().test_suites[0].name.as_str(), "a\"<.yml");
    }
}
