use super::{ANY_NUMBER, ANY_TEXT, Choice, Fault, List, Number, Object, Property, Shape, Tagged, Variant};

const COUNT: Shape = Shape::Number(&Number { min: Some(0.0), max: None, whole: true, unit: "tasks", listed: None });
const COUNT_CODES: &[(Fault, &str)] = &[(Fault::Range, "SCF153"), (Fault::Fraction, "SCF153")];

/// The longest cooldown of a `target` item, in seconds.
pub const LONGEST_COOLDOWN: f64 = 3600.0;

const COOLDOWN: Shape =
    Shape::Number(&Number { min: Some(0.0), max: Some(LONGEST_COOLDOWN), whole: true, unit: "seconds", listed: None });
const COOLDOWN_CODES: &[(Fault, &str)] = &[(Fault::Range, "SCF166"), (Fault::Fraction, "SCF166")];

/// `scale[]`.
pub(super) static SCALE_ITEM: Tagged = Tagged {
    name: "ScaleItem",
    doc: "One bound or policy of scaling, told apart by `type`.",
    code: "SCF150",
    variants: &[
        Variant {
            choice: Choice { value: "min", doc: "The fewest tasks. Needs a policy.", aliases: &["minimum"] },
            object: &Object {
                name: "ScaleMin",
                doc: "The fewest tasks.",
                strict: true,
                properties: &[Property::new("min", COUNT, "The fewest tasks, at least 1.")
                    .required()
                    .snippet("1")
                    .codes(COUNT_CODES)],
                strays: &[],
            },
        },
        Variant {
            choice: Choice { value: "max", doc: "The most tasks. Required with a policy.", aliases: &["maximum"] },
            object: &Object {
                name: "ScaleMax",
                doc: "The most tasks.",
                strict: true,
                properties: &[Property::new("max", COUNT, "The most tasks, at least 1.")
                    .required()
                    .snippet("4")
                    .codes(COUNT_CODES)],
                strays: &[],
            },
        },
        Variant {
            choice: Choice { value: "desired", doc: "A fixed number of tasks.", aliases: &["fixed", "count"] },
            object: &Object {
                name: "ScaleDesired",
                doc: "A fixed number of tasks.",
                strict: true,
                properties: &[Property::new("desired", COUNT, "How many tasks run; 0 parks the service.")
                    .default("1")
                    .snippet("1")
                    .typical()
                    .codes(COUNT_CODES)],
                strays: &[],
            },
        },
        Variant {
            choice: Choice {
                value: "target",
                doc: "Keeps a metric near a value by adding and removing tasks.",
                aliases: &["cpu", "memory", "albRequestsPerTarget", "targetTracking"],
            },
            object: &TARGET,
        },
        Variant {
            choice: Choice {
                value: "step",
                doc: "Adds or removes tasks in steps, by how far a metric is from a threshold.",
                aliases: &["stepScaling"],
            },
            object: &STEP,
        },
    ],
};

static TARGET: Object = Object {
    name: "ScaleTarget",
    doc: "Keeps a metric near a value.",
    strict: true,
    properties: &[
        Property::new(
            "target",
            Shape::Choice(&[
                Choice { value: "cpu", doc: "Average CPU use of the tasks, in percent.", aliases: &["CPU"] },
                Choice {
                    value: "memory",
                    doc: "Average memory use of the tasks, in percent.",
                    aliases: &["mem", "ram"],
                },
                Choice {
                    value: "albRequestsPerTarget",
                    doc: "Requests that each task gets from the load balancer in a minute.",
                    aliases: &["requests", "albRequests", "requestsPerTarget"],
                },
            ]),
            "The metric to follow.",
        )
        .required()
        .snippet("cpu"),
        Property::new(
            "value",
            ANY_NUMBER,
            "The value to keep: percent for `cpu` and `memory`, requests for `albRequestsPerTarget`.",
        )
        .default("70")
        .snippet("70")
        .typical(),
        Property::new("scaleIn", Shape::Bool, "Whether tasks are also removed when the metric is low.").default("true"),
        Property::new("scaleInCooldown", COOLDOWN, "Seconds to wait after tasks were removed, 0 to 3600.")
            .default("60")
            .snippet("60")
            .codes(COOLDOWN_CODES),
        Property::new("scaleOutCooldown", COOLDOWN, "Seconds to wait after tasks were added, 0 to 3600.")
            .default("60")
            .snippet("60")
            .codes(COOLDOWN_CODES),
    ],
    strays: &[],
};

