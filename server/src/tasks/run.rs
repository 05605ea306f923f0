//! One run of the program: questions before it, progress and messages during it, what is known after it.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command as Program};
use tokio::sync::{Notify, mpsc};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    MessageActionItem, MessageType, ProgressParams, ProgressParamsValue, ProgressToken, ShowDocumentParams, Uri,
    WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport, notification,
};

use super::events::{Deployed, Dev, Event, Plan};
use super::failures::Failure;
use super::{Command, Job, engine, refused};
use crate::diagnostics;
use crate::session::Session;

/// How long a child may take to put its affairs in order.
const ORDERLY_END: Duration = Duration::from_secs(10);

/// The exit code of a run that needs a confirmation it did not get.
const NEEDS_CONSENT: i32 = 3;

/// Runs a job that has been entered, to its end.
pub(super) async fn run(session: Arc<Session>, job: Job, program: PathBuf, token: ProgressToken, cancel: Arc<Notify>) {
    if consents(&session, &job).await {
        let progress = Progress::begin(&session, token, title(&job)).await;
        let mut ended = child(&session, &job, &program, false, &progress, &cancel).await;
        if ended.code == Some(NEEDS_CONSENT) && job.command == Command::Deploy && !ended.cancelled {
            let question = format!("{}\n\nGo on all the same?", ended.words.trim());
            if ask(&session, question, "Deploy").await {
                ended = child(&session, &job, &program, true, &progress, &cancel).await;
            }
        }
        conclude(&session, &job, &ended, progress).await;
    }
    session.tasks().leave(&job);
    refresh(&session);
}

/// Opens the address of a container: of the local cloud while it runs, else where it is deployed.
pub(super) fn open(session: &Arc<Session>, job: &Job) -> Result<()> {
    let known = session.tasks().known(&job.config);
    let local = known.dev.and_then(|dev| dev.proxy);
    let deployed = known.deployed.into_iter().flat_map(|deployed| deployed.containers);
    let mut deployed = deployed.filter(|container| job.container.as_ref().is_none_or(|name| *name == container.name));
    let address = local.or_else(|| deployed.find_map(|container| container.url));
    let address = address.and_then(|address| address.parse::<Uri>().ok());
    let Some(uri) = address.filter(|uri| ["http", "https"].contains(&uri.scheme().as_str())) else {
        return Err(refused(
            "No address is known: start the local cloud (slipway.dev), or ask what is deployed (slipway.info)."
                .to_owned(),
        ));
    };
    let session = Arc::clone(session);
    tokio::spawn(async move {
        let shown = uri.as_str().to_owned();
        let params = ShowDocumentParams { uri, external: Some(true), take_focus: None, selection: None };
        let opened = session.abilities().shows_documents && session.client.show_document(params).await.unwrap_or(false);
        if !opened {
            session.tell(MessageType::INFO, format!("Open {shown} in a browser.")).await;
        }
    });
    Ok(())
}

/// How a run ended.
#[derive(Default)]
struct Ended {
    code: Option<i32>,
    cancelled: bool,
    /// Standard output, of a command that prints one result.
    result: String,
    /// What it said on standard error, the newest part.
    words: String,
}

/// What is asked before a command that cannot be undone.
async fn consents(session: &Session, job: &Job) -> bool {
    let settings = session.settings();
    let stage = settings.stage.clone().unwrap_or_else(|| slipway_lang::inputs::DEFAULT_STAGE.to_owned());
    let what = job.config.parent().and_then(|folder| folder.file_name()).unwrap_or_default().to_string_lossy();
    match job.command {
        Command::Remove => {
            let question = format!("Remove everything that {what} has deployed to the stage `{stage}`?");
            ask(session, question, "Remove").await
        }
        Command::Deploy if settings.protected_stages.contains(&stage) => {
            ask(session, format!("Deploy {what} to the protected stage `{stage}`?"), "Deploy").await
        }
        _ => true,
    }
}

async fn ask(session: &Session, question: String, yes: &str) -> bool {
    let item =
        |title: &str| MessageActionItem { title: title.to_owned(), properties: std::collections::HashMap::new() };
    let items = Some(vec![item(yes), item("Cancel")]);
    match session.client.show_message_request(MessageType::WARNING, question, items).await {
        Ok(answer) => answer.is_some_and(|answer| answer.title == yes),
        Err(error) => {
            tracing::warn!("the client did not ask the user: {error}");
            false
        }
    }
}

fn title(job: &Job) -> String {
    let words = match job.command {
        Command::Dev => "Local cloud",
        Command::Plan => "Plan",
        Command::Deploy => "Deploy",
        Command::Remove => "Remove",
        Command::Info => "Info",
        Command::Logs => "Logs",
        Command::StopDev | Command::OpenRoute => "",
    };
    let container = job.container.as_ref().map(|name| format!(" of {name}"));
    format!("{words}{}", container.unwrap_or_default())
}

