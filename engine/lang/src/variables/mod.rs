//! Variables (`${…}`): how they are written, where their values come from, what they yield.

pub mod grammar;
pub mod providers;
