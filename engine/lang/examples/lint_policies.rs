//! Measures the lint of policies, on one thread: `lint_policies FILE…`. Reading the files does not count, parsing them does.
//!
//! Prints microseconds: the first answer of the reference, all files, the median file, the slowest file; and the slowest file's name.
#![allow(clippy::print_stdout, reason = "what it measured is all that it is for")]

use std::time::{Duration, Instant};

use slipway_lang::iam::reference::reference;
use slipway_lang::inputs::Inputs;
use slipway_lang::lint_policies;
use slipway_lang::yaml::Document;

fn main() -> std::io::Result<()> {
    let started = Instant::now();
    let known = reference().service("s3").is_some();
    let unpacking = started.elapsed();
    assert!(known, "the reference knows S3");

    let mut times: Vec<(Duration, String)> = Vec::new();
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let started = Instant::now();
        let analysis = lint_policies(&Document::new(text), Inputs::default());
        times.push((started.elapsed(), path));
        drop(analysis);
    }
    times.sort();
    let total: Duration = times.iter().map(|(time, _)| *time).sum();
    let (median, _) = times.get(times.len() / 2).cloned().unwrap_or_default();
    let (slowest, name) = times.last().cloned().unwrap_or_default();
    let micros = [unpacking, total, median, slowest].map(|time| time.as_micros().to_string());
    println!("{} {name}", micros.join(" "));
    Ok(())
}
