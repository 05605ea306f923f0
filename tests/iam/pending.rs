//! Rules of the catalogue that are still to be written.

/// Their codes. What the cases expect of them is left out; the list only ever gets shorter.
pub const PENDING: &[&str] = &[
    "IAM080", "IAM081", "IAM082", "IAM083", "IAM084", "IAM085", "IAM086", "IAM087", "IAM088", "IAM160", "IAM161",
    "IAM162", "IAM163", "IAM164", "IAM165", "IAM167", "IAM168", "IAM200", "IAM201", "IAM202", "IAM203", "IAM204",
    "IAM205", "IAM206", "IAM207", "IAM208", "IAM209", "IAM210", "IAM211", "IAM212", "IAM213", "IAM214", "IAM242",
    "IAM243", "IAM244",
];
