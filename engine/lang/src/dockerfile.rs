//! Reads a Dockerfile: its instructions with their places, its stages, the values of its variables.
//!
//! Reading never fails and follows `BuildKit`'s reader: parser directives, comments and empty lines between continued
//! lines, here-documents. What an instruction means is worked out on request, and only for those that analysis asks
//! about. Nothing here knows files; the text may come from one or from `build.dockerFileString`.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use crate::text::{TextRange, TextSize};

/// Names and values: build arguments, or what is in force in a stage.
pub type Variables = BTreeMap<String, String>;

/// A Dockerfile's instructions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// The escape character: a backslash, or a backtick where a parser directive says so.
    pub escape: char,
    /// The frontend image that a `# syntax=…` directive names.
    pub syntax: Option<String>,
    /// All instructions in the order of the text.
    pub instructions: Vec<Instruction>,
    /// The stages in the order of the text.
    pub stages: Vec<Stage>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its keyword in upper case, also where the text has lower case.
    pub keyword: String,
    /// From its keyword to its last character, here-documents included.
    pub range: TextRange,
    /// Its lines, from 0.
    pub lines: RangeInclusive<u32>,
    /// What follows the keyword: continued lines joined, comments left out, here-documents not included.
    pub arguments: String,
    /// Where the parts of `arguments` come from: offsets there, and in the text.
    pieces: Vec<(usize, usize)>,
    escape: char,
}

/// A stage: a `FROM` and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its position among the stages, from 0.
    pub index: usize,
    /// The name behind `AS`, as written. Docker compares names without regard to case.
    pub name: Option<String>,
    /// The image or the earlier stage it starts from, as written.
    pub base: String,
    /// The value of `--platform`, as written.
    pub platform: Option<String>,
    /// Its instructions, the `FROM` first: positions in [`Dockerfile::instructions`].
    pub instructions: Range<usize>,
}

/// A command line of `CMD`, `ENTRYPOINT` or `RUN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A JSON list: the program and its arguments.
    Exec(Vec<String>),
    /// Text for a shell.
    Shell(String),
}

impl Dockerfile {
    /// Reads any text.
    pub fn parse(text: &str) -> Self {
        let mut reader = Reader::new(text);
        let syntax = reader.directives();
        let mut instructions = Vec::new();
        while let Some(instruction) = reader.instruction() {
            instructions.push(instruction);
        }
        let stages = stages(&instructions);
        Self { escape: reader.escape, syntax, instructions, stages }
    }

    /// The instructions of a stage, its `FROM` first.
    pub fn instructions_of(&self, stage: &Stage) -> &[Instruction] {
        &self.instructions[stage.instructions.clone()]
    }

    /// The stage that is built: the one of the name, or the last one. `None` when there is no such stage.
    pub fn target(&self, name: Option<&str>) -> Option<&Stage> {
        match name {
            Some(name) => self.stages.iter().rev().find(|stage| stage.is_named(name)),
            None => self.stages.last(),
        }
    }

    /// A stage and the stages that it is built upon, the outermost first: all whose settings end up in the image.
    pub fn lineage<'d>(&'d self, stage: &'d Stage, arguments: &Variables) -> Vec<&'d Stage> {
        let globals = self.globals(arguments);
        let mut lineage = vec![stage];
        let mut at = stage;
        while let Some(base) = expand(&at.base, |name| globals.get(name).map(String::as_str))
            && let Some(parent) = self.stages[..at.index].iter().rev().find(|stage| stage.is_named(&base))
        {
            lineage.push(parent);
            at = parent;
        }
        lineage.reverse();
        lineage
    }

    /// The `ARG`s before the first `FROM`, the only variables that a `FROM` may use. A build argument replaces a
    /// default; one without either is left out.
    pub fn globals(&self, arguments: &Variables) -> Variables {
        let first = self.stages.first().map_or(self.instructions.len(), |stage| stage.instructions.start);
        let mut globals = Variables::new();
        for instruction in self.instructions[..first].iter().filter(|each| each.keyword == "ARG") {
            declare(instruction, arguments, &Variables::new(), &mut globals);
        }
        globals
    }

