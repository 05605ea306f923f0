//! Verdicts on `scale`: those measured on the original tool, and those that the service would give.

mod support;

use support::assert_verdicts;

/// A list of items, and what is found below it.
const LISTS: &[(&str, &[&str])] = &[
    ("[]", &[]),
    // The number of tasks.
    ("[{type: desired, desired: 3}]", &[]),
    ("[{type: desired}]", &["SCF153 info [0].desired"]),
    ("[{type: desired, desired: 0}]", &["SCF179 info [0].desired"]),
    ("[{type: desired, desired: -1}]", &["SCF153 blocker [0].desired"]),
    ("[{type: desired, desired: 1.5}]", &["SCF153 blocker [0].desired"]),
    ("[{type: desired, desired: 1}, {type: desired, desired: 2}]", &["SCF151 error [1].desired"]),
    ("[{type: desired, desired: 1}, {type: desired}]", &["SCF151 error [1].type", "SCF153 info [1].desired"]),
    // Bounds without a policy, policies without a bound.
    ("[{type: min, min: 1}]", &["SCF156 error [0].type"]),
    ("[{type: max, max: 4}]", &["SCF156 error [0].type"]),
    ("[{type: max, max: 4}, {type: min, min: 2}]", &["SCF156 error [1].type"]),
    ("[{type: target, target: cpu}]", &["SCF157 error [0].type", "SCF181 info [0].type"]),
    ("[{type: max, max: 4}, {type: target, target: cpu}]", &["SCF181 info [1].type"]),
    ("[{type: min, min: 1}, {type: max, max: 4}, {type: target, target: cpu}]", &[]),
    // What cannot be read may be what seems to be missing.
    ("[{type: min, min: 1}, \"${env:ITEM}\"]", &[]),
    ("[{type: target, target: cpu}, {type: \"${env:TYPE}\", max: 4}]", &[]),
    ("[{type: target, target: cpu}, {type: maximum, max: 4}]", &["SCF150 error [1].type"]),
    ("[{type: min, min: 1}, {max: 4}]", &["SCF150 error [1].type"]),
    ("${env:SCALE}", &[]),
    // Order of the bounds.
    (
        "[{type: min, min: 0}, {type: max, max: 0}]",
        &["SCF152 error [0].min", "SCF152 error [1].max", "SCF156 error [0].type"],
    ),
    ("[{type: min, min: 10}, {type: max, max: 5}, {type: target, target: cpu}]", &["SCF154 error [0].min"]),
    ("[{type: min, min: 5}, {type: max, max: 5}, {type: target, target: cpu}]", &[]),
    ("[{type: min, min: \"${env:MIN}\"}, {type: max, max: 5}, {type: target, target: cpu}]", &[]),
    (
        "[{type: min, min: 2}, {type: max, max: 5}, {type: desired, desired: 6}]",
        &["SCF155 error [2].desired", "SCF156 error [0].type"],
    ),
    (
        "[{type: min, min: 2}, {type: max, max: 5}, {type: desired, desired: 1}]",
        &["SCF155 error [2].desired", "SCF156 error [0].type"],
    ),
    (
        "[{type: min, min: 9}, {type: max, max: 5}, {type: desired, desired: 7}]",
        &["SCF154 error [0].min", "SCF156 error [0].type"],
    ),
    ("[{type: max, max: 101}, {type: min, min: 1}, {type: target, target: cpu}]", &["SCF180 info [0].max"]),
    (
        "[{type: max, max: 4}, {type: max, max: 5}, {type: max, max: 6}, {type: min, min: 1}, {type: target, target: cpu}]",
        &["SCF151 error [1].max", "SCF151 error [2].max"],
    ),
    // Kinds that exclude each other.
    (
        "[{type: max, max: 4}, {type: min, min: 1}, {type: target, target: cpu}, {type: desired, desired: 2}]",
        &["SCF158 error [3].type"],
    ),
];

