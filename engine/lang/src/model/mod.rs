//! The configuration file described once: every property with its type, range, default, variants and documentation.
//!
//! The JSON Schema, the shape checks, completion and hover are all read from these tables. A property that is not here
//! does not exist.

mod compute;
mod container;
mod deployment;
mod iam;
mod integrations;
mod routing;
mod scaling;
mod stages;
mod top_level;

pub use compute::{compute_property, sizes};
pub use scaling::LONGEST_COOLDOWN;
pub use top_level::ROOT;

use std::fmt;

/// A named value of an [`Object`].
#[derive(Debug)]
pub struct Property {
    /// The key.
    pub name: &'static str,
    /// What may stand under it.
    pub shape: Shape,
    /// What it means, in Markdown; the first sentence stands alone.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What is in force when it is absent, as YAML.
    pub default: Option<&'static str>,
    /// The one deployment type that has it; `None` for both.
    pub only: Option<DeploymentType>,
    /// The value of a sibling that it goes with, as `(key, value)`.
    pub goes_with: Option<(&'static str, &'static str)>,
    /// What a snippet puts there, as YAML; empty where the shape says enough.
    pub snippet: &'static str,
    /// Values that people often want, as YAML.
    pub examples: &'static [&'static str],
    /// Whether people mostly write it although it may be left out.
    pub typical: bool,
    /// Codes of the rules that report a fault of this property, where it is not the general one.
    pub codes: &'static [(Fault, &'static str)],
    /// Whether rules of their own look at what stands there, so that the shape is for completion and the schema alone.
    pub checked_by_rules: bool,
}

/// The ways in which a value can miss the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A required key is absent.
    Missing,
    /// The object has no such key.
    Unknown,
    /// The value is of another type.
    Type,
    /// The value is not in the list.
    Value,
    /// The value is null.
    Null,
    /// The number is too small or too large.
    Range,
    /// The number has a fraction.
    Fraction,
    /// The text is too short or too long, or the list too short.
    Length,
    /// The text has characters or a form that it may not have.
    Pattern,
    /// The other deployment type has it.
    Unavailable,
}

/// What may stand in a place.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Text.
    Text(&'static Text),
    /// A number.
    Number(&'static Number),
    /// `true` or `false`.
    Bool,
    /// One of a few words.
    Choice(&'static [Choice]),
    /// One of a few numbers.
    NumberChoice(&'static [u32]),
    /// A list.
    List(&'static List),
    /// A map whose keys the user names.
    Map(&'static Map),
    /// A map with known keys.
    Object(&'static Object),
    /// A map whose known keys depend on its `type`.
    Tagged(&'static Tagged),
    /// Either of several; the first whose type fits is meant.
    Either(&'static [Shape]),
    /// Anything but null.
    Any,
    /// Anything at all.
    AnyOrNull,
}

/// Text, and what is asked of it.
#[derive(Debug)]
pub struct Text {
    /// Fewest characters.
    pub min: u32,
    /// Most characters.
    pub max: u32,
    /// The form it must have.
    pub pattern: Option<&'static Pattern>,
    /// What it stands for, for completion.
    pub kind: TextKind,
}

/// A form of text, for machines and for people.
pub struct Pattern {
    /// As a regular expression, for the JSON Schema.
    pub regex: &'static str,
    /// As code; the same language as `regex`.
    pub matches: fn(&str) -> bool,
    /// As the end of a sentence: "…, which may hold only letters and digits".
    pub words: &'static str,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.regex)
    }
}

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Nothing in particular.
    Free,
    /// A folder of the project.
    Folder,
    /// A path pattern of a route.
    PathPattern,
    /// A path of a URL.
    UrlPath,
    /// A host name.
    Domain,
    /// An Amazon resource name.
    Arn,
    /// A shell command.
    Command,
    /// Several lines.
    Multiline,
    /// Something that must not be shown.
    Secret,
}

/// A number, and what is asked of it.
#[derive(Debug)]
pub struct Number {
    /// Least value.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
    /// Whether it must be whole.
    pub whole: bool,
    /// The unit, as words behind the number; empty for a count.
    pub unit: &'static str,
    /// Where the possible values are listed, when they depend on a sibling.
    pub listed: Option<Listed>,
}

/// Lists of numbers that depend on a sibling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// The memory sizes of [`limits::fargate`](crate::limits::fargate) for the `cpu` beside it.
    FargateMemory,
}

/// One of the words that may stand in a place.
#[derive(Debug)]
pub struct Choice {
    /// The word.
    pub value: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Words that people write instead.
    pub aliases: &'static [&'static str],
}

/// A list, and what is asked of it.
#[derive(Debug)]
pub struct List {
    /// What an item may be.
    pub item: Shape,
    /// Fewest items.
    pub min: u32,
    /// Codes of the rules that report a fault of an item.
    pub codes: &'static [(Fault, &'static str)],
}

/// A map whose keys the user names.
#[derive(Debug)]
pub struct Map {
    /// What a key is, in a word or two: "container name".
    pub key: &'static str,
    /// What is asked of a key.
    pub key_text: &'static Text,
    /// What a value may be.
    pub value: Shape,
    /// Codes of the rules that report a fault of a key ([`Fault::Length`], [`Fault::Pattern`]) or of a value.
    pub codes: &'static [(Fault, &'static str)],
    /// What a snippet puts under a new key.
    pub snippet: &'static str,
}

