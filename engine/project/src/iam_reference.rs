//! The IAM reference that the environment names.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use slipway_lang::iam::reference::{self, Malformed, Reference};

/// Names a file that is used in the place of the embedded IAM reference.
pub const IAM_REFERENCE: &str = "SLIPWAY_IAM_REFERENCE";

/// Larger files are no IAM reference; the embedded one has a fifth of a megabyte.
const LONGEST: u64 = 16 << 20;

/// Why the file that [`IAM_REFERENCE`] names cannot be used.
#[derive(Debug)]
pub struct UnusableReference {
    file: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Unreadable(io::Error),
    Malformed(Malformed),
}

/// Puts the IAM reference in force that the environment names, when it names one. For the start of a program, before anything
/// is looked up.
pub fn install_iam_reference() -> Result<(), UnusableReference> {
    let Some(file) = std::env::var_os(IAM_REFERENCE).filter(|file| !file.is_empty()) else { return Ok(()) };
    let file = PathBuf::from(file);
    match read(&file) {
        Ok(reference) => {
            let _in_time = reference::install(reference);
            Ok(())
        }
        Err(cause) => Err(UnusableReference { file, cause }),
    }
}

fn read(file: &PathBuf) -> Result<Reference, Cause> {
    let mut packed = Vec::new();
    File::open(file).and_then(|file| file.take(LONGEST).read_to_end(&mut packed)).map_err(Cause::Unreadable)?;
    Reference::parse(&packed).map_err(Cause::Malformed)
}

impl fmt::Display for UnusableReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file {}, which {IAM_REFERENCE} names, cannot be used", self.file.display())
    }
}

impl std::error::Error for UnusableReference {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match &self.cause {
            Cause::Unreadable(error) => error,
            Cause::Malformed(error) => error,
        })
    }
}
