//! `slipway dev`, as a user runs it: with the process runtime and with a real container engine.
//!
//! Names of tests begin with the number of the acceptance test that they hold.

mod control;
mod diagnoses;
mod functions;
mod lifecycle;
mod reload;
mod routing;
mod support;
