//! The JSON Schema of the configuration file, made from the model.
//!
//! It describes the file as written: a variable (`${…}`) may stand in the place of every value.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map as JsonMap, Value as Json, json};

use crate::model::{Choice, DeploymentType, Fault, Map, Number, Object, Property, ROOT, Shape, Tagged, Text};

/// The schema in draft-07, which editors' YAML support handles best, as pretty JSON with a final line end.
pub fn draft07() -> String {
    render(SchemaSettings::draft07())
}

/// The schema in draft 2020-12, as pretty JSON with a final line end.
pub fn draft2020_12() -> String {
    render(SchemaSettings::draft2020_12())
}

fn render(settings: SchemaSettings) -> String {
    let schema = settings.into_generator().into_root_schema_for::<File>();
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// The document, as far as schemars is concerned.
struct File;

impl JsonSchema for File {
    fn schema_name() -> Cow<'static, str> {
        ROOT.name.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = object(&ROOT, generator);
        schema.insert("title".to_owned(), "serverless.containers.yml".into());
        conditions(&mut schema, deployment_conditions());
        schema
    }
}

const VARIABLE: &str = "Variable";
const NOT_NULL: &str = "NotNull";

/// A reference to a definition, which `make` writes on the first use.
fn definition(
    generator: &mut SchemaGenerator,
    name: &str,
    make: impl FnOnce(&mut SchemaGenerator) -> Schema,
) -> Schema {
    if !generator.definitions().contains_key(name) {
        // Holds the place, so that a definition may refer to itself.
        generator.definitions_mut().insert(name.to_owned(), Json::Bool(true));
        let schema = make(generator).to_value();
        generator.definitions_mut().insert(name.to_owned(), schema);
    }
    let path = generator.settings().definitions_path.trim_matches('/').to_owned();
    Schema::new_ref(format!("#/{path}/{name}"))
}

fn variable(generator: &mut SchemaGenerator) -> Schema {
    definition(generator, VARIABLE, |_| {
        json_schema!({
            "type": "string",
            "pattern": r"\$\{",
            "description": "A variable: `${env:NAME}`, `${param:name}`, `${self:key}`, `${file(./file.yml):key}`, `${aws:ssm:/name}`, …"
        })
    })
}

/// Anything but null, at every depth.
fn not_null(generator: &mut SchemaGenerator) -> Schema {
    definition(generator, NOT_NULL, |generator| {
        let inner = not_null(generator);
        json_schema!({
            "type": ["string", "number", "boolean", "array", "object"],
            "items": inner,
            "additionalProperties": inner
        })
    })
}

/// A shape, or a variable in its place.
fn or_variable(schema: impl Into<Schema>, generator: &mut SchemaGenerator) -> Schema {
    let variable = variable(generator);
    json_schema!({ "anyOf": [schema.into(), variable] })
}

fn shape(shape: Shape, codes: &[(Fault, &str)], generator: &mut SchemaGenerator) -> Schema {
    let schema = match shape {
        Shape::Text(Text { min: 0, max: u32::MAX, pattern: None, .. }) => return json_schema!({ "type": "string" }),
        Shape::Text(constraints) => text(constraints),
        Shape::Number(constraints) => number(constraints),
        Shape::Bool => json_schema!({ "type": "boolean" }),
        Shape::Choice(choices) => choice(choices),
        Shape::NumberChoice(numbers) => json_schema!({ "enum": numbers }),
        Shape::List(list) => {
            let items = self::shape(list.item, list.codes, generator);
            let mut schema = json_schema!({ "type": "array", "items": items });
            if list.min > 0 {
                schema.insert("minItems".to_owned(), list.min.into());
            }
            schema
        }
        Shape::Map(entries) => map(entries, generator),
        Shape::Object(known) => definition(generator, known.name, |generator| object(known, generator)),
        Shape::Tagged(known) => definition(generator, known.name, |generator| tagged(known, generator)),
        Shape::Either(shapes) => {
            let any: Vec<Schema> = shapes.iter().map(|each| self::shape(*each, &[], generator)).collect();
            json_schema!({ "anyOf": any })
        }
        Shape::Any if codes.iter().any(|(fault, _)| *fault == Fault::Null) => return not_null(generator),
        Shape::Any => return json_schema!({ "type": ["string", "number", "boolean", "array", "object"] }),
        Shape::AnyOrNull => return json_schema!(true),
    };
    or_variable(schema, generator)
}

fn text(constraints: &Text) -> Schema {
    let mut schema = json_schema!({ "type": "string" });
    if constraints.min > 0 {
        schema.insert("minLength".to_owned(), constraints.min.into());
    }
    if constraints.max < u32::MAX {
        schema.insert("maxLength".to_owned(), constraints.max.into());
    }
    if let Some(pattern) = constraints.pattern {
        schema.insert("pattern".to_owned(), pattern.regex.into());
    }
    schema
}

fn number(constraints: &Number) -> Schema {
    let mut schema = json_schema!({ "type": if constraints.whole { "integer" } else { "number" } });
    for (keyword, bound) in [("minimum", constraints.min), ("maximum", constraints.max)] {
        if let Some(bound) = bound {
            // Every bound of the model is whole, and reads better so.
            schema.insert(keyword.to_owned(), (bound as i64).into());
        }
    }
    schema
}

