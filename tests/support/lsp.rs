//! An editor's end of the wire.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Project;

/// Longest wait for a message: a bound for a server that hangs, not a measure.
const PATIENCE: Duration = Duration::from_mins(1);

/// A session of `slipway-lsp` with a client that is strict: whatever the server sends has to be taken by the test, and what
/// is left when the session ends fails it.
pub struct Editor {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    unread: VecDeque<Value>,
    /// What the server asked of its client, by method.
    asked: Vec<String>,
    next_id: i64,
    settings: Value,
    /// What the server answered to `initialize`.
    pub offered: Value,
    answer_to_questions: Value,
    /// Outside the project: what the server keeps for itself is no change of the project.
    home: TempDir,
}

impl Editor {
    /// Starts the server in a project's folder, with these abilities of the client.
    ///
    /// # Panics
    ///
    /// When it does not start, or answers `initialize` with an error.
    pub fn start(project: &Project, abilities: &Value) -> Self {
        Self::start_with(project, abilities, &Value::Null)
    }

    /// The same, with settings that the client has from the start.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_with(project: &Project, abilities: &Value, settings: &Value) -> Self {
        let mut editor = Self::spawn(project, &[]);
        settings.clone_into(&mut editor.settings);
        editor.begin(project, abilities);
        editor
    }

    /// Opens the session.
    ///
    /// # Panics
    ///
    /// When the server answers `initialize` with an error.
    pub fn begin(&mut self, project: &Project, abilities: &Value) {
        let root = uri(project.folder());
        let params = json!({
            "processId": null,
            "rootUri": root,
            "workspaceFolders": [{"uri": root, "name": "project"}],
            "capabilities": abilities,
            "initializationOptions": self.settings,
        });
        self.offered = self.request("initialize", &params).expect("the server begins");
        self.notify("initialized", &json!({}));
    }

    /// Starts the server with arguments and says nothing yet.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub fn spawn(project: &Project, arguments: &[&str]) -> Self {
        let mut command = Command::new(crate::slipway_lsp());
        let home = TempDir::new().expect("a temporary folder");
        command.args(arguments).current_dir(project.folder()).env_clear().env("HOME", home.path());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("slipway-lsp starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            stdin,
            messages,
            unread: VecDeque::new(),
            asked: Vec::new(),
            next_id: 1,
            settings: Value::Null,
            offered: Value::Null,
            answer_to_questions: Value::Null,
            home,
        }
    }

    /// The home folder of the user.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Changes what the client answers when asked for settings.
    pub fn set_settings(&mut self, settings: Value) {
        self.settings = settings;
    }

    /// Chooses what the user presses when asked something; null for nothing.
    pub fn press(&mut self, title: Value) {
        self.answer_to_questions = title;
    }

    /// Writes a message.
    ///
    /// # Panics
    ///
    /// When the server does not read it.
    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let stdin = self.stdin.as_mut().expect("an open pipe");
        write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and gives its number.
    pub fn ask(&mut self, method: &str, params: &Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// Waits for the answer to a request.
    ///
    /// # Errors
    ///
    /// The error that the server answered with.
    ///
    /// # Panics
    ///
    /// When no answer comes.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let answer = self.take(|message| message["id"] == id && message.get("method").is_none());
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    ///
    /// The error that the server answered with.
    pub fn request(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Opens a file of the project in its text on disk, or with another text.
    pub fn open(&mut self, path: &Path, text: Option<&str>) -> String {
        let text = text.map_or_else(|| std::fs::read_to_string(path).expect("a file"), str::to_owned);
        let uri = uri(path);
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
        uri
    }

    /// Replaces the whole text of a document.
    pub fn replace(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    /// Waits for the diagnostics of a version of a document.
    pub fn diagnostics(&mut self, uri: &str, version: impl Into<Value>) -> Vec<Value> {
        let version = version.into();
        let is_it = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && (message["params"]["version"] == version)
        };
        self.take(is_it)["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// Waits for a notification of a method.
    pub fn notification(&mut self, method: &str) -> Value {
        self.take(|message| message["method"] == method)["params"].clone()
    }

    /// Takes the first message that fits, also of those that came before.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn take(&mut self, mut fits: impl FnMut(&Value) -> bool) -> Value {
        if let Some(index) = self.unread.iter().position(&mut fits) {
            return self.unread.remove(index).expect("a message");
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = match self.messages.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not say it; unread: {:#?}", self.unread),
                Err(RecvTimeoutError::Disconnected) => panic!("the server has gone; unread: {:#?}", self.unread),
            };
            self.serve(&message);
            if fits(&message) {
                return message;
            }
            // What a client does for the server is not for the test to read.
            if message.get("id").is_none() || message.get("method").is_none() {
                self.unread.push_back(message);
            }
        }
    }

    /// Waits until the server has asked its client for something, which it was given then.
    ///
    /// # Panics
    ///
    /// When it does not ask.
    pub fn asked(&mut self, method: &str) {
        while !self.asked.iter().any(|asked| asked == method) {
            self.take(|message| message.get("id").is_some() && message["method"] == method);
        }
        self.asked.retain(|asked| asked != method);
    }

    /// Drops the messages of a method that have come.
    pub fn ignore(&mut self, method: &str) {
        self.unread.retain(|message| message["method"] != method);
    }

    /// Answers what the server asks of its client.
    fn serve(&mut self, message: &Value) {
        let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) else { return };
        self.asked.push(method.to_owned());
        let result = match method {
            "workspace/configuration" => json!([self.settings]),
            "window/showMessageRequest" => match &self.answer_to_questions {
                Value::Null => Value::Null,
                title => json!({"title": title}),
            },
            "window/showDocument" => json!({"success": true}),
            _ => Value::Null,
        };
        let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
        self.send(&answer);
    }

    /// Ends the session as the protocol says and fails when a message was left unread.
    ///
    /// # Panics
    ///
    /// Then, and when the server does not end.
    pub fn end(mut self) {
        self.leave();
        // Everything that was sent before the end is read.
        while let Ok(message) = self.messages.recv() {
            self.unread.push_back(message);
        }
        let unread: Vec<_> = self.unread.iter().filter(|message| message.get("id").is_none()).collect();
        assert!(unread.is_empty(), "the test did not read: {unread:#?}");
    }

    /// Ends the session as the protocol says, whatever was left unread.
    ///
    /// # Panics
    ///
    /// When the server does not end.
    pub fn leave(&mut self) {
        self.request("shutdown", &Value::Null).expect("the server ends");
        self.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
        let status = self.wait();
        assert!(status.success(), "{status}");
    }

    /// Waits for the end of the process while its standard input stays open.
    ///
    /// # Panics
    ///
    /// When it does not end.
    pub fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(Instant::now() < end, "the server goes on");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Closes the server's standard input.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // It has ended, unless a test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address of a file.
///
/// # Panics
///
/// When the path is not one of text.
pub fn uri(path: &Path) -> String {
    let path = path.canonicalize().expect("a file");
    format!("file://{}", path.to_str().expect("a path of text"))
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        length = length.or(line.strip_prefix("Content-Length: ").and_then(|length| length.parse().ok()));
    }
    let mut body = vec![0; length.expect("a length")];
    stdout.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("a message in JSON"))
}
