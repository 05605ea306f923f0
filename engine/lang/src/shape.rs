//! The checks that follow from the model alone: unknown and missing keys, types, words, ranges.

use std::collections::HashSet;

use crate::analysis::MAX_DIAGNOSTICS;
use crate::config::{Data, Value, number_text};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::model::{
    self, Choice, DeploymentType, Fault, Number, Object, Property, ROOT, Shape, Stray, Tagged, Text, list_words,
};
use crate::rules::{self, RuleContext};
use crate::yaml::NodeId;

mod fixes;

/// Holds the whole document against the model.
pub fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    // What is no map at all is reported as a whole (SCF003).
    if let Some(root) = ctx.root().filter(|root| root.is_map()) {
        Checker { ctx, acc, seen: HashSet::new() }.value(root, Shape::Object(&ROOT), &[]);
    }
}

type Codes = &'static [(Fault, &'static str)];

struct Checker<'a, 'acc> {
    ctx: &'a RuleContext<'a>,
    acc: &'acc mut Vec<Diagnostic>,
    /// Nodes behind aliases that were looked at in a role, so that a fault is reported once and not at every use.
    seen: HashSet<(NodeId, *const ())>,
}

impl<'a> Checker<'a, '_> {
    fn value(&mut self, value: Value<'a>, shape: Shape, codes: Codes) {
        if value.is_unknown() || !self.first_look(value, shape) {
            return;
        }
        if value.is_null() && !matches!(shape, Shape::AnyOrNull) {
            self.null(value, shape, codes);
            return;
        }
        match shape {
            Shape::Text(text) => self.text(value, text, codes),
            Shape::Number(number) => self.number(value, number, codes),
            Shape::Bool => self.bool(value, codes),
            Shape::Choice(choices) => self.choice(value, choices, codes),
            Shape::NumberChoice(numbers) => self.number_choice(value, numbers, codes),
            Shape::List(list) => match value.data() {
                Data::List(_) => value.items().for_each(|item| self.value(item, list.item, list.codes)),
                _ => self.wrong_type(value, shape, codes),
            },
            Shape::Map(map) => match value.data() {
                Data::Map(_) => {
                    for (key, child) in value.entries() {
                        self.key(child, key, map);
                        self.value(child, map.value, map.codes);
                    }
                }
                _ => self.wrong_type(value, shape, codes),
            },
            Shape::Object(object) => match value.data() {
                Data::Map(_) => self.object(value, object, None, codes),
                _ => self.wrong_type(value, shape, codes),
            },
            Shape::Tagged(tagged) => match value.data() {
                Data::Map(_) => self.tagged(value, tagged),
                _ => self.wrong_type(value, shape, codes),
            },
            Shape::Either(shapes) => match shapes.iter().find(|shape| has_type(value, **shape)) {
                Some(shape) => self.value(value, *shape, codes),
                None => self.wrong_type(value, shape, codes),
            },
            Shape::Any => self.nested_nulls(value, codes),
            Shape::AnyOrNull => {}
        }
    }

    /// False for a node behind an alias that was already looked at in this role.
    fn first_look(&mut self, value: Value<'a>, shape: Shape) -> bool {
        let role: *const () = match shape {
            Shape::Object(object) => std::ptr::from_ref(object).cast(),
            Shape::Tagged(tagged) => std::ptr::from_ref(tagged).cast(),
            Shape::Map(map) => std::ptr::from_ref(map).cast(),
            Shape::List(list) => std::ptr::from_ref(list).cast(),
            // A scalar is reached through its collection, and an alias to a lone scalar is rare and short.
            _ => return true,
        };
        self.seen.insert((value.node(), role)) || value.definition().is_none()
    }

    fn null(&mut self, value: Value<'a>, shape: Shape, codes: Codes) {
        let label = label(value);
        let why = match shape {
            Shape::Any => "and null cannot stand here".to_owned(),
            shape => format!("but must be {}", shape.expectation()),
        };
        let message = format!("`{label}` has no value, {why}. Give it one, or remove the key.");
        let fixes = fixes::fill_null(self.ctx, value, shape);
        let place = if value.key().is_some() { value.key_place() } else { value.place() };
        self.report(codes, Fault::Null, place, message).fixes.extend(fixes);
    }

    fn wrong_type(&mut self, value: Value<'a>, shape: Shape, codes: Codes) {
        let message = format!("`{}` is {}, but must be {}.", label(value), found(value), shape.expectation());
        let fixes = fixes::retype(self.ctx, value, shape);
        self.report(codes, Fault::Type, value, message).fixes.extend(fixes);
    }

    fn text(&mut self, value: Value<'a>, text: &'static Text, codes: Codes) {
        let Some(content) = value.as_str() else {
            return self.wrong_type(value, Shape::Text(text), codes);
        };
        for (fault, message) in text_faults(&format!("`{}`", label(value)), content, text) {
            let fix = fixes::lead_with_slash(self.ctx, value, text).filter(|_| fault == Fault::Pattern);
            self.report(codes, fault, value, message).fixes.extend(fix);
        }
    }

    fn key(&mut self, child: Value<'a>, key: &str, map: &'static model::Map) {
        for (fault, message) in text_faults(&format!("The {} `{key}`", map.key), key, map.key_text) {
            self.report(map.codes, fault, child.key_place(), message);
        }
    }

    fn number(&mut self, value: Value<'a>, number: &'static Number, codes: Codes) {
        let Some(found) = value.as_f64() else {
            return self.wrong_type(value, Shape::Number(number), codes);
        };
        self.coerced(value, "number");
        let label = label(value);
        let outside = number.min.is_some_and(|min| found < min) || number.max.is_some_and(|max| found > max);
        let fault = match (outside, number.whole && found.fract() != 0.0) {
            (true, _) => Fault::Range,
            (false, true) => Fault::Fraction,
            (false, false) => return,
        };
        let message = format!("`{label}` is {}, but must be {}.", number_text(found), number.expectation());
        let fixes = fixes::nearest_number(self.ctx, value, found, number);
        self.report(codes, fault, value, message).fixes.extend(fixes);
    }

    fn bool(&mut self, value: Value<'a>, codes: Codes) {
        match value.as_bool() {
            Some(_) => self.coerced(value, "boolean"),
            None => self.wrong_type(value, Shape::Bool, codes),
        }
    }

    fn choice(&mut self, value: Value<'a>, choices: &'static [Choice], codes: Codes) {
        let known = |word: &str| choices.iter().any(|choice| choice.value == word);
        if value.as_str().is_some_and(known) {
            return;
        }
        let expected = Shape::Choice(choices).expectation();
        let message = format!("`{}` is {}, but must be {expected}.", label(value), found(value));
        let fixes = fixes::nearest_choice(self.ctx, value, choices);
        self.report(codes, Fault::Value, value, message).fixes.extend(fixes);
    }

    fn number_choice(&mut self, value: Value<'a>, numbers: &'static [u32], codes: Codes) {
        let shape = Shape::NumberChoice(numbers);
        let Some(found) = value.as_f64() else {
            return self.wrong_type(value, shape, codes);
        };
        self.coerced(value, "number");
        if numbers.iter().any(|number| f64::from(*number) == found) {
            return;
        }
        let message = format!("`{}` is {}, but must be {}.", label(value), number_text(found), shape.expectation());
        let fixes = fixes::nearest_listed(self.ctx, value, found, numbers);
        self.report(codes, Fault::Value, value, message).fixes.extend(fixes);
    }

    /// Says that text which a variable brought in is read as another type.
    fn coerced(&mut self, value: Value<'a>, kind: &str) {
        if value.as_str().is_some() {
            let message = format!("The variable gives text, which is read as a {kind} here. Older tools refuse it.");
            let rule = rule("SCF363");
            self.acc.push(rule.at(value, message));
        }
    }

    fn nested_nulls(&mut self, value: Value<'a>, codes: Codes) {
        if !codes.iter().any(|(fault, _)| *fault == Fault::Null) {
            return;
        }
        let children = value.entries().map(|(_, child)| child).chain(value.items());
        for child in children.collect::<Vec<_>>() {
            if child.is_null() {
                self.null(child, Shape::Any, codes);
            } else {
                self.nested_nulls(child, codes);
            }
        }
    }

    fn tagged(&mut self, value: Value<'a>, tagged: &'static Tagged) {
        let expected = || list_words(tagged.variants.iter().map(|variant| format!("`{}`", variant.choice.value)));
        let rule = rule(tagged.code);
        let Some(tag) = value.get("type") else {
            let message = format!("`{}` has no `type`. It must be {}.", label(value), expected());
            let fixes = fixes::insert_type(self.ctx, value, tagged);
            let mut diagnostic = rule.at(value.missing_place("type"), message);
            diagnostic.fixes.extend(fixes);
            self.acc.push(diagnostic);
            return;
        };
        if tag.is_unknown() {
            return;
        }
        if let Some(variant) = tag.as_str().and_then(|word| tagged.variant(word)) {
            self.object(value, variant.object, Some(tagged), &[]);
        } else {
            let message = format!("`type` is {}, but must be {}.", found(tag), expected());
            let fixes = fixes::nearest_variant(self.ctx, tag, tagged);
            let mut diagnostic = rule.at(tag, message);
            diagnostic.fixes.extend(fixes);
            self.acc.push(diagnostic);
        }
    }

    fn object(&mut self, value: Value<'a>, object: &'static Object, tagged: Option<&'static Tagged>, codes: Codes) {
        let deployment = self.ctx.deployment_type();
        for (key, child) in value.entries() {
            match object.property(key) {
                Some(property) if !property.is_available(deployment) => self.unavailable(child, property),
                Some(property) => self.property(child, property),
                None if tagged.is_some() && key == "type" => {}
                None => self.unknown_key(value, child, key, object, tagged, codes),
            }
        }
        for property in object.properties.iter().filter(|property| property.required) {
            if value.get(property.name).is_none() && property.is_available(deployment) {
                self.missing(value, property);
            }
        }
    }

    fn property(&mut self, value: Value<'a>, property: &'static Property) {
        if property.checked_by_rules {
            return;
        }
        self.value(value, property.shape, property.codes);
        if let Shape::List(list) = property.shape
            && value.is_list()
            && value.items().len() < list.min as usize
        {
            let message = format!("`{}` is empty, but needs at least {} item.", property.name, list.min);
            let fixes = fixes::fill_list(self.ctx, value, property);
            self.report(property.codes, Fault::Length, value, message).fixes.extend(fixes);
        }
    }

    fn unavailable(&mut self, child: Value<'a>, property: &'static Property) {
        let needed = property.only.map_or("", DeploymentType::name);
        let message = format!(
            "`{}` needs the deployment type `{needed}`, and this project uses another. Remove it, or change `deployment.type`.",
            property.name
        );
        let fixes = fixes::remove(self.ctx, child);
        self.report(property.codes, Fault::Unavailable, child.key_place(), message).fixes.extend(fixes);
    }

    fn missing(&mut self, value: Value<'a>, property: &'static Property) {
        let name = property.name;
        let message = match value.key() {
            Some(key) => format!("`{key}` needs `{name}`, which is missing."),
            None => format!("`{name}` is missing."),
        };
        let mut place = value.missing_place(name);
        // The missing block is only there to hold its own required key, so that key is what is asked for.
        if name == "deployment" {
            place.path.push_str(".type");
        }
        let fixes = fixes::insert_missing(self.ctx, value, property);
        self.report(property.codes, Fault::Missing, place, message).fixes.extend(fixes);
    }

    fn unknown_key(
        &mut self,
        value: Value<'a>,
        child: Value<'a>,
        key: &str,
        object: &'static Object,
        tagged: Option<&'static Tagged>,
        codes: Codes,
    ) {
        if let Some(stray) = object.strays.iter().find(|stray| stray.key == key) {
            return self.stray(value, child, stray);
        }
        // Each is described with a look at its whole map, and no more of them would be kept.
        if self.acc.len() >= MAX_DIAGNOSTICS {
            return;
        }
        let nearest = fixes::nearest_key(self.ctx, value, key, object, tagged.is_some());
        let owner = match value.key() {
            Some(owner) => format!("`{owner}`"),
            None if value.parent().is_some() => "this item".to_owned(),
            None => "the file".to_owned(),
        };
        let (code, mut message) = if object.strict {
            (code(codes, Fault::Unknown), format!("`{key}` is not a key of {owner}."))
        } else {
            ("SCF019", format!("`{key}` is not a key of {owner} and has no effect."))
        };
        if let Some(name) = nearest {
            message.push_str(&format!(" Did you mean `{name}`?"));
        } else {
            let keys = object.properties.iter().filter(|property| value.get(property.name).is_none());
            let keys = list_words(keys.map(|property| format!("`{}`", property.name)));
            if !keys.is_empty() {
                message.push_str(&format!(" It may have {keys}."));
            }
        }
        let fixes = fixes::unknown_key(self.ctx, child, nearest);
        let mut diagnostic = rule(code).at(child.key_place(), message);
        diagnostic.unnecessary = !object.strict;
        diagnostic.fixes.extend(fixes);
        self.acc.push(diagnostic);
    }

    fn stray(&mut self, value: Value<'a>, child: Value<'a>, stray: &'static Stray) {
        let code = if stray.code.is_empty() { code(&[], Fault::Unknown) } else { stray.code };
        let message = format!("`{}` does not belong here. {}", stray.key, stray.advice);
        let fixes = fixes::stray(self.ctx, value, child, stray);
        let mut diagnostic = rule(code).at(child.key_place(), message);
        diagnostic.fixes.extend(fixes);
        self.acc.push(diagnostic);
    }

    fn report(&mut self, codes: Codes, fault: Fault, place: impl Into<Place>, message: String) -> &mut Diagnostic {
        self.acc.push(rule(code(codes, fault)).at(place, message));
        self.acc.last_mut().expect("a diagnostic was just added")
    }
}

