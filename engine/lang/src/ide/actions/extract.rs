use super::{Action, ActionKind, refactoring, together, with_ancestors};
use crate::config::Value;
use crate::fix::{self, Literal, Placement};
use crate::ide::described::{Described, Name};
use crate::model::{ROOT, Shape, TextKind};
use crate::rules::RuleContext;
use crate::secrets::secret_in;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::variables::grammar::{Alternative, AlternativeKind};
use crate::variables::stages::DEFAULT_STAGE_KEY;
use crate::yaml::{NodeId, NodeKind, Scalar, ScalarStyle};

/// Makes a parameter of the value at the cursor, or of the literal of a variable there, in the stage whose parameters
/// count for all.
pub(super) fn to_parameter(ctx: &RuleContext<'_>, node: NodeId, offset: TextSize) -> Option<Action> {
    let value = ctx.config.value_at(node)?;
    let NodeKind::Scalar(scalar) = &ctx.tree().node(node).kind else { return None };
    if !may_vary(ctx, value) {
        return None;
    }
    let written = match ctx.config.variables().template(node) {
        Some(_) => Written::literal(ctx, node, scalar, offset)?,
        None => Written::whole(ctx, value, scalar)?,
    };
    let name = free_name(ctx, value)?;
    let reading = match written.range {
        None => fix::replace_scalar(ctx.document, node, Literal::Text(&format!("${{param:{name}}}"))),
        Some(range) => Some(vec![TextEdit::replace(range, format!("param:{name}"))]),
    };
    let edits = together([reading, define(ctx, &name, &written.yaml)])?;
    Some(refactoring(ActionKind::RefactorExtract, format!("Extract the parameter `{name}`"), edits))
}

/// What becomes a parameter.
struct Written {
    /// Its value as YAML.
    yaml: String,
    /// Where it stands when it is a part of a scalar.
    range: Option<TextRange>,
}

impl Written {
    fn whole(ctx: &RuleContext<'_>, value: Value<'_>, scalar: &Scalar) -> Option<Self> {
        let node = ctx.tree().node(value.node());
        let yaml = ctx.source().slice(node.range);
        let is_plain = node.anchor.is_none() && node.tag.is_none() && !yaml.contains(['\n', '\r']);
        let is_block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
        let is_constant = value.is_written_here() && !value.is_null() && !scalar.text.contains("${");
        let is_secret = secret_in(value.key().unwrap_or_default(), &scalar.text).is_some();
        (is_plain && !is_block && is_constant && !is_secret).then(|| Self { yaml: yaml.to_owned(), range: None })
    }

    /// The literal at the cursor.
    fn literal(ctx: &RuleContext<'_>, node: NodeId, scalar: &Scalar, offset: TextSize) -> Option<Self> {
        let template = ctx.config.variables().template(node)?;
        let at_cursor = |alternative: &&Alternative| {
            let range = ctx.tree().scalar_part(ctx.source(), node, alternative.range.clone());
            range.contains_inclusive(offset) && ctx.source().slice(range) == &scalar.text[alternative.range.clone()]
        };
        let variables = template.variables();
        let alternatives = variables.iter().flat_map(|variable| variable.alternatives());
        let is_literal = |alternative: &&Alternative| matches!(alternative.kind, AlternativeKind::Literal(_));
        let found = alternatives.filter(is_literal).find(at_cursor)?;
        let AlternativeKind::Literal(literal) = &found.kind else { return None };
        let value = literal.value.as_ref().filter(|value| !value.is_null() && literal.nested.is_empty())?;
        let range = ctx.tree().scalar_part(ctx.source(), node, found.range.clone());
        Some(Self { yaml: value.to_string(), range: Some(range) })
    }
}

/// Whether stages may differ in a value: not in what names or shapes the project, and not in a parameter itself.
fn may_vary(ctx: &RuleContext<'_>, value: Value<'_>) -> bool {
    let tree = ctx.tree();
    let Some(described) = Described::of(tree, value.node()) else {
        // Below what may be anything, such as an event pattern.
        return top_key(ctx, value.node()).is_some_and(|key| key == "containers");
    };
    let is_tag = matches!(described.name, Name::Tag(_)) || value.key() == Some("type");
    let is_secret = matches!(described.shape, Shape::Text(text) if text.kind == TextKind::Secret);
    let place = top_key(ctx, value.node());
    !is_tag && !is_secret && matches!(place.as_deref(), Some("deployment" | "containers"))
}

