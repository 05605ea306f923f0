//! `slipway iam`, as a person or a program uses it.

mod reference;
