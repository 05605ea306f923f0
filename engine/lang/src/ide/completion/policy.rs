//! Policies of IAM: actions, resources and conditions.

use std::collections::BTreeMap;

use super::keys::Writer;
use super::snippets::{self, Body, Keys};
use super::{Item, MOST, Place};
use crate::iam::arn::{Arn, REGIONS};
use crate::iam::glob::{covers_ignoring_case, matches_ignoring_case};
use crate::iam::key::{Key, KeyKind};
use crate::iam::policy::{Family, Fit, OPERATORS, Operator};
use crate::iam::reference::{Action, Service, reference};
use crate::iam::tables::identifier_keys::{ACCOUNT_KEYS, REGION_KEYS, SERVICE_KEYS, SERVICES};
use crate::iam::tables::{self, everyday_services::EVERYDAY_SERVICES, global_keys};
use crate::iam::templates::{self, Piece, Template};
use crate::ide::cursor::WORD;
use crate::ide::policy::{Spot, overlaps, words};
use crate::yaml::{NodeId, NodeKind, Quote};

/// Actions of a statement that are looked at for what may stand beside them.
const MOST_REACHED: usize = 200;

/// The services whose keys `kms:ViaService` mostly names.
const VIA_SERVICES: &[&str] = &["dynamodb", "ec2", "lambda", "rds", "s3", "secretsmanager", "sns", "sqs", "ssm"];

/// The keys of a condition; `None` where others know more.
pub(super) fn keys(writer: Writer<'_>) -> Option<Vec<Item>> {
    let spot = spot(writer.place, writer.mapping)?;
    match spot.keys[..] {
        ["Statement", "Condition"] => Some(operators(writer)),
        ["Statement", "Condition", operator] => Some(condition_keys(writer, &spot, operator)),
        _ => None,
    }
}

/// Whether a key cannot stand beside one that is there.
pub(super) fn is_excluded(writer: Writer<'_>, name: &str) -> bool {
    let opposite = match name {
        "Action" => "NotAction",
        "NotAction" => "Action",
        "Resource" => "NotResource",
        "NotResource" => "Resource",
        _ => return false,
    };
    writer.has(opposite) && spot(writer.place, writer.mapping).is_some_and(|spot| spot.keys == ["Statement"])
}

/// The values of a statement; `None` where others know more.
pub(super) fn values(place: Place<'_>) -> Option<Vec<Item>> {
    let spot = spot(place, place.cursor.node)?;
    let is_item = place.tree().entry_of(place.cursor.node).is_none();
    match spot.keys[..] {
        ["Statement", key @ ("Action" | "NotAction")] => Some(actions(place, &others(place, &spot, key))),
        ["Statement", key @ ("Resource" | "NotResource")] => Some(resources(place, &spot, &others(place, &spot, key))),
        ["Statement", "Condition", operator, key] => Some(condition_values(place, operator, key)),
        ["Version"] if !is_item => Some(vec![place.text("2012-10-17")]),
        _ => None,
    }
}

