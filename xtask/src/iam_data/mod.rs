//! Makes the IAM reference that `slipway-lang` embeds, from public packages.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

mod encode;
mod manifest;
mod packages;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use slipway_lang::iam::reference::{EMBEDDED, Reference};

use crate::run::root;
use packages::Packages;
use table::Table;

/// Writes the packed table and its manifest.
pub(crate) fn run(folder: Option<&Path>) -> Result<()> {
    let made = match folder {
        Some(folder) => make(folder)?,
        None => make(&packages::fetch()?)?,
    };
    for (path, bytes) in [(blob_path(), &made.blob), (manifest_path(), &made.manifest.into_bytes())] {
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        eprintln!("wrote {} ({} bytes)", path.display(), bytes.len());
    }
    warn_when_old(&made.date);
    Ok(())
}

/// Makes the table anew and compares it with what is checked in.
pub(crate) fn check() -> Result<()> {
    eprintln!("\n== IAM reference");
    let made = make(&packages::fetch()?)?;
    let manifest = fs::read_to_string(manifest_path()).context("the manifest of the IAM reference")?;
    ensure!(
        made.blob == EMBEDDED && made.manifest == manifest,
        "The IAM reference is not what `cargo xtask iam-data` makes. Run that, and look at what changes."
    );
    warn_when_old(&made.date);
    Ok(())
}

/// What is checked in.
struct Made {
    blob: Vec<u8>,
    manifest: String,
    date: String,
}

fn make(folder: &Path) -> Result<Made> {
    let packages = Packages::find(folder)?;
    let table = Table::read(&packages)?;
    let blob = encode::encode(&table)?;
    ensure!(blob.len() <= MOST_BYTES, "The packed table has {} bytes; {MOST_BYTES} are the limit.", blob.len());
    let reference = Reference::parse(&blob)?;
    let manifest = manifest::render(&reference, &blob);
    Ok(Made { manifest, date: reference.date().to_owned(), blob })
}

/// The largest packed table that may be embedded.
const MOST_BYTES: usize = 256 * 1024;

fn blob_path() -> PathBuf {
    root().join("engine/lang/data/iam/reference.bin")
}

fn manifest_path() -> PathBuf {
    root().join("engine/lang/data/iam/reference.toml")
}

/// After so many days the data should be made anew.
const FRESH_DAYS: i64 = 120;

fn warn_when_old(date: &str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400) as i64;
    match days_since_epoch(date) {
        Ok(day) if now - day <= FRESH_DAYS => {}
        Ok(day) => eprintln!(
            "warning: the IAM reference is {} days old. Name newer packages in xtask/src/iam_data/packages.rs and run `cargo xtask iam-data`.",
            now - day
        ),
        Err(error) => eprintln!("warning: the age of the IAM reference is not known: {error}"),
    }
}

/// The days from 1970-01-01 to a date such as `2026-09-26`.
fn days_since_epoch(date: &str) -> Result<i64> {
    let parts: Vec<i64> = date.split('-').map(str::parse).collect::<Result<_, _>>().context("a date has numbers")?;
    let [year, month, day] = parts[..] else { bail!("`{date}` is no date") };
    ensure!(
        (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day),
        "`{date}` is no date"
    );
    // Years are counted from March, so that the leap day is the last one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    Ok(year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        for (date, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("2026-09-26", 20_722)]
        {
            assert_eq!(days_since_epoch(date).unwrap(), days, "{date}");
        }
        for date in ["", "2026-09", "2026-13-01", "26-09-26", "2026-09-26T04"] {
            assert!(days_since_epoch(date).is_err(), "{date}");
        }
    }

    #[test]
    fn the_manifest_is_that_of_the_embedded_table() {
        let reference = Reference::parse(EMBEDDED).unwrap();
        assert_eq!(fs::read_to_string(manifest_path()).unwrap(), manifest::render(&reference, EMBEDDED));
    }
}
