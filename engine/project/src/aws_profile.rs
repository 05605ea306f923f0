//! The region of a profile, from the shared configuration files of AWS.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::disk::read_text;

/// The region of the profile in force: `--aws-profile`, else `AWS_PROFILE`, else `default`.
pub fn region(env: &BTreeMap<String, String>, profile: Option<&str>) -> Option<String> {
    let profile = profile.or_else(|| env.get("AWS_PROFILE").map(String::as_str)).filter(|name| !name.is_empty());
    let profile = profile.unwrap_or("default");
    let file = |variable: &str, name: &str| {
        env.get(variable).map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".aws").join(name)))
    };
    let texts = [file("AWS_CONFIG_FILE", "config"), file("AWS_SHARED_CREDENTIALS_FILE", "credentials")];
    texts.into_iter().flatten().filter_map(|path| read_text(&path)).find_map(|text| region_in(&text, profile))
}

/// The `region` of a profile's section. The configuration file calls the section `[profile NAME]`, the credentials
/// file `[NAME]`, and both call the default one `[default]`.
fn region_in(text: &str, profile: &str) -> Option<String> {
    let mut inside = false;
    let mut found = None;
    for line in text.lines() {
        let line = line.split_once(" #").map_or(line, |(content, _)| content);
        if let Some(section) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let section = section.trim();
            let name = section.strip_prefix("profile ").map_or(section, str::trim);
            inside = name == profile;
        } else if inside
            && !line.starts_with([' ', '\t'])
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "region"
            && !value.trim().is_empty()
        {
            found = Some(value.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "\
[default]
region = eu-central-1 # home
[profile work]
s3 =
    region = us-west-1
output=json
region=us-west-2
[profile empty]
region =
[sso-session work]
sso_region = eu-west-1
";

    #[test]
    fn the_region_of_a_profile_is_found() {
        assert_eq!(region_in(CONFIG, "default").as_deref(), Some("eu-central-1"));
        assert_eq!(region_in(CONFIG, "work").as_deref(), Some("us-west-2"));
        assert_eq!(region_in(CONFIG, "empty"), None);
        assert_eq!(region_in(CONFIG, "missing"), None);
        assert_eq!(region_in("[work]\nregion = ap-south-1", "work").as_deref(), Some("ap-south-1"));
    }

    #[test]
    fn the_environment_names_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        std::fs::write(&path, CONFIG).unwrap();
        let env = BTreeMap::from([
            ("AWS_CONFIG_FILE".to_owned(), path.to_string_lossy().into_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE".to_owned(), folder.path().join("none").to_string_lossy().into_owned()),
            ("AWS_PROFILE".to_owned(), "work".to_owned()),
        ]);
        assert_eq!(region(&env, None).as_deref(), Some("us-west-2"));
        assert_eq!(region(&env, Some("default")).as_deref(), Some("eu-central-1"));
        assert_eq!(region(&env, Some("missing")), None);
    }
}
