use super::{
    ANY_TEXT, Change, Fault, Map, Object, Property, Shape, Stray, Text, TextKind, WORD, container, deployment, stages,
};

const OTHER_FORMAT: &str = "This is a key of the original tool's function format, not of a container project.";

const NAME: Text = Text { min: 3, max: 16, pattern: Some(&WORD), kind: TextKind::Free };
const ORG: Text = Text { min: 0, max: u32::MAX, pattern: Some(&WORD), kind: TextKind::Free };

/// The whole file.
pub static ROOT: Object = Object {
    name: "ServerlessContainers",
    doc: "Containers, where they run, and how requests reach them.",
    strict: true,
    properties: &[
        Property::new(
            "name",
            Shape::Text(&NAME),
            "The project's name. It begins the name of every cloud resource, as `<name>-<stage>`.\n\n\
             3 to 16 letters, digits, hyphens and underscores. What deploys is narrower: lower-case letters, digits and \
             single hyphens, because image repositories, load balancers and target groups take nothing else.",
        )
        .required()
        .snippet("my-project")
        .codes(&[(Fault::Length, "SCF030"), (Fault::Pattern, "SCF031")]),
        Property::new(
            "org",
            Shape::Text(&ORG),
            "The organisation in the original tool's dashboard. Slipway has no dashboard account and ignores it.",
        )
        .codes(&[(Fault::Length, "SCF045"), (Fault::Pattern, "SCF045")]),
        Property::new(
            "frameworkVersion",
            ANY_TEXT,
            "The version of the original tool that the project was pinned to. Slipway ignores it. \
             Quote it: an unquoted two-part version is a number.",
        ),
        Property::new(
            "stages",
            Shape::Map(&stages::STAGES),
            "Parameters and resolvers by stage. Parameters are read with `${param:name}`; those of `default` are in force \
             where the stage has none of its own.",
        ),
        Property::new("deployment", Shape::Object(&deployment::DEPLOYMENT), deployment::DEPLOYMENT.doc)
            .required()
            .snippet("\n  type: aws@1.0")
            .codes(&[(Fault::Missing, "SCF016")]),
        Property::new(
            "containers",
            Shape::Map(&Map {
                key: "container name",
                key_text: &Text { min: 0, max: u32::MAX, pattern: None, kind: TextKind::Free },
                value: Shape::Object(&container::CONTAINER),
                codes: &[],
                snippet: container::SNIPPET,
            }),
            "The containers, by name. A name becomes part of the names of the container's cloud resources: \
             lower-case letters, digits and single hyphens.",
        )
        .snippet("\n  service:\n    src: ./service\n    routing:\n      pathPattern: /*\n    compute:\n      type: awsLambda"),
    ],
    strays: &[
        Stray { key: "namespace", advice: "The project's name stands under `name`.", code: "", change: Change::Rename("name") },
        Stray {
            key: "params",
            advice: "Parameters stand under `stages`: those of every stage in `stages.default.params`.",
            code: "SCF055",
            change: Change::Under(&["stages", "default"]),
        },
        Stray { key: "app", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray { key: "service", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray {
            key: "provider",
            advice: "This is a key of the original tool's function format. A container project names its architecture under \
                     `deployment`, its region with `--region` and its stage with `--stage`.",
            code: "",
            change: Change::None,
        },
        Stray { key: "functions", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray { key: "plugins", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray { key: "resources", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray { key: "custom", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray { key: "package", advice: OTHER_FORMAT, code: "", change: Change::None },
        Stray { key: "licenseKey", advice: "Slipway needs no licence key.", code: "", change: Change::Remove },
        Stray {
            key: "useDotenv",
            advice: "`.env` and `.env.<stage>` beside the file are always read.",
            code: "",
            change: Change::Remove,
        },
        Stray {
            key: "stage",
            advice: "The stage is chosen with `--stage` or `SERVERLESS_STAGE`, not in the file.",
            code: "",
            change: Change::Remove,
        },
        Stray {
            key: "region",
            advice: "The region is chosen with `--region` or `AWS_REGION`, not in the file.",
            code: "",
            change: Change::Remove,
        },
        Stray {
            key: "state",
            advice: "Where state is kept is chosen with `--state`, not in the file.",
            code: "",
            change: Change::Remove,
        },
    ],
};