fn choice(choices: &[Choice]) -> Schema {
    let values: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
    let docs: Vec<&str> = choices.iter().map(|choice| choice.doc).collect();
    json_schema!({ "type": "string", "enum": values, "markdownEnumDescriptions": docs })
}

fn map(entries: &Map, generator: &mut SchemaGenerator) -> Schema {
    let value = shape(entries.value, entries.codes, generator);
    let mut schema = json_schema!({ "type": "object", "additionalProperties": value });
    let keys = text(entries.key_text);
    if keys.as_object().is_some_and(|keys| keys.len() > 1) {
        schema.insert("propertyNames".to_owned(), keys.to_value());
    }
    schema
}

fn object(known: &Object, generator: &mut SchemaGenerator) -> Schema {
    let mut schema = json_schema!({ "type": "object" });
    describe(&mut schema, known.doc);
    let mut properties = JsonMap::new();
    for property in known.properties {
        properties.insert(property.name.to_owned(), self::property(property, generator).to_value());
    }
    schema.insert("properties".to_owned(), properties.into());
    let required: Vec<&str> = known.properties.iter().filter(|each| each.required).map(|each| each.name).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    if known.strict {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
    let siblings =
        known.properties.iter().filter_map(|property| sibling_condition(known, property, generator)).collect();
    conditions(&mut schema, siblings);
    schema
}

fn property(property: &Property, generator: &mut SchemaGenerator) -> Schema {
    let mut schema = shape(property.shape, property.codes, generator);
    if schema.as_object().is_some_and(|keywords| keywords.contains_key("$ref")) {
        // Keywords beside `$ref` are ignored in draft-07.
        schema = json_schema!({ "allOf": [schema] });
    }
    describe(&mut schema, property.doc);
    if let Some(default) = property.default {
        let value = serde_json::from_str(default).unwrap_or_else(|_| Json::from(default));
        schema.insert("default".to_owned(), value);
    }
    schema
}

fn describe(schema: &mut Schema, doc: &str) {
    schema.insert("description".to_owned(), doc.into());
    schema.insert("markdownDescription".to_owned(), doc.into());
}

fn tagged(known: &Tagged, generator: &mut SchemaGenerator) -> Schema {
    let mut any = Vec::new();
    for variant in known.variants {
        let mut schema = object(variant.object, generator);
        let tag = json!({ "const": variant.choice.value, "description": variant.choice.doc });
        if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
            properties.shift_insert(0, "type".to_owned(), tag);
        }
        match schema.get_mut("required").and_then(Json::as_array_mut) {
            Some(required) => required.insert(0, "type".into()),
            None => {
                schema.insert("required".to_owned(), json!(["type"]));
            }
        }
        any.push(schema);
    }
    let variable = variable(generator);
    any.push(json_schema!({ "type": "object", "properties": { "type": variable }, "required": ["type"] }));
    let mut schema = json_schema!({ "anyOf": any });
    describe(&mut schema, known.doc);
    schema
}

/// "If this key is there, its sibling has the value that it goes with."
fn sibling_condition(owner: &Object, property: &Property, generator: &mut SchemaGenerator) -> Option<Json> {
    let (sibling, value) = property.goes_with?;
    let variable = variable(generator);
    let mut then = json!({ "properties": { sibling: { "anyOf": [{ "const": value }, variable] } } });
    if owner.property(sibling).and_then(|sibling| sibling.default) != Some(value) {
        then["required"] = json!([sibling]);
    }
    Some(json!({ "if": { "required": [property.name] }, "then": then }))
}

/// "If the deployment type is the other one, these keys are not there."
fn deployment_conditions() -> Vec<Json> {
    [DeploymentType::Aws, DeploymentType::AwsApi]
        .into_iter()
        .filter_map(|deployment| {
            let then = unavailable(Shape::Object(&ROOT), deployment)?;
            let named = json!({ "properties": { "type": { "const": deployment.name() } }, "required": ["type"] });
            Some(json!({ "if": { "properties": { "deployment": named }, "required": ["deployment"] }, "then": then }))
        })
        .collect()
}

/// A schema that forbids what a deployment type does not have below a shape; `None` when it has everything.
fn unavailable(shape: Shape, deployment: DeploymentType) -> Option<Json> {
    match shape {
        Shape::Object(object) => {
            let mut properties = JsonMap::new();
            for property in object.properties {
                if property.only.is_some_and(|only| only != deployment) {
                    properties.insert(property.name.to_owned(), false.into());
                } else if let Some(inner) = unavailable(property.shape, deployment) {
                    properties.insert(property.name.to_owned(), inner);
                }
            }
            (!properties.is_empty()).then(|| json!({ "properties": properties }))
        }
        Shape::Map(map) => Some(json!({ "additionalProperties": unavailable(map.value, deployment)? })),
        Shape::List(list) => Some(json!({ "items": unavailable(list.item, deployment)? })),
        _ => None,
    }
}

fn conditions(schema: &mut Schema, conditions: Vec<Json>) {
    if conditions.is_empty() {
        return;
    }
    match schema.get_mut("allOf").and_then(Json::as_array_mut) {
        Some(all) => all.extend(conditions),
        None => {
            schema.insert("allOf".to_owned(), conditions.into());
        }
    }
}