/// The key of the file under which a node stands.
fn top_key(ctx: &RuleContext<'_>, node: NodeId) -> Option<String> {
    let tree = ctx.tree();
    let below_root =
        with_ancestors(ctx, node).find(|id| tree.node(*id).parent.is_some() && tree.node(*id).parent == tree.root())?;
    tree.key_text(tree.entry_of(below_root)?.key).map(std::borrow::Cow::into_owned)
}

/// A name that nobody uses: after the key, else with the container's name before it, else with a number behind it.
fn free_name(ctx: &RuleContext<'_>, value: Value<'_>) -> Option<String> {
    let steps: Vec<&str> = std::iter::successors(Some(value), |value| value.parent()).filter_map(Value::key).collect();
    let key = steps.first()?;
    let short = camel_case(&[key]);
    let long = match steps.as_slice() {
        [.., container, "containers"] => camel_case(&[container, key]),
        _ => short.clone(),
    };
    let numbered = (2..100).map(|number| format!("{long}{number}"));
    [short, long.clone()].into_iter().chain(numbered).find(|name| !name.is_empty() && is_free(ctx, name))
}

fn is_free(ctx: &RuleContext<'_>, name: &str) -> bool {
    let stages = ctx.get(&["stages"]).into_iter().flat_map(Value::entries);
    let is_defined = stages.filter_map(|(_, stage)| stage.get("params")).any(|params| params.get(name).is_some());
    !is_defined && !ctx.inputs.params.contains_key(name) && !ctx.config.variables().reads_parameter(name)
}

/// Words in one: `LOG_LEVEL` becomes `logLevel`.
fn camel_case(parts: &[&str]) -> String {
    let words = parts.iter().flat_map(|part| part.split(|character: char| !character.is_ascii_alphanumeric()));
    let mut name = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        let is_shouted = !word.bytes().any(|byte| byte.is_ascii_lowercase());
        let (first, rest) = word.split_at(1);
        let first = if name.is_empty() { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() };
        let rest = if is_shouted { rest.to_ascii_lowercase() } else { rest.to_owned() };
        name.push_str(&first);
        name.push_str(&rest);
    }
    name
}

/// Adds a parameter to the stage that counts for all, which is made where it is not there.
fn define(ctx: &RuleContext<'_>, name: &str, yaml: &str) -> Option<Vec<TextEdit>> {
    if ctx.config.variables().stages().open {
        return None;
    }
    let root = ctx.root().filter(|root| root.is_map())?;
    let parameter = format!("{name}: {yaml}\n");
    let params = format!("params:\n  {parameter}");
    let default = format!("{DEFAULT_STAGE_KEY}:\n  params:\n    {parameter}");
    let into = |map: Value<'_>, key: &str, snippet: &str, placement| {
        let is_open = map.is_written_here() && (map.is_map() || map.is_null());
        is_open.then(|| fix::insert_entry(ctx.document, map.node(), key, snippet, placement))?
    };
    let Some(stages) = root.get("stages") else {
        return into(root, "stages", &default, place_of_stages(root));
    };
    let Some(stage) = stages.get(DEFAULT_STAGE_KEY) else {
        return into(stages, DEFAULT_STAGE_KEY, &params, Placement::First);
    };
    match stage.get("params") {
        Some(params) => into(params, name, yaml, Placement::Last),
        None => into(stage, "params", &parameter, Placement::Last),
    }
}

/// Behind the keys that a person would write before it.
fn place_of_stages(root: Value<'_>) -> Placement {
    let before = ROOT.properties.iter().take_while(|property| property.name != "stages");
    let before = before.filter_map(|property| root.get(property.name)).max_by_key(|value| value.range().start());
    before.map_or(Placement::First, |value| Placement::After(value.node()))
}
