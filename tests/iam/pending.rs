//! Rules of the catalogue that are still to be written.

/// Their codes. What the cases expect of them is left out; the list only ever gets shorter.
pub const PENDING: &[&str] = &[
    "IAM100", "IAM101", "IAM102", "IAM103", "IAM104", "IAM105", "IAM106", "IAM107", "IAM108", "IAM109", "IAM110",
    "IAM111", "IAM112", "IAM113", "IAM114", "IAM115", "IAM116", "IAM117", "IAM118", "IAM119", "IAM120", "IAM121",
    "IAM122", "IAM123", "IAM124", "IAM125", "IAM126", "IAM127", "IAM128", "IAM129", "IAM130", "IAM131", "IAM132",
    "IAM133", "IAM134", "IAM135", "IAM136", "IAM137", "IAM138", "IAM139", "IAM140", "IAM141", "IAM142", "IAM143",
    "IAM144", "IAM145", "IAM146", "IAM147", "IAM148", "IAM149", "IAM150", "IAM151",
];
