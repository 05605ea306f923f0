//! Code actions: a text with the cursor as `|`, the title of an action, and the text afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use slipway_lang::analyze;
use slipway_lang::diagnostic::{Diagnostic, Severity};
use slipway_lang::ide::{Action, ActionKind, actions};
use slipway_lang::inputs::Inputs;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextRange, TextSize, apply_edits};
use slipway_lang::yaml::Document;

fn inputs() -> Inputs<'static> {
    Inputs { env: Some(BTreeMap::new()), ..Inputs::default() }
}

struct Offer {
    text: String,
    actions: Vec<Action>,
    diagnostics: Vec<Diagnostic>,
}

impl Offer {
    /// What is offered at `|`, or in the range between two of them.
    fn at(marked: &str) -> Self {
        let parts: Vec<&str> = marked.split('|').collect();
        let text = parts.concat();
        let start = TextSize::of(parts[0]);
        let end = if parts.len() == 3 { start + TextSize::of(parts[1]) } else { start };
        Self::in_range(&text, TextRange::new(start, end))
    }

    fn in_range(text: &str, range: TextRange) -> Self {
        let (document, inputs) = (Document::new(text), inputs());
        let analysis = analyze(&document, &inputs);
        let ctx = RuleContext::new(&document, &analysis.config, &inputs);
        let actions = actions(&ctx, &analysis.diagnostics, range, &|_| true);
        Self { text: text.to_owned(), actions, diagnostics: analysis.diagnostics }
    }

    fn titles(&self) -> Vec<&str> {
        self.actions.iter().map(|action| action.title.as_str()).collect()
    }

    #[track_caller]
    fn action(&self, title: &str) -> &Action {
        let found = self.actions.iter().find(|action| action.title == title);
        found.unwrap_or_else(|| panic!("no {title:?} among {:?}\n{}", self.titles(), self.text))
    }

    fn applied(&self, action: &Action) -> String {
        apply_edits(&self.text, &action.edits).unwrap()
    }

    #[track_caller]
    fn after(&self, title: &str) -> String {
        self.applied(self.action(title))
    }

    fn mended(&self, action: &Action) -> Vec<&str> {
        action.diagnostics.iter().map(|index| self.diagnostics[*index].rule.code).collect()
    }
}

#[track_caller]
fn assert_changes(title: &str, table: &[(&str, &str)]) {
    for (before, after) in table {
        assert_eq!(Offer::at(before).after(title), *after, "{title} in\n{before}");
    }
}

#[track_caller]
fn assert_not_offered(title: &str, texts: &[&str]) {
    for text in texts {
        let offer = Offer::at(text);
        assert!(!offer.titles().iter().any(|offered| offered.starts_with(title)), "{:?} in\n{text}", offer.titles());
    }
}

const WRONG: &str = "name: shop\norg: acme\ndeployment:\n  type: aws\ncontainers:\n  api:\n    src: ./api\n    routing: {path: /*}\n    compute:\n      type: lambda\n      awsLambda: {memory: \"512\"}\n";

#[test]
fn fixes_come_first_and_the_certain_one_is_preferred() {
    let offer = Offer::at(&WRONG.replace("type: aws\n", "type: |aws\n"));
    let first = &offer.actions[0];
    assert_eq!((first.title.as_str(), first.kind, first.preferred), ("Use `aws@1.0`", ActionKind::QuickFix, true));
    assert_eq!(offer.mended(first), ["SCF017"]);
    assert!(offer.applied(first).contains("type: aws@1.0\n"));

    let offer = Offer::at(&WRONG.replace("org", "|org"));
    let remove = offer.action("Remove `org`");
    assert!(!remove.preferred);
    assert_eq!(offer.mended(remove), ["SCF014"]);
}