    /// The values of `ARG` and `ENV` at the end of a stage, as far as they are known.
    pub fn variables(&self, stage: &Stage, arguments: &Variables) -> Variables {
        let globals = self.globals(arguments);
        let (mut args, mut env) = (Variables::new(), Variables::new());
        for stage in self.lineage(stage, arguments) {
            args.clear(); // an `ARG` ends with its stage
            for instruction in self.instructions_of(stage) {
                match &*instruction.keyword {
                    "ARG" => declare(instruction, arguments, &globals, &mut args),
                    "ENV" => {
                        let known = |name: &str| env.get(name).or_else(|| args.get(name)).map(String::as_str);
                        let given = instruction.assignments().into_iter();
                        let given = given.map(|(name, value)| (name, value.and_then(|value| expand(&value, known))));
                        for (name, value) in given.collect::<Vec<_>>() {
                            set(&mut env, name, value);
                        }
                    }
                    _ => {}
                }
            }
        }
        args.extend(env);
        args
    }
}

impl Stage {
    /// Whether a name is this stage's, which Docker compares without regard to case.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

impl Instruction {
    /// The value of a flag such as `--platform=…`.
    pub fn flag(&self, name: &str) -> Option<&str> {
        let mut words = self.arguments.split_whitespace().take_while(|word| word.starts_with("--"));
        words.find_map(|word| word[2..].strip_prefix(name)?.strip_prefix('='))
    }

    /// The words behind the flags, with the bytes of [`Self::arguments`] that they take; quotes are not looked at.
    pub fn words(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let words = self.arguments.split_whitespace().skip_while(|word| word.starts_with("--"));
        words.map(|word| {
            let start = word.as_ptr() as usize - self.arguments.as_ptr() as usize;
            (word, start..start + word.len())
        })
    }

    /// Names and values of an `ENV`, an `ARG` or a `LABEL`: quotes and escapes are resolved, variables are not. An
    /// `ARG` may have no value.
    pub fn assignments(&self) -> Vec<(String, Option<String>)> {
        let words = unquoted_words(&self.arguments, self.escape);
        let old_form = self.keyword != "ARG" && words.first().is_some_and(|word| !word.contains('='));
        if old_form {
            let (name, value) = self.arguments.split_once(char::is_whitespace).unwrap_or((&self.arguments, ""));
            return vec![(name.to_owned(), Some(value.trim_start().to_owned()))];
        }
        let assignment = |word: String| match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        words.into_iter().map(assignment).collect()
    }

    /// What a `CMD`, an `ENTRYPOINT` or a `RUN` runs. A list that is not proper JSON is text for a shell, as Docker
    /// takes it.
    pub fn command(&self) -> Command {
        let start = self.words().next().map_or(self.arguments.len(), |(_, range)| range.start);
        let text = &self.arguments[start..];
        match text.starts_with('[').then(|| serde_json::from_str(text)) {
            Some(Ok(words)) => Command::Exec(words),
            Some(Err(_)) | None => Command::Shell(text.to_owned()),
        }
    }

    /// Where bytes of [`Self::arguments`] stand in the text: whole lines between them included.
    pub fn range_of(&self, part: Range<usize>) -> TextRange {
        let source = |offset: usize| {
            let piece = self.pieces.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
            self.pieces.get(piece).map_or(offset, |(start, source)| source + (offset - start))
        };
        let end = if part.is_empty() { source(part.start) } else { source(part.end - 1) + 1 };
        text_range(source(part.start)..end)
    }
}

impl Command {
    /// The command as words: a shell's text is split as a shell would, at blanks where its quotes do not match.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Exec(words) => words.clone(),
            Self::Shell(text) => {
                shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect())
            }
        }
    }
}

