//! Measures what an editor asks inside a policy: completion behind `Action: s3:Get`, and hover of a pattern.
//!
//! Prints the medians in microseconds.
#![allow(clippy::print_stdout, reason = "what it measured is all that it is for")]

use std::time::{Duration, Instant};

use slipway_lang::config::build;
use slipway_lang::ide;
use slipway_lang::inputs::Inputs;
use slipway_lang::rules::RuleContext;
use slipway_lang::text::TextSize;
use slipway_lang::yaml::Document;

const TEXT: &str = "\
name: shop
deployment:
  type: aws@1.0
containers:
  api:
    src: ./api
    compute:
      type: awsLambda
      awsIam:
        customPolicy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: s3:Get
              Resource: arn:aws:s3:::report-archive/*
            - Effect: Allow
              Action: dynamodb:Get*
              Resource: '*'
";

fn main() {
    let completion = median(TEXT, "s3:Get", |ctx, offset| ide::complete(ctx, offset).len());
    let hover = median(TEXT, "dynamodb:G", |ctx, offset| usize::from(ide::hover(ctx, offset).is_some()));
    println!("{} {}", completion.as_micros(), hover.as_micros());
}

/// The median of many answers to one question behind a word of the text. Each has to say something.
fn median(text: &str, word: &str, question: impl Fn(&RuleContext<'_>, TextSize) -> usize) -> Duration {
    const TIMES: usize = 201;
    let document = Document::new(text);
    let inputs = Inputs::default();
    let config = build(&document, &inputs);
    let ctx = RuleContext::new(&document, &config, &inputs);
    let end = text.find(word).map_or(0, |start| start + word.len());
    let offset = TextSize::new(u32::try_from(end).unwrap_or_default());
    let time = |_| {
        let started = Instant::now();
        assert!(question(&ctx, offset) > 0, "an answer behind {word}");
        started.elapsed()
    };
    let mut times: Vec<Duration> = (0..TIMES).map(time).collect();
    times.sort();
    times[TIMES / 2]
}