#[test]
fn what_does_not_touch_the_range_is_not_offered() {
    let quick = |offer: &Offer| {
        offer
            .actions
            .iter()
            .filter(|action| action.kind == ActionKind::QuickFix)
            .map(|action| action.title.clone())
            .collect::<Vec<_>>()
    };
    assert!(quick(&Offer::at(&WRONG.replace("src", "|src"))).is_empty());
    assert_eq!(quick(&Offer::at(&WRONG.replace("lambda", "lamb|da"))), ["Use `awsLambda`"]);
    // A range takes in what it touches at its ends.
    let all = quick(&Offer::in_range(WRONG, TextRange::up_to(TextSize::of(WRONG))));
    assert!(
        ["Use `aws@1.0`", "Use `awsLambda`", "Rename to `pathPattern`", "Remove `org`"]
            .iter()
            .all(|title| all.contains(&(*title).to_owned())),
        "{all:?}"
    );
}

#[test]
fn everything_certain_is_fixed_in_rounds() {
    let offer = Offer::at(&format!("|{WRONG}"));
    let all = offer.action("Fix everything that is certain");
    assert_eq!((all.kind, all.preferred), (ActionKind::SourceFixAll, false));
    let fixed = offer.applied(all);
    assert_eq!(
        fixed,
        "name: shop\norg: acme\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    routing: {pathPattern: /*}\n    compute:\n      type: awsLambda\n      awsLambda: {memory: 512}\n"
    );
    assert_eq!(offer.mended(all).len(), 4);
    assert!(all.edits.iter().all(|edit| edit.new_text.len() < 15), "{:?}", all.edits);
    assert_not_offered("Fix everything", &[&format!("|{fixed}")]);
    // A moved key has the wrong unit first, and the fix of that is only seen when it is in its place.
    let nested = "|name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    pathPattern: /*\n    routing: {host: example.net}\n    compute:\n      type: awsLambda\n      environment: [A=1]\n";
    let fixed = Offer::at(nested).after("Fix everything that is certain");
    let left = analyze(&Document::new(&*fixed), &inputs()).diagnostics;
    assert!(!left.iter().any(|found| found.fixes.iter().any(|fix| fix.safe)), "{fixed}\n{left:#?}");
    assert!(fixed.contains("\n    environment:\n      A: \"1\"\n"), "{fixed}");
}

#[test]
fn findings_are_silenced_where_they_stand() {
    let text = "name: shop\norg|: acme\ndeployment:\n  type: aws@1.0\ncontainers: {}\n";
    let offer = Offer::at(text);
    let ignore = offer.action("Ignore SCF014 here");
    assert_eq!(offer.mended(ignore), ["SCF014"]);
    assert!(offer.applied(ignore).starts_with("name: shop\n# slipway-ignore: SCF014\norg: acme\n"));
    // An error stays one.
    assert_not_offered("Ignore", &["name: 1|\ndeployment: {type: aws@1.0}\n"]);
}

#[test]
fn missing_keys_are_added_at_once() {
    assert_changes(
        "Add `routing`, `compute`",
        &[(
            "name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  |api:\n    src: ./api # here\n\n  web:\n    src: x\n",
            "name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api # here\n    routing:\n      pathPattern: /*\n    compute:\n      type: awsLambda\n\n  web:\n    src: x\n",
        )],
    );
    assert_changes(
        "Add `src`, `routing`, `compute`",
        &[
            (
                "containers:\r\n    api:|\r\n",
                "containers:\r\n    api:\r\n        src: ./service\r\n        routing:\r\n            pathPattern: /*\r\n        compute:\r\n            type: awsLambda\r\n",
            ),
            (
                "containers: {api: {environment: |{A: b}}}\n",
                "containers: {api: {environment: {A: b}, src: ./service, routing: {pathPattern: /*}, compute: {type: awsLambda}}}\n",
            ),
        ],
    );
    let offer = Offer::at("name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: |./api\n");
    assert_eq!(offer.mended(offer.action("Add `routing`, `compute`")), ["SCF005", "SCF005"]);
    // One that a finding offers is not offered twice.
    let offer = Offer::at(
        "name: shop\ndeployment:\n  type: aws@1.0\ncontainers:\n  api:\n    src: ./api\n    routing|: {}\n    compute: {}\n",
    );
    assert_eq!(offer.titles().iter().filter(|title| **title == "Add `pathPattern`").count(), 1);
    assert_not_offered("Add `", &["name: shop\ndeployment:\n  type: aws@1.0\nst|ages: {}\ncontainers: {}\n"]);
}

