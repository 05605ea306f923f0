//! Requests that two servers might read differently, as the classifier sees them that the load balancer uses.

use http_desync_guardian::request_analyzer::{HttpHeader, HttpRequestData, RequestAnalysisResult};
use http_desync_guardian::{ClassificationReason, RequestSafetyTier};

use crate::http1::head::Head;
use crate::settings::DesyncMode;

/// What a request was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classification {
    pub(crate) tier: Tier,
    /// Why, in the words of the access log.
    pub(crate) reason: &'static str,
}

/// How far a request is from the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    Compliant,
    Acceptable,
    Ambiguous,
    Severe,
}

/// What is done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Forward,
    /// It is forwarded, and both connections are closed after it.
    ForwardAndClose,
    Refuse,
}

impl Classification {
    pub(crate) const COMPLIANT: Self = Self { tier: Tier::Compliant, reason: "Compliant" };

    pub(crate) fn action(self, mode: DesyncMode) -> Action {
        match (self.tier, mode) {
            (Tier::Compliant, _) | (_, DesyncMode::Monitor) | (Tier::Acceptable, DesyncMode::Defensive) => {
                Action::Forward
            }
            (Tier::Ambiguous, DesyncMode::Defensive) => Action::ForwardAndClose,
            (Tier::Acceptable | Tier::Ambiguous, DesyncMode::Strictest) | (Tier::Severe, _) => Action::Refuse,
        }
    }

    /// Class and reason in the words of the access log; nothing for what follows the standard.
    pub(crate) fn words(self) -> Option<(&'static str, &'static str)> {
        (self.tier > Tier::Compliant).then_some((self.tier.name(), self.reason))
    }
}

impl Tier {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Compliant => "Compliant",
            Self::Acceptable => "Acceptable",
            Self::Ambiguous => "Ambiguous",
            Self::Severe => "Severe",
        }
    }
}

/// Classifies a request that has been read.
pub(crate) fn classify(head: &Head) -> Classification {
    if !head.is_regular() {
        return classify_text(head.bytes());
    }
    let mut request = HttpRequestData {
        method: head.method(),
        version: head.version_text(),
        uri: head.target(),
        headers: head.fields().map(|field| HttpHeader::new(field.name, field.value)).collect(),
    };
    known(&request.analyze_parsed_request())
}

/// Classifies a head that could not be read.
pub(crate) fn classify_text(text: &[u8]) -> Classification {
    if text.trim_ascii().is_empty() {
        return Classification { tier: Tier::Severe, reason: "BadMethod" };
    }
    known(&HttpRequestData::analyze_raw_request(text))
}

fn known(result: &RequestAnalysisResult) -> Classification {
    let tier = match result.tier {
        RequestSafetyTier::Compliant => Tier::Compliant,
        RequestSafetyTier::Acceptable => Tier::Acceptable,
        RequestSafetyTier::Ambiguous => Tier::Ambiguous,
        RequestSafetyTier::Severe => Tier::Severe,
    };
    Classification { tier, reason: name(result.reason) }
}

fn name(reason: ClassificationReason) -> &'static str {
    use ClassificationReason as Reason;
    match reason {
        Reason::Compliant => "Compliant",
        Reason::EmptyHeader => "EmptyHeader",
        Reason::SuspiciousHeader => "SuspiciousHeader",
        Reason::NonCompliantHeader => "NonCompliantHeader",
        Reason::BadHeader => "BadHeader",
        Reason::AmbiguousUri => "AmbiguousUri",
        Reason::SpaceInUri => "SpaceInUri",
        Reason::BadUri => "BadUri",
        Reason::NonCompliantVersion => "NonCompliantVersion",
        Reason::BadVersion => "BadVersion",
        Reason::GetHeadZeroContentLength => "GetHeadZeroContentLength",
        Reason::UndefinedContentLengthSemantics => "UndefinedContentLengthSemantics",
        Reason::MultipleContentLength => "MultipleContentLength",
        Reason::DuplicateContentLength => "DuplicateContentLength",
        Reason::BadContentLength => "BadContentLength",
        Reason::UndefinedTransferEncodingSemantics => "UndefinedTransferEncodingSemantics",
        Reason::MultipleTransferEncodingChunked => "MultipleTransferEncodingChunked",
        Reason::BadTransferEncoding => "BadTransferEncoding",
        Reason::BothTeClPresent => "BothTeClPresent",
        Reason::BadMethod => "BadMethod",
        Reason::NonCrLfLineTermination => "NonCrLfLineTermination",
        Reason::MultilineHeader => "MultilineHeader",
        Reason::PartialHeaderLine => "PartialHeaderLine",
        Reason::MissingLastEmptyLine => "MissingLastEmptyLine",
        Reason::MissingHeaderColon => "MissingHeaderColon",
        Reason::MissingUri => "MissingUri",
    }
}
