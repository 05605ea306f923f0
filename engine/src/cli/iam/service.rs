//! The service that is asked about.

use slipway_lang::iam::reference::{Reference, Service};
use slipway_lang::iam::tables::closed_services::{CLOSED_SERVICES, RENAMED_SERVICES};
use slipway_lang::iam::tables::{contains, nicknames};

use crate::cli::output::visible;
use crate::error::Error;

/// The service with this prefix, or an error that says which may be meant.
pub(super) fn find<'r>(reference: &'r Reference, prefix: &str) -> Result<Service<'r>, Error> {
    reference.service(prefix).ok_or_else(|| {
        let unknown = format!("the IAM reference of {} has no service `{}`", reference.date(), visible(prefix));
        Error::failed(unknown).help(end(prefix).unwrap_or_else(|| meant(reference, prefix)))
    })
}

/// Why the actions of a service do nothing any more, for one that was closed or renamed.
pub(super) fn end(prefix: &str) -> Option<String> {
    if let Some((_, successor)) = RENAMED_SERVICES.iter().find(|(former, _)| former.eq_ignore_ascii_case(prefix)) {
        return Some(format!("The service was renamed: its prefix is `{successor}` now."));
    }
    contains(CLOSED_SERVICES, prefix).then(|| "AWS has closed the service.".to_owned())
}

fn meant(reference: &Reference, prefix: &str) -> String {
    let by_nickname = nicknames::prefix_of(prefix).and_then(|prefix| reference.service(prefix));
    match by_nickname.or_else(|| reference.nearest_service(prefix)) {
        Some(service) => format!("Did you mean `{}`, {}?", service.prefix(), service.title()),
        None => "The prefix is what stands before the colon of an action, as `s3` in `s3:GetObject`.".to_owned(),
    }
}
