//! Account ids that documentation uses in examples, and that therefore belong to nobody who reads it.

/// The ids, sorted without regard to ASCII case.
pub static DOCUMENTATION_ACCOUNTS: &[&str] = &[
    "000000000000",
    "012345678901",
    "012345678910",
    "098765432109",
    "111111111111",
    "111122223333",
    "123456789012",
    "123456789101",
    "210987654321",
    "222222222222",
    "444455556666",
    "777788889999",
    "999999999999",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::tables::assert_sorted;

    #[test]
    fn names_are_sorted() {
        assert_sorted(DOCUMENTATION_ACCOUNTS.iter().copied());
    }
}