fn spot(place: Place<'_>, node: NodeId) -> Option<Spot<'_>> {
    Spot::of(place.tree(), place.ctx.inputs.kind, node)
}

/// The texts beside the one at the cursor.
fn others<'a>(place: Place<'a>, spot: &Spot<'a>, key: &str) -> Vec<&'a str> {
    let texts = spot.texts(key).into_iter();
    texts.filter(|(node, _)| *node != place.cursor.node).map(|(_, text)| text).collect()
}

/// What is typed of the text before the cursor.
fn typed(place: Place<'_>) -> &str {
    let text = place.tree().scalar_text(place.cursor.node).unwrap_or_default();
    text.split_once(WORD).map_or("", |(before, _)| before)
}

fn actions(place: Place<'_>, others: &[&str]) -> Vec<Item> {
    let typed = typed(place);
    if typed.contains(char::is_whitespace) {
        return Vec::new();
    }
    match typed.split_once(':') {
        None => services(place, others),
        Some((prefix, start)) => match reference().service(prefix) {
            Some(service) => actions_of(place, service, start, others),
            None => Vec::new(),
        },
    }
}

fn services(place: Place<'_>, others: &[&str]) -> Vec<Item> {
    let is_open = |service: &Service<'_>| !others.contains(&&*format!("{}:*", service.prefix()));
    let mut services: Vec<Service<'_>> = reference().services().filter(is_open).collect();
    services.sort_by_key(|service| !tables::contains(EVERYDAY_SERVICES, service.prefix()));
    services.into_iter().take(MOST).map(|service| prefix(place, service)).collect()
}

/// A prefix with its colon, and the cursor behind it.
fn prefix(place: Place<'_>, service: Service<'_>) -> Item {
    const NAME: char = 'A';
    // A text that ends in a colon would get quotes; this one will have a name behind it.
    let item = place.text(&format!("{}:{NAME}", service.prefix()));
    let (before, after) = item.new_text.rsplit_once(NAME).unwrap_or_default();
    let (new_text, snippet) = match after {
        "" => (before.to_owned(), false),
        _ => (format!("{}$0{}", snippets::escaped(before), snippets::escaped(after)), true),
    };
    let filter = item.filter.map(|filter| filter.trim_end_matches(NAME).to_owned());
    let filter = filter.or_else(|| Some(format!("{}:", service.prefix())));
    Item { label: service.prefix().to_owned(), new_text, snippet, more: true, filter, ..item }.detail(service.title())
}

fn actions_of(place: Place<'_>, service: Service<'static>, start: &str, others: &[&str]) -> Vec<Item> {
    let start = &start[..start.find(['*', '?']).unwrap_or(start.len())];
    let wildcards = wildcards(service, start);
    let wildcards: Vec<_> = wildcards
        .into_iter()
        .filter(|(form, _)| !others.iter().any(|other| covers_ignoring_case(other, form)))
        .collect();
    let (mut found, rest): (Vec<Action<'static>>, Vec<Action<'static>>) = service
        .actions()
        .partition(|action| action.name().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)));
    // What only holds what is typed may be meant, too.
    found.sort_by_key(|action| action.level());
    let wanted = start.to_ascii_lowercase();
    found.extend(rest.into_iter().filter(|action| action.name().to_ascii_lowercase().contains(&wanted)));
    let is_open = |(_, name): &(Action<'_>, String)| !others.iter().any(|other| matches_ignoring_case(other, name));
    let named = found.into_iter().map(|action| (action, action.to_string())).filter(is_open);
    let mut items: Vec<Item> = named
        .take(MOST.saturating_sub(wildcards.len()))
        .map(|(action, name)| {
            let types: Vec<&str> = action.resource_types().map(|(kind, _)| kind.name()).collect();
            let on = if types.is_empty() { "only `*`".to_owned() } else { types.join(", ") };
            place.text(&name).detail(action.level().name()).documentation(format!("Resources: {on}."))
        })
        .collect();
    items.extend(wildcards.into_iter().map(|(form, actions)| place.text(&form).detail(words::counted(actions))));
    items
}

/// The patterns that end with a word of the names that begin so, each with what it reaches, and the one for all of the service.
fn wildcards(service: Service<'static>, start: &str) -> Vec<(String, Vec<Action<'static>>)> {
    const MOST_FORMS: usize = 50;
    let mut by_word: BTreeMap<&str, Vec<Action<'static>>> = BTreeMap::new();
    for action in service.starting_with(start) {
        let name = action.name();
        let end = name.char_indices().skip(1).find(|(at, letter)| *at >= start.len().max(1) && letter.is_uppercase());
        if let Some((end, _)) = end {
            by_word.entry(&name[..end]).or_default().push(action);
        }
    }
    by_word.retain(|_, actions| actions.len() > 1);
    let mut forms: Vec<_> =
        by_word.into_iter().map(|(word, actions)| (format!("{}:{word}*", service.prefix()), actions)).collect();
    forms.sort_by_key(|(_, actions)| std::cmp::Reverse(actions.len()));
    forms.truncate(MOST_FORMS);
    forms.push((format!("{}:*", service.prefix()), service.actions().collect()));
    forms
}

fn resources(place: Place<'_>, spot: &Spot<'_>, others: &[&str]) -> Vec<Item> {
    let actions = spot.actions(MOST_REACHED);
    let mut items: Vec<Item> = templates_of(&actions)
        .into_iter()
        .map(|(template, kind, count)| {
            let of =
                if actions.len() > 1 { format!(", for {count} of {} actions", actions.len()) } else { String::new() };
            from_template(place, &template).detail(format!("{kind}{of}"))
        })
        .collect();
    let (fitting, rest): (Vec<&str>, Vec<&str>) = elsewhere(place).into_iter().partition(|name| {
        let arn = Arn::split(name);
        arn.is_ok_and(|arn| {
            actions.iter().flat_map(|action| action.resource_types()).any(|(kind, _)| overlaps(&arn, kind))
        })
    });
    items.extend(fitting.into_iter().chain(rest).map(|name| place.text(name).detail("used elsewhere")));
    items.push(place.text("*").detail("every resource"));
    items.retain(|item| !others.contains(&&*item.label));
    items.truncate(MOST);
    items
}

