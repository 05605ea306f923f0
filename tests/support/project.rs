//! A project in a temporary folder, and runs of `slipway` in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A temporary folder with files.
pub struct Project {
    folder: TempDir,
}

/// How a run ended, and what it printed. The project's folder is written `[project]`.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None` when a signal ended the run.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Project {
    /// Writes the files, given as paths and texts; a path that ends in `/` makes an empty folder.
    ///
    /// # Panics
    ///
    /// When they cannot be written.
    pub fn new<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Self {
        // Not hidden, so that a walk looks into it.
        let folder = tempfile::Builder::new().prefix("slipway-test-").tempdir().expect("a temporary folder");
        for (path, content) in files {
            let target = folder.path().join(path);
            if path.ends_with('/') {
                std::fs::create_dir_all(target).expect("a folder");
                continue;
            }
            std::fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
            std::fs::write(target, content).expect("a file");
        }
        Self { folder }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file in it.
    ///
    /// # Panics
    ///
    /// When there is no such file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs `slipway` in the folder, with nothing on standard input.
    pub fn slipway(&self, args: &[&str]) -> Run {
        self.run(args, "", &[])
    }

    /// Runs `slipway` in the folder, with a text on standard input and variables in its environment. Of the caller's
    /// environment it sees the search path alone.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn run(&self, args: &[&str], input: &str, environment: &[(&str, &str)]) -> Run {
        let mut command = Command::new(crate::slipway());
        command.args(args).current_dir(self.folder()).env_clear().env("HOME", self.folder());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path))).envs(environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("slipway starts");
        // A run that does not read its input may have ended already.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("slipway ends");
        let folder = self.folder().canonicalize().expect("the folder");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the output is UTF-8");
            text.replace(&*folder.to_string_lossy(), "[project]")
        };
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}
