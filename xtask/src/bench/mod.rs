//! Slipway beside its peers, measured in one run on one machine. Only the ratios carry over to others.

mod alb;
mod check;
mod iam;
mod lsp;

use anyhow::Result;
use clap::Subcommand;

pub(crate) use lsp::hold_to_the_protocol;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Subject {
    /// The load balancer beside nginx and the npm package `http-proxy`.
    Alb {
        /// Counted runs of each proxy in each scenario.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// How long a run is.
        #[arg(long, default_value_t = 3)]
        seconds: u64,
    },
    /// `slipway check` beside yamllint, check-jsonschema and cfn-lint.
    Check {
        /// Counted runs of each program on each file.
        #[arg(long, default_value_t = 11)]
        runs: usize,
    },
    /// The lint of IAM policies beside parliament, iam-policy-validator and cfn-lint: speed, and what they find.
    Iam {
        /// Counted runs of each program.
        #[arg(long, default_value_t = 5)]
        runs: usize,
    },
    /// `slipway-lsp` beside yaml-language-server, ruff and a server that does nothing.
    Lsp,
}

pub(crate) fn run(subject: &Subject) -> Result<()> {
    match subject {
        Subject::Alb { rounds, seconds } => alb::run(*rounds, *seconds),
        Subject::Check { runs } => check::run(*runs),
        Subject::Iam { runs } => iam::run(*runs),
        Subject::Lsp => lsp::run(),
    }
}