/// The forms that resources of the actions have, the few that all actions need first: each with its type, and for how many of
/// the actions it is.
fn templates_of(actions: &[Action<'static>]) -> Vec<(Template<'static>, &'static str, usize)> {
    let main = templates::of_actions(actions.iter().copied());
    let mut all: Vec<(Template<'static>, &'static str, usize)> = Vec::new();
    for (kind, _) in actions.iter().flat_map(|action| action.resource_types()) {
        for template in templates::of_type(kind) {
            match all.iter_mut().find(|(other, ..)| *other == template) {
                Some((.., count)) => *count += 1,
                None => all.push((template, kind.name(), 1)),
            }
        }
    }
    let rank = |template: &Template<'_>| main.iter().position(|other| other == template).unwrap_or(main.len());
    all.sort_by_key(|(template, _, count)| (rank(template), std::cmp::Reverse(*count)));
    all
}

/// The name with a place of the snippet for each gap.
fn from_template(place: Place<'_>, template: &Template<'_>) -> Item {
    let label = template.to_string();
    let mut numbers = 0..;
    let mut gaps: Vec<(String, &str)> = Vec::new();
    let marked: String = (template.pieces.iter())
        .map(|piece| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Gap(name) => {
                let mark = format!("{WORD}{}x", numbers.next().unwrap_or_default());
                gaps.push((mark.clone(), name));
                mark
            }
        })
        .collect();
    let item = place.text(&marked);
    let mut new_text = snippets::escaped(&item.new_text);
    for (number, (mark, name)) in gaps.iter().enumerate() {
        new_text = new_text.replacen(mark, &format!("${{{}:{name}}}", number + 1), 1);
    }
    let filter = open_quote(place).map(|quote| format!("{quote}{label}"));
    Item { label, new_text, snippet: true, filter, ..item }
}

fn open_quote(place: Place<'_>) -> Option<char> {
    let quote = match place.cursor.quote? {
        Quote::Single => '\'',
        Quote::Double => '"',
    };
    place.typed().starts_with(quote).then_some(quote)
}

/// The names of resources that the document has, as they are written.
fn elsewhere(place: Place<'_>) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (id, node) in place.ctx.tree().nodes() {
        let NodeKind::Scalar(scalar) = &node.kind else { continue };
        let is_here = node.range.contains_inclusive(place.cursor.range.start());
        let is_plain = !scalar.text.contains(['\n', '\r']) && names.len() < MOST;
        let is_secret = || place.ctx.config.value_at(id).is_some_and(crate::config::Value::is_secret);
        if scalar.text.starts_with("arn:") && is_plain && !is_here && !names.contains(&&*scalar.text) && !is_secret() {
            names.push(&scalar.text);
        }
    }
    names
}

fn operators(writer: Writer<'_>) -> Vec<Item> {
    let kinds = keys_below(writer);
    let plain = OPERATORS.iter().map(|(name, ..)| (*name).to_owned());
    let set = ["ForAnyValue:", "ForAllValues:"].into_iter().flat_map(|qualifier| {
        let families = OPERATORS.iter().filter(|(_, family, _)| matches!(family, Family::String | Family::Arn));
        families.map(move |(name, ..)| format!("{qualifier}{name}"))
    });
    let optional = OPERATORS.iter().filter(|(_, family, _)| *family != Family::Null);
    let optional = optional.map(|(name, ..)| format!("{name}IfExists"));
    let names = plain.chain(set).chain(optional).filter(|name| !writer.has(name));
    let item = |name: String| {
        let operator = Operator::parse(&name)?;
        let fits = kinds.iter().all(|key| operator.fit(*key) != Fit::None);
        let body = Body::Map(String::new(), Keys::Fixed);
        let detail = format!("compares {}", words::compares(operator.family));
        fits.then(|| writer.key(&name, &body).detail(detail).documentation(words::when_absent(operator)))
    };
    names.filter_map(item).collect()
}

