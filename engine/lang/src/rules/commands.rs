//! Commands in the text of a shell, as far as rules have to tell them apart. Nothing is run.

/// The simple commands of a shell's text, as words: parted at `&&`, `||`, `;`, `|`, `&` and line ends. The text behind
/// `sh -c` counts as commands of its own.
pub(super) fn commands(text: &str) -> Vec<Vec<String>> {
    simple_commands(text).into_iter().flat_map(unwrapped).collect()
}

/// The commands of a command given as words.
pub(super) fn commands_of(words: Vec<String>) -> Vec<Vec<String>> {
    unwrapped(words)
}

/// A command from its program on: without the assignments before it and the programs that only start another one.
pub(super) fn program(mut words: &[String]) -> &[String] {
    loop {
        words = match words {
            [first, rest @ ..] if is_assignment(first) => rest,
            [first, rest @ ..] if STARTERS.contains(&file_name(first)) => skip_flags(rest),
            [first, second, rest @ ..] if STARTERS_IN_TWO.contains(&(file_name(first), second)) => skip_flags(rest),
            _ => return words,
        };
    }
}

/// The script of a `package.json` that a command runs: `build` for `npm run build`, `start` for `npm start`.
pub(super) fn package_script(words: &[String]) -> Option<&str> {
    let [manager, rest @ ..] = program(words) else { return None };
    let mut words = rest.iter().map(String::as_str).filter(|word| !word.starts_with('-'));
    let word = words.next()?;
    match (file_name(manager), word) {
        ("npm" | "pnpm" | "yarn" | "bun", "run" | "run-script") => words.next(),
        ("npm", "start" | "test") | ("yarn" | "pnpm", _) => Some(word),
        _ => None,
    }
}

/// The name of a program without its folder.
pub(super) fn file_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// Programs that start the one behind them.
const STARTERS: &[&str] =
    &["exec", "env", "npx", "bunx", "cross-env", "time", "nice", "sudo", "dumb-init", "tini", "su-exec"];

/// The same in two words.
const STARTERS_IN_TWO: &[(&str, &str)] = &[
    ("npm", "exec"),
    ("pnpm", "exec"),
    ("pnpm", "dlx"),
    ("yarn", "exec"),
    ("yarn", "dlx"),
    ("bun", "x"),
    ("poetry", "run"),
    ("pipenv", "run"),
    ("uv", "run"),
    ("python", "-m"),
    ("python3", "-m"),
    ("bundle", "exec"),
];

const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh"];

fn skip_flags(words: &[String]) -> &[String] {
    let flags = words.iter().take_while(|word| word.starts_with('-')).count();
    &words[flags..]
}

/// Whether a word before a program sets a variable: `NAME=value`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Takes a command out of `sh -c "…"`, once: nobody writes it deeper.
fn unwrapped(words: Vec<String>) -> Vec<Vec<String>> {
    let script = match program(&words) {
        [shell, rest @ ..] if SHELLS.contains(&file_name(shell)) => rest
            .iter()
            .position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'))
            .and_then(|flag| rest.get(flag + 1)),
        _ => None,
    };
    match script {
        Some(script) => simple_commands(script),
        None => vec![words],
    }
}

fn simple_commands(text: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut start = 0;
    let (mut quote, mut escaped) = (None, false);
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' && quote != Some('\'') {
            escaped = true;
        } else if quote == Some(character) {
            quote = None;
        } else if quote.is_none() && matches!(character, '"' | '\'') {
            quote = Some(character);
        } else if quote.is_none() && matches!(character, '&' | '|' | ';' | '\n') {
            commands.push(words(&text[start..at]));
            start = at + 1;
        }
    }
    commands.push(words(&text[start..]));
    commands.retain(|words| !words.is_empty());
    commands
}

/// The words of a command; parted at blanks alone where its quotes do not match.
fn words(text: &str) -> Vec<String> {
    shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_parted_into_commands() {
        for (text, expected) in [
            ("", ""),
            ("npm run build && node x.js", "npm run build; node x.js"),
            ("a 'b && c' | d; e & f\n g", "a b && c; d; e; f; g"),
            ("sh -c \"cd /app && exec node 'a b'\"", "cd /app; exec node a b"),
            ("HOST=x bash -lc 'npm start'", "npm start"),
            ("sh run.sh", "sh run.sh"),
            ("it's \\& fine", "it's \\& fine"),
            ("&&||;", ""),
        ] {
            let found: Vec<String> = commands(text).iter().map(|words| words.join(" ")).collect();
            assert_eq!(found.join("; "), expected, "{text:?}");
        }
    }

    #[test]
    fn programs_are_found_behind_those_that_start_them() {
        for (text, expected) in [
            ("NODE_ENV=production npx --yes tsc -p .", "tsc -p ."),
            ("python3 -m uvicorn app:app", "uvicorn app:app"),
            ("/usr/bin/env A=b exec ./server", "./server"),
            ("node x=y", "node x=y"),
            ("npx", ""),
        ] {
            let words = commands(text).concat();
            assert_eq!(program(&words).join(" "), expected, "{text:?}");
        }
    }

    #[test]
    fn scripts_of_packages_are_found() {
        for (text, expected) in [
            ("npm run --silent build -- --watch", Some("build")),
            ("npm start", Some("start")),
            ("npm install", None),
            ("yarn build", Some("build")),
            ("pnpm build", Some("build")),
            ("bun run dev", Some("dev")),
            ("bun index.ts", None),
            ("yarn", None),
            ("node build", None),
        ] {
            assert_eq!(package_script(&commands(text).concat()), expected, "{text:?}");
        }
    }
}
