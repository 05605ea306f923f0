//! Repairs by trial.
