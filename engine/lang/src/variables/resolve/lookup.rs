//! Looking a reference up with its provider, and saying why it gives nothing.

use super::files::FileValue;
use super::walk::{OnTheWay, Walk};
use super::{Attempt, Evaluator, Home, Known, NodeRef, Origin, Outcome, Spot};
use crate::inputs::normalize_path;
use crate::suggest::nearest;
use crate::variables::finding::FindingKind;
use crate::variables::grammar::{Alternative, AlternativeKind, Part, Piece, Reference, Template, Variable};
use crate::variables::providers::{Reach, looks_secret};
use crate::variables::stages::{DEFAULT_STAGE_KEY, Source, parameter_paths};

/// Why a reference gives nothing.
pub(super) enum Gap {
    /// Nothing to speak of, but what runs Slipway may fill it: an option that was not given.
    Outside,
    /// Something that may be a fault.
    Fault {
        kind: FindingKind,
        /// The part of the text that names what is missing.
        part: Part,
        /// What was probably meant in its place.
        replacement: Option<String>,
    },
}

/// A reference where it stands.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'s> {
    pub(super) text: &'s str,
    pub(super) alternative: &'s Alternative,
    pub(super) reference: &'s Reference,
    pub(super) home: &'s Home,
}

impl Lookup<'_> {
    fn spot(self) -> Spot {
        self.home.spot(&self.alternative.range)
    }

    /// A gap at a word of the reference, or at the whole of it. A replacement is only of use for a word that is written out.
    fn gap(self, kind: FindingKind, word: Option<&Template>, replacement: Option<String>) -> Gap {
        let written_out = word.is_some_and(|word| matches!(word.pieces.as_slice(), [Piece::Text(_)]));
        Gap::Fault {
            kind,
            part: word.map_or(&self.alternative.range, |word| &word.range).clone(),
            replacement: replacement.filter(|_| written_out),
        }
    }
}

/// The words of a reference, its own variables resolved.
struct Words {
    params: Option<String>,
    key: Option<String>,
}

/// What a reference gives, and why it gives nothing.
type Answer = (Outcome, Option<Gap>);