static STEP: Object = Object {
    name: "ScaleStep",
    doc: "Adds or removes tasks in steps.",
    strict: true,
    properties: &[
        Property::new(
            "adjustmentType",
            Shape::Choice(&[
                Choice {
                    value: "ChangeInCapacity",
                    doc: "`scalingAdjustment` is a number of tasks to add or remove.",
                    aliases: &["Add", "change"],
                },
                Choice {
                    value: "PercentChangeInCapacity",
                    doc: "`scalingAdjustment` is a percentage of the running tasks.",
                    aliases: &["Percent", "percent"],
                },
                Choice {
                    value: "ExactCapacity",
                    doc: "`scalingAdjustment` is the number of tasks to run.",
                    aliases: &["Exact", "exact"],
                },
            ]),
            "What `scalingAdjustment` counts.",
        )
        .required()
        .snippet("ChangeInCapacity"),
        Property::new("metricName", ANY_TEXT, "The CloudWatch metric, such as `CPUUtilization`.")
            .required()
            .snippet("CPUUtilization")
            .examples(&["CPUUtilization", "MemoryUtilization"]),
        Property::new("namespace", ANY_TEXT, "The metric's namespace, such as `AWS/ECS`.")
            .required()
            .snippet("AWS/ECS")
            .examples(&["AWS/ECS", "AWS/ApplicationELB", "AWS/SQS"]),
        Property::new("threshold", ANY_NUMBER, "The value from which the steps are counted.").required().snippet("75"),
        Property::new(
            "comparisonOperator",
            Shape::Choice(&[
                Choice {
                    value: "GreaterThanOrEqualToThreshold",
                    doc: "At the threshold or above it.",
                    aliases: &[">=", "gte"],
                },
                Choice { value: "GreaterThanThreshold", doc: "Above the threshold.", aliases: &[">", "gt"] },
                Choice { value: "LessThanThreshold", doc: "Below the threshold.", aliases: &["<", "lt"] },
                Choice {
                    value: "LessThanOrEqualToThreshold",
                    doc: "At the threshold or below it.",
                    aliases: &["<=", "lte"],
                },
            ]),
            "When the alarm goes off.",
        )
        .required()
        .snippet("GreaterThanThreshold"),
        Property::new(
            "dimensions",
            Shape::List(&List {
                item: Shape::Object(&Object {
                    name: "MetricDimension",
                    doc: "A dimension of the metric.",
                    strict: false,
                    properties: &[
                        Property::new("name", ANY_TEXT, "The dimension's name.").required(),
                        Property::new("value", ANY_TEXT, "The dimension's value.").required(),
                    ],
                    strays: &[],
                }),
                min: 0,
                codes: &[],
            }),
            "The metric's dimensions. For `AWS/ECS` without dimensions those of this service are added.",
        )
        .snippet("\n  - name: \n    value: "),
        Property::new(
            "stepAdjustments",
            Shape::List(&List {
                item: Shape::Object(&Object {
                    name: "StepAdjustment",
                    doc: "A band around the threshold and what is done in it.",
                    strict: true,
                    properties: &[
                        Property::new(
                            "metricIntervalLowerBound",
                            ANY_NUMBER,
                            "Where the band begins, counted from the threshold; absent: no lower end.",
                        ),
                        Property::new(
                            "metricIntervalUpperBound",
                            ANY_NUMBER,
                            "Where the band ends, counted from the threshold; absent: no upper end.",
                        ),
                        Property::new(
                            "scalingAdjustment",
                            Shape::Number(&Number { min: None, max: None, whole: true, unit: "", listed: None }),
                            "What is done in the band, as `adjustmentType` says.",
                        )
                        .required()
                        .snippet("1")
                        .codes(&[(Fault::Fraction, "SCF178")]),
                    ],
                    strays: &[],
                }),
                min: 1,
                codes: &[],
            }),
            "The bands, in rising order, each beginning where the one before ends.",
        )
        .required()
        .snippet("\n  - metricIntervalLowerBound: 0\n    scalingAdjustment: 1")
        .codes(&[(Fault::Length, "SCF167")]),
        Property::new(
            "cooldown",
            Shape::Number(&Number { min: Some(0.0), max: None, whole: true, unit: "seconds", listed: None }),
            "Seconds to wait after a step.",
        )
        .default("60")
        .snippet("60")
        .codes(&[(Fault::Range, "SCF176"), (Fault::Fraction, "SCF176")]),
        Property::new(
            "metricAggregationType",
            Shape::Choice(&[
                Choice { value: "Average", doc: "The mean of the data points.", aliases: &["average", "avg"] },
                Choice { value: "Minimum", doc: "The least of the data points.", aliases: &["minimum", "min"] },
                Choice { value: "Maximum", doc: "The greatest of the data points.", aliases: &["maximum", "max"] },
            ]),
            "How data points are combined.",
        )
        .default("Average"),
    ],
    strays: &[],
};
