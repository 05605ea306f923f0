//! The command line as a type.
#![allow(clippy::doc_markdown, reason = "the comments are the text of --help")]
#![allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use slipway_project::Settings;

/// Checks serverless.containers.yml projects.
#[derive(Debug, Parser)]
#[command(name = "slipway", version, arg_required_else_help = true, propagate_version = true)]
#[command(max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be said to every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Stage [default: $SERVERLESS_STAGE, else dev]
    #[arg(long, short, global = true, value_name = "NAME")]
    pub(crate) stage: Option<String>,
    /// AWS region [default: $AWS_REGION, $AWS_DEFAULT_REGION, the profile's, else us-east-1]
    #[arg(long, short, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Configuration file, in place of the one in the working directory
    #[arg(long, short, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Work in this folder
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) cwd: Option<PathBuf>,
    /// Profile of the AWS configuration
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) aws_profile: Option<String>,
    /// Value for ${param:KEY}; may be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub(crate) param: Vec<(String, String)>,
    /// Print the result as one JSON document
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print the result only: no summary, no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say on stderr what is looked at and why
    #[arg(long, global = true)]
    pub(crate) debug: bool,
    /// Never use colour
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

impl Global {
    /// What concerns the projects of the run.
    pub(crate) fn settings(&self, disk: bool) -> Settings {
        Settings {
            stage: self.stage.clone(),
            region: self.region.clone(),
            aws_profile: self.aws_profile.clone(),
            params: self.param.iter().cloned().collect(),
            disk,
        }
    }
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE, for example `--param domain=example.org`".to_owned()),
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find what is wrong with configuration files, without AWS, Docker or the network
    #[command(visible_alias = "validate")]
    Check(CheckArgs),
    /// Print the JSON Schema of the configuration file
    Schema(SchemaArgs),
    /// Write a starter project
    Init(InitArgs),
    /// Say which container answers a request, and why the others do not
    Route(RouteArgs),
    /// Check IAM policies, and answer what they can name
    #[command(subcommand)]
    Iam(IamCommand),
    /// Run the containers behind the emulated load balancer, and start them anew when they change
    Dev(DevArgs),
    /// Print a script that completes commands and options in a shell
    Completions(CompletionsArgs),
}

/// `slipway check`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files, or folders that hold a configuration file [default: the working directory]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Count blockers, which only a deployment would meet, as errors
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Apply the fixes that are safe
    #[arg(long)]
    pub(crate) fix: bool,
    /// Search folders for configuration files, leaving out what .gitignore excludes
    #[arg(long)]
    pub(crate) recursive: bool,
    /// Skip the rules that look at the project's other files
    #[arg(long)]
    pub(crate) no_disk: bool,
    /// Check the text on standard input; with --fix, print the mended text
    #[arg(long, conflicts_with_all = ["paths", "recursive", "config"])]
    pub(crate) stdin: bool,
    /// The file that standard input stands for
    #[arg(long, value_name = "NAME", requires = "stdin", value_hint = ValueHint::FilePath)]
    pub(crate) stdin_path: Option<PathBuf>,
}

/// What is reported, and how.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// How the findings are printed [default: human]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Let these findings fail the check as well
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// Show infos and hints too
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Excerpts of the source with the place marked
    Human,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML, for CI servers
    Junit,
}

/// What fails a check besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings, blockers included
    Warnings,
}

/// `slipway schema`
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Draft of JSON Schema; editors understand draft-07 best
    #[arg(long, value_enum, default_value = "draft-07")]
    pub(crate) draft: Draft,
}

/// The drafts of JSON Schema that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Draft {
    /// Draft 7
    #[value(name = "draft-07", alias = "07", alias = "7")]
    Draft07,
    /// Draft 2020-12
    #[value(name = "2020-12", alias = "draft-2020-12")]
    Draft202012,
}

/// `slipway init`
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Folder to write to, made where it is missing [default: the working directory]
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,
    /// Language of the service [default: asked for on a terminal, else node]
    #[arg(long, value_enum, value_name = "NAME")]
    pub(crate) template: Option<Template>,
    /// Do not ask anything
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// The starter projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    /// Node.js
    Node,
    /// Python
    Python,
    /// Rust
    Rust,
}

/// `slipway route`
#[derive(Debug, Args)]
pub(crate) struct RouteArgs {
    /// Method of the request, such as GET
    pub(crate) method: String,
    /// URL of the request: a path such as `/api/users?page=2`, or with a host, `https://api.example.org/users`
    pub(crate) url: String,
}

/// The commands of `slipway iam`.
#[derive(Debug, Subcommand)]
pub(crate) enum IamCommand {
    /// Find what is wrong with IAM policies: files of their own, or those of a configuration
    Lint(LintArgs),
    /// Say what policies let containers do, to which resources, and which risks they have
    Explain(ExplainArgs),
    /// Print the actions that a pattern reaches, with their access levels
    Expand(ExpandArgs),
    /// Print the actions of a service, with what each can be limited to
    Actions(ActionsArgs),
}

