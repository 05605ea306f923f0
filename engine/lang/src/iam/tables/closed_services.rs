//! Services that AWS has closed or renamed, so that their actions do nothing any more.

/// The prefixes of closed services, sorted.
pub static CLOSED_SERVICES: &[&str] = &[
    "alexaforbusiness",
    "assurance",
    "aws-portal",
    "builderid",
    "codestar",
    "datazonecontrol",
    "deepcomposer",
    "deeplens",
    "deepracer",
    "elastic-inference",
    "evidently",
    "gamesparks",
    "honeycode",
    "importexport",
    "iot1click",
    "iotevents",
    "iotfleethub",
    "iotroborunner",
    "lookoutequipment",
    "lookoutmetrics",
    "lookoutvision",
    "mobileanalytics",
    "mobilehub",
    "nimble",
    "opsworks",
    "opsworks-cm",
    "qldb",
    "robomaker",
    "sagemaker-groundtruth-synthetic",
    "sumerian",
    "workdocs",
    "worklink",
    "zocalo",
];

/// The former prefix of a renamed service, and the one it has now, sorted.
pub static RENAMED_SERVICES: &[(&str, &str)] = &[("codestar-connections", "codeconnections")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::reference::reference;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn prefixes_are_sorted_and_successors_known() {
        assert_sorted(CLOSED_SERVICES.iter().copied());
        assert_sorted(RENAMED_SERVICES.iter().map(|(former, _)| *former));
        for (former, successor) in RENAMED_SERVICES {
            assert!(reference().service(successor).is_some(), "{successor}");
            assert!(!CLOSED_SERVICES.contains(former), "{former}");
        }
    }
}