/// Starts the child and stays with it.
async fn child(
    session: &Arc<Session>,
    job: &Job,
    program: &PathBuf,
    consent: bool,
    progress: &Progress<'_>,
    cancel: &Notify,
) -> Ended {
    session.tasks().learn(&job.config, |known| {
        known.failures.clear();
        if job.command == Command::Dev {
            known.dev = Some(Dev::default());
        }
    });
    refresh(session);
    let mut command = Program::new(program);
    command.args(engine::arguments(job, &session.settings(), consent));
    command.current_dir(job.config.parent().unwrap_or(&job.config));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(cfg!(not(unix)));
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let words = format!("{} cannot be started: {error}", program.display());
            return Ended { words, ..Ended::default() };
        }
    };
    session.tasks().set_process(job, child.id());
    let (sender, mut lines) = mpsc::channel(64);
    tokio::spawn(forward(child.stdout.take(), sender.clone(), Line::Result));
    tokio::spawn(forward(child.stderr.take(), sender, Line::Word));
    let mut ended = Ended::default();
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => heard(session, job, line, progress, &mut ended).await,
                None => break,
            },
            () = cancel.notified(), if !ended.cancelled => {
                ended.cancelled = true;
                end(&mut child);
                tokio::spawn(end_for_good(child.id()));
            }
        }
    }
    match child.wait().await {
        Ok(status) => ended.code = status.code(),
        Err(error) => ended.words.push_str(&error.to_string()),
    }
    session.tasks().set_process(job, None);
    session.tasks().learn(&job.config, |known| {
        if job.command == Command::Dev {
            known.dev = None;
        }
    });
    ended
}

fn end(child: &mut Child) {
    match child.id() {
        Some(process) if cfg!(unix) => engine::interrupt(process),
        _ => {
            // It ends by itself just now.
            let _ = child.start_kill();
        }
    }
}

/// Says so when a child does not end; it is not killed, as it would leave things behind.
async fn end_for_good(process: Option<u32>) {
    tokio::time::sleep(ORDERLY_END).await;
    tracing::debug!(?process, "the child was told to end ten seconds ago");
}

enum Line {
    Result(String),
    Word(String),
}

