//! `slipway check` beside its peers, as whole processes.
#![allow(clippy::print_stdout, reason = "chores speak to the person who runs them")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

use crate::run::{build, root, target_dir};
use crate::venv;

/// The peers, in the versions that are compared.
const PEERS: &[&str] = &["yamllint==1.37.1", "check-jsonschema==0.39.0", "cfn-lint==1.58.0"];

/// Measures `slipway check` and its peers on files of 60 and 5,000 lines.
pub(crate) fn run(runs: usize) -> Result<()> {
    let slipway = build("slipway-engine", "slipway", "release")?;
    let work = target_dir()?.join("bench");
    let peers = venv::provide("peers", PEERS)?;
    let schema = root().join("schema/serverless.containers.schema.json");

    println!("| file | program | wall, median (ms) | wall, min–max (ms) | peak memory (MiB) | times slipway |");
    println!("| --- | --- | --: | --: | --: | --: |");
    for lines in [60, 5000] {
        let folder = work.join(format!("{lines}-lines"));
        let config = folder.join("serverless.containers.yml");
        let template = folder.join("template.yml");
        write(&config, &configuration(lines))?;
        write(&template, &cloudformation(lines))?;
        let arguments = |parts: &[&Path]| parts.iter().map(|part| part.to_path_buf()).collect::<Vec<_>>();
        let programs = [
            ("slipway check", slipway.clone(), arguments(&[Path::new("check"), Path::new("--no-disk"), &config])),
            ("yamllint", peers.join("yamllint"), arguments(&[Path::new("-d"), Path::new("relaxed"), &config])),
            (
                "check-jsonschema",
                peers.join("check-jsonschema"),
                arguments(&[Path::new("--schemafile"), &schema, &config]),
            ),
            ("cfn-lint", peers.join("cfn-lint"), arguments(&[&template])),
        ];
        // In turn, so that a slow moment of the machine hits them all.
        let mut samples: Vec<Vec<Sample>> = programs.iter().map(|_| Vec::new()).collect();
        for round in 0..=runs {
            for (program, samples) in programs.iter().zip(&mut samples) {
                let sample = measure(&program.1, &program.2)?;
                if round > 0 {
                    samples.push(sample); // the first round warms the caches
                }
            }
        }
        let base = median(&samples[0]);
        for (program, samples) in programs.iter().zip(&samples) {
            let wall = median(samples);
            let millis = |duration: Duration| duration.as_secs_f64() * 1e3;
            let least = samples.iter().map(|sample| sample.wall).min().unwrap_or_default();
            let most = samples.iter().map(|sample| sample.wall).max().unwrap_or_default();
            let peak = samples.iter().map(|sample| sample.peak_bytes).max().unwrap_or_default();
            println!(
                "| {lines} lines | {} | {:.1} | {:.1}–{:.1} | {:.1} | {:.1} |",
                program.0,
                millis(wall),
                millis(least),
                millis(most),
                peak as f64 / f64::from(1 << 20),
                wall.as_secs_f64() / base.as_secs_f64(),
            );
        }
    }
    Ok(())
}

pub(super) struct Sample {
    pub(super) wall: Duration,
    peak_bytes: u64,
}

pub(super) fn measure(program: &Path, arguments: &[PathBuf]) -> Result<Sample> {
    let mut process = Command::new(program);
    process.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = process.spawn().with_context(|| program.display().to_string())?;
    let usage = child.wait4()?;
    let wall = start.elapsed();
    // 0: nothing found; 1 and more: findings. A program that was killed or is missing would only look fast.
    if usage.status.code().is_none_or(|code| code > 32) {
        bail!("{} ended with {}", program.display(), usage.status);
    }
    Ok(Sample { wall, peak_bytes: usage.rusage.maxrss })
}

pub(super) fn median(samples: &[Sample]) -> Duration {
    let mut walls: Vec<Duration> = samples.iter().map(|sample| sample.wall).collect();
    walls.sort();
    walls.get(walls.len() / 2).copied().unwrap_or_default()
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// A valid configuration of exactly so many lines.
fn configuration(lines: usize) -> String {
    let mut text = String::from("name: bench\n\ndeployment:\n  type: aws@1.0\n\ncontainers:\n");
    for number in 0.. {
        let block = if number % 2 == 0 {
            format!(
                "  web-{number}:\n    src: ./web-{number}\n    routing:\n      pathPattern: /web-{number}/*\n    compute:\n      \
                 type: awsLambda\n      awsLambda:\n        memory: 1024\n        timeout: 15\n    environment:\n      \
                 LOG_LEVEL: info\n      TABLE: table-{number}\n"
            )
        } else {
            format!(
                "  api-{number}:\n    src: ./api-{number}\n    routing:\n      pathPattern: /api-{number}/*\n      \
                 pathHealthCheck: /api-{number}/health\n    compute:\n      type: awsFargateEcs\n      awsFargateEcs:\n        \
                 cpu: 512\n        memory: 1024\n        scale:\n          - type: min\n            min: 1\n          - type: max\n            \
                 max: 4\n          - type: target\n            target: cpu\n            value: 60\n"
            )
        };
        if text.lines().count() + block.lines().count() > lines {
            break;
        }
        text.push_str(&block);
    }
    pad(text, lines)
}

/// A CloudFormation template of about the same things and exactly so many lines.
fn cloudformation(lines: usize) -> String {
    let mut text = String::from("AWSTemplateFormatVersion: \"2010-09-09\"\nDescription: bench\nResources:\n");
    for number in 0.. {
        let block = format!(
            "  Role{number}:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: \"2012-10-17\"\n        \
             Statement:\n          - Effect: Allow\n            Principal:\n              Service: lambda.amazonaws.com\n            \
             Action: sts:AssumeRole\n  Function{number}:\n    Type: AWS::Lambda::Function\n    Properties:\n      PackageType: Image\n      \
             Role: !GetAtt Role{number}.Arn\n      Code:\n        ImageUri: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web-{number}:1\n      \
             MemorySize: 1024\n      Timeout: 15\n      Environment:\n        Variables:\n          LOG_LEVEL: info\n"
        );
        if text.lines().count() + block.lines().count() > lines {
            break;
        }
        text.push_str(&block);
    }
    pad(text, lines)
}

fn pad(mut text: String, lines: usize) -> String {
    for _ in text.lines().count()..lines {
        text.push_str("# end\n");
    }
    text
}