impl Evaluator<'_> {
    /// What a reference gives, and why it gives nothing.
    pub(super) fn reference(&mut self, lookup: &Lookup<'_>) -> Answer {
        let words = self.words(lookup);
        let source = self.variables.stages.source(&lookup.text[lookup.reference.provider.clone()]);
        let Some(provider) = source.provider() else {
            return (Outcome::UNKNOWN.secret(true), None);
        };
        let resolver = lookup.reference.resolver.as_ref().map(|resolver| &lookup.text[resolver.clone()]);
        let key = words.as_ref().and_then(|words| words.key.as_deref()).unwrap_or_default();
        let mut secret = looks_secret(key);
        if provider.reach != Reach::Document {
            let service = resolver.or(Some(key)).and_then(|name| source.service(name));
            let service = service.or_else(|| provider.service(provider.default_resolver));
            let public = provider.facts.iter().any(|(fact, _)| *fact == key);
            secret |= provider.secret || !public && service.is_some_and(|service| service.secret);
            return (Outcome::UNKNOWN.secret(secret), None);
        }
        let answers = resolver.is_none_or(|resolver| resolver == provider.default_resolver);
        let Some(words) = words.filter(|_| answers) else {
            return (Outcome::UNKNOWN.secret(secret), None);
        };
        let key = words.key.as_deref().unwrap_or_default();
        let (outcome, gap) = match provider.name {
            "env" => self.environment(key, *lookup),
            "opt" => self.option(key, *lookup),
            "sls" => (self.run(key), None),
            "param" => self.parameter(key, *lookup),
            "self" => self.own_path(key, *lookup),
            "file" => self.file_reference(&words, *lookup),
            "strToBool" => (self.boolean(&words, *lookup), None),
            _ => (Outcome::UNKNOWN, None),
        };
        // Keys that begin with a blank or hold a bracket are reported as such; what they miss is no news then.
        let reported = key.starts_with(char::is_whitespace) || key.contains('[');
        (outcome.secret(secret), gap.filter(|_| !reported))
    }

    /// The words of a reference; `None` when a variable in them is unknown.
    fn words(&mut self, lookup: &Lookup<'_>) -> Option<Words> {
        let mut word = |template: &Option<Template>| match template {
            Some(template) => self.joined(lookup.text, template, lookup.home).0.map(Some),
            None => Some(None),
        };
        let (params, key) = (word(&lookup.reference.params), word(&lookup.reference.key));
        Some(Words { params: params?, key: key? })
    }

    fn environment(&mut self, name: &str, lookup: Lookup<'_>) -> Answer {
        let Some(env) = &self.inputs.env else { return (Outcome::UNKNOWN, None) };
        if let Some(value) = env.get(name) {
            (self.brought(Origin::Environment(name.to_owned()), value, &lookup.spot()), None)
        } else {
            let kind = FindingKind::EnvironmentMissing { name: name.to_owned() };
            (Outcome::MISSING, Some(lookup.gap(kind, None, None)))
        }
    }

    fn option(&mut self, name: &str, lookup: Lookup<'_>) -> Answer {
        let stage = self.inputs.stage_option.as_ref().filter(|_| name == "stage");
        match stage.or_else(|| self.inputs.options.get(name)) {
            Some(value) => (self.brought(Origin::Option(name.to_owned()), value, &lookup.spot()), None),
            None => (Outcome::MISSING, Some(Gap::Outside)),
        }
    }

    fn run(&self, key: &str) -> Outcome {
        match key {
            "stage" => Outcome::new(Known::Text(self.inputs.stage.as_str().into())),
            _ => Outcome::UNKNOWN,
        }
    }

    /// Text from outside the document.
    fn brought(&mut self, origin: Origin, text: &str, spot: &Spot) -> Outcome {
        let home = Home::Brought(spot.clone());
        self.once(origin, spot.node, |this| this.brought_text(text, &home))
    }

    fn parameter(&mut self, name: &str, lookup: Lookup<'_>) -> Answer {
        self.variables.parameters_read.insert(name.to_owned());
        let spot = lookup.spot();
        if let Some(value) = self.inputs.params.get(name) {
            return (self.brought(Origin::Parameter(name.to_owned()), value, &spot), None);
        }
        let Some(root) = self.document.tree().root() else { return (Outcome::UNKNOWN, None) };
        let stage = self.inputs.stage.as_str();
        let mut empty = false;
        for place in parameter_paths(stage, name) {
            match self.walk(NodeRef::main(root), &place, OnTheWay::Resolve, &spot) {
                Walk::Found(Outcome { value: Known::Null, .. }) => {
                    empty = true;
                    break;
                }
                Walk::Found(outcome) => return (outcome, None),
                Walk::Lost { .. } => {}
            }
        }
        let stages = &self.variables.stages;
        if stages.open {
            return (Outcome::MISSING, Some(Gap::Outside));
        }
        let replacement = nearest(name, stages.parameter_names(&[stage, DEFAULT_STAGE_KEY])).map(str::to_owned);
        let elsewhere = stages.stages_with(name).next().is_some();
        let kind = FindingKind::ParameterMissing { name: name.to_owned(), empty, elsewhere, certain: false };
        (Outcome::MISSING, Some(lookup.gap(kind, lookup.reference.key.as_ref(), replacement)))
    }

    fn own_path(&mut self, path: &str, lookup: Lookup<'_>) -> Answer {
        let Some(root) = self.document.tree().root().filter(|_| !path.is_empty()) else {
            return (Outcome::UNKNOWN, None);
        };
        let keys: Vec<&str> = path.split('.').collect();
        let spot = lookup.spot();
        let (depth, at) = match self.walk(NodeRef::main(root), &keys, OnTheWay::Resolve, &spot) {
            Walk::Found(Outcome { value: Known::Null, .. }) => (keys.len(), None),
            Walk::Found(outcome) => return (outcome, None),
            Walk::Lost { depth, at } => (depth, at),
        };
        let kind = FindingKind::PathMissing { path: path.to_owned(), empty: depth == keys.len(), certain: false };
        let replacement = self.corrected(&keys, depth, at, &spot);
        (Outcome::MISSING, Some(lookup.gap(kind, lookup.reference.key.as_ref(), replacement)))
    }

    fn file_reference(&mut self, words: &Words, lookup: Lookup<'_>) -> Answer {
        if self.inputs.files.is_none() {
            return (Outcome::UNKNOWN, None);
        }
        // Path and key may stand in one word with `#` between them.
        let joined = match (&words.params, &words.key) {
            (Some(path), Some(key)) => format!("{path}#{key}"),
            (Some(word), None) | (None, Some(word)) => word.clone(),
            (None, None) => return (Outcome::UNKNOWN, None),
        };
        let mut parts = joined.split('#');
        let path = parts.next().unwrap_or_default();
        let key = parts.next().unwrap_or_default();
        let keys: Vec<&str> = if key.is_empty() { Vec::new() } else { key.split('.').collect() };
        let (path_word, key_word) = match &lookup.reference.params {
            Some(params) => (Some(params), lookup.reference.key.as_ref()),
            None => (lookup.reference.key.as_ref(), None),
        };
        let spot = lookup.spot();
        let gap = match self.file_value(path, &keys, &spot) {
            FileValue::Found(outcome) => return (outcome, None),
            FileValue::NoFile { folder } => {
                let kind = FindingKind::FileMissing { path: path.to_owned(), folder, certain: false };
                let alone = path_word.is_some_and(|word| &lookup.text[word.range.clone()] == path);
                lookup.gap(kind, path_word, self.nearest_file(path).filter(|_| alone && !folder))
            }
            FileValue::NoKey { depth, at } => {
                let kind = FindingKind::KeyMissing { file: path.to_owned(), key: key.to_owned(), certain: false };
                let replacement = self.corrected(&keys, depth, at, &spot);
                lookup.gap(kind, key_word, replacement)
            }
        };
        (Outcome::MISSING, Some(gap))
    }

    /// A path with the key that is not there replaced by the one that was probably meant.
    fn corrected(&mut self, keys: &[&str], depth: usize, at: Option<NodeRef>, spot: &Spot) -> Option<String> {
        let nearest = self.nearest_key(at?, keys.get(depth)?, spot)?;
        let mut keys = keys.to_vec();
        keys[depth] = &nearest;
        Some(keys.join("."))
    }

    /// The path of the file that was probably meant: another in the same folder.
    fn nearest_file(&self, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names = self.inputs.files?.list(&normalize_path(folder));
        let nearest = nearest(name, names.iter().map(String::as_str))?;
        Some(if folder.is_empty() && !path.starts_with('/') {
            nearest.to_owned()
        } else {
            format!("{folder}/{nearest}")
        })
    }

    fn boolean(&mut self, words: &Words, lookup: Lookup<'_>) -> Outcome {
        let Some(word) = words.params.as_deref().or(words.key.as_deref()) else { return Outcome::UNKNOWN };
        match word.trim().to_lowercase().as_str() {
            "true" | "1" => Outcome::new(Known::Bool(true)),
            "false" | "0" => Outcome::new(Known::Bool(false)),
            _ => {
                self.find(FindingKind::NotBoolean, lookup.spot(), None);
                Outcome::UNKNOWN
            }
        }
    }

    /// Whether a variable stays text as a whole, because nobody answers to one of its alternatives.
    pub(super) fn stays_text(&self, text: &str, variable: &Variable) -> bool {
        let nobody = |reference: &Reference| {
            matches!(self.variables.stages.source(&text[reference.provider.clone()]), Source::Nobody)
        };
        variable.references().any(|(_, reference)| nobody(reference))
            || variable.alternatives().iter().any(|alternative| match &alternative.kind {
                AlternativeKind::Bare(nested) => !nested.is_empty(),
                _ => false,
            })
    }

    /// Reports what keeps a variable from having a value.
    pub(super) fn report_gaps(&mut self, variable: &Variable, attempt: &Attempt, home: &Home) {
        let nothing = matches!(attempt.outcome.value, Known::Missing);
        let from_outside = |gap: &Option<Gap>| match gap {
            Some(Gap::Fault { kind, .. }) => matches!(kind, FindingKind::EnvironmentMissing { .. }),
            Some(Gap::Outside) => true,
            None => false,
        };
        let last = variable.alternatives().len().saturating_sub(1);
        for (position, gap) in &attempt.gaps {
            let Some(Gap::Fault { kind, part, replacement }) = gap else { continue };
            let mut others = attempt.gaps.iter().filter(|(other, _)| other != position);
            let is_certain = nothing && !others.any(|(_, gap)| from_outside(gap));
            let mut kind = kind.clone();
            let counts = match &mut kind {
                FindingKind::EnvironmentMissing { .. } => nothing && *position == last,
                FindingKind::FileMissing { certain, .. } => {
                    *certain = is_certain;
                    true
                }
                FindingKind::PathMissing { certain, .. }
                | FindingKind::KeyMissing { certain, .. }
                | FindingKind::ParameterMissing { certain, .. } => {
                    *certain = is_certain;
                    *position == last
                }
                _ => false,
            };
            if counts {
                let replacement = replacement.clone().filter(|_| matches!(home, Home::Scalar(_)));
                self.find(kind, home.spot(part), replacement);
            }
        }
    }
}