/// A map with known keys.
#[derive(Debug)]
pub struct Object {
    /// Its name in the JSON Schema.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub doc: &'static str,
    /// Its keys in the order in which a person would write them.
    pub properties: &'static [Property],
    /// Whether other keys are an error; else they are dropped silently.
    pub strict: bool,
    /// Keys that people write here although they belong elsewhere.
    pub strays: &'static [Stray],
}

/// A map whose known keys depend on its `type`.
#[derive(Debug)]
pub struct Tagged {
    /// Its name in the JSON Schema.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub doc: &'static str,
    /// The values of `type`, each with its keys; `type` itself is not among them.
    pub variants: &'static [Variant],
    /// The code that reports a missing or unknown `type`.
    pub code: &'static str,
}

/// One value of a `type` key, and the keys that go with it.
#[derive(Debug)]
pub struct Variant {
    /// The value of `type` and its meaning.
    pub choice: Choice,
    /// The other keys.
    pub object: &'static Object,
}

/// A key that people write although it belongs elsewhere.
#[derive(Debug)]
pub struct Stray {
    /// The key.
    pub key: &'static str,
    /// What to do instead, as a sentence.
    pub advice: &'static str,
    /// The code that reports it; empty for the general one.
    pub code: &'static str,
    /// A change that is certain.
    pub change: Change,
}

/// What becomes of a stray key.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// Nobody can tell.
    None,
    /// It has another name in the same object.
    Rename(&'static str),
    /// It moves into the child object of this name.
    Into(&'static str),
    /// It moves out into the parent object.
    Out,
    /// It moves below this route of keys, which is made where it is not there, unless its own entries are maps: those
    /// may be meant in another way.
    Under(&'static [&'static str]),
    /// It goes.
    Remove,
}

/// The two architectures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeploymentType {
    /// `aws@1.0`: a distribution in front of the load balancer and of function URLs.
    Aws,
    /// `awsApi@1.0`: a load balancer in front of both.
    AwsApi,
}

impl DeploymentType {
    /// Reads the value of `deployment.type`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "aws@1.0" => Some(Self::Aws),
            "awsApi@1.0" => Some(Self::AwsApi),
            _ => None,
        }
    }

    /// As it stands in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws@1.0",
            Self::AwsApi => "awsApi@1.0",
        }
    }
}

/// The two services that run containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComputeType {
    /// `awsLambda`.
    Lambda,
    /// `awsFargateEcs`.
    Fargate,
}

impl ComputeType {
    /// Reads the value of `compute.type`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "awsLambda" => Some(Self::Lambda),
            "awsFargateEcs" => Some(Self::Fargate),
            _ => None,
        }
    }

    /// As it stands in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lambda => "awsLambda",
            Self::Fargate => "awsFargateEcs",
        }
    }
}

impl Property {
    const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self {
            name,
            shape,
            doc,
            required: false,
            default: None,
            only: None,
            goes_with: None,
            snippet: "",
            examples: &[],
            typical: false,
            codes: &[],
            checked_by_rules: false,
        }
    }

    /// Whether a deployment type has it; an unknown one may.
    pub fn is_available(&self, deployment: Option<DeploymentType>) -> bool {
        self.only.is_none_or(|only| deployment.is_none_or(|deployment| deployment == only))
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn default(mut self, yaml: &'static str) -> Self {
        self.default = Some(yaml);
        self
    }

    const fn only(mut self, deployment: DeploymentType) -> Self {
        self.only = Some(deployment);
        self
    }

    const fn goes_with(mut self, sibling: &'static str, value: &'static str) -> Self {
        self.goes_with = Some((sibling, value));
        self
    }

    const fn snippet(mut self, yaml: &'static str) -> Self {
        self.snippet = yaml;
        self
    }

    const fn examples(mut self, yaml: &'static [&'static str]) -> Self {
        self.examples = yaml;
        self
    }

    const fn checked_by_rules(mut self) -> Self {
        self.checked_by_rules = true;
        self
    }

    const fn typical(mut self) -> Self {
        self.typical = true;
        self
    }

    const fn codes(mut self, codes: &'static [(Fault, &'static str)]) -> Self {
        self.codes = codes;
        self
    }
}

impl Object {
    /// The property of a name.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

impl Tagged {
    /// The variant of a `type`.
    pub fn variant(&self, value: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.choice.value == value)
    }
}

