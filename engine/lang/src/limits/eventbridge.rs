//! Amazon EventBridge: rules on the default bus that call an API destination.

/// Fields at the top of an event: the only ones that a pattern can ask for there. `replay-name` is there when an archive
/// is replayed.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html>
pub const EVENT_FIELDS: &[&str] =
    &["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail", "replay-name"];

/// Most characters of an event pattern as JSON; a quota that can be raised.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html>
pub const PATTERN_CHARACTERS: usize = 2048;

/// The greatest number, either side of zero, that `numeric` compares with.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>
pub const NUMERIC_RANGE: f64 = 5.0e9;

/// Seconds that an API destination gets to answer.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html>
pub const DESTINATION_TIMEOUT: f64 = 5.0;
