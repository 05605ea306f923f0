//! Names of header fields that mean something to the balancer.

/// What a field name is to the balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Other,
    Connection,
    ContentLength,
    Expect,
    Host,
    KeepAlive,
    ProxyConnection,
    Te,
    Trailer,
    TransferEncoding,
    Upgrade,
    UserAgent,
    XAmznTraceId,
    XForwardedFor,
    XForwardedPort,
    XForwardedProto,
}

/// Looks a name up without regard to case. Blanks behind it do not hide a name: who forwards a message has to take them
/// off (RFC 9112, section 5.1), and a target might.
pub(crate) fn kind(name: &[u8]) -> Kind {
    let name = name.trim_ascii_end();
    let (known, kind): (&[u8], Kind) = match name.len() {
        2 => (b"te", Kind::Te),
        4 => (b"host", Kind::Host),
        6 => (b"expect", Kind::Expect),
        7 => match name[0] | 0x20 {
            b't' => (b"trailer", Kind::Trailer),
            _ => (b"upgrade", Kind::Upgrade),
        },
        10 => match name[0] | 0x20 {
            b'c' => (b"connection", Kind::Connection),
            b'k' => (b"keep-alive", Kind::KeepAlive),
            _ => (b"user-agent", Kind::UserAgent),
        },
        14 => (b"content-length", Kind::ContentLength),
        15 => match name[2] | 0x20 {
            b'a' => (b"x-amzn-trace-id", Kind::XAmznTraceId),
            _ => (b"x-forwarded-for", Kind::XForwardedFor),
        },
        16 => match name[0] | 0x20 {
            b'p' => (b"proxy-connection", Kind::ProxyConnection),
            _ => (b"x-forwarded-port", Kind::XForwardedPort),
        },
        17 => match name[0] | 0x20 {
            b't' => (b"transfer-encoding", Kind::TransferEncoding),
            _ => (b"x-forwarded-proto", Kind::XForwardedProto),
        },
        _ => return Kind::Other,
    };
    if name.eq_ignore_ascii_case(known) { kind } else { Kind::Other }
}

impl Kind {
    /// Whether a field concerns one connection alone and is never passed on (RFC 9110, section 7.6.1).
    pub(crate) fn is_hop_by_hop(self) -> bool {
        matches!(
            self,
            Self::Connection
                | Self::KeepAlive
                | Self::ProxyConnection
                | Self::Te
                | Self::TransferEncoding
                | Self::Upgrade
        )
    }
}

/// The words of a list such as the value of `Connection`.
pub(crate) fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|word| !word.is_empty())
}

/// Whether a list has a word, without regard to case.
pub(crate) fn has_word(value: &[u8], word: &str) -> bool {
    words(value).any(|own| own.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case() {
        for (name, expected) in [
            ("Connection", Kind::Connection),
            ("CONTENT-LENGTH", Kind::ContentLength),
            ("expect", Kind::Expect),
            ("hOST", Kind::Host),
            ("Keep-Alive", Kind::KeepAlive),
            ("Proxy-Connection", Kind::ProxyConnection),
            ("TE", Kind::Te),
            ("Trailer", Kind::Trailer),
            ("Transfer-Encoding", Kind::TransferEncoding),
            ("Transfer-Encoding ", Kind::TransferEncoding),
            ("Transfer_Encoding", Kind::Other),
            (" Transfer-Encoding", Kind::Other),
            ("Upgrade", Kind::Upgrade),
            ("User-Agent", Kind::UserAgent),
            ("X-Amzn-Trace-Id", Kind::XAmznTraceId),
            ("X-Forwarded-For", Kind::XForwardedFor),
            ("X-Forwarded-Port", Kind::XForwardedPort),
            ("X-Forwarded-Proto", Kind::XForwardedProto),
            ("Hose", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(kind(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn lists_have_words() {
        assert!(has_word(b"keep-alive, Upgrade", "upgrade"));
        assert!(!has_word(b"keep-alive; upgrade", "upgrade"));
        assert_eq!(words(b" a,,b ").collect::<Vec<_>>(), [b"a", b"b"]);
    }
}
