use std::ops::Range;

use crate::config::{Config, Value};
use crate::diagnostic::Place;
use crate::inputs::{Files, Inputs, Remembered};
use crate::model::{ComputeType, DeploymentType};
use crate::routing::Route;
use crate::text::{Source, TextRange};
use crate::yaml::{Document, Tree};

/// What a rule may look at. Typed views answer `None` for what is absent, of the wrong type, or a variable still unknown.
pub struct RuleContext<'a> {
    /// The text and its tree.
    pub document: &'a Document,
    /// What the text means.
    pub config: &'a Config,
    /// What is known beside the text.
    pub inputs: &'a Inputs<'a>,
    files: Option<Remembered<'a>>,
    containers: Vec<Container<'a>>,
}

impl<'a> RuleContext<'a> {
    /// Prepares the views.
    pub fn new(document: &'a Document, config: &'a Config, inputs: &'a Inputs<'a>) -> Self {
        let containers = config.get(&["containers"]).into_iter().flat_map(Value::entries);
        let containers = containers.map(|(name, value)| Container { name, value }).collect();
        Self { document, config, inputs, files: inputs.files.map(Remembered::new), containers }
    }

    /// The tree of the text.
    pub fn tree(&self) -> &'a Tree {
        self.document.tree()
    }

    /// The text.
    pub fn source(&self) -> &'a Source {
        self.document.source()
    }

    /// The files of the project, unless the disk must not be looked at.
    pub fn files(&self) -> Option<&dyn Files> {
        self.files.as_ref().map(|files| files as &dyn Files)
    }

    /// The document's own value.
    pub fn root(&self) -> Option<Value<'a>> {
        self.config.root()
    }

    /// The value at a route of keys.
    pub fn get(&self, keys: &[&str]) -> Option<Value<'a>> {
        self.config.get(keys)
    }

    /// The place of the bytes `part` of a value's text; the place of the value where the text itself does not stand there.
    pub fn part(&self, value: Value<'a>, part: Range<usize>) -> Place {
        let mut place = value.place();
        if value.is_written_here() {
            place.range = self.tree().scalar_part(self.source(), value.node(), part);
        }
        place
    }

    /// Where the bytes `part` of a value's text stand in the source, for an edit; `None` unless they stand there as they are.
    pub fn exact_part(&self, value: Value<'a>, part: Range<usize>) -> Option<TextRange> {
        let wanted = value.as_str()?.get(part.clone())?;
        let range = self.part(value, part).range;
        (value.is_written_here() && self.source().slice(range) == wanted).then_some(range)
    }

    /// `name`, when it is text.
    pub fn name(&self) -> Option<&'a str> {
        self.get(&["name"])?.as_str()
    }

    /// The stage in force.
    pub fn stage(&self) -> &'a str {
        &self.inputs.stage
    }

    /// `<name>-<stage>`: how the names of cloud resources begin.
    pub fn resource_base(&self) -> Option<String> {
        Some(format!("{}-{}", self.name()?, self.stage()))
    }

    /// `deployment.type`, when it is one that exists.
    pub fn deployment_type(&self) -> Option<DeploymentType> {
        DeploymentType::parse(self.get(&["deployment", "type"])?.as_str()?)
    }

    /// The containers in the order of the file, also those that are not maps.
    pub fn containers(&self) -> impl ExactSizeIterator<Item = Container<'a>> + '_ {
        self.containers.iter().copied()
    }
}

/// One container.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// Its key.
    pub name: &'a str,
    /// What stands under the key.
    pub value: Value<'a>,
}

impl<'a> Container<'a> {
    /// The value at a route of keys below the container.
    pub fn get(self, keys: &[&str]) -> Option<Value<'a>> {
        keys.iter().try_fold(self.value, |value, key| value.get(key))
    }

    /// The text at a route of keys below the container.
    pub fn text(self, keys: &[&str]) -> Option<&'a str> {
        self.get(keys)?.as_str()
    }

    /// Where it runs: Lambda when nothing is said, `None` when what is said is unknown or no compute type.
    pub fn compute_type(self) -> Option<ComputeType> {
        match self.get(&["compute"])?.get("type") {
            None if self.get(&["compute"])?.is_map() => Some(ComputeType::Lambda),
            None => None,
            Some(written) => ComputeType::parse(written.as_str()?),
        }
    }

    /// `compute.awsLambda`.
    pub fn lambda(self) -> Option<Value<'a>> {
        self.get(&["compute", "awsLambda"])
    }

    /// `compute.awsFargateEcs`.
    pub fn fargate(self) -> Option<Value<'a>> {
        self.get(&["compute", "awsFargateEcs"])
    }

    /// The items of `compute.awsFargateEcs.scale` of a type.
    pub fn scale_items(self, kind: &'a str) -> impl Iterator<Item = Value<'a>> {
        let items = self.get(&["compute", "awsFargateEcs", "scale"]).into_iter().flat_map(Value::items);
        items.filter(move |item| item.get("type").and_then(Value::as_str) == Some(kind))
    }

    /// `routing.pathPattern`.
    pub fn path_pattern(self) -> Option<&'a str> {
        self.text(&["routing", "pathPattern"])
    }

    /// `routing.domain`.
    pub fn domain(self) -> Option<&'a str> {
        self.text(&["routing", "domain"])
    }

    /// Its route, when all of it is known and the pattern is one of paths.
    pub fn route(self) -> Option<Route> {
        let domain = match self.get(&["routing", "domain"]) {
            None => None,
            Some(domain) => Some(domain.as_str()?.to_owned()),
        };
        let compute = self.compute_type()?;
        let path_pattern = self.path_pattern().filter(|pattern| pattern.starts_with('/'))?.to_owned();
        Some(Route { container: self.name.to_owned(), domain, path_pattern, compute })
    }

    /// `src`.
    pub fn src(self) -> Option<&'a str> {
        self.text(&["src"])
    }

    /// Names and values of `environment`.
    pub fn environment(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.get(&["environment"]).into_iter().flat_map(Value::entries)
    }
}
