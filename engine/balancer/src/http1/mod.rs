//! HTTP/1.x on the wire.

pub(crate) mod body;
pub(crate) mod field;
pub(crate) mod head;
pub(crate) mod response;