const HEAD: &str = "name: shop\ndeployment:\n  type: aws@1.0\n";

#[test]
fn values_become_parameters() {
    let container = |stages: &str, environment: &str| {
        format!(
            "{HEAD}{stages}containers:\n  api:\n    src: ./api\n    routing:\n      pathPattern: /*\n    compute:\n      type: awsLambda\n    environment:\n{environment}"
        )
    };
    let extracted = "stages:\n  default:\n    params:\n      logLevel: info\n";
    // `stages` comes after the keys that a person would write before it.
    let before = container("", "      LOG_LEVEL: in|fo # loud\n");
    let after = container("", "      LOG_LEVEL: ${param:logLevel} # loud\n").replacen(
        "name: shop\n",
        &format!("name: shop\n{extracted}"),
        1,
    );
    assert_changes("Extract the parameter `logLevel`", &[(&before, &after)]);

    let table = [
        ("stages:\n", "stages:\n  default:\n    params:\n      logLevel: info\n"),
        ("stages:\n  prod: {}\n", "stages:\n  default:\n    params:\n      logLevel: info\n  prod: {}\n"),
        (
            "stages:\n  default:\n    resolvers: {}\n",
            "stages:\n  default:\n    resolvers: {}\n    params:\n      logLevel: info\n",
        ),
        ("stages:\n  default:\n    params: {a: b}\n", "stages:\n  default:\n    params: {a: b, logLevel: info}\n"),
    ];
    for (stages, defined) in table {
        let before = container(stages, "      LOG_LEVEL: |info\n");
        assert_changes(
            "Extract the parameter `logLevel`",
            &[(&before, &container(defined, "      LOG_LEVEL: ${param:logLevel}\n"))],
        );
    }
    // A name that is taken is not used again, also where another stage has it or a variable reads it.
    let taken = "stages:\n  prod:\n    params:\n      logLevel: warn\n";
    let defined =
        "stages:\n  default:\n    params:\n      apiLogLevel: \"1.50\"\n  prod:\n    params:\n      logLevel: warn\n";
    let before = container(taken, "      LOG_LEVEL: \"1.5|0\"\n");
    assert_changes(
        "Extract the parameter `apiLogLevel`",
        &[(&before, &container(defined, "      LOG_LEVEL: \"${param:apiLogLevel}\"\n"))],
    );
    // The default of a variable.
    let before = container("stages:\n  default:\n    params:\n", "      LOG_LEVEL: ${env:LEVEL, 'in|fo'}\n");
    let after = container(
        "stages:\n  default:\n    params:\n      logLevel: \"info\"\n",
        "      LOG_LEVEL: ${env:LEVEL, param:logLevel}\n",
    );
    assert_changes("Extract the parameter `logLevel`", &[(&before, &after)]);
    // A number stays one.
    let before = container("stages:\n  default:\n    params:\n", "      A: b\n")
        .replace("type: awsLambda", "type: awsLambda\n      awsLambda: {memory: |512}");
    let after = container("stages:\n  default:\n    params:\n      memory: 512\n", "      A: b\n")
        .replace("type: awsLambda", "type: awsLambda\n      awsLambda: {memory: \"${param:memory}\"}");
    assert_changes("Extract the parameter `memory`", &[(&before, &after)]);
}