/// Items beside `min: 1` and `max: 9`, and what is found below the list; the first item is the third of the list.
const TARGETS: &[(&str, &[&str])] = &[
    ("{type: target, target: cpu}, {type: target, target: cpu}", &["SCF162 error [3].target"]),
    (
        "{type: target, target: cpu}, {type: target, target: cpu}, {type: target, target: cpu}",
        &["SCF162 blocker [3].target", "SCF162 blocker [4].target"],
    ),
    (
        "{type: target, target: albRequestsPerTarget, value: 9}, {type: target, target: albRequestsPerTarget, value: 8}",
        &["SCF162 blocker [3].target"],
    ),
    (
        "{type: target, target: cpu}, {type: target, target: memory}, {type: target, target: albRequestsPerTarget, value: 500}",
        &[],
    ),
    (
        "{type: target, target: cpu}, {type: target, target: memory}, {type: target, target: albRequestsPerTarget, value: 5}, \
         {type: target, target: memory, value: 50}",
        &["SCF161 error [5].type", "SCF162 error [5].target"],
    ),
    ("{type: target, target: cpu, value: 0}", &["SCF164 blocker [2].value"]),
    ("{type: target, target: cpu, value: 101}", &["SCF164 blocker [2].value"]),
    ("{type: target, target: memory, value: -5}", &["SCF164 blocker [2].value"]),
    ("{type: target, target: albRequestsPerTarget, value: 1200}", &[]),
    ("{type: target, target: albRequestsPerTarget, value: 0}", &["SCF164 blocker [2].value"]),
    ("{type: target, target: albRequestsPerTarget}", &["SCF165 info [2].value"]),
    ("{type: target, target: \"${env:METRIC}\", value: 101}", &[]),
    ("{type: target, target: cpu, scaleInCooldown: 1, scaleOutCooldown: 100}", &[]),
    ("{type: target, target: cpu, scaleInCooldown: 0}", &["SCF166 info [2].scaleInCooldown"]),
    ("{type: target, target: cpu, scaleOutCooldown: 300}", &["SCF166 info [2].scaleOutCooldown"]),
    ("{type: target, target: cpu, scaleOutCooldown: 3600}", &["SCF166 info [2].scaleOutCooldown"]),
    ("{type: target, target: cpu, scaleOutCooldown: 3601}", &["SCF166 error [2].scaleOutCooldown"]),
    ("{type: target, target: cpu, scaleOutCooldown: -1}", &["SCF166 error [2].scaleOutCooldown"]),
    ("{type: target, target: cpu, scaleOutCooldown: 99.5}", &["SCF166 error [2].scaleOutCooldown"]),
];

/// The `stepAdjustments` of the item, as `lower..upper`, and what is found below them.
const BANDS: &[(&str, &[&str])] = &[
    ("0..", &[]),
    ("0..20 20..", &[]),
    ("..-20 -20..0", &[]),
    ("..0 0..", &[]),
    // Falling order is fine where the original tool sees no bounds to compare.
    ("-20..0 ..-20", &[]),
    ("", &["SCF167 error "]),
    ("0..20 15..", &["SCF168 error [1].metricIntervalLowerBound"]),
    ("20..40 0..20 40..", &["SCF168 error [1].metricIntervalLowerBound"]),
    ("0..20 20..10", &["SCF168 error [1].metricIntervalUpperBound", "SCF172 blocker [0].metricIntervalUpperBound"]),
    ("20..10 20..", &["SCF168 blocker [0].metricIntervalUpperBound"]),
    ("0..0 0..", &["SCF168 blocker [0].metricIntervalUpperBound"]),
    ("0.. 10..20", &["SCF168 blocker [1].metricIntervalLowerBound"]),
    ("..10 0..", &["SCF168 error [1].metricIntervalLowerBound"]),
    ("0..20 30..", &["SCF169 blocker [1].metricIntervalLowerBound"]),
    ("30.. 0..20", &["SCF169 blocker [0].metricIntervalLowerBound"]),
    ("0.. 20..", &["SCF170 blocker [1]"]),
    ("..0 ..-5", &["SCF170 blocker [1]"]),
    ("..", &["SCF171 blocker [0]"]),
    (".. ..", &["SCF170 blocker [1]", "SCF170 blocker [1]", "SCF171 blocker [0]", "SCF171 blocker [1]"]),
    ("0..20", &["SCF172 blocker [0].metricIntervalUpperBound"]),
    ("-20..0", &["SCF172 blocker [0].metricIntervalLowerBound"]),
    ("-9..9", &["SCF172 blocker [0].metricIntervalLowerBound", "SCF172 blocker [0].metricIntervalUpperBound"]),
    ("0..20 20..40", &["SCF172 blocker [1].metricIntervalUpperBound"]),
    // An unknown end may be any.
    ("0..20 ${env:B}..40", &[]),
];

