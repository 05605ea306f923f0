//! Which names and texts look like secrets.
//!
//! Both kinds of mistake cost: a secret that goes unnoticed is published, a false alarm teaches people to look away. So a
//! name counts by its last words only (`DB_PASSWORD`, not `PASSWORD_MIN_LENGTH`), and a text that is a reference, a
//! placeholder or a switch is no secret whatever its name says.

/// What a text that stands under a name is taken for, as the end of the sentence "this looks like …"; `None` for what is
/// no secret, or is only a reference to one.
pub fn secret_in(name: &str, text: &str) -> Option<&'static str> {
    secret_value(text).or_else(|| {
        let kind = name_kind(name)?;
        kind.holds(text.trim()).then(|| kind.words())
    })
}

/// What a text is taken for by its own form, whatever its name, as the end of the sentence "this looks like …".
pub fn secret_value(text: &str) -> Option<&'static str> {
    if is_private_key(text) {
        return Some("a private key");
    }
    TOKENS
        .iter()
        .find(|token| token.stands_in(text))
        .map(|token| token.words)
        .or_else(|| has_url_password(text).then_some("a URL with a password"))
}

/// Whether a name says that what stands under it must not be shown: `DB_PASSWORD`, `apiKey`, `client-secret`.
pub fn is_secret_name(name: &str) -> bool {
    name_kind(name).is_some()
}

/// The sorts of name that announce a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameKind {
    Password,
    Secret,
    Token,
    Key,
}

impl NameKind {
    fn words(self) -> &'static str {
        match self {
            Self::Password => "a password",
            Self::Secret => "a secret",
            Self::Token => "a token",
            Self::Key => "a secret key",
        }
    }

    /// Whether a text can be a secret of this sort.
    fn holds(self, text: &str) -> bool {
        /// Tokens and keys are made by machines; what is shorter is a name or a switch.
        const SHORTEST_TOKEN: usize = 8;
        if text.is_empty() || is_switch(text) || is_placeholder(text) || is_reference(text) || is_public(text) {
            return false;
        }
        let number = text.parse::<f64>().is_ok();
        match self {
            Self::Password => true,
            Self::Secret => !number,
            Self::Token | Self::Key => !number && text.len() >= SHORTEST_TOKEN && !text.contains(char::is_whitespace),
        }
    }
}

/// Last words of names that announce a secret.
const ENDINGS: &[(&[&str], NameKind)] = &[
    (&["PASSWORD"], NameKind::Password),
    (&["PASSWD"], NameKind::Password),
    (&["PASSPHRASE"], NameKind::Password),
    (&["PASSCODE"], NameKind::Password),
    (&["SECRET"], NameKind::Secret),
    (&["SECRET", "KEY", "BASE"], NameKind::Secret),
    (&["TOKEN"], NameKind::Token),
    (&["APIKEY"], NameKind::Key),
    (&["API", "KEY"], NameKind::Key),
    (&["ACCESS", "KEY"], NameKind::Key),
    (&["AUTH", "KEY"], NameKind::Key),
    (&["ENCRYPTION", "KEY"], NameKind::Key),
    (&["MASTER", "KEY"], NameKind::Key),
    (&["PRIVATE", "KEY"], NameKind::Key),
    (&["SECRET", "KEY"], NameKind::Key),
    (&["SIGNING", "KEY"], NameKind::Key),
];

/// Last words that announce a secret only behind another word: `PWD` alone is the working directory.
const ENDINGS_BEHIND_A_WORD: &[(&str, NameKind)] = &[("PASS", NameKind::Password), ("PWD", NameKind::Password)];

/// Words that say a key is meant for everybody, such as in `NEXT_PUBLIC_MAPS_API_KEY`.
const PUBLIC: &[&str] = &["PUBLIC", "PUBLISHABLE"];

fn name_kind(name: &str) -> Option<NameKind> {
    let words = words(name);
    if words.iter().any(|word| PUBLIC.contains(&word.as_str())) {
        return None;
    }
    let ends_with = |ending: &[&str]| {
        words.len() >= ending.len() && words[words.len() - ending.len()..].iter().zip(ending).all(|(a, b)| a == b)
    };
    ENDINGS.iter().find(|(ending, _)| ends_with(ending)).map(|(_, kind)| *kind).or_else(|| {
        let last = words.last().filter(|_| words.len() > 1)?;
        ENDINGS_BEHIND_A_WORD.iter().find(|(word, _)| last == word).map(|(_, kind)| *kind)
    })
}

