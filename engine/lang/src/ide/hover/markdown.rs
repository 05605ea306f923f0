//! Pieces of Markdown.

/// A text as code, whatever backticks it holds. Line breaks become blanks.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    if longest == 0 {
        return format!("`{text}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// A piece of YAML as a block, its common indentation removed and its end cut off where it is long.
pub(super) fn block(text: &str, indent: usize) -> String {
    const MOST_LINES: usize = 20;
    let mut lines: Vec<&str> = text
        .lines()
        .take(MOST_LINES)
        .map(|line| line.strip_prefix(&" ".repeat(indent)).unwrap_or(line.trim_start()))
        .collect();
    if let Some(first) = lines.first_mut() {
        // The first line begins behind its indentation already.
        *first = text.lines().next().unwrap_or_default();
    }
    if text.lines().nth(MOST_LINES).is_some() {
        lines.push("…");
    }
    let longest = lines.iter().map(|line| line.chars().take_while(|character| *character == '`').count()).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!("{fence}yaml\n{}\n{fence}", lines.join("\n"))
}

/// A list, without the lines that are not there.
pub(super) fn list(lines: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let lines: Vec<String> = lines.into_iter().flatten().map(|line| format!("- {line}")).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_backticks() {
        for (text, expected) in [("a", "`a`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a b`")] {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn blocks_lose_their_indentation() {
        assert_eq!(block("a: 1\n    b: 2", 4), "```yaml\na: 1\nb: 2\n```");
        assert_eq!(block("```", 0), "````yaml\n```\n````");
    }
}