/// Other keys of a `step` item in the place of the usual ones, and what is found below it.
const STEPS: &[(&str, &[&str])] = &[
    ("namespace: Shop/Queue", &["SCF175 info .namespace"]),
    ("namespace: AWS/ECS", &["SCF174 info .namespace"]),
    ("namespace: AWS/ECS, dimensions: []", &["SCF174 info .namespace"]),
    ("namespace: AWS/ECS, dimensions: [{name: ClusterName, value: c}]", &[]),
    ("namespace: AWS/ECS, dimensions: \"${env:D}\"", &[]),
    ("namespace: AWS/SQS, cooldown: 0", &[]),
    ("namespace: AWS/SQS, cooldown: -5", &["SCF176 error .cooldown"]),
    ("namespace: AWS/SQS, cooldown: 1.5", &["SCF176 error .cooldown"]),
    ("namespace: AWS/SQS, comparisonOperator: LessThanThreshold", &["SCF177 warning .comparisonOperator"]),
    ("namespace: AWS/SQS, comparisonOperator: LessThanThreshold, adjustmentType: ExactCapacity", &[]),
    (
        "namespace: AWS/SQS, stepAdjustments: [{metricIntervalLowerBound: 0, scalingAdjustment: -1}]",
        &["SCF177 warning .comparisonOperator"],
    ),
    (
        "namespace: AWS/SQS, adjustmentType: PercentChangeInCapacity, stepAdjustments: \
         [{metricIntervalUpperBound: 0, scalingAdjustment: -10}, {metricIntervalLowerBound: 0, scalingAdjustment: 10}]",
        &[],
    ),
    (
        "namespace: AWS/SQS, stepAdjustments: [{metricIntervalLowerBound: 0, scalingAdjustment: 1.5}]",
        &["SCF178 blocker .stepAdjustments[0].scalingAdjustment"],
    ),
];

const STEP: &[(&str, &str)] = &[
    ("adjustmentType", "ChangeInCapacity"),
    ("metricName", "Depth"),
    ("threshold", "50"),
    ("comparisonOperator", "GreaterThanThreshold"),
    ("stepAdjustments", "[{metricIntervalLowerBound: 0, scalingAdjustment: 1}]"),
];

const BELOW: &str = "containers.api.compute.awsFargateEcs.scale";

fn document(scale: &str) -> String {
    format!(
        "name: demo\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    routing:\n      pathPattern: /*\n    \
         compute:\n      type: awsFargateEcs\n      awsFargateEcs:\n        scale: {scale}\n"
    )
}

fn beside_bounds(items: &str) -> String {
    document(&format!("[{{type: min, min: 1}}, {{type: max, max: 9}}, {items}]"))
}

/// A `step` item of the keys given and the usual other ones.
fn step(keys: &str) -> String {
    let others = STEP.iter().filter(|(key, _)| !keys.contains(&format!("{key}:")));
    let others: String = others.map(|(key, value)| format!(", {key}: {value}")).collect();
    format!("{{type: step, {keys}{others}}}")
}

fn bands(text: &str) -> String {
    let band = |band: &str| {
        let (lower, upper) = band.split_once("..").unwrap();
        let bound = |name: &str, value: &str| {
            // Variables need quotes in brackets; numbers must have none.
            let quote = if value.contains('$') { "\"" } else { "" };
            if value.is_empty() { String::new() } else { format!("metricInterval{name}Bound: {quote}{value}{quote}, ") }
        };
        format!("{{{}{}scalingAdjustment: 1}}", bound("Lower", lower), bound("Upper", upper))
    };
    let bands: Vec<String> = text.split_whitespace().map(band).collect();
    beside_bounds(&step(&format!("namespace: AWS/SQS, stepAdjustments: [{}]", bands.join(", "))))
}

#[test]
fn lists() {
    assert_verdicts(LISTS, &("SCF150"..="SCF181"), BELOW, document);
}

#[test]
fn targets() {
    assert_verdicts(TARGETS, &("SCF150"..="SCF181"), BELOW, beside_bounds);
}

#[test]
fn step_bands() {
    assert_verdicts(BANDS, &("SCF150"..="SCF181"), &format!("{BELOW}[2].stepAdjustments"), bands);
}

#[test]
fn step_items() {
    assert_verdicts(STEPS, &("SCF150"..="SCF181"), &format!("{BELOW}[2]"), |keys| beside_bounds(&step(keys)));
}

#[test]
fn steps_beside_other_items() {
    let queue = step("namespace: AWS/SQS");
    let vectors: &[(&str, &[&str])] = &[
        (&format!("{queue}, {{type: desired, desired: 2}}"), &["SCF159 warning [3].type"]),
        (&format!("{{type: target, target: cpu}}, {queue}"), &["SCF160 error [3].type"]),
        (&format!("{queue}, {queue}"), &["SCF173 info [3].metricName"]),
    ];
    assert_verdicts(vectors, &("SCF150"..="SCF181"), BELOW, beside_bounds);
}

#[test]
fn keys_that_the_original_tool_refuses_are_errors() {
    for key in ["period: 60", "unit: Count"] {
        let found =
            support::findings(&beside_bounds(&step(&format!("namespace: AWS/SQS, {key}"))), "SCF001"..="SCF019");
        assert_eq!(found.len(), 1, "{key}: {found:?}");
        assert!(found[0].starts_with("SCF004 error"), "{key}: {found:?}");
    }
}