/// `slipway iam lint`
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Policies in YAML or JSON, or configuration files, whose policies are looked at
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Count warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Account of the deployment
    #[arg(long, value_name = "ID", value_parser = account_id)]
    pub(crate) account_id: Option<String>,
    /// Role that is given beside the policy
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// Other tool that has to read the policies, too
    #[arg(long, value_enum, value_name = "TOOL")]
    pub(crate) compat: Option<Compat>,
    /// Parameter of Systems Manager that only the deployment reads; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) parameter: Vec<String>,
    /// Rule that only reports when asked to; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) enable: Vec<String>,
}

/// `slipway iam explain`
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Policies in YAML or JSON, or configuration files, whose containers are told apart
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
}

/// Other tools that read the same files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compat {
    /// The original tool
    Upstream,
}

/// `slipway iam expand`
#[derive(Debug, Args)]
pub(crate) struct ExpandArgs {
    /// Pattern of actions, such as 's3:Get*'; quoted, so that the shell leaves the star alone
    pub(crate) pattern: String,
}

/// `slipway iam actions`
#[derive(Debug, Args)]
pub(crate) struct ActionsArgs {
    /// Prefix of the service, such as s3
    pub(crate) prefix: String,
}

fn account_id(text: &str) -> Result<String, String> {
    if slipway_lang::limits::arn::is_account(text) {
        Ok(text.to_owned())
    } else {
        Err("expected the twelve digits of an account".to_owned())
    }
}

/// `slipway dev`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DevArgs {
    #[command(subcommand)]
    pub(crate) action: Option<DevAction>,
    /// Containers to start [default: all]
    #[arg(value_name = "CONTAINER")]
    pub(crate) containers: Vec<String>,
    /// Container to start; may be repeated
    #[arg(long = "container", value_name = "NAME")]
    pub(crate) more_containers: Vec<String>,
    /// Port of the load balancer; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub(crate) port_proxy: u16,
    /// Port of the dashboard and the control API; 0 takes a free one, `off` starts none
    #[arg(long, value_name = "PORT", default_value = "3001", value_parser = control_port)]
    pub(crate) port_control: ControlPort,
    /// Address that the load balancer listens on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: std::net::IpAddr,
    /// What runs the containers
    #[arg(long, value_enum, value_name = "RUNTIME", default_value = "auto")]
    pub(crate) runtime: RuntimeName,
    /// Use what already listens there instead of starting the container; may be repeated
    #[arg(long, value_name = "NAME=HOST:PORT", value_parser = target)]
    pub(crate) target: Vec<(String, slipway_dev::Address)>,
    /// Do not start containers anew when files change
    #[arg(long, visible_alias = "no-watch")]
    pub(crate) no_reload: bool,
    /// Fire schedules on time
    #[arg(long)]
    pub(crate) schedules: bool,
    /// Give containers no AWS credentials; none are given yet
    #[arg(long)]
    pub(crate) no_credentials: bool,
    /// Write a line for each request, as the load balancer does
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) access_log: Option<PathBuf>,
    /// How events are printed
    #[arg(long, visible_alias = "events", value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) log_format: LogFormat,
    /// Whose routing is stood in for: slipway, slipway-api, edge, alb or devproxy [default: by the deployment type]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<slipway_lang::routing::Profile>,
    /// How long a container may take until it answers, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) ready_timeout: u64,
}

/// What else `slipway dev` does.
#[derive(Debug, Subcommand)]
pub(crate) enum DevAction {
    /// Remove what a killed session of this project left
    Clean,
    /// Fire a schedule, or send an event through a pattern, in a session that runs
    Trigger(TriggerArgs),
}

/// `slipway dev trigger`
#[derive(Debug, Args)]
pub(crate) struct TriggerArgs {
    /// Integration, as CONTAINER.INTEGRATION
    #[arg(value_name = "CONTAINER.INTEGRATION")]
    pub(crate) integration: String,
    /// JSON file with the event, for an integration with a pattern
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) event: Option<PathBuf>,
    /// Port of the control API of the session
    #[arg(long, value_name = "PORT", default_value_t = 3001)]
    pub(crate) port_control: u16,
}

/// The port of the control API, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ControlPort(pub(crate) Option<u16>);

fn control_port(text: &str) -> Result<ControlPort, String> {
    if text == "off" {
        return Ok(ControlPort(None));
    }
    text.parse().map(|port| ControlPort(Some(port))).map_err(|_| "expected a port, or `off`".to_owned())
}

fn target(text: &str) -> Result<(String, slipway_dev::Address), String> {
    let (name, address) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| "expected NAME=HOST:PORT, for example `--target api=localhost:8080`".to_owned())?;
    Ok((name.to_owned(), address.parse().map_err(|error: slipway_dev::AddressError| error.to_string())?))
}

/// What can run containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuntimeName {
    /// Docker where an engine answers, else processes
    Auto,
    /// Docker
    Docker,
    /// Processes of this machine
    Process,
}

/// How events are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Human,
    /// One JSON object a line
    Json,
}

/// `slipway completions`
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to write for
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn parameters_are_split_at_the_first_equals_sign() {
        assert_eq!(key_and_value("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(key_and_value("a="), Ok(("a".into(), String::new())));
        assert!(key_and_value("a").is_err());
        assert!(key_and_value("=b").is_err());
    }
}
