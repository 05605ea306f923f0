//! What analysis says about a text: diagnostics, their places and their fixes.

use crate::text::{TextEdit, TextRange};

/// How much a finding matters. Ordered from harmless to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Style or convenience.
    Hint,
    /// Worth knowing.
    Info,
    /// It works, but is very probably wrong.
    Warning,
    /// The file is well formed, but a deployment is certain to fail. Shown as a warning; stops a deployment.
    Blocker,
    /// The file is not a valid configuration.
    Error,
}

/// Whether the fixes of a rule may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixKind {
    /// The rule offers no fix.
    None,
    /// Its fixes keep the meaning, or mend it in the only possible way.
    Safe,
    /// Its fixes are proposals that change what is deployed, or one of several ways.
    Unsafe,
    /// It has fixes of both kinds.
    Mixed,
}

/// The fixed facts of a rule. A rule's page is made from them.
#[derive(Debug)]
pub struct Rule {
    /// `SCF` and three digits; never changes its meaning.
    pub code: &'static str,
    /// The fault in a few words, as a noun.
    pub title: &'static str,
    /// The severity where the rule does not choose one by case.
    pub severity: Severity,
    /// What kind of fix comes with it.
    pub fix: FixKind,
    /// The page in Markdown: what, why, example, what to write instead, sources.
    pub docs: &'static str,
}

impl Rule {
    /// Starts a diagnostic of this rule with its default severity.
    pub fn at(&'static self, place: impl Into<Place>, message: impl Into<String>) -> Diagnostic {
        let Place { range, path, definition } = place.into();
        let related = definition.map(|range| Related { range, message: "It is written here.".to_owned() });
        Diagnostic {
            rule: self,
            severity: self.severity,
            message: message.into(),
            path,
            range,
            fixes: Vec::new(),
            related: related.into_iter().collect(),
            unnecessary: false,
        }
    }

    /// The page of the rule, relative to the root of the repository.
    pub fn url(&self) -> String {
        format!("docs/rules/{}.md", self.code)
    }
}

/// Declares a rule: the doc comment becomes its page, the fields its facts.
///
/// ```ignore
/// declare_rule! {
///     /// ## What it does
///     /// Reports two containers that claim the same route.
///     DUPLICATE_ROUTE = "SCF206", "Duplicate route", Blocker, fix: None
/// }
/// ```
#[macro_export]
macro_rules! declare_rule {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $title:literal, $severity:ident, fix: $fix:ident);+ $(;)?) => {
        $(
            #[doc = $title]
            pub static $name: $crate::diagnostic::Rule = $crate::diagnostic::Rule {
                code: $code,
                title: $title,
                severity: $crate::diagnostic::Severity::$severity,
                fix: $crate::diagnostic::FixKind::$fix,
                docs: concat!($($doc, "\n"),+),
            };
        )+
    };
}

/// Where a diagnostic stands: in the text, and in the tree of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The narrowest stretch of text that shows the fault.
    pub range: TextRange,
    /// The dotted path, as `slipway check --format json` prints it; empty for the document as a whole.
    pub path: String,
    /// Where the text concerned is written, when an alias brought it to `range`.
    pub definition: Option<TextRange>,
}

impl Place {
    /// A place in the text that no value of the configuration stands for.
    pub fn new(range: TextRange, path: impl Into<String>) -> Self {
        Self { range, path: path.into(), definition: None }
    }
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that made it.
    pub rule: &'static Rule,
    /// Its severity; a rule may choose another than its default.
    pub severity: Severity,
    /// What is wrong, why, and what to do, in whole sentences.
    pub message: String,
    /// The dotted path of the offending node.
    pub path: String,
    /// Where it is in the text.
    pub range: TextRange,
    /// Ways to mend it, best first.
    pub fixes: Vec<Fix>,
    /// Other places of the same text that explain it.
    pub related: Vec<Related>,
    /// The text concerned has no effect; editors may show it faded.
    pub unnecessary: bool,
}

impl Diagnostic {
    /// Gives it another severity than the rule's default.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds a fix, when there is one.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fixes.extend(fix.into());
        self
    }

    /// Points to another place that explains the finding.
    #[must_use]
    pub fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push(Related { range, message: message.into() });
        self
    }

    /// Marks the text as having no effect.
    #[must_use]
    pub fn unnecessary(mut self) -> Self {
        self.unnecessary = true;
        self
    }
}

/// A place of the same text that explains a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub range: TextRange,
    /// What is to be seen there.
    pub message: String,
}

/// A change that mends a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: "Rename to `environment`".
    pub title: String,
    /// True when it may be applied without a look.
    pub safe: bool,
    /// The edits, which do not overlap.
    pub edits: Vec<TextEdit>,
}

impl Fix {
    /// A fix that keeps the meaning, or mends it in the only possible way.
    pub fn safe(title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        Self { title: title.into(), safe: true, edits }
    }

    /// A proposal that a person should look at.
    pub fn suggestion(title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        Self { title: title.into(), safe: false, edits }
    }
}
