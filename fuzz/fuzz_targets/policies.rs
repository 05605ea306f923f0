//! Any text is taken for a policy: it is linted and explained, editors ask about a place in it, and every change can be made.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use slipway_lang::ide;
use slipway_lang::inputs::{DocumentKind, IamInputs, Inputs};
use slipway_lang::rules::RuleContext;
use slipway_lang::text::{TextRange, TextSize, apply_edits};
use slipway_lang::yaml::Document;
use slipway_lang::{analyze, explain_policies};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let document = Document::new(&*text);
    let iam = IamInputs {
        account_id: Some("314159265358".to_owned()),
        compat_upstream: true,
        parameters: BTreeSet::from(["/a/b".to_owned()]),
        enabled: BTreeSet::from(["IAM072".to_owned()]),
        ..IamInputs::default()
    };
    let inputs = Inputs { kind: DocumentKind::Policy, region: Some("eu-west-1".to_owned()), iam, ..Inputs::default() };
    let analysis = analyze(&document, &inputs);
    for diagnostic in &analysis.diagnostics {
        let places = diagnostic.related.iter().map(|related| related.range).chain([diagnostic.range]);
        for range in places {
            assert!(text.get(usize::from(range.start())..usize::from(range.end())).is_some());
        }
        for fix in &diagnostic.fixes {
            assert!(apply_edits(&text, &fix.edits).is_ok());
        }
    }
    for policy in explain_policies(&document, Inputs { kind: DocumentKind::Policy, ..Inputs::default() }) {
        assert!(policy.grants.iter().all(|grant| !grant.actions.is_empty()));
    }
    // A place that differs from text to text.
    let wanted = data.len() * 2 / 3;
    let at = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= wanted).last().unwrap_or_default();
    let Ok(offset) = u32::try_from(at).map(TextSize::new) else { return };
    let ctx = RuleContext::new(&document, &analysis.config, &inputs);
    ide::complete(&ctx, offset);
    ide::hover(&ctx, offset);
    for action in ide::actions(&ctx, &analysis.diagnostics, TextRange::empty(offset), &|_| true) {
        assert!(apply_edits(&text, &action.edits).is_ok());
    }
});
