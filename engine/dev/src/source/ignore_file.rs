//! `.dockerignore`: what the build context leaves out.
//!
//! Unlike in `.gitignore`, every pattern is one from the root, and `*` does not cross `/`. The last pattern that matches a
//! path, or a folder that it lies in, decides. <https://docs.docker.com/build/concepts/context/#dockerignore-files>

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};

/// The patterns of such a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct IgnoreFile {
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    glob: GlobMatcher,
    /// `!`: what it matches stays in.
    keeps: bool,
}

impl IgnoreFile {
    /// The one of a build context; the one that belongs to the Dockerfile alone comes first.
    pub(crate) fn of_context(folder: &Path) -> Self {
        let names = ["Dockerfile.dockerignore", ".dockerignore"];
        let text = names.iter().find_map(|name| slipway_project::read_text(&folder.join(name)));
        Self::parse(&text.unwrap_or_default())
    }

    /// Reads patterns, one a line. What is no pattern matches nothing.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::trim).filter(|line| !line.is_empty());
        let patterns = lines.filter_map(|line| {
            let (keeps, pattern) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest.trim()));
            let pattern = pattern.trim_start_matches('/').trim_start_matches("./").trim_end_matches('/');
            let glob = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build().ok()?;
            Some(Pattern { glob: glob.compile_matcher(), keeps })
        });
        Self { patterns: patterns.collect() }
    }

    /// Whether a path from the root is left out.
    pub(crate) fn excludes(&self, path: &Path) -> bool {
        let matches = |pattern: &&Pattern| {
            path.ancestors().filter(|above| !above.as_os_str().is_empty()).any(|above| pattern.glob.is_match(above))
        };
        self.patterns.iter().rev().find(matches).is_some_and(|pattern| !pattern.keeps)
    }

    /// Whether something in a folder that is left out may still stay in.
    pub(crate) fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.keeps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_docker() {
        for (text, path, excluded) in [
            ("node_modules", "node_modules/x/y", true),
            ("node_modules", "a/node_modules/x", false),
            ("**/node_modules", "a/b/node_modules/x", true),
            ("**/node_modules", "node_modules", true),
            ("*.md", "README.md", true),
            ("*.md", "docs/a.md", false),
            ("*.md\n!README.md", "README.md", false),
            ("!README.md\n*.md", "README.md", true),
            ("docs\n!docs/keep", "docs/keep/x", false),
            ("docs\n!docs/keep", "docs/x", true),
            ("/dist/", "dist/x", true),
            ("# dist\n\n", "dist", false),
            ("a?c", "abc", true),
            ("*", "x/y", true),
            ("[", "[", false),
        ] {
            assert_eq!(IgnoreFile::parse(text).excludes(Path::new(path)), excluded, "{text:?} {path}");
        }
    }
}
