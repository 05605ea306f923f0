//! Prefixes of services that nobody knows.

use slipway_lang::iam::reference::{Reference, Service};
use slipway_lang::iam::tables::closed_services::{CLOSED_SERVICES, RENAMED_SERVICES};
use slipway_lang::iam::tables::{contains, nicknames};

use crate::cli::output::visible;
use crate::error::Error;

/// The service with this prefix, or an error that says which may be meant.
pub(super) fn service<'r>(reference: &'r Reference, prefix: &str) -> Result<Service<'r>, Error> {
    reference.service(prefix).ok_or_else(|| {
        let known = format!("the IAM reference of {} has no service `{}`", reference.date(), visible(prefix));
        Error::failed(known).help(advice(reference, prefix))
    })
}

fn advice(reference: &Reference, prefix: &str) -> String {
    if let Some((_, successor)) = RENAMED_SERVICES.iter().find(|(former, _)| former.eq_ignore_ascii_case(prefix)) {
        return format!("It has been renamed: its prefix is `{successor}` now.");
    }
    if contains(CLOSED_SERVICES, prefix) {
        return "AWS has closed the service.".to_owned();
    }
    let meant = nicknames::prefix_of(prefix).and_then(|prefix| reference.service(prefix));
    match meant.or_else(|| reference.nearest_service(prefix)) {
        Some(service) => format!("Did you mean `{}`, {}?", service.prefix(), service.title()),
        None => "The prefix is what stands before the colon of an action, as `s3` in `s3:GetObject`.".to_owned(),
    }
}
