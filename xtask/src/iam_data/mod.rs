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
const FRESH_DAYS: u64 = 120;

fn warn_when_old(date: &str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    match days_since_epoch(date) {
        Ok(day) if now.saturating_sub(day) <= FRESH_DAYS => {}
        Ok(day) => eprintln!(
            "warning: the IAM reference is {} days old. Name newer packages in xtask/src/iam_data/packages.rs and run `cargo xtask iam-data`.",
            now - day
        ),
        Err(error) => eprintln!("warning: the age of the IAM reference is not known: {error}"),
    }
}

/// The days from 1970-01-01 to a date such as `2026-09-26`.
fn days_since_epoch(date: &str) -> Result<u64> {
    let parts: Vec<u64> = date.split('-').map(str::parse).collect::<Result<_, _>>().context("a date has numbers")?;
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
    use slipway_lang::iam::reference::Key;

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

    fn fixture() -> PathBuf {
        root().join("xtask/fixtures/iam-packages")
    }

    #[test]
    fn a_few_services_are_packed_and_read_back() {
        let made = make(&fixture()).unwrap();
        assert_eq!(made.blob, make(&fixture()).unwrap().blob, "the same packages give the same bytes");
        insta::assert_snapshot!(dump(&Reference::parse(&made.blob).unwrap()));
        let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib(&made.blob[12..]).unwrap();
        assert!(!String::from_utf8_lossy(&unpacked).contains("to be read"), "descriptions are left out");
    }

    fn dump(reference: &Reference) -> String {
        fn keys<'r>(keys: impl Iterator<Item = Key<'r>>) -> String {
            let of = |key: Key<'_>| {
                format!(" {} ({:?}{})", key.name(), key.kind(), if key.is_multivalued() { "s" } else { "" })
            };
            keys.map(of).collect()
        }
        let mut text = format!("{}\n", reference.date());
        for service in reference.services() {
            text.push_str(&format!("\n{} = {}\n  keys{}\n", service.prefix(), service.title(), keys(service.keys())));
            for kind in service.resource_types() {
                let formats: Vec<&str> = kind.arn_formats().collect();
                text.push_str(&format!("  type {} {formats:?}{}\n", kind.name(), keys(kind.keys())));
            }
            for action in service.actions() {
                text.push_str(&format!("  {action} {:?}{}\n", action.level(), keys(action.keys())));
                for (kind, required) in action.resource_types() {
                    text.push_str(&format!("    on {}{}\n", kind.name(), if required { ", required" } else { "" }));
                }
                for needed in action.dependents() {
                    text.push_str(&format!("    needs {needed}\n"));
                }
            }
            for name in service.bare_names() {
                text.push_str(&format!("  known by name: {name}\n"));
            }
        }
        text
    }

    #[test]
    fn packages_that_are_not_as_expected_are_refused() {
        let metadata = "policy_sentry/policy_sentry-0.15.2.dist-info/METADATA";
        let package = "iam-data/package.json";
        let sqs = "iam-data/data/actions/sqs.json";
        for (file, from, to, expected) in [
            (metadata, "Version: 0.15.2", "Version: 0.15.3", "policy_sentry is there in version 0.15.3"),
            (metadata, "MIT", "AGPL-3.0-only", "declares the licence AGPL-3.0-only"),
            (metadata, "Name: policy_sentry", "Name: another", "policy_sentry 0.15.2 is not in"),
            (package, "2026-09-26T", "2026-09-25T", "says its data is of 2026-09-25"),
            (package, "updatedAt", "changedAt", "does not say when its data is from"),
            (sqs, "\"Permissions management, Write\"", "\"Magic\"", "`Magic` is no access level"),
            (sqs, "\"queue\"", "\"kew\"", "names the unknown resource type kew"),
            (sqs, "{", "", "sqs.json"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            copy(&fixture(), folder.path());
            let path = folder.path().join(file);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{file}: {from}");
            fs::write(&path, text.replacen(from, to, 1)).unwrap();
            let error = format!("{:#}", make(folder.path()).err().expect(expected));
            assert!(error.contains(expected), "{error}");
        }
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
}