/// The words of a name in upper case, parted at `_`, `-`, `.` and where lower case turns into upper case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for character in name.chars() {
        let separator = !character.is_ascii_alphanumeric();
        if separator || (before.is_ascii_lowercase() && character.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if !separator && let Some(word) = words.last_mut() {
            word.push(character.to_ascii_uppercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a text turns something on or off.
fn is_switch(text: &str) -> bool {
    const SWITCHES: &[&str] =
        &["true", "false", "yes", "no", "on", "off", "none", "null", "undefined", "enabled", "disabled"];
    SWITCHES.iter().any(|switch| text.eq_ignore_ascii_case(switch))
}

/// Whether a text stands for a secret that somebody has yet to fill in.
fn is_placeholder(text: &str) -> bool {
    const MARKS: &[&str] = &[
        "your-",
        "your_",
        "<your",
        "changeme",
        "change-me",
        "change_me",
        "change me",
        "replace",
        "example",
        "placeholder",
        "dummy",
        "redacted",
        "xxxx",
        "****",
        "....",
        "…",
        "todo",
        "fixme",
        "insert-",
        "insert_",
        "not-set",
        "unset",
    ];
    let folded = text.to_lowercase();
    let bracketed = text.starts_with('<') && text.ends_with('>') || text.starts_with('[') && text.ends_with(']');
    let one_character = text.chars().all(|character| text.starts_with(character));
    bracketed || one_character || MARKS.iter().any(|mark| folded.contains(mark))
}

/// Whether a text says where a secret is kept, and is not the secret: a variable, an ARN, a path, a URL.
fn is_reference(text: &str) -> bool {
    let variable = text.contains("${") || text.contains("{{") || is_shell_variable(text);
    let path_characters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/-_.".contains(&byte);
    // Random base64 text also holds slashes, but hardly ever without upper case.
    let lower_case_path = text.contains('/') && text.bytes().all(path_characters);
    let file = text.starts_with('/') && !text.contains(char::is_whitespace)
        || text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with("~/");
    variable || text.starts_with("arn:") || text.contains("://") || lower_case_path || file
}

/// Whether a text is a key that is meant for everybody.
fn is_public(text: &str) -> bool {
    ["pk_live_", "pk_test_", "pk."].iter().any(|prefix| text.starts_with(prefix))
}

/// `$NAME`.
fn is_shell_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

fn is_private_key(text: &str) -> bool {
    // "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", … stand between the dashes.
    const LONGEST_LABEL: usize = 64;
    text.match_indices("-----BEGIN ").any(|(at, begin)| {
        let label = &text.as_bytes()[at + begin.len()..];
        let label = &label[..label.len().min(LONGEST_LABEL)];
        let end = label.windows(5).position(|window| window == b"-----").unwrap_or(0);
        label[..end].windows(11).any(|window| window == b"PRIVATE KEY")
    })
}

/// `scheme://user:password@host`, with a literal password.
fn has_url_password(text: &str) -> bool {
    /// Longer than any real one, and a bound on the work for a text full of `://`.
    const LONGEST: usize = 512;
    text.match_indices("://").any(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST)];
        let authority =
            &rest[..rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"')).unwrap_or(rest.len())];
        authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .is_some_and(|(_, password)| NameKind::Password.holds(password))
    })
}

/// A sort of token that is known by its first characters.
struct Token {
    prefix: &'static str,
    /// What it is, as the end of a sentence.
    words: &'static str,
    /// Fewest characters behind the prefix.
    least: usize,
    /// Most characters behind the prefix, when the length is fixed.
    most: usize,
    /// The characters behind the prefix.
    alphabet: fn(u8) -> bool,
}

impl Token {
    const fn new(prefix: &'static str, words: &'static str, least: usize, alphabet: fn(u8) -> bool) -> Self {
        Self { prefix, words, least, most: usize::MAX, alphabet }
    }

    const fn exactly(prefix: &'static str, words: &'static str, length: usize, alphabet: fn(u8) -> bool) -> Self {
        Self { prefix, words, least: length, most: length, alphabet }
    }

    fn stands_in(&self, text: &str) -> bool {
        /// Enough to judge a token by, and a bound on the work for a text full of prefixes.
        const WINDOW: usize = 64;
        text.match_indices(self.prefix).any(|(at, prefix)| {
            let before = text.as_bytes()[..at].last();
            let rest = &text.as_bytes()[at + prefix.len()..];
            let window = &rest[..rest.len().min(WINDOW)];
            let length = window.iter().position(|byte| !(self.alphabet)(*byte)).unwrap_or(window.len());
            let (body, behind) = window.split_at(length);
            before.is_none_or(|byte| !byte.is_ascii_alphanumeric())
                && (self.least..=self.most).contains(&length)
                && behind.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
                && (self.least == self.most || is_mixed(body))
                && !is_placeholder(&String::from_utf8_lossy(body))
        })
    }
}

/// Tokens are random: a run without a digit or without a letter is a number or a word.
fn is_mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit) && text.iter().any(u8::is_ascii_alphabetic)
}