/// Puts values in the place of `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+value}`. `None` when a variable
/// without a default is unknown, when the text uses another form, or when the result is longer than 4 KB.
pub fn expand<'v>(text: &str, value_of: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
    const LONGEST: usize = 4096;
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, behind) = rest.split_at(at);
        result.push_str(before);
        rest = &behind[1..];
        if let Some(braced) = rest.strip_prefix('{') {
            let (inside, after) = braced.split_once('}')?;
            let (name, modifier) = inside.split_at(name_length(inside));
            let value = value_of(name);
            let filled = value.filter(|value| !value.is_empty());
            result.push_str(if modifier.is_empty() {
                value?
            } else if let Some(default) = modifier.strip_prefix(":-") {
                filled.unwrap_or(default)
            } else if let Some(instead) = modifier.strip_prefix(":+") {
                filled.map_or("", |_| instead)
            } else if let Some(default) = modifier.strip_prefix('-') {
                value.unwrap_or(default)
            } else if let Some(instead) = modifier.strip_prefix('+') {
                value.map_or("", |_| instead)
            } else {
                return None;
            });
            rest = after;
        } else {
            let (name, after) = rest.split_at(name_length(rest));
            result.push_str(if name.is_empty() { "$" } else { value_of(name)? });
            rest = after;
        }
        if result.len() > LONGEST {
            return None; // a value that doubles itself line by line would grow without bound
        }
    }
    result.push_str(rest);
    Some(result)
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Adds what an `ARG` declares. Without a default of its own it takes over a global one.
fn declare(instruction: &Instruction, arguments: &Variables, globals: &Variables, declared: &mut Variables) {
    for (name, default) in instruction.assignments() {
        let default = match default {
            Some(default) => expand(&default, |name| declared.get(name).map(String::as_str)),
            None => globals.get(&name).cloned(),
        };
        let value = arguments.get(&name).cloned().or(default);
        set(declared, name, value);
    }
}

/// Notes a value, or that it is not known any more.
fn set(variables: &mut Variables, name: String, value: Option<String>) {
    match value {
        Some(value) => variables.insert(name, value),
        None => variables.remove(&name),
    };
}

fn stages(instructions: &[Instruction]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for (position, instruction) in instructions.iter().enumerate() {
        if instruction.keyword == "FROM" {
            let mut words = instruction.words().map(|(word, _)| word);
            let base = words.next().unwrap_or_default().to_owned();
            let name = words.next().filter(|word| word.eq_ignore_ascii_case("as")).and_then(|_| words.next());
            stages.push(Stage {
                index: stages.len(),
                name: name.map(str::to_owned),
                base,
                platform: instruction.flag("platform").map(str::to_owned),
                instructions: position..position,
            });
        }
        if let Some(stage) = stages.last_mut() {
            stage.instructions.end = position + 1;
        }
    }
    stages
}

/// Goes through the lines of a text.
struct Reader<'t> {
    /// The lines that were not read yet, without their line ends, each with its number and offset.
    lines: std::iter::Peekable<std::vec::IntoIter<Line<'t>>>,
    escape: char,
}

#[derive(Clone, Copy)]
struct Line<'t> {
    number: u32,
    start: usize,
    text: &'t str,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut start = text.len() - body.len();
        let mut lines = Vec::new();
        for (number, line) in body.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches(['\n', '\r']);
            lines.push(Line { number: number as u32, start, text: content });
            start += line.len();
        }
        Self { lines: lines.into_iter().peekable(), escape: '\\' }
    }

    /// Reads the parser directives, which stand before everything else; gives the syntax.
    fn directives(&mut self) -> Option<String> {
        let (mut syntax, mut escape) = (None, None);
        while let Some(line) = self.lines.peek()
            && let Some((name, value)) = line.text.trim_start().strip_prefix('#').and_then(|text| text.split_once('='))
        {
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "syntax" if syntax.is_none() => syntax = Some(value.to_owned()),
                "escape" if escape.is_none() => escape = ['\\', '`'].into_iter().find(|each| value == each.to_string()),
                "check" => {}
                _ => break, // a comment, and no directive may follow one
            }
            self.lines.next();
        }
        self.escape = escape.unwrap_or('\\');
        syntax
    }

    fn instruction(&mut self) -> Option<Instruction> {
        while self.lines.next_if(Line::is_skipped).is_some() {}
        let first = self.lines.next()?;
        let indent = first.text.len() - first.text.trim_start().len();
        let mut joined = String::new();
        let mut pieces = Vec::new();
        let (mut line, mut from) = (first, indent);
        let mut last = loop {
            let (text, continues) = self.continued(&line.text[from..]);
            pieces.push((joined.len(), line.start + from));
            joined.push_str(text);
            if !continues {
                break line;
            }
            while self.lines.next_if(Line::is_skipped).is_some() {}
            match self.lines.next() {
                Some(next) => (line, from) = (next, 0),
                None => break line,
            }
        };
        let length = joined.find(char::is_whitespace).unwrap_or(joined.len());
        let keyword = joined[..length].to_ascii_uppercase();
        let behind = joined[length..].trim_start();
        let cut = joined.len() - behind.len();
        let arguments = behind.trim_end().to_owned();
        for here in here_documents(&keyword, &arguments) {
            for line in self.lines.by_ref() {
                last = line;
                let text = if here.tabs { line.text.trim_start_matches('\t') } else { line.text };
                if text == here.end {
                    break;
                }
            }
        }
        let start = first.start + indent;
        let end = last.start + last.text.trim_end().len();
        Some(Instruction {
            keyword,
            range: text_range(start..end.max(start)),
            lines: first.number..=last.number,
            arguments,
            pieces: rebased(&pieces, cut),
            escape: self.escape,
        })
    }

    /// The text of a line before a continuation mark, and whether there is one. A doubled mark is none.
    fn continued<'l>(&self, line: &'l str) -> (&'l str, bool) {
        match line.trim_end_matches([' ', '\t']).strip_suffix(self.escape) {
            Some(text) if !text.ends_with(self.escape) => (text, true),
            Some(_) | None => (line, false),
        }
    }
}