async fn forward(stream: Option<impl AsyncRead + Unpin>, sender: mpsc::Sender<Line>, line: fn(String) -> Line) {
    let Some(stream) = stream else { return };
    let mut lines = BufReader::new(stream).lines();
    loop {
        match lines.next_line().await {
            Ok(Some(text)) => {
                if sender.send(line(text)).await.is_err() {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => tracing::warn!("a line of a child cannot be read: {error}"),
        }
    }
}

async fn heard(session: &Arc<Session>, job: &Job, line: Line, progress: &Progress<'_>, ended: &mut Ended) {
    /// How much of what a run says is kept for its end.
    const KEPT: usize = 4000;
    match line {
        Line::Word(line) => {
            progress.report(&line).await;
            session.client.log_message(MessageType::LOG, &line).await;
            ended.words.push_str(&line);
            ended.words.push('\n');
            let surplus = ended.words.len().saturating_sub(KEPT);
            ended.words.drain(..ended.words.ceil_char_boundary(surplus));
        }
        Line::Result(line) if job.command == Command::Dev => match serde_json::from_str(&line) {
            Ok(event) => happened(session, job, event, progress).await,
            Err(_) => session.client.log_message(MessageType::LOG, &line).await,
        },
        Line::Result(line) if job.command == Command::Logs => session.client.log_message(MessageType::LOG, &line).await,
        Line::Result(line) => {
            ended.result.push_str(&line);
            ended.result.push('\n');
        }
    }
}

/// Takes in an event of the local cloud.
async fn happened(session: &Arc<Session>, job: &Job, event: Event, progress: &Progress<'_>) {
    let tasks = session.tasks();
    let dev = |change: &dyn Fn(&mut Dev)| tasks.learn(&job.config, |known| change(known.dev.get_or_insert_default()));
    let fails = |failure: Failure| {
        tasks.learn(&job.config, |known| {
            known.failures.retain(|other| (&other.path, &other.code) != (&failure.path, &failure.code));
            known.failures.push(failure);
        });
    };
    match event {
        Event::Ready { proxy } => {
            progress.report(&format!("answers at {proxy}")).await;
            session.client.log_message(MessageType::INFO, format!("The local cloud answers at {proxy}")).await;
            dev(&|dev| dev.proxy = Some(proxy.clone()));
        }
        Event::Log { container, line } => {
            session.client.log_message(MessageType::LOG, format!("{container}: {line}")).await;
            return;
        }
        Event::Reload { container, reason, phase } if phase == "failed" => {
            fails(Failure::of_container(
                &container,
                "reload",
                format!("`{container}` was not started anew: {reason}"),
                true,
            ));
        }
        Event::Reload { container, phase, .. } if phase == "ready" => {
            let healed = Failure::of_container(&container, "reload", String::new(), true);
            tasks.learn(&job.config, |known| known.failures.retain(|other| other.path != healed.path));
        }
        Event::Health { container, status, detail } => {
            let failure =
                Failure::of_container(&container, "health", format!("`{container}` is {status}: {detail}"), false);
            if status == "unhealthy" {
                fails(failure);
            } else {
                tasks.learn(&job.config, |known| {
                    known.failures.retain(|other| (&other.path, &other.code) != (&failure.path, &failure.code));
                });
            }
            dev(&|dev| {
                dev.health.insert(container.clone(), status.clone());
            });
        }
        Event::Diagnosis { container, code, message } => {
            fails(Failure::of_container(&container, &code, message, false));
        }
        Event::Reload { .. } | Event::Other => return,
    }
    refresh(session);
}

/// Takes in how a run ended, and tells it.
async fn conclude(session: &Arc<Session>, job: &Job, ended: &Ended, progress: Progress<'_>) {
    let title = title(job);
    let words = ended.words.trim();
    if ended.cancelled {
        return progress.end("cancelled").await;
    }
    if ended.code != Some(0) {
        let words = if words.is_empty() { ended.result.trim() } else { words };
        let snapshot = Uri::from_file_path(&job.config).and_then(|uri| session.snapshot(&uri));
        let failure = Failure::of_words(words, job.command.name(), &job.config, snapshot.as_deref());
        session.tasks().learn(&job.config, |known| known.failures.push(failure));
        progress.end("failed").await;
        let first = words.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
        return session.tell(MessageType::ERROR, format!("{title} failed: {first}")).await;
    }
    let told = match job.command {
        Command::Info => match serde_json::from_str::<Deployed>(&ended.result) {
            Ok(deployed) => {
                let told = deployed_words(&deployed);
                session.tasks().learn(&job.config, |known| known.deployed = Some(deployed));
                told
            }
            Err(error) => format!("its result cannot be read: {error}"),
        },
        Command::Plan => match serde_json::from_str::<Plan>(&ended.result) {
            Ok(plan) => plan_words(&plan),
            Err(error) => format!("its result cannot be read: {error}"),
        },
        _ => "done".to_owned(),
    };
    if !ended.result.is_empty() {
        session.client.log_message(MessageType::INFO, ended.result.trim()).await;
    }
    progress.end(&told).await;
    session.tell(MessageType::INFO, format!("{title}: {told}")).await;
}

fn deployed_words(deployed: &Deployed) -> String {
    match (&deployed.last_deployed, deployed.deployed) {
        (Some(when), true) => format!("deployed {when}"),
        (None, true) => "deployed".to_owned(),
        (_, false) => "not deployed".to_owned(),
    }
}

fn plan_words(plan: &Plan) -> String {
    let changes = plan.summary.iter().filter(|(kind, count)| *kind != "none" && **count > 0);
    let words: Vec<String> = changes.map(|(kind, count)| format!("{count} to {kind}")).collect();
    if words.is_empty() { "no changes".to_owned() } else { words.join(", ") }
}

/// Lets the client see what has changed.
fn refresh(session: &Arc<Session>) {
    session.renew();
    diagnostics::schedule_all(session);
    if session.abilities().refreshes_lenses {
        let session = Arc::clone(session);
        tokio::spawn(async move {
            if let Err(error) = session.client.code_lens_refresh().await {
                tracing::warn!("the client did not take the wish to show lenses anew: {error}");
            }
        });
    }
}

/// Progress that the client shows, when it can.
struct Progress<'s> {
    session: &'s Session,
    token: Option<ProgressToken>,
}

impl<'s> Progress<'s> {
    async fn begin(session: &'s Session, token: ProgressToken, title: String) -> Self {
        let shown = session.abilities().progress
            && session
                .client
                .create_work_done_progress(token.clone())
                .await
                .inspect_err(|error| tracing::warn!("the client shows no progress: {error}"))
                .is_ok();
        let progress = Self { session, token: shown.then_some(token) };
        let begin = WorkDoneProgressBegin { title, cancellable: Some(true), message: None, percentage: None };
        progress.send(WorkDoneProgress::Begin(begin)).await;
        progress
    }

    async fn report(&self, message: &str) {
        let message = Some(message.to_owned());
        let report = WorkDoneProgressReport { cancellable: Some(true), message, percentage: None };
        self.send(WorkDoneProgress::Report(report)).await;
    }

    async fn end(self, message: &str) {
        self.send(WorkDoneProgress::End(WorkDoneProgressEnd { message: Some(message.to_owned()) })).await;
    }

    async fn send(&self, progress: WorkDoneProgress) {
        if let Some(token) = self.token.clone() {
            let params = ProgressParams { token, value: ProgressParamsValue::WorkDone(progress) };
            self.session.client.send_notification::<notification::Progress>(params).await;
        }
    }
}
