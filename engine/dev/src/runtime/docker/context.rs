//! The build context: what Docker is sent.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use ignore::WalkBuilder;
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use crate::source::IgnoreFile;

/// The name of a Dockerfile that is no file of the user's; it exists in what is sent alone.
pub(crate) const INLINE_DOCKERFILE: &str = ".slipway.Dockerfile";

/// Writes the context of a folder as a tar archive, in the order of the paths and without times, so that the same content
/// gives the same bytes. Answers the hash of the archive.
pub(crate) fn write(folder: &Path, dockerfile: Option<&str>, to: impl Write) -> io::Result<[u8; 32]> {
    let ignore_file = IgnoreFile::of_context(folder);
    let mut archive = Builder::new(Hashing { to, hash: Sha256::new() });
    archive.follow_symlinks(false);
    if let Some(text) = dockerfile {
        let mut header = Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, INLINE_DOCKERFILE, text.as_bytes())?;
    }
    let root = folder.to_owned();
    let left_out = ignore_file.clone();
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).sort_by_file_path(Path::cmp).filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let relative = entry.path().strip_prefix(&root).unwrap_or(Path::new(""));
        !is_folder || left_out.has_exceptions() || !left_out.excludes(relative)
    });
    for entry in walk.build() {
        let entry = entry.map_err(io::Error::other)?;
        let Ok(relative) = entry.path().strip_prefix(folder) else { continue };
        let needed = ["Dockerfile", ".dockerignore"].iter().any(|name| relative == Path::new(name));
        if relative.as_os_str().is_empty() || (ignore_file.excludes(relative) && !needed) {
            continue;
        }
        append(&mut archive, entry.path(), relative)?;
    }
    let mut written = archive.into_inner()?;
    written.to.flush()?;
    Ok(written.hash.finalize().into())
}

fn append(archive: &mut Builder<impl Write>, path: &Path, relative: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    let mut header = Header::new_gnu();
    header.set_mode(mode(&metadata));
    header.set_mtime(0);
    if metadata.is_dir() {
        header.set_entry_type(EntryType::Directory);
        header.set_size(0);
        archive.append_data(&mut header, relative, io::empty())
    } else if metadata.is_symlink() {
        header.set_entry_type(EntryType::Symlink);
        header.set_size(0);
        archive.append_link(&mut header, relative, fs::read_link(path)?)
    } else if metadata.is_file() {
        // A file that grows while it is read would break the archive.
        let content = fs::read(path)?;
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, relative, &*content)
    } else {
        Ok(()) // sockets and pipes cannot be sent
    }
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0o755
}

struct Hashing<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_is_what_docker_would_be_sent() {
        let root = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("b/c.js", "1");
        put("a.js", "2");
        put("node_modules/x/y", "3");
        put("Dockerfile", "FROM x");
        put(".dockerignore", "node_modules\nDockerfile\n");
        let written = |inline| {
            let mut bytes = Vec::new();
            let hash = write(root.path(), inline, &mut bytes).unwrap();
            let mut archive = tar::Archive::new(&*bytes);
            let names = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string());
            (names.collect::<Vec<_>>().join(" "), hash)
        };
        let (names, hash) = written(None);
        assert_eq!(names, ".dockerignore Dockerfile a.js b b/c.js");
        assert_eq!(written(None).1, hash);
        let (names, inline) = written(Some("FROM y"));
        assert_eq!(names, ".slipway.Dockerfile .dockerignore Dockerfile a.js b b/c.js");
        assert_ne!(inline, hash);
        put("a.js", "3");
        assert_ne!(written(None).1, hash);
    }
}