const GITHUB: &str = "a GitHub token";
const SLACK: &str = "a Slack token";
const STRIPE: &str = "a Stripe key";
const AWS: &str = "an AWS access key id";

static TOKENS: &[Token] = &[
    Token::exactly("AKIA", AWS, 16, base32),
    Token::exactly("ASIA", AWS, 16, base32),
    Token::exactly("ghp_", GITHUB, 36, alphanumeric),
    Token::exactly("gho_", GITHUB, 36, alphanumeric),
    Token::exactly("ghu_", GITHUB, 36, alphanumeric),
    Token::exactly("ghs_", GITHUB, 36, alphanumeric),
    Token::exactly("ghr_", GITHUB, 36, alphanumeric),
    Token::new("github_pat_", GITHUB, 22, word),
    Token::new("glpat-", "a GitLab token", 20, word_or_hyphen),
    Token::new("xoxb-", SLACK, 10, word_or_hyphen),
    Token::new("xoxp-", SLACK, 10, word_or_hyphen),
    Token::new("xoxa-", SLACK, 10, word_or_hyphen),
    Token::new("xoxr-", SLACK, 10, word_or_hyphen),
    Token::new("xoxs-", SLACK, 10, word_or_hyphen),
    Token::new("xoxe-", SLACK, 10, word_or_hyphen),
    Token::new("xoxe.xoxp-", SLACK, 10, word_or_hyphen),
    Token::new("xoxe.xoxb-", SLACK, 10, word_or_hyphen),
    Token::new("xapp-", SLACK, 10, word_or_hyphen),
    Token::new("hooks.slack.com/services/", "a Slack webhook", 20, |byte| byte == b'/' || alphanumeric(byte)),
    Token::new("sk_live_", STRIPE, 16, alphanumeric),
    Token::new("sk_test_", STRIPE, 16, alphanumeric),
    Token::new("rk_live_", STRIPE, 16, alphanumeric),
    Token::new("rk_test_", STRIPE, 16, alphanumeric),
    Token::new("whsec_", "a Stripe webhook secret", 24, |byte| alphanumeric(byte) || b"+/=".contains(&byte)),
    Token::new("sk-ant-", "an Anthropic key", 20, word_or_hyphen),
    Token::new("sk-", "an OpenAI key", 32, word_or_hyphen),
    Token::exactly("AIza", "a Google API key", 35, word_or_hyphen),
    Token::exactly("npm_", "an npm token", 36, alphanumeric),
    Token::new("SG.", "a SendGrid key", 43, |byte| byte == b'.' || word_or_hyphen(byte)),
];

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn base32(byte: u8) -> bool {
    byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte)
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn word_or_hyphen(byte: u8) -> bool {
    word(byte) || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_decide_together() {
        for (name, text, expected) in [
            ("DB_PASSWORD", "hunter2", Some("a password")),
            ("password", "12345", Some("a password")),
            ("dbPassword", "correct horse", Some("a password")),
            ("MYSQL_PASS", "root", Some("a password")),
            ("SMTP_PWD", "mail", Some("a password")),
            ("COOKIE_SECRET", "keyboard cat", Some("a secret")),
            ("SECRET_KEY_BASE", "0a8f5b3e", Some("a secret")),
            ("clientSecret", "s3cr3t", Some("a secret")),
            ("GITHUB_TOKEN", "abcdef0123456789", Some("a token")),
            ("API_KEY", "k-0123456789", Some("a secret key")),
            ("apiKey", "k-0123456789", Some("a secret key")),
            ("APIKey", "k-0123456789", Some("a secret key")),
            ("secretAccessKey", "wJalrXUtnFEMI/K7MDENG", Some("a secret key")),
            // The name is about a secret, but what it holds is none.
            ("PASSWORD_MIN_LENGTH", "8", None),
            ("TOKEN_URL", "https://auth.acme.dev/token", None),
            ("TOKEN_EXPIRY", "one-hour-long", None),
            ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3", None),
            ("PWD", "/app", None),
            ("PWD", "app", None),
            ("BYPASS", "everything", None),
            ("CACHE_KEY", "products-by-name", None),
            ("PUBLIC_KEY", "abcdef0123456789", None),
            ("NEXT_PUBLIC_MAPS_API_KEY", "abcdef0123456789", None),
            ("STRIPE_PUBLISHABLE_API_KEY", "pk_live_0123456789", None),
            ("MAX_TOKEN", "16384000", None),
            ("AUTH_TOKEN", "cookie", None),
            ("USE_SECRET", "true", None),
            // The text is a reference, a placeholder or nothing.
            ("DB_PASSWORD", "", None),
            ("DB_PASSWORD", "  ", None),
            ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3", None),
            ("DB_PASSWORD", "/prod/db/password", None),
            ("DB_PASSWORD", "prod/db/password", None),
            ("DB_PASSWORD", "/run/secrets/DB_PASSWORD", None),
            ("DB_PASSWORD", "op://vault/db/password", None),
            ("DB_PASSWORD", "$DB_PASSWORD", None),
            ("DB_PASSWORD", "pre-${env:DB_PASSWORD}", None),
            ("DB_PASSWORD", "{{ db_password }}", None),
            ("DB_PASSWORD", "<password>", None),
            ("DB_PASSWORD", "ChangeMe!", None),
            ("DB_PASSWORD", "********", None),
            ("SECRET_KEY_BASE", "your-secret-key-base-here", None),
            ("API_KEY", "YOUR_API_KEY", None),
            ("STRIPE_API_KEY", "pk_live_0123456789", None),
            ("API_KEY", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", None),
        ] {
            assert_eq!(secret_in(name, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn texts_are_known_by_their_form() {
        // Put together here, so that no scanner takes this file for a leak.
        let token = |prefix: &str, body: &str, times: usize| format!("{prefix}{}", body.repeat(times));
        for (text, expected) in [
            (token("AKIA", "Q3XN", 4), Some(AWS)),
            (token("key=ASIA", "QXNB", 4), Some(AWS)),
            (token("ghp_", "a1B2", 9), Some(GITHUB)),
            (token("https://ghs_", "a1B2", 9) + "@github.com/acme/app", Some(GITHUB)),
            (token("github_pat_", "a1B2_", 12), Some(GITHUB)),
            (token("glpat-", "a1B2-", 4), Some("a GitLab token")),
            (token("xoxb-", "0123456789ab-", 3), Some(SLACK)),
            (token("xapp-1-", "A0B1C2", 5), Some(SLACK)),
            (token("https://hooks.slack.com/services/", "T0B1/", 6), Some("a Slack webhook")),
            (token("sk_live_", "a1B2", 6), Some(STRIPE)),
            (token("rk_test_", "a1B2", 6), Some(STRIPE)),
            (token("whsec_", "a1B2", 8), Some("a Stripe webhook secret")),
            (token("sk-ant-api03-", "a1B2", 8), Some("an Anthropic key")),
            (token("sk-proj-", "a1B2", 8), Some("an OpenAI key")),
            (token("AIza", "a1B2C", 7), Some("a Google API key")),
            (token("npm_", "a1B2", 9), Some("an npm token")),
            (token("SG.", "a1B2", 6) + &token(".", "a1B2", 8), Some("a SendGrid key")),
            (token("-----BEGIN ", "RSA PRIVATE KEY", 1) + "-----\nMIIE", Some("a private key")),
            (token("-----BEGIN ", "PRIVATE KEY", 1) + "-----", Some("a private key")),
            ("-----BEGIN CERTIFICATE-----\nPRIVATE KEY".to_owned(), None),
            ("-----BEGIN PUBLIC KEY-----".to_owned(), None),
            ("postgres://app:s3cr3t@db.internal:5432/app".to_owned(), Some("a URL with a password")),
            ("redis://:s3cr3t@cache:6379".to_owned(), Some("a URL with a password")),
            ("postgres://app@db.internal/app".to_owned(), None),
            ("postgres://app:<password>@db.internal/app".to_owned(), None),
            ("https://acme.dev/a:b@c".to_owned(), None),
            ("https://acme.dev".to_owned(), None),
            // Near misses.
            ("AKIAIOSFODNN7EXAMPLE".to_owned(), None),
            (token("XAKIA", "Q3XN", 4), None),
            (token("AKIA", "Q3XN", 3), None),
            (token("AKIA", "Q3XN", 4) + "abc", None),
            (token("ghp_", "a1B2", 8), None),
            (token("sk_live_", "x", 24), None),
            ("sk-learn-with-a-rather-long-name-behind-it".to_owned(), None),
            ("ask-0123456789-abcdefghijklmnopqrstuvwxyz".to_owned(), None),
            ("xoxb-your-token-123456".to_owned(), None),
            ("漢字://漢:漢字@漢".to_owned(), Some("a URL with a password")),
            (String::new(), None),
        ] {
            assert_eq!(secret_value(&text), expected, "{text}");
        }
    }

    #[test]
    fn names_alone_say_what_must_not_be_shown() {
        for (name, expected) in [
            ("DB_PASSWORD", true),
            ("api-key", true),
            ("TOKEN", true),
            ("TOKEN_URL", false),
            ("", false),
            ("__", false),
        ] {
            assert_eq!(is_secret_name(name), expected, "{name}");
        }
    }

    #[test]
    fn long_texts_take_linear_time() {
        for unit in ["sk-", "://a:", "-----BEGIN ", "xoxb-1a", "A", "é"] {
            assert_eq!(secret_value(&unit.repeat(200_000)).is_some(), unit == "xoxb-1a", "{unit}");
        }
    }
}