impl Line<'_> {
    /// Comments and empty lines stand anywhere, also between continued lines.
    fn is_skipped(&self) -> bool {
        let text = self.text.trim_start();
        text.is_empty() || text.starts_with('#')
    }
}

/// Drops the first `cut` bytes of a joined text from its map of pieces.
fn rebased(pieces: &[(usize, usize)], cut: usize) -> Vec<(usize, usize)> {
    let first = pieces.partition_point(|(start, _)| *start <= cut).saturating_sub(1);
    let rebase = |(start, source): &(usize, usize)| match start.checked_sub(cut) {
        Some(start) => (start, *source),
        None => (0, source + (cut - start)),
    };
    pieces[first..].iter().map(rebase).collect()
}

/// A here-document that a line announces.
struct HereDocument {
    end: String,
    /// Whether tabs before the end mark do not count.
    tabs: bool,
}

/// The here-documents of an instruction, in the order in which their texts follow.
fn here_documents(keyword: &str, arguments: &str) -> Vec<HereDocument> {
    let takes_them = |keyword: &str| ["RUN", "COPY", "ADD"].iter().any(|each| each.eq_ignore_ascii_case(keyword));
    let nested = || arguments.split_whitespace().next().is_some_and(takes_them);
    if !arguments.contains("<<") || !(takes_them(keyword) || (keyword == "ONBUILD" && nested())) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut words = Words { text: arguments, escape: '\\' };
    while let Some(word) = words.next() {
        let Some(mark) = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<") else { continue };
        let (tabs, mark) = mark.strip_prefix('-').map_or((false, mark), |mark| (true, mark));
        // The mark may stand apart: `<< EOF`.
        let Some(mark) = (if mark.is_empty() { words.next() } else { Some(mark) }) else { break };
        let end: String = mark.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
        if !end.is_empty() && !end.contains('<') {
            found.push(HereDocument { end, tabs });
        }
    }
    found
}

/// The words of a text, quotes and escapes kept.
struct Words<'t> {
    text: &'t str,
    escape: char,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.text = self.text.trim_start();
        let mut quote = None;
        let mut escaped = false;
        let end = self.text.char_indices().find(|(_, c)| {
            if escaped {
                escaped = false;
            } else if *c == self.escape && quote != Some('\'') {
                escaped = true;
            } else if quote == Some(*c) {
                quote = None;
            } else if quote.is_none() && matches!(c, '"' | '\'') {
                quote = Some(*c);
            } else {
                return quote.is_none() && c.is_whitespace();
            }
            false
        });
        let (word, rest) = self.text.split_at(end.map_or(self.text.len(), |(at, _)| at));
        self.text = rest;
        (!word.is_empty()).then_some(word)
    }
}

