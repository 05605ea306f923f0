//! The lint of IAM policies: all that AWS manages through the core, what editors ask, and the peers: on all policies, as commands on one
//! of them, and on the cases.
#![allow(clippy::print_stdout, reason = "chores speak to the person who runs them")]

mod peers;
mod reference;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::check::{Sample, measure, median};
use crate::iam_managed;
use crate::run::{build, build_example, target_dir};
use peers::PEERS;

/// The policy that the commands get.
const ONE: &str = "AmazonECSTaskExecutionRolePolicy";

/// Measures the core on all policies, and commands on one.
pub(crate) fn run(runs: usize) -> Result<()> {
    let example = build_example("slipway-lang", "lint_policies", "release")?;
    let slipway = build("slipway-engine", "slipway", "release")?;
    let [_, history] = iam_managed::fetch()?;
    let policies: Vec<PathBuf> = history.current().collect();
    core(&example, &policies, runs)?;
    editor()?;

    let name = |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(ONE));
    let policy = policies.iter().find(name).with_context(|| format!("{ONE} is not among the policies"))?;
    let template = target_dir()?.join("bench").join("policy-template.json");
    write_template(policy, &template)?;
    let [parliament, validator, cfn_lint] = &PEERS;
    let validated =
        vec!["validate".into(), "--path".into(), policy.clone(), "--aws-services-dir".into(), peers::data()?];
    let programs = [
        ("slipway iam lint", slipway, vec!["iam".into(), "lint".into(), policy.clone()]),
        ("parliament", parliament.program()?, vec!["--file".into(), policy.clone()]),
        ("iam-policy-validator", validator.program()?, validated),
        ("cfn-lint, in a template", cfn_lint.program()?, vec![template]),
    ];
    // In turn, so that a slow moment of the machine hits them all.
    let mut samples: Vec<Vec<Sample>> = programs.iter().map(|_| Vec::new()).collect();
    for round in 0..=runs {
        for ((_, program, arguments), samples) in programs.iter().zip(&mut samples) {
            let sample = measure(program, arguments)?;
            if round > 0 {
                samples.push(sample); // the first round warms the caches
            }
        }
    }
    println!("\n| one policy, whole process | wall, median (ms) | times slipway |");
    println!("| --- | --: | --: |");
    let base = median(&samples[0]).as_secs_f64();
    for ((name, ..), samples) in programs.iter().zip(&samples) {
        let wall = median(samples).as_secs_f64();
        println!("| {name} | {:.1} | {:.1} |", wall * 1e3, wall / base);
    }
    all_at_peers(&policies)?;
    peers::compare()
}

/// What the peers take for all policies, each in one process.
fn all_at_peers(policies: &[PathBuf]) -> Result<()> {
    let read = |path: &PathBuf| fs::read_to_string(path).with_context(|| path.display().to_string());
    let texts: Vec<String> = policies.iter().map(read).collect::<Result<_>>()?;
    println!("\n| {} policies, one process, without its start | s |\n| --- | --: |", texts.len());
    for peer in &PEERS {
        println!("| {} | {:.1} |", peer.name, peer.ask(&texts)?.seconds);
    }
    Ok(())
}

/// What an editor asks, in the core.
fn editor() -> Result<()> {
    let example = build_example("slipway-lang", "edit_policy", "release")?;
    let output = Command::new(&example).output().with_context(|| example.display().to_string())?;
    ensure!(output.status.success(), "{} ended with {}", example.display(), output.status);
    let text = String::from_utf8(output.stdout)?;
    let micros: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [completion, hover] = micros[..] else { bail!("{} printed `{text}`", example.display()) };
    println!("\n| editor, in the core, median | ms |\n| --- | --: |");
    println!("| completion behind `Action: s3:Get` | {:.2} |", completion as f64 / 1e3);
    println!("| hover of `dynamodb:Get*` | {:.2} |", hover as f64 / 1e3);
    Ok(())
}

/// One thread, the best of some runs: what else the machine does only ever makes it slower.
fn core(example: &Path, policies: &[PathBuf], runs: usize) -> Result<()> {
    let mut best: Option<(Vec<u64>, String)> = None;
    for _ in 0..runs.max(1) {
        let output = Command::new(example).args(policies).output().with_context(|| example.display().to_string())?;
        ensure!(output.status.success(), "{} ended with {}", example.display(), output.status);
        let text = String::from_utf8(output.stdout)?;
        let mut words = text.trim_end().splitn(5, ' ');
        let micros: Vec<u64> = words.by_ref().take(4).map(str::parse).collect::<Result<_, _>>()?;
        ensure!(micros.len() == 4, "{} printed `{text}`", example.display());
        let slowest = Path::new(words.next().unwrap_or_default()).file_stem().unwrap_or_default().to_string_lossy();
        if best.as_ref().is_none_or(|(known, _)| micros[1] < known[1]) {
            best = Some((micros, slowest.into_owned()));
        }
    }
    let (micros, slowest) = best.context("no run")?;
    println!("| core, one thread, {} policies | ms |\n| --- | --: |", policies.len());
    for (name, micros) in ["unpacking the reference", "all policies", "median policy"].iter().zip(&micros) {
        println!("| {name} | {:.2} |", *micros as f64 / 1e3);
    }
    println!("| slowest policy, {slowest} | {:.2} |", micros[3] as f64 / 1e3);
    Ok(())
}

/// A template with the policy in it.
fn write_template(policy: &Path, template: &Path) -> Result<()> {
    let document: Value = serde_json::from_str(&fs::read_to_string(policy)?)?;
    let content = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}},
    });
    if let Some(folder) = template.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(template, content.to_string()).with_context(|| template.display().to_string())
}
