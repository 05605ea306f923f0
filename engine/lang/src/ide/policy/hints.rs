//! Hints in policies: what a pattern reaches, what could be narrower, how long the policy is.