/// The code that reports a fault: the property's own, or the general one.
fn code(codes: Codes, fault: Fault) -> &'static str {
    codes.iter().find(|(coded, _)| *coded == fault).map_or(
        match fault {
            Fault::Missing => "SCF005",
            Fault::Unknown | Fault::Unavailable => "SCF004",
            Fault::Value => "SCF007",
            Fault::Null => "SCF008",
            Fault::Type | Fault::Range | Fault::Fraction | Fault::Length | Fault::Pattern => "SCF006",
        },
        |(_, code)| code,
    )
}

fn rule(code: &str) -> &'static Rule {
    rules::by_code(code).unwrap_or_else(|| unreachable!("the model names {code}, which is no rule"))
}

/// What a message calls a value: its key, or "item 3".
fn label(value: Value<'_>) -> String {
    match value.key() {
        Some(key) => key.to_owned(),
        None => value.path().rsplit('.').next().filter(|last| !last.is_empty()).unwrap_or("the file").to_owned(),
    }
}

/// What stands there, for a message: "the text `30s`", "a list".
fn found(value: Value<'_>) -> String {
    if value.is_secret() {
        return "a secret".to_owned();
    }
    match value.data() {
        Data::Null => "empty".to_owned(),
        Data::Bool(flag) => format!("the boolean `{flag}`"),
        Data::Number(number) => format!("the number {}", number_text(*number)),
        Data::String(text) => format!("the text `{}`", shorten(text)),
        Data::List(_) => "a list".to_owned(),
        Data::Map(_) => "a map".to_owned(),
        Data::Unknown => "unknown".to_owned(),
    }
}