impl Shape {
    /// What a value must be, as it ends a sentence: "must be …".
    pub fn expectation(self) -> String {
        match self {
            Self::Text(_) => "text".to_owned(),
            Self::Number(number) => number.expectation(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Choice(choices) => list_words(choices.iter().map(|choice| format!("`{}`", choice.value))),
            Self::NumberChoice(numbers) => list_words(numbers.iter().map(ToString::to_string)),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) | Self::Object(_) | Self::Tagged(_) => "a map".to_owned(),
            Self::Either(shapes) => list_words(shapes.iter().map(|shape| shape.expectation())),
            Self::Any | Self::AnyOrNull => "a value".to_owned(),
        }
    }
}

impl Number {
    /// What the number must be, as it ends a sentence.
    pub fn expectation(&self) -> String {
        let kind = if self.whole { "a whole number" } else { "a number" };
        let range = match (self.min, self.max) {
            (Some(min), Some(max)) => format!(" from {min} to {max}"),
            (Some(min), None) => format!(" of at least {min}"),
            (None, Some(max)) => format!(" of at most {max}"),
            (None, None) => String::new(),
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        format!("{kind}{range}{unit}")
    }
}

/// `a`, `a or b`, `a, b or c`.
pub fn list_words(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

const FREE: Text = Text { min: 0, max: u32::MAX, pattern: None, kind: TextKind::Free };
const ANY_TEXT: Shape = Shape::Text(&FREE);
const ARN: Shape = Shape::Text(&Text { kind: TextKind::Arn, ..FREE });
const SECRET: Shape = Shape::Text(&Text { kind: TextKind::Secret, ..FREE });
const ANY_NUMBER: Shape = Shape::Number(&Number { min: None, max: None, whole: false, unit: "", listed: None });
const TEXTS: Shape = Shape::List(&List { item: ANY_TEXT, min: 0, codes: &[] });

/// Letters, digits, hyphen and underscore, at least one.
const WORD: Pattern = Pattern {
    regex: r"^[a-zA-Z0-9\-_]+$",
    matches: |text| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    },
    words: "may hold only letters, digits, hyphens and underscores",
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `visit` with every object of the model and the path to it.
    fn walk(shape: Shape, path: &str, visit: &mut dyn FnMut(&str, &'static Object)) {
        match shape {
            Shape::Object(object) => {
                visit(path, object);
                for property in object.properties {
                    walk(property.shape, &format!("{path}.{}", property.name), visit);
                }
            }
            Shape::Tagged(tagged) => {
                for variant in tagged.variants {
                    walk(Shape::Object(variant.object), &format!("{path}<{}>", variant.choice.value), visit);
                }
            }
            Shape::List(list) => walk(list.item, &format!("{path}[]"), visit),
            Shape::Map(map) => walk(map.value, &format!("{path}.*"), visit),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| walk(*shape, path, visit)),
            _ => {}
        }
    }

    #[test]
    fn every_property_is_described_and_its_faults_have_codes() {
        let mut seen = 0;
        walk(Shape::Object(&ROOT), "", &mut |path, object| {
            for property in object.properties {
                let at = format!("{path}.{}", property.name);
                seen += 1;
                let first = property.doc.split("\n\n").next().unwrap();
                assert!(first.ends_with(['.', ')']), "{at} has no sentence: {first}");
                let has = |fault| property.codes.iter().any(|(coded, _)| *coded == fault);
                match property.shape {
                    Shape::Number(number) => {
                        assert!(has(Fault::Range) || (number.min.is_none() && number.max.is_none()), "{at}: range");
                        assert!(has(Fault::Fraction) || !number.whole, "{at}: fraction");
                    }
                    Shape::Text(text) => {
                        assert!(has(Fault::Length) || (text.min == 0 && text.max == u32::MAX), "{at}: length");
                        assert!(has(Fault::Pattern) || text.pattern.is_none(), "{at}: pattern");
                    }
                    Shape::List(list) => assert!(has(Fault::Length) || list.min == 0, "{at}: length"),
                    _ => {}
                }
                assert!(has(Fault::Unavailable) || property.only.is_none(), "{at}: availability");
            }
        });
        assert!(seen > 60, "the walk reached {seen} properties only");
    }

    #[test]
    fn expectations_read_as_sentences() {
        let number = |min, max, whole, unit| Number { min, max, whole, unit, listed: None }.expectation();
        assert_eq!(number(Some(1.0), Some(900.0), true, "seconds"), "a whole number from 1 to 900 (seconds)");
        assert_eq!(number(Some(0.0), None, false, ""), "a number of at least 0");
        assert_eq!(Shape::NumberChoice(&[1, 2, 3]).expectation(), "1, 2 or 3");
        assert_eq!(Shape::Either(&[ANY_TEXT, TEXTS]).expectation(), "text or a list");
    }
}