#[test]
fn what_should_not_vary_is_no_parameter() {
    assert_not_offered(
        "Extract",
        &[
            "name: sh|op\n",
            "name: shop\ndeployment:\n  type: |aws@1.0\n",
            "stages:\n  prod:\n    params:\n      a: |b\n",
            "containers:\n  api:\n    compute:\n      type: |awsLambda\n",
            "containers:\n  api:\n    environment:\n      A: |${env:B}\n",
            "containers:\n  api:\n    environment:\n      A: |\n",
            "containers:\n  api:\n    environment:\n      A|: b\n",
            "containers:\n  api:\n    environment:\n      A: &b |c\n",
            "stages: ${file(x.yml)}\ncontainers:\n  api:\n    environment:\n      A: |b\n",
            "containers:\n  api:\n    environment:\n      TOKEN: |ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
        ],
    );
}

#[test]
fn the_older_architecture_is_left_behind() {
    let text = "name: shop # ours\ndeployment:\n  type: |awsApi@1.0 # old\n  awsIam: {roleArn: arn:aws:iam::123456789012:role/x}\ncontainers: {}\n";
    let offer = Offer::at(text);
    let convert = offer.action("Convert to `aws@1.0`");
    assert_eq!(offer.mended(convert), ["SCF018"]);
    assert_eq!(offer.applied(convert), text.replace('|', "").replace("awsApi@1.0", "aws@1.0"));
    let renamed = offer.after("Convert to `aws@1.0` under the new name `shop-2`, as a deployed project needs");
    assert!(renamed.starts_with("name: shop-2 # ours\ndeployment:\n  type: aws@1.0 # old\n"), "{renamed}");
    // Also at what only the newer one has.
    let text = "name: a-long-enough-12\ndeployment:\n  type: awsApi@1.0\ncontainers:\n  api:\n    integrations:\n      x|: {type: schedule, schedule: rate(1 hour)}\n";
    let offer = Offer::at(text);
    assert_eq!(offer.mended(offer.action("Convert to `aws@1.0`")), ["SCF018", "SCF301"]);
    assert!(offer.titles().iter().any(|title| title.contains("`a-long-enough-2`")), "{:?}", offer.titles());
    assert_not_offered(
        "Convert",
        &["deployment:\n  type: |aws@1.0\n", "deployment:\n  type: awsApi@1.0\ncont|ainers: {}\n"],
    );
}

#[test]
fn containers_change_their_compute_type() {
    let within = |compute: &str| {
        format!(
            "{HEAD}containers:\n  api:\n    src: ./api\n    routing:\n      pathPattern: /*\n      pathHealthCheck: /up\n    compute:\n{compute}    environment:\n      A: b\n"
        )
    };
    let to_fargate = [
        (
            "      type: |awsLambda\n",
            "      type: awsFargateEcs\n      awsFargateEcs:\n        cpu: 256\n        memory: 1024\n",
        ),
        ("      |awsIam: {}\n      type: awsLambda\n", ""),
        (
            "      type: awsLambda # where\n      awsLambda|:\n        memory: 3008\n        timeout: 20\n        vpc: true\n      awsIam: {}\n",
            "      type: awsFargateEcs # where\n      awsFargateEcs:\n        cpu: 512\n        memory: 3072\n      awsIam: {}\n",
        ),
        (
            "      type: awsLambda\n      awsLambda:\n        # plenty\n        memory: |2048 # MB\n        # seconds\n        timeout: 20\n",
            "      type: awsFargateEcs\n      awsFargateEcs:\n        # plenty\n        memory: 2048 # MB\n        cpu: 256\n",
        ),
        (
            "      type: awsLambda\n      awsLambda: |{timeout: 20, memory: 128}\n",
            "      type: awsFargateEcs\n      awsFargateEcs:\n        cpu: 256\n        memory: 512\n",
        ),
        (
            "      type: |awsLambda\n      awsLambda: {}\n      awsFargateEcs:\n        cpu: 4096\n",
            "      type: awsFargateEcs\n      awsFargateEcs:\n        cpu: 4096\n",
        ),
    ];
    for (before, after) in to_fargate {
        if after.is_empty() {
            assert_not_offered("Run `api`", &[&within(before)]);
        } else {
            assert_changes("Run `api` on Fargate", &[(&within(before), &within(after))]);
        }
    }
    let to_lambda = [
        (
            "      type: |awsFargateEcs\n",
            "      type: awsLambda\n      awsLambda:\n        memory: 512\n        timeout: 30\n",
        ),
        (
            "      type: awsFargateEcs\n      awsFargateEcs:\n        cpu: |4096\n        memory: 16384\n        scale:\n          - type: desired\n            desired: 2\n      awsIam: {}\n",
            "      type: awsLambda\n      awsLambda:\n        memory: 10240\n        timeout: 30\n      awsIam: {}\n",
        ),
        (
            "      type: awsFargateEcs\n      awsFargateEcs:\n        memory: '${param:x, 2048}' # enough\n        cpu|: 1024\n",
            "      type: awsLambda\n      awsLambda:\n        memory: '${param:x, 2048}' # enough\n        timeout: 30\n",
        ),
    ];
    for (before, after) in to_lambda {
        assert_changes("Run `api` on Lambda", &[(&within(before), &within(after))]);
    }
    assert_not_offered(
        "Run `",
        &[
            &within("      type: ${env:X}|\n"),
            &within("      type: awsLambda\n      awsLambda:\n        memory: |${ssm:/x}\n"),
            &within("      type: awsLambda\n").replace("src", "s|rc"),
        ],
    );
}