fn unquoted_words(text: &str, escape: char) -> Vec<String> {
    Words { text, escape }.map(|word| unquoted(word, escape)).collect()
}

/// A word without its quotes and escapes.
fn unquoted(word: &str, escape: char) -> String {
    let mut result = String::with_capacity(word.len());
    let mut quote = None;
    let mut characters = word.chars().peekable();
    while let Some(c) = characters.next() {
        if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        } else if c == escape && quote != Some('\'') {
            // Between double quotes an escape only counts before what it protects.
            match characters.next_if(|next| quote.is_none() || matches!(next, '"' | '$') || *next == escape) {
                Some(next) => result.push(next),
                None => result.push(c),
            }
        } else {
            result.push(c);
        }
    }
    result
}

fn text_range(range: Range<usize>) -> TextRange {
    TextRange::new(TextSize::new(range.start as u32), TextSize::new(range.end as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Variables {
        Variables::new()
    }

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Keyword, arguments and lines of every instruction.
    fn read(text: &str) -> Vec<(String, String, RangeInclusive<u32>)> {
        let file = Dockerfile::parse(text);
        file.instructions.into_iter().map(|each| (each.keyword, each.arguments, each.lines)).collect()
    }

    #[test]
    fn lines_are_joined_and_comments_left_out() {
        type Expected = &'static [(&'static str, &'static str, RangeInclusive<u32>)];
        let cases: &[(&str, Expected)] = &[
            ("", &[]),
            ("\n# only a comment\n", &[]),
            ("from scratch", &[("FROM", "scratch", 0..=0)]),
            ("\u{feff}FROM a\r\n\tRUN  b  \r\n", &[("FROM", "a", 0..=0), ("RUN", "b", 1..=1)]),
            ("RUN a && \\\n    b\nCMD c", &[("RUN", "a &&     b", 0..=1), ("CMD", "c", 2..=2)]),
            ("RUN a \\  \n# note\n\n  # another\n b", &[("RUN", "a  b", 0..=4)]),
            ("RUN a \\\\\nCMD c", &[("RUN", "a \\\\", 0..=0), ("CMD", "c", 1..=1)]),
            ("RUN a # b", &[("RUN", "a # b", 0..=0)]),
            ("RUN a \\", &[("RUN", "a", 0..=0)]),
            ("RUN \\\n\\\na", &[("RUN", "a", 0..=2)]),
            ("FROM\nCMD", &[("FROM", "", 0..=0), ("CMD", "", 1..=1)]),
            ("EXPOSE\t80\u{b}81", &[("EXPOSE", "80\u{b}81", 0..=0)]),
            ("läuft nicht", &[("LäUFT", "nicht", 0..=0)]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(k, a, l)| (k.to_string(), a.to_string(), l.clone())).collect();
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn here_documents_belong_to_their_instruction() {
        for (text, lines) in [
            ("RUN <<EOF\nCMD no\nEOF\nCMD yes", 0..=2),
            ("RUN <<-'E F'\nCMD no\n\tE F\nCMD yes", 0..=2),
            ("RUN cat << EOF > /x\nCMD no\n EOF\nEOF\nCMD yes", 0..=3),
            ("COPY <<a <<\"b\" /x/\nCMD no\nb\na\nCMD no\nb\nCMD yes", 0..=5),
            ("ONBUILD RUN <<EOF\nCMD no\nEOF\nCMD yes", 0..=2),
            ("run 3<<EOF \\\n  more\n# text\nEOF\nCMD yes", 0..=3),
            ("RUN cat \"<<EOF\"\nCMD yes", 0..=0),
            ("RUN cat <<<EOF\nCMD yes", 0..=0),
            ("RUN x<<EOF\nCMD yes", 0..=0),
            ("ENV A=<<EOF\nCMD yes", 0..=0),
        ] {
            let read = read(text);
            assert_eq!(read.len(), 2, "{text:?}: {read:?}");
            assert_eq!(read[0].2, lines, "{text:?}");
            assert_eq!(read[1].1, "yes", "{text:?}");
        }
        assert_eq!(read("RUN <<EOF\nCMD no\n").len(), 1, "a here-document without an end takes the rest");
    }

    #[test]
    fn directives_stand_at_the_top_only() {
        for (text, escape, syntax, instructions) in [
            ("# syntax=docker/dockerfile:1\n# escape = `\nRUN a `\nb", '`', Some("docker/dockerfile:1"), 1),
            ("#ESCAPE=`\nRUN a `\nb", '`', None, 1),
            ("# check=skip=all\n# escape=`\nRUN a `\nb", '`', None, 1),
            ("# a comment\n# escape=`\nRUN a `\nRUN b", '\\', None, 2),
            ("\n# escape=`\nRUN a `\nRUN b", '\\', None, 2),
            ("# note=1\n# escape=`\nRUN a `\nRUN b", '\\', None, 2),
            ("# escape=x\nRUN a \\\nb", '\\', None, 1),
        ] {
            let file = Dockerfile::parse(text);
            let found = (file.escape, file.syntax.as_deref(), file.instructions.len());
            assert_eq!(found, (escape, syntax, instructions), "{text:?}");
        }
    }

    #[test]
    fn stages_have_names_bases_and_platforms() {
        let file = Dockerfile::parse(
            "ARG TAG=22\nFROM --platform=$BUILDPLATFORM node:${TAG} As Build\nRUN b\nFROM nginx\nfrom build as final\nCMD c",
        );
        let stages: Vec<_> = file
            .stages
            .iter()
            .map(|stage| {
                let commands: Vec<&str> = file.instructions_of(stage).iter().map(|each| &*each.keyword).collect();
                (stage.name.as_deref(), &*stage.base, stage.platform.as_deref(), commands.join(" "))
            })
            .collect();
        assert_eq!(
            stages,
            [
                (Some("Build"), "node:${TAG}", Some("$BUILDPLATFORM"), "FROM RUN".to_owned()),
                (None, "nginx", None, "FROM".to_owned()),
                (Some("final"), "build", None, "FROM CMD".to_owned()),
            ]
        );
        let index = |target| file.target(target).map(|stage| stage.index);
        assert_eq!([index(None), index(Some("BUILD")), index(Some("other"))], [Some(2), Some(0), None]);
        let lineage: Vec<usize> = file.lineage(&file.stages[2], &none()).iter().map(|stage| stage.index).collect();
        assert_eq!(lineage, [0, 2]);
        assert!(Dockerfile::parse("RUN a").target(None).is_none());
        let own_name = Dockerfile::parse("FROM a AS a\nFROM a AS a");
        assert_eq!(own_name.lineage(&own_name.stages[1], &none()).len(), 2);
    }

    #[test]
    fn variables_follow_arguments_and_stages() {
        let file = Dockerfile::parse(
            "ARG A=1\nARG B\nFROM x AS base\nARG A\nARG C=${A}c\nENV E=$C F=\"$C $$\" G ignored\nFROM base\nARG C\nENV H ${E}h\nENV I=$NOPE",
        );
        let stage = file.target(None).unwrap();
        assert_eq!(file.globals(&none()), variables(&[("A", "1")]));
        assert_eq!(
            file.globals(&variables(&[("A", "2"), ("B", "3"), ("Z", "4")])),
            variables(&[("A", "2"), ("B", "3")])
        );
        assert_eq!(file.variables(stage, &none()), variables(&[("E", "1c"), ("F", "1c $$"), ("H", "1ch")]));
        assert_eq!(file.variables(stage, &variables(&[("C", "9")]))["H"], "9h");
    }

    #[test]
    fn assignments_are_read_in_both_forms() {
        for (text, expected) in [
            ("ENV A=1 B='2 3' C=\"4 \\\"5\\\"\" D=6\\ 7", "A=1|B=2 3|C=4 \"5\"|D=6 7"),
            ("ENV A  b=c \"d\"", "A=b=c \"d\""),
            ("ENV A", "A="),
            ("ENV A=", "A="),
            ("ARG A", "A"),
            ("ARG A B=1", "A|B=1"),
            ("LABEL \"a.b\"=c", "a.b=c"),
            ("ENV A=\\\n  1", "A=|1"),
            ("ENV A=\"un\\closed", "A=un\\closed"),
        ] {
            let file = Dockerfile::parse(text);
            let found = file.instructions[0].assignments();
            let found = found.iter().map(|(name, value)| match value {
                Some(value) => format!("{name}={value}"),
                None => name.clone(),
            });
            assert_eq!(found.collect::<Vec<_>>().join("|"), expected, "{text:?}");
        }
    }

    #[test]
    fn commands_are_lists_or_text_for_a_shell() {
        for (text, exec, words) in [
            ("CMD [\"node\", \"a b.js\"]", true, "node|a b.js"),
            ("CMD [ \"node\", \\\n  \"x\" ]", true, "node|x"),
            ("CMD ['node']", false, "[node]"),
            ("CMD node 'a b.js' --x", false, "node|a b.js|--x"),
            ("CMD it's fine", false, "it's|fine"),
            ("RUN --mount=type=cache,target=/x [\"ls\"]", true, "ls"),
            ("CMD", false, ""),
            ("CMD []", true, ""),
        ] {
            let command = Dockerfile::parse(text).instructions[0].command();
            assert_eq!(matches!(command, Command::Exec(_)), exec, "{text:?}");
            assert_eq!(command.words().join("|"), words, "{text:?}");
        }
    }

    #[test]
    fn words_have_their_place_in_the_text() {
        let text = "FROM a\n  EXPOSE 3000 \\\n # no\n  4000/tcp\\\n1 \n";
        let file = Dockerfile::parse(text);
        let expose = &file.instructions[1];
        let at = |range: TextRange| &text[usize::from(range.start())..usize::from(range.end())];
        assert!(at(expose.range).starts_with("EXPOSE 3000") && at(expose.range).ends_with('1'));
        let words: Vec<_> = expose.words().map(|(word, part)| (word, at(expose.range_of(part)))).collect();
        assert_eq!(words, [("3000", "3000"), ("4000/tcp1", "4000/tcp\\\n1")]);
        let from = Dockerfile::parse("FROM --platform=linux/arm64 a");
        assert_eq!(from.instructions[0].flag("platform"), Some("linux/arm64"));
        assert_eq!(from.instructions[0].flag("form"), None);
        assert_eq!(from.instructions[0].words().map(|(word, _)| word).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn variables_are_expanded_where_they_are_known() {
        let known = variables(&[("A", "1"), ("EMPTY", "")]);
        for (text, expected) in [
            ("plain", Some("plain")),
            ("$A/${A}x", Some("1/1x")),
            ("${B:-d}${A:-d}${EMPTY:-d}${EMPTY-d}", Some("d1d")),
            ("${A:+y}${B:+y}${EMPTY:+y}", Some("y")),
            ("$B", None),
            ("${B}", None),
            ("${A", None),
            ("${A#x}", None),
            ("1$", Some("1$")),
            ("${}", None),
            ("$é", Some("$é")),
        ] {
            let found = expand(text, |name| known.get(name).map(String::as_str));
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_value_that_doubles_itself_is_given_up() {
        let text = format!("FROM a\nENV A=12345678\n{}", "ENV A=$A$A\n".repeat(100));
        let file = Dockerfile::parse(&text);
        assert_eq!(file.variables(&file.stages[0], &none()), none());
    }

    #[test]
    fn no_text_makes_the_reader_fail() {
        proptest::proptest!(|(text in "(?s)(FROM|RUN|ENV|ARG|CMD|EXPOSE|<<E|E|#|\\\\|`|\"|'|\\[|\\$|\\{|=|é| |\t|\r|\n|--){0,40}")| {
            let file = Dockerfile::parse(&text);
            let mut end = TextSize::new(0);
            for instruction in &file.instructions {
                proptest::prop_assert!(instruction.range.start() >= end);
                end = instruction.range.end();
                proptest::prop_assert!(text.get(std::ops::Range::<usize>::from(instruction.range)).is_some());
                for (_, part) in instruction.words() {
                    proptest::prop_assert!(text.get(std::ops::Range::<usize>::from(instruction.range_of(part))).is_some());
                }
                let _ = (instruction.command().words(), instruction.assignments());
            }
            for stage in &file.stages {
                let _ = (file.variables(stage, &none()), file.lineage(stage, &none()));
            }
        });
    }
}