/// The first characters of a text, on one line.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What is wrong with a text, each as a sentence about its subject, such as "`name`".
fn text_faults(subject: &str, content: &str, text: &Text) -> Vec<(Fault, String)> {
    let mut faults = Vec::new();
    let length = content.chars().count();
    if length < text.min as usize || length > text.max as usize {
        let unit = if length == 1 { "character" } else { "characters" };
        let message = format!("{subject} has {length} {unit}, but must have {} to {}.", text.min, text.max);
        faults.push((Fault::Length, message));
    }
    if let Some(pattern) = text.pattern
        && !(pattern.matches)(content)
    {
        faults.push((Fault::Pattern, format!("{subject} {}.", pattern.words)));
    }
    faults
}

/// Whether the value is of the type that a shape asks for, whatever its content.
fn has_type(value: Value<'_>, shape: Shape) -> bool {
    match shape {
        Shape::Text(_) | Shape::Choice(_) => value.as_str().is_some(),
        Shape::Number(_) | Shape::NumberChoice(_) => value.as_f64().is_some(),
        Shape::Bool => value.as_bool().is_some(),
        Shape::List(_) => value.is_list(),
        Shape::Map(_) | Shape::Object(_) | Shape::Tagged(_) => value.is_map(),
        Shape::Either(shapes) => shapes.iter().any(|shape| has_type(value, *shape)),
        Shape::Any | Shape::AnyOrNull => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze;
    use crate::inputs::Inputs;
    use crate::text::apply_edits;
    use crate::yaml::Document;

    /// Every code that a shape names.
    fn codes(shape: Shape, found: &mut Vec<&'static str>) {
        let own = |codes: Codes, found: &mut Vec<&'static str>| found.extend(codes.iter().map(|(_, code)| *code));
        match shape {
            Shape::Object(object) => {
                found.extend(object.strays.iter().map(|stray| stray.code).filter(|code| !code.is_empty()));
                for property in object.properties {
                    own(property.codes, found);
                    codes(property.shape, found);
                }
            }
            Shape::Tagged(tagged) => {
                found.push(tagged.code);
                tagged.variants.iter().for_each(|variant| codes(Shape::Object(variant.object), found));
            }
            Shape::List(list) => {
                own(list.codes, found);
                codes(list.item, found);
            }
            Shape::Map(map) => {
                own(map.codes, found);
                codes(map.value, found);
            }
            Shape::Either(shapes) => shapes.iter().for_each(|shape| codes(*shape, found)),
            _ => {}
        }
    }

    #[test]
    fn every_code_of_the_model_is_a_rule() {
        let mut found = vec!["SCF004", "SCF005", "SCF006", "SCF007", "SCF008", "SCF019", "SCF363"];
        codes(Shape::Object(&ROOT), &mut found);
        assert!(found.len() > 40, "{found:?}");
        let unknown: Vec<_> = found.into_iter().filter(|code| rules::by_code(code).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    /// The one finding of a rule about a text.
    fn found(text: &str, code: &str) -> (Document, Diagnostic) {
        let document = Document::new(text);
        let mut found = analyze(&document, &Inputs::default()).diagnostics;
        found.retain(|diagnostic| diagnostic.rule.code == code);
        assert_eq!(found.len(), 1, "{code} in\n{text}\nfound {found:?}");
        (document, found.remove(0))
    }

    #[test]
    fn lengths_are_told_in_words() {
        for (text, code, message) in [
            ("stages: {p: {}}", "SCF043", "The stage name `p` has 1 character, but must have 3 to 16."),
            ("stages: {qa: {}}", "SCF043", "The stage name `qa` has 2 characters, but must have 3 to 16."),
            (
                "stages: {a.b.c: {}}",
                "SCF043",
                "The stage name `a.b.c` may hold only letters, digits, hyphens and underscores.",
            ),
            ("name: a", "SCF030", "`name` has 1 character, but must have 3 to 16."),
        ] {
            assert_eq!(found(text, code).1.message, message);
        }
    }

    #[test]
    fn a_list_becomes_a_map_only_where_no_comment_is_lost() {
        let head = "containers:\n  api:\n    environment: # first\n      # second\n";
        for (list, map) in [
            ("      - A=1\n      - B=b\n# below\n", Some("      A: \"1\"\n      B: b\n# below\n")),
            ("      - A=1 # one\n      - B=b\n", None),
            ("      - A=1\n      # between\n      - B=b\n", None),
            ("      - A=1\n      - B=b # last\n", None),
        ] {
            let (document, diagnostic) = found(&format!("{head}{list}"), "SCF251");
            let fixed = diagnostic.fixes.first().map(|fix| apply_edits(document.source().text(), &fix.edits).unwrap());
            assert_eq!(fixed, map.map(|map| format!("{head}{map}")), "{list}");
        }
    }
    #[test]
    fn a_slash_is_put_before_what_is_a_path_without_one() {
        for (pattern, instead) in [
            ("api/*", Some("/api/*")),
            ("my-api_2", Some("/my-api_2")),
            ("'*'", Some("'/*'")),
            (".well-known/*", Some("/.well-known/*")),
            // A host, a URL, an expression of another tool: a slash would hide the mistake.
            ("acme.io/api/*", None),
            ("localhost:3000/api", None),
            ("https://acme.io/api", None),
            ("^/api/.*$", None),
            ("'~/api'", None),
            ("'{proxy+}'", None),
            ("''", None),
        ] {
            let text = |pattern: &str| format!("containers:\n  api:\n    routing:\n      pathPattern: {pattern}\n");
            let (document, diagnostic) = found(&text(pattern), "SCF201");
            let fixed = diagnostic.fixes.first().map(|fix| apply_edits(document.source().text(), &fix.edits).unwrap());
            assert_eq!(fixed, instead.map(text), "{pattern}");
        }
    }
}
