//! Trace ids, as AWS X-Ray writes them.

use std::{
    borrow::Cow,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::environment::fresh_id;

/// A new root: `1-<8 hex digits: seconds since 1970>-<24 hex digits>`.
pub(crate) fn root() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let random = fresh_id().simple().to_string();
    format!("1-{seconds:08x}-{}", &random[..24])
}

/// What the Runtime API hands to a function: `Root=…;Parent=…;Sampled=…`, with the root of the request's own trace header.
pub(crate) fn for_runtime(header: Option<&str>) -> String {
    let root = header.and_then(root_of).map_or_else(|| Cow::Owned(root()), Cow::Borrowed);
    let parent = fresh_id().simple().to_string();
    format!("Root={root};Parent={};Sampled=0", &parent[..16])
}

/// The root that a trace header names.
fn root_of(header: &str) -> Option<&str> {
    let root = header.split(';').find_map(|field| field.trim().strip_prefix("Root="))?;
    let plausible = !root.is_empty() && root.len() <= 64 && root.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    plausible.then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alb_332_the_root_of_the_request_is_kept() {
        let trace =
            for_runtime(Some("Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678;A=b"));
        let (root, rest) = trace.split_once(";Parent=").expect("a parent");
        assert_eq!(root, "Root=1-67891233-abcdef012345678912345678");
        let (parent, sampled) = rest.split_once(';').expect("two fields");
        assert_eq!(parent.len(), 16);
        assert_eq!(sampled, "Sampled=0");
    }

    #[test]
    fn alb_332_a_header_without_a_root_gets_a_fresh_one() {
        for header in [None, Some(""), Some("Root="), Some("Root=a\r\nb"), Some("Self=1-2-3")] {
            let trace = for_runtime(header);
            let root = trace.strip_prefix("Root=1-").expect("a root").split(';').next().expect("a field");
            let (seconds, random) = root.split_once('-').expect("two parts");
            assert_eq!((seconds.len(), random.len()), (8, 24), "{header:?}: {trace}");
        }
    }
}
