//! Code lenses: a text, and the lenses in their order.

use slipway_lang::config::build;
use slipway_lang::ide::lenses;
use slipway_lang::inputs::Inputs;
use slipway_lang::rules::RuleContext;
use slipway_lang::yaml::Document;

fn lenses_of(text: &str) -> String {
    let document = Document::new(text);
    let inputs = Inputs::default();
    let config = build(&document, &inputs);
    let ctx = RuleContext::new(&document, &config, &inputs);
    let mut lines: Vec<String> = Vec::new();
    for lens in lenses(&ctx) {
        let line = document.source().line_of(lens.range.start()) + 1;
        let owner = lens.container.map_or(String::new(), |container| format!(" of {container}"));
        let place = format!("{line} {:?}{owner}:", document.source().slice(lens.range));
        match lines.last_mut() {
            Some(last) if last.starts_with(&place) => last.push_str(&format!(" {:?}", lens.kind)),
            _ => lines.push(format!("{place} {:?}", lens.kind)),
        }
    }
    lines.join("\n")
}

#[test]
fn the_project_and_each_container_have_lenses() {
    const PROJECT: &str = "Dev Plan Deploy Remove Info";
    for (text, expected) in [
        (
            "# a comment\n\nname: shop\ncontainers:\n  api:\n    src: ./api\n  \"web\": {}\n",
            format!("3 \"name\": {PROJECT}\n5 \"api\" of api: Dev Logs Open\n7 \"\\\"web\\\"\" of web: Dev Logs Open"),
        ),
        ("{\"name\": \"shop\"}", format!("1 \"\\\"name\\\"\": {PROJECT}")),
        (
            "containers:\n  api: {}\n  api: {}\n",
            format!("1 \"containers\": {PROJECT}\n2 \"api\" of api: Dev Logs Open"),
        ),
        ("na", String::new()),
        ("", String::new()),
        ("- a", String::new()),
        ("# nothing", String::new()),
    ] {
        assert_eq!(lenses_of(text), expected, "{text}");
    }
}
