//! Annotations of GitHub Actions: workflow commands, one a line.

use super::{Level, Report, human_position};
use crate::cli::output::visible;

/// Prints the report as workflow commands.
pub(crate) fn render(report: &Report) -> String {
    let mut text = String::new();
    for (file, finding) in report.findings() {
        let command = match report.policy.level(finding) {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info | Level::Hint => "notice",
        };
        let (line, column) = human_position(&file.source, finding.range.start());
        let (end_line, end_column) = human_position(&file.source, finding.range.end());
        text.push_str(&format!(
            "::{command} file={},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}\n",
            property(&visible(&file.path)),
            property(finding.rule.code),
            data(&visible(&finding.message)),
        ));
    }
    for failure in &report.failures {
        text.push_str(&format!("::error::{}\n", data(&visible(&failure.chain()))));
    }
    text
}

/// Escapes what would end a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what would end a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::{Policy, samples};
    use super::*;

    #[test]
    fn every_finding_is_one_line() {
        let mut report = samples::report(Policy::default());
        report.files[0].path = "a,b:c/50%.yml".into();
        let expected = "\
::warning file=a%2Cb%3Ac/50%25.yml,line=1,col=7,endLine=1,endColumn=11,title=SCF902::Upper case, which the registry refuses.
::notice file=a%2Cb%3Ac/50%25.yml,line=1,col=15,endLine=1,endColumn=16,title=SCF903::A 100%25, useful: comment.
::error file=a%2Cb%3Ac/50%25.yml,line=4,col=10,endLine=4,endColumn=13,title=SCF901::There is no size 300.%0ATake 256 or 512.
::error::cannot read gone.yml: no such file
";
        assert_eq!(render(&report), expected);
    }
}
