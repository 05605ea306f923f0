//! Rules of the catalogue that are still to be written.

/// Their codes. What the cases expect of them is left out; the list only ever gets shorter.
pub const PENDING: &[&str] = &[
    "IAM040", "IAM041", "IAM042", "IAM043", "IAM044", "IAM045", "IAM046", "IAM047", "IAM048", "IAM049", "IAM060",
    "IAM061", "IAM062", "IAM063", "IAM064", "IAM065", "IAM066", "IAM067", "IAM068", "IAM069", "IAM070", "IAM071",
    "IAM072", "IAM073", "IAM074", "IAM075", "IAM080", "IAM081", "IAM082", "IAM083", "IAM084", "IAM085", "IAM086",
    "IAM087", "IAM088", "IAM160", "IAM161", "IAM162", "IAM163", "IAM164", "IAM165", "IAM167", "IAM168", "IAM200",
    "IAM201", "IAM202", "IAM203", "IAM204", "IAM205", "IAM206", "IAM207", "IAM208", "IAM209", "IAM210", "IAM211",
    "IAM212", "IAM213", "IAM214", "IAM242", "IAM243", "IAM244",
];
