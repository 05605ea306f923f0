use super::FREE;
use super::{Fault, Map, Object, Property, Shape, Text, TextKind, WORD};

/// The map under `stages`.
pub(super) static STAGES: Map = Map {
    key: "stage name",
    key_text: &Text { min: 3, max: 16, pattern: Some(&WORD), kind: TextKind::Free },
    value: Shape::Object(&STAGE),
    codes: &[(Fault::Length, "SCF043"), (Fault::Pattern, "SCF043")],
    snippet: "\n  params:\n    name: value",
};

/// `stages.<stage>`.
static STAGE: Object = Object {
    name: "Stage",
    doc: "What differs in one stage.",
    strict: false,
    properties: &[
        Property::new(
            "params",
            Shape::Map(&Map {
                key: "parameter name",
                key_text: &FREE,
                value: Shape::AnyOrNull,
                codes: &[],
                snippet: "",
            }),
            "Values for `${param:name}`, of any type. A stage's own value wins over that of `default`, and \
             `--param name=value` wins over both.",
        ),
        Property::new(
            "resolvers",
            // What a resolver may hold depends on its provider: the rules of the stages family look at it.
            Shape::Map(&Map {
                key: "resolver name",
                key_text: &FREE,
                value: Shape::Any,
                codes: &[],
                snippet: "\n  type: ",
            }),
            "Named sources of variables, used as `${<name>:<key>}`. Each has a `type` such as `aws`, `vault`, `doppler` or \
             `terraform`, and that provider's options.",
        ),
    ],
    strays: &[],
};
