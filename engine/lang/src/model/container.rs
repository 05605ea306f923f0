use super::{
    ANY_TEXT, Change, DeploymentType, FREE, Fault, List, Map, Object, Property, Shape, Stray, TEXTS, Text, TextKind,
    compute, integrations, routing,
};

/// What a snippet puts under a new container name.
pub(super) const SNIPPET: &str = "\n  src: ./service\n  routing:\n    pathPattern: /*\n  compute:\n    type: awsLambda";

/// `containers.<name>`.
pub(super) static CONTAINER: Object = Object {
    name: "Container",
    doc: "One container: its source, where it runs, which requests it answers.",
    strict: true,
    properties: &[
        Property::new(
            "src",
            Shape::Text(&Text { kind: TextKind::Folder, ..FREE }),
            "The folder with the source, relative to this file. It is the build context; a `Dockerfile` is looked for directly \
             in it.",
        )
        .required()
        .snippet("./service"),
        Property::new("routing", Shape::Object(&routing::ROUTING), "Which requests the container answers.")
            .required()
            .snippet("\n  pathPattern: /*"),
        Property::new("compute", Shape::Object(&compute::COMPUTE), "Where and with which resources the container runs.")
            .required()
            .snippet("\n  type: awsLambda"),
        Property::new(
            "environment",
            Shape::Map(&Map {
                key: "variable name",
                key_text: &FREE,
                value: Shape::Any,
                codes: &[(Fault::Null, "SCF250")],
                snippet: "",
            }),
            "Environment variables. Numbers and booleans become text, lists and maps become compact JSON; null is not \
             allowed, also not inside a list or map. On Lambda all names and values together may take 4 KB.\n\n\
             [Environment variables of Lambda](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)",
        )
        .default("{}")
        .codes(&[(Fault::Type, "SCF251")]),
        Property::new("build", Shape::Object(&BUILD), "How the image is built."),
        Property::new("dev", Shape::Object(&DEV), "Settings of `slipway dev`."),
        Property::new(
            "integrations",
            Shape::Map(&Map {
                key: "integration name",
                key_text: &FREE,
                value: Shape::Tagged(&integrations::INTEGRATION),
                codes: &[],
                snippet: "\n  type: schedule\n  schedule: rate(1 hour)",
            }),
            "What calls the container besides its route: schedules, events, Slack. Only with `aws@1.0`.",
        )
        .only(DeploymentType::Aws)
        .codes(&[(Fault::Unavailable, "SCF301")]),
    ],
    strays: &[
        Stray {
            key: "awsIam",
            advice: "Permissions belong to the compute: move the block into `compute`.",
            code: "",
            change: Change::Into("compute"),
        },
        Stray {
            key: "type",
            advice: "The compute type stands in `compute.type`.",
            code: "",
            change: Change::Into("compute"),
        },
        Stray { key: "awsLambda", advice: "Sizes stand in `compute`.", code: "", change: Change::Into("compute") },
        Stray { key: "awsFargateEcs", advice: "Sizes stand in `compute`.", code: "", change: Change::Into("compute") },
        Stray { key: "pathPattern", advice: "Routes stand in `routing`.", code: "", change: Change::Into("routing") },
        Stray { key: "domain", advice: "Routes stand in `routing`.", code: "", change: Change::Into("routing") },
        Stray { key: "env", advice: "Environment variables stand in `environment`.", code: "", change: Change::Rename("environment") },
        Stray {
            key: "dockerfile",
            advice: "The Dockerfile always is `Dockerfile` in the folder `src`; its text can also stand in \
                     `build.dockerFileString`.",
            code: "",
            change: Change::None,
        },
    ],
};

static BUILD: Object = Object {
    name: "Build",
    doc: "How the image is built.",
    strict: true,
    properties: &[
        Property::new(
            "args",
            Shape::Map(&Map {
                key: "argument name",
                key_text: &FREE,
                // Numbers and booleans are taken too; the rules say that older tools refuse them.
                value: Shape::Either(&[ANY_TEXT, super::ANY_NUMBER, Shape::Bool]),
                codes: &[],
                snippet: "",
            }),
            "Build arguments, handed to the Dockerfile's `ARG`s. They stay in the image's history: no secrets.",
        )
        .default("{}"),
        Property::new(
            "dockerFileString",
            Shape::Text(&Text { kind: TextKind::Multiline, ..FREE }),
            "The text of a Dockerfile, in place of the file in `src`.",
        ),
        Property::new(
            "options",
            Shape::Either(&[ANY_TEXT, TEXTS]),
            "Further flags of `docker build`, as a list or as one string that is split at blanks.",
        )
        .default("[]"),
    ],
    strays: &[
        Stray {
            key: "dockerfile",
            advice: "The Dockerfile always is `Dockerfile` in the folder `src`; its text can also stand in `dockerFileString`.",
            code: "",
            change: Change::None,
        },
        Stray {
            key: "target",
            advice: "Name the stage in `options`: `--target=name`.",
            code: "",
            change: Change::None,
        },
    ],
};

static DEV: Object = Object {
    name: "Dev",
    doc: "Settings of `slipway dev`.",
    strict: true,
    properties: &[
        Property::new(
            "hooks",
            Shape::Object(&Object {
                name: "DevHooks",
                doc: "Commands that `slipway dev` runs.",
                strict: true,
                properties: &[Property::new(
                    "onreload",
                    Shape::Text(&Text { kind: TextKind::Command, ..FREE }),
                    "A shell command that runs after a change, before the container restarts.",
                )
                .codes(&[])],
                strays: &[],
            }),
            "Commands that `slipway dev` runs.",
        )
        .snippet("\n  onreload: ")
        .codes(&[(Fault::Unknown, "SCF281")]),
        Property::new(
            "watchPath",
            Shape::Text(&Text { kind: TextKind::Folder, ..FREE }),
            "The folder to watch, if it is not `src` as a whole.",
        ),
        Property::new(
            "watchExtensions",
            Shape::List(&List { item: ANY_TEXT, min: 0, codes: &[] }),
            "Further file extensions to watch, with their dot.",
        ),
        Property::new("excludeDirectories", TEXTS, "Folders under `src` that are not watched."),
    ],
    strays: &[],
};
