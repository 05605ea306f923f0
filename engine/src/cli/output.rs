//! The only place that prints. Results go to stdout; progress, logs and errors go to stderr.

use std::io::{ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::error::Error;

const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// How much is said, and in what colours.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    /// Say nothing but the result and errors.
    pub(crate) quiet: bool,
    /// Say what is looked at.
    pub(crate) debug: bool,
    /// Never use colour, whatever the terminal can do.
    pub(crate) no_color: bool,
}

/// The standard streams.
pub(crate) struct Output {
    manner: Manner,
    stdout: AutoStream<std::io::Stdout>,
    stderr: AutoStream<std::io::Stderr>,
}

impl Output {
    /// Opens the standard streams. Without `no_color`, each has colour when it is a terminal and `NO_COLOR` is not set.
    pub(crate) fn new(manner: Manner) -> Self {
        let choice = if manner.no_color { ColorChoice::Never } else { ColorChoice::Auto };
        Self {
            manner,
            stdout: AutoStream::new(std::io::stdout(), choice),
            stderr: AutoStream::new(std::io::stderr(), choice),
        }
    }

    /// Whether only results and errors are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.manner.quiet
    }

    /// Prints a result. A reader that has gone away is not an error: it has what it wanted.
    pub(crate) fn result(&mut self, text: &str) -> Result<(), Error> {
        match self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Error::failed("the result could not be written to standard output").because(error))
            }
            _ => Ok(()),
        }
    }

    /// Prints a result to stderr, when stdout carries something else.
    pub(crate) fn side_result(&mut self, text: &str) {
        self.print_aside(text);
    }

    /// Says what was done.
    pub(crate) fn progress(&mut self, text: &str) {
        if !self.manner.quiet {
            self.print_aside(&format!("{text}\n"));
        }
    }

    /// Prints lines that already are as they should be shown, to stdout. Answers whether somebody still reads them.
    pub(crate) fn stream(&mut self, text: &str) -> bool {
        self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()).is_ok()
    }

    /// Says what is looked at, when that was asked for.
    pub(crate) fn debug(&mut self, text: impl FnOnce() -> String) {
        if self.manner.debug {
            self.print_aside(&format!("{FAINT}debug: {}{FAINT:#}\n", visible(&text())));
        }
    }

    /// Says why something could not be done, and what to do about it.
    pub(crate) fn error(&mut self, error: &Error) {
        let mut text = format!("{ERROR}error{ERROR:#}: {}\n", visible(&error.chain()));
        if let Some(help) = error.advice() {
            text.push_str(&format!("{HELP}help{HELP:#}: {}\n", visible(help)));
        }
        self.print_aside(&text);
    }

    /// Asks a question and reads the answer's line; `None` when nobody is there to answer.
    pub(crate) fn ask(&mut self, question: &str) -> Option<String> {
        if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
            return None;
        }
        self.print_aside(question);
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer).ok()?;
        (read > 0).then(|| answer.trim().to_owned())
    }

    fn print_aside(&mut self, text: &str) {
        // There is nowhere left to report that stderr is gone.
        let _ = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
    }
}

/// Replaces control characters by visible escapes, so that a text from a file cannot steer a terminal.
pub(crate) fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    let steers = |c: char| (c.is_control() && c != '\n') || is_bidi_control(c);
    if !text.contains(steers) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown.into()
}

/// Marks that change the order in which a terminal shows the characters around them.
fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(visible("plain ä\n漢"), "plain ä\n漢");
        assert_eq!(visible("\u{1b}[31mred\r\t\u{202e}x"), "\\u{1b}[31mred\\r\\t\\u{202e}x");
    }
}