#[test]
fn quotes_come_and_go_where_they_make_no_difference() {
    assert_changes(
        "Put quotes around it",
        &[("name: sh|op # x\n", "name: \"shop\" # x\n"), ("a: 'b'\nname: sh|op\n", "a: 'b'\nname: 'shop'\n")],
    );
    assert_changes("Take the quotes off", &[("name: '|shop'\n", "name: shop\n"), ("a: [\"b|\"]\n", "a: [b]\n")]);
    assert_not_offered(
        "Take the quotes",
        &[
            "name: '|1'\n",
            "name: '|a: b'\n",
            "name: '|2012-10-17'\n",
            "name: '|'\n",
            "{\"name\": \"|shop\"}\n",
            "'na|me': 1\n",
        ],
    );
    assert_not_offered("Put quotes", &["name: |1\n", "name: |~\n", "na|me: shop\n", "name: |2012-10-17\n"]);
}

#[test]
fn collections_change_between_brackets_and_lines() {
    assert_changes(
        "Write it in lines",
        &[
            (
                "a:\n  b|: {c: 1, d: 'x, y', \"e\":[1, {f: 2}]} # z\n",
                "a:\n  b: # z\n    c: 1\n    d: 'x, y'\n    \"e\": [1, {f: 2}]\n",
            ),
            ("a: [b, |c]\r\nd: 1\r\n", "a:\r\n  - b\r\n  - c\r\nd: 1\r\n"),
            ("- {a: [1, |2]}\n- 3\n", "- a: [1, 2]\n- 3\n"),
            ("a: {b, c: ~,\n  d: |1}\n", "a:\n  b: null\n  c: null\n  d: 1\n"),
        ],
    );
    assert_changes(
        "Write it in one line",
        &[
            ("a:\n  b|: 1\n  c:\n    - d\n    - 'e, f'\ng: 2\n", "a: {b: 1, c: [d, 'e, f']}\ng: 2\n"),
            ("a:|\n- b\n- c", "a: [b, c]"),
            ("a:| # why\n  b: 1\n", "a: {b: 1} # why\n"),
            ("a:\n  - |b: 1\n    c: 2\n  - d\n", "a:\n  - {b: 1, c: 2}\n  - d\n"),
        ],
    );
    assert_not_offered(
        "Write it",
        &[
            "a: {}|\n",
            "a: [b, # c\n  |d]\n",
            "a:\n  |b: 1 # c\n",
            "a:\n  # c\n  |b: 1\n",
            "a|: b\n",
            "{\"a\": [1, |2]}\n",
            "a:\n  |b: &c 1\n",
        ],
    );
    assert_not_offered("Write it", &[&format!("a:\n  |b: {}\n", "x".repeat(120))]);
}