/// The known condition keys that stand under the operator at the cursor.
fn keys_below(writer: Writer<'_>) -> Vec<Key<'static>> {
    let tree = writer.place.tree();
    let Some(entry) = tree.entry_of(writer.place.cursor.node) else { return Vec::new() };
    let names = tree.entries(entry.value).iter().filter_map(|entry| tree.scalar_text(entry.key));
    names.filter_map(|name| reference().key(name)).collect()
}

fn condition_keys(writer: Writer<'_>, spot: &Spot<'_>, operator: &str) -> Vec<Item> {
    let operator = Operator::parse(operator);
    let actions = spot.actions(MOST_REACHED);
    let mut supported: BTreeMap<&str, (Key<'static>, usize)> = BTreeMap::new();
    for action in &actions {
        let of_types = action.resource_types().flat_map(|(kind, _)| kind.keys());
        let mut keys: Vec<Key<'static>> = action.keys().chain(of_types).collect();
        keys.sort_by_key(|key| key.name());
        keys.dedup_by_key(|key| key.name());
        for key in keys {
            supported.entry(key.name()).or_insert((key, 0)).1 += 1;
        }
    }
    let (all, some): (Vec<_>, Vec<_>) = supported.into_values().partition(|(_, count)| *count == actions.len());
    let globals = global_keys::KEYS.iter().map(|key| (*key, 0));
    let mut seen: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for (key, count) in all.into_iter().chain(globals).chain(some) {
        let fits = operator.is_none_or(|operator| operator.fit(key) != Fit::None);
        if !fits || words::is_never_present(key) || has_key(writer, key) || seen.contains(&key.name()) {
            continue;
        }
        seen.push(key.name());
        let support = match count {
            0 => "global".to_owned(),
            _ if count == actions.len() => "for all actions here".to_owned(),
            _ => format!("for {count} of {} actions", actions.len()),
        };
        let several = if key.is_multivalued() { ", any number" } else { "" };
        items.push(condition_key(writer, key).detail(format!("{}{several}, {support}", words::holds(key.kind()))));
    }
    items.truncate(MOST);
    items
}

fn has_key(writer: Writer<'_>, key: Key<'_>) -> bool {
    let tree = writer.place.tree();
    let names = tree.entries(writer.mapping).iter().filter_map(|entry| tree.scalar_text(entry.key));
    key.around_placeholder().is_none() && names.into_iter().any(|name| key.is_named(name))
}

/// A condition key, with a place for what a user names.
fn condition_key(writer: Writer<'_>, key: Key<'_>) -> Item {
    const NAME: &str = "TagKey";
    let Some((head, tail)) = key.around_placeholder() else { return writer.key(key.name(), &Body::Inline) };
    let item = writer.key(&format!("{head}{NAME}{tail}"), &Body::Inline);
    if item.snippet {
        return item;
    }
    let new_text = snippets::escaped(&item.new_text).replacen(
        &format!("{head}{NAME}{tail}"),
        &format!("{head}${{1:{NAME}}}{tail}"),
        1,
    );
    Item { new_text, snippet: true, more: false, ..item }
}

fn condition_values(place: Place<'_>, operator: &str, key: &str) -> Vec<Item> {
    let is_one_of = |keys: &[&str]| tables::contains(keys, key);
    let family = Operator::parse(operator).map(|operator| operator.family);
    let known = reference().key(key);
    let is_bool = family == Some(Family::Null) || known.is_some_and(|key| key.kind() == KeyKind::Bool);
    if is_bool {
        return vec![place.text("true"), place.text("false")];
    }
    if is_one_of(REGION_KEYS) {
        let own = std::iter::once(place.text("${aws:region}").detail("the region of the deployment"));
        let regions = REGIONS.iter().flat_map(|(_, regions)| regions.iter());
        return own.chain(regions.map(|region| place.text(region))).collect();
    }
    if is_one_of(ACCOUNT_KEYS) {
        return vec![place.text("${aws:accountId}").detail("the account of the deployment")];
    }
    if is_one_of(SERVICE_KEYS) {
        return SERVICES.iter().map(|service| place.text(&format!("{service}.amazonaws.com"))).collect();
    }
    if key.eq_ignore_ascii_case("kms:ViaService") {
        let via = |service: &&str| place.text(&format!("{service}.${{aws:region}}.amazonaws.com"));
        return VIA_SERVICES.iter().map(via).collect();
    }
    if known.is_some_and(|key| key.kind() == KeyKind::Arn) {
        return elsewhere(place).into_iter().map(|name| place.text(name).detail("used elsewhere")).collect();
    }
    Vec::new()
}
