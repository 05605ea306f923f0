//! What a killed session left behind on this machine, and the note by which the next one finds it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The identifier of a project on this machine: eight hexadecimal digits of a hash of its file's absolute path and the
/// stage. Two checkouts of one project differ, and so do two stages.
pub(crate) fn project_id(config: &Path, stage: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(config.as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(stage.as_bytes());
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// What a session notes about itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Note {
    /// The process that owns the session.
    owner: Member,
    /// The leaders of the process groups that it started.
    groups: Vec<Member>,
}

/// A process. Its number alone may have gone to another one since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    id: u32,
    /// When it started, in the system's own unit; none where the system does not tell.
    started: Option<u64>,
}

impl Member {
    fn of(id: u32) -> Self {
        Self { id, started: started(id) }
    }

    fn is_alive(&self) -> bool {
        let alive =
            Pid::from_raw(self.id.cast_signed()).is_some_and(|id| rustix::process::test_kill_process(id).is_ok());
        alive && started(self.id) == self.started
    }
}

/// The start of a process, field 22 of `/proc/PID/stat`. A process that has ended and was not waited for counts as gone.
fn started(id: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

/// Keeps the note of a session up to date.
#[derive(Clone)]
pub(crate) struct Register {
    path: Arc<PathBuf>,
    note: Arc<Mutex<Note>>,
}

/// What was found of an earlier session.
pub(crate) enum Earlier {
    /// Nothing, or its end was orderly.
    None,
    /// It still runs: the process that owns it.
    Alive(u32),
    /// It was killed; this many process groups of it were ended.
    Removed(usize),
}

impl Register {
    /// Looks for an earlier session of the project, ends what a dead one left, and begins a note of its own.
    pub(crate) fn open(folder: &Path, project: &str) -> io::Result<(Self, Earlier)> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{project}.json"));
        let earlier = match fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str::<Note>(&text).ok()) {
            None => Earlier::None,
            Some(note) if note.owner.is_alive() => Earlier::Alive(note.owner.id),
            Some(note) => Earlier::Removed(end_groups(&note)),
        };
        let note = Note { owner: Member::of(std::process::id()), groups: Vec::new() };
        let register = Self { path: path.into(), note: Arc::new(note.into()) };
        if !matches!(earlier, Earlier::Alive(_)) {
            register.write(&register.note.lock().unwrap_or_else(PoisonError::into_inner))?;
        }
        Ok((register, earlier))
    }

    /// Notes a group.
    pub(crate) fn add(&self, leader: u32) {
        let mut note = self.note.lock().unwrap_or_else(PoisonError::into_inner);
        note.groups.push(Member::of(leader));
        // A note that cannot be written only matters to a session after a kill.
        let _ = self.write(&note);
    }

    /// Forgets a group.
    pub(crate) fn remove(&self, leader: u32) {
        let mut note = self.note.lock().unwrap_or_else(PoisonError::into_inner);
        note.groups.retain(|member| member.id != leader);
        let _ = self.write(&note);
    }

    /// Ends the note, and whatever it still names: the session leaves nothing behind.
    pub(crate) fn close(&self) {
        end_groups(&self.note.lock().unwrap_or_else(PoisonError::into_inner));
        let _ = fs::remove_file(&*self.path);
    }

    fn write(&self, note: &Note) -> io::Result<()> {
        let text = serde_json::to_vec(note)?;
        let next = self.path.with_extension("next");
        fs::write(&next, text)?;
        fs::rename(next, &*self.path)
    }
}

fn end_groups(note: &Note) -> usize {
    let alive = note.groups.iter().filter(|member| member.is_alive());
    let ended =
        alive.filter_map(|member| kill_process_group(Pid::from_raw(member.id.cast_signed())?, Signal::KILL).ok());
    ended.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    #[test]
    fn projects_and_stages_are_told_apart() {
        let id = project_id(Path::new("/a/serverless.containers.yml"), "dev");
        assert_eq!(id.len(), 8);
        assert_eq!(id, project_id(Path::new("/a/serverless.containers.yml"), "dev"));
        assert_ne!(id, project_id(Path::new("/b/serverless.containers.yml"), "dev"));
        assert_ne!(id, project_id(Path::new("/a/serverless.containers.yml"), "prod"));
    }

    #[test]
    fn what_a_dead_session_left_is_ended_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let sleep = || Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        let (mut left, mut foreign) = (sleep(), sleep());
        let mut owner = Command::new("true").spawn().unwrap();
        owner.wait().unwrap();
        let reused = Member { started: Some(1), ..Member::of(foreign.id()) };
        let note =
            Note { owner: Member { id: owner.id(), started: Some(1) }, groups: vec![Member::of(left.id()), reused] };
        fs::write(folder.path().join("p.json"), serde_json::to_vec(&note).unwrap()).unwrap();
        let (register, earlier) = Register::open(folder.path(), "p").unwrap();
        assert!(matches!(earlier, Earlier::Removed(1)));
        assert!(!left.wait().unwrap().success());
        assert_eq!(foreign.try_wait().unwrap(), None, "its number was another process's before");
        foreign.kill().unwrap();
        foreign.wait().unwrap();
        let (_, earlier) = Register::open(folder.path(), "p").unwrap();
        assert!(matches!(earlier, Earlier::Alive(id) if id == std::process::id()));
        register.close();
        assert!(matches!(Register::open(folder.path(), "p").unwrap().1, Earlier::None));
    }
}
