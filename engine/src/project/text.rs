//! The text of a configuration file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use slipway_lang::text::Source;
use slipway_project::display_path;

use crate::error::Error;

/// A text as an editor shows it, and the byte order mark that stands before it in the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// The mark, empty where there is none.
    pub(crate) mark: &'static str,
    /// The text without it.
    pub(crate) text: String,
}

impl Text {
    fn of(mut text: String) -> Self {
        const MARK: &str = "\u{feff}";
        if !text.starts_with(MARK) {
            return Self { mark: "", text };
        }
        text.drain(..MARK.len());
        Self { mark: MARK, text }
    }
}

/// Reads a configuration file.
pub(crate) fn read_config(path: &Path) -> Result<Text, Error> {
    let shown = &display_path(path);
    let cannot = || Error::input(format!("cannot read {shown}"));
    let found = std::fs::metadata(path).map_err(|error| cannot().because(error))?;
    if !found.is_file() {
        return Err(Error::input(format!("{shown} is not a regular file"))
            .help("To check a stream, pass it on standard input: `slipway check --stdin < FILE`."));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| cannot().because(error))?;
    file.take(Source::MAX_LEN as u64 + 1).read_to_end(&mut bytes).map_err(|error| cannot().because(error))?;
    decode(bytes, shown)
}

/// Reads a configuration from standard input.
pub(crate) fn read_stdin() -> Result<Text, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(Source::MAX_LEN as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::input("cannot read standard input").because(error))?;
    decode(bytes, "standard input")
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<Text, Error> {
    if bytes.len() > Source::MAX_LEN {
        let limit = Source::MAX_LEN / (1024 * 1024);
        return Err(
            Error::input(format!("{name} is longer than {limit} MiB")).help("A configuration file is far shorter.")
        );
    }
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    String::from_utf8(bytes).map(Text::of).map_err(|error| {
        if utf16 {
            return Error::input(format!("{name} is UTF-16 text, and a configuration file must be UTF-8"))
                .help("Save it with the encoding UTF-8.");
        }
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        Error::input(format!("{name} is not UTF-8 text: line {line} holds a byte that cannot stand there"))
            .help("Save the file with the encoding UTF-8, or name another file.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_is_refused_with_the_reason() {
        let refused = |bytes: &[u8]| decode(bytes.to_vec(), "a.yml").unwrap_err().to_string();
        assert_eq!(refused(b"a: 1\nb: \xff"), "a.yml is not UTF-8 text: line 2 holds a byte that cannot stand there");
        assert_eq!(refused(b"\xff\xfea\0"), "a.yml is UTF-16 text, and a configuration file must be UTF-8");
    }

    #[test]
    fn a_byte_order_mark_is_kept_apart() {
        let text = |bytes: &str| decode(bytes.into(), "a.yml").unwrap();
        assert_eq!(text("ä"), Text { mark: "", text: "ä".into() });
        assert_eq!(text("\u{feff}ä"), Text { mark: "\u{feff}", text: "ä".into() });
    }
}