#[test]
fn keys_are_put_into_the_usual_order() {
    assert_changes(
        "Put the keys into the usual order",
        &[
            (
                "containers:\n  api:\n    # runs on Lambda\n    compute: {}|\n\n    routing: # where\n      pathPattern: /*\n    extra: 1\n    src: ./api\n",
                "containers:\n  api:\n    src: ./api\n\n    routing: # where\n      pathPattern: /*\n    # runs on Lambda\n    compute: {}\n    extra: 1\n",
            ),
            ("# top\ndeploy|ment: {}\nname: shop", "# top\nname: shop\ndeployment: {}"),
        ],
    );
    assert_not_offered(
        "Put the keys",
        &[
            "na|me: shop\ndeployment: {}\n",
            "deployment: &a {}\n|name: shop\n",
            "{deployment: {}, |name: shop}\n",
            "containers:\n  b: |{}\n  a: {}\n",
        ],
    );
}

fn texts(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let paths = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yml")).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// How often each error is there.
fn errors(diagnostics: &[Diagnostic]) -> BTreeMap<&'static str, usize> {
    let mut count = BTreeMap::new();
    for found in diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        *count.entry(found.rule.code).or_default() += 1;
    }
    count
}

/// Every refactoring at every place of every file: what was right stays right.
#[test]
fn no_refactoring_brings_an_error() {
    let folders = ["tests/fixtures/corpus/valid", "tests/fixtures/corpus/invalid", "examples/acmeinc"];
    let inputs = inputs();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in folders.iter().flat_map(|folder| texts(folder)) {
        let document = Document::new(text.clone());
        let analysis = analyze(&document, &inputs);
        let before = errors(&analysis.diagnostics);
        let ctx = RuleContext::new(&document, &analysis.config, &inputs);
        let mut seen = std::collections::HashSet::new();
        for (_, node) in document.tree().nodes() {
            for action in actions(&ctx, &analysis.diagnostics, TextRange::empty(node.range.start()), &|_| true) {
                let is_own = action.kind != ActionKind::QuickFix
                    || action.title.starts_with("Ignore")
                    || action.title.contains("`, `");
                if !is_own || !seen.insert(action.edits.clone()) {
                    continue;
                }
                let kind: String = action.title.chars().take_while(|character| *character != '`').collect();
                *kinds.entry(kind).or_default() += 1;
                let after = apply_edits(&text, &action.edits).unwrap();
                let result = Document::new(&*after);
                assert!(
                    result.tree().problems().len() <= document.tree().problems().len(),
                    "{path}: {}\n{after}",
                    action.title
                );
                let found = analyze(&result, &inputs).diagnostics;
                if action.kind == ActionKind::SourceFixAll {
                    // A block whose type is known now is looked into.
                    assert!(errors(&found).values().sum::<usize>() <= before.values().sum(), "{path}\n{after}");
                    continue;
                }
                for (code, count) in errors(&found) {
                    let old = before.get(code).copied().unwrap_or_default();
                    assert!(
                        count <= old,
                        "{path}: {} brings {code}\n{:#?}\n{after}",
                        action.title,
                        found.iter().filter(|each| each.rule.code == code).collect::<Vec<_>>()
                    );
                }
            }
        }
    }
    for (kind, least) in [
        ("Extract the parameter ", 300),
        ("Run ", 30),
        ("Convert to ", 2),
        ("Put quotes around it", 300),
        ("Take the quotes off", 10),
        ("Write it in one line", 100),
        ("Write it in lines", 10),
        ("Put the keys into the usual order", 3),
        ("Fix everything that is certain", 10),
        ("Add ", 1),
    ] {
        assert!(kinds.get(kind).copied().unwrap_or_default() >= least, "{kind}: {kinds:#?}");
    }
}
