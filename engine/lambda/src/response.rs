//! What a function answered becomes a response, or the error that AWS documents for it.

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::{
    function::InvokeError,
    headers, json,
    reply::{self, BUFFERED_LIMIT},
};

/// The largest answer of a Lambda target that a balancer takes, in bytes of its JSON.
pub const ALB_LIMIT: usize = 1024 * 1024;
/// The content type of a streamed answer that begins with a prelude.
const WITH_PRELUDE: &str = "application/vnd.awslambda.http-integration-response";
/// What ends a prelude: eight NUL bytes.
const PRELUDE_END: [u8; 8] = [0; 8];

/// A whole response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Status and headers.
    pub head: Head,
    /// The body as sent to the client.
    pub body: Bytes,
    /// What `Content-Length` says: the length of the body, unless this answers a `HEAD` request and the function named another.
    pub content_length: u64,
    /// What the function left out that AWS may insist on, as whole sentences.
    pub remarks: Vec<&'static str>,
}

/// A response without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The status, 200 to 599.
    pub status: u16,
    /// The reason phrase, where the function gave one.
    pub reason: Option<String>,
    /// Names as the function wrote them, and values. Without hop-by-hop headers and `Content-Length`.
    pub headers: Vec<(String, String)>,
}

/// A response whose body comes while it is made.
#[derive(Debug)]
pub struct Streamed {
    /// Status and headers.
    pub head: Head,
    /// The `Content-Length` that the function named.
    pub content_length: Option<u64>,
    /// The body.
    pub body: reply::Body,
}

/// How a balancer reads answers.
#[derive(Clone, Copy, Debug)]
pub struct Alb<'a> {
    /// Headers are in `multiValueHeaders`, `headers` is ignored.
    pub multi_value: bool,
    /// A missing `headers` or `isBase64Encoded` is an error.
    pub strict: bool,
    /// The method of the request.
    pub method: &'a str,
}

/// Why there is no answer of the function's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Failure {
    /// The status that the client gets.
    pub status: u16,
    /// The reason, as access logs name it.
    pub reason: Reason,
    /// The number of the statement that says so.
    pub statement: &'static str,
    /// What happened and what to do, as whole sentences.
    pub detail: String,
}

/// The reasons that access logs of a load balancer name for Lambda targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The request cannot become an event.
    BadRequest,
    /// The function cannot be reached.
    ConnectionError,
    /// The function cannot be reached in time.
    ConnectionTimeout,
    /// The answer is not one that can become a response.
    InvalidResponse,
    /// The request is too large.
    RequestTooLarge,
    /// The answer is too large.
    ResponseTooLarge,
    /// Too many invocations at once.
    Throttling,
    /// The function failed.
    Unhandled,
    /// The request wants to upgrade its connection.
    WebsocketNotSupported,
}

impl Reason {
    /// The reason as access logs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "LambdaBadRequest",
            Self::ConnectionError => "LambdaConnectionError",
            Self::ConnectionTimeout => "LambdaConnectionTimeout",
            Self::InvalidResponse => "LambdaInvalidResponse",
            Self::RequestTooLarge => "LambdaRequestTooLarge",
            Self::ResponseTooLarge => "LambdaResponseTooLarge",
            Self::Throttling => "LambdaThrottling",
            Self::Unhandled => "LambdaUnhandled",
            Self::WebsocketNotSupported => "LambdaWebsocketNotSupported",
        }
    }
}

/// The response that a balancer makes of a function's answer.
pub fn alb(alb: Alb<'_>, payload: &Bytes) -> Result<Response, Failure> {
    if payload.len() > ALB_LIMIT {
        return Err(Failure {
            status: 502,
            reason: Reason::ResponseTooLarge,
            statement: "ALB-276",
            detail: format!(
                "The function's response has {} bytes of JSON. A load balancer takes at most {ALB_LIMIT} from a Lambda function.",
                payload.len()
            ),
        });
    }
    let answer: Answer = json::object(payload).map_err(|error| not_json(payload, &error))?;
    let mut remarks = Vec::new();
    let status = answer.status()?;
    let base64 = match &answer.is_base64_encoded {
        Some(Value::Bool(base64)) => *base64,
        None if !alb.strict => {
            remarks.push("The function's response has no `isBase64Encoded`; it was taken for `false`.");
            false
        }
        other => {
            return Err(invalid(
                "ALB-271",
                &format!("`isBase64Encoded` is {}, not `true` or `false`", shown(other.as_ref())),
            ));
        }
    };
    let (field, fields) =
        if alb.multi_value { ("multiValueHeaders", &answer.multi_value_headers) } else { ("headers", &answer.headers) };
    let mut list = List::default();
    match fields {
        Some(Value::Object(fields)) => {
            for (name, value) in fields {
                match (value, alb.multi_value) {
                    (Value::String(value), false) => list.push(name, value)?,
                    (Value::Array(values), true) => {
                        for value in values {
                            let Value::String(value) = value else { return Err(not_a_string(name, value)) };
                            list.push(name, value)?;
                        }
                    }
                    _ => return Err(not_a_string(name, value)),
                }
            }
        }
        None if !alb.strict => {
            remarks.push("The function's response has no headers; a load balancer on AWS may refuse that.");
        }
        other => return Err(invalid("ALB-271", &format!("`{field}` is {}, not an object", shown(other.as_ref())))),
    }
    let reason = match answer.status_description {
        Some(Value::String(text)) => reason_phrase(&text, status)?,
        None | Some(Value::Null) => None,
        Some(other) => {
            return Err(invalid("ALB-271", &format!("`statusDescription` is {}, not a string", shown(Some(&other)))));
        }
    };
    let body = body(answer.body, base64, "ALB-273")?;
    Ok(list.response(Parts { status, reason, body, method: alb.method, remarks }))
}

/// The response that a function URL makes of a whole answer.
pub fn function_url(payload: &Bytes, method: &str) -> Result<Response, Failure> {
    if payload.len() > BUFFERED_LIMIT {
        return Err(of_url(&InvokeError::ResponseTooLarge));
    }
    let parts = |status, body| Parts { status, reason: None, body, method, remarks: Vec::new() };
    let answer = match json::object::<Answer>(payload) {
        Ok(answer) if answer.status_code.is_some() => answer,
        // Anything else that is JSON is the body itself.
        _ => {
            serde_json::from_slice::<serde::de::IgnoredAny>(payload).map_err(|error| not_json(payload, &error))?;
            let mut list = List::default();
            list.push("content-type", "application/json")?;
            return Ok(list.response(parts(200, payload.clone())));
        }
    };
    let status = answer.status()?;
    let mut list = List::default();
    match &answer.headers {
        Some(Value::Object(fields)) => list.extend(fields)?,
        None | Some(Value::Null) => {}
        Some(other) => return Err(invalid("ALB-297", &format!("`headers` is {}, not an object", shown(Some(other))))),
    }
    list.cookies(answer.cookies.as_ref())?;
    list.default_content_type("application/json");
    let base64 = matches!(answer.is_base64_encoded, Some(Value::Bool(true)));
    let body = body(answer.body, base64, "ALB-297")?;
    Ok(list.response(parts(status, body)))
}

/// The response that a function URL makes of a streamed answer. Returns once all of its head was read.
pub async fn streamed(content_type: Option<&str>, mut body: reply::Body) -> Result<Streamed, Failure> {
    let media = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case(WITH_PRELUDE) {
        let mut list = List::default();
        list.push("content-type", "application/octet-stream")?;
        return Ok(Streamed { head: list.head(200, None), content_length: None, body });
    }
    let mut read = BytesMut::new();
    let end = loop {
        match body.next().await {
            Some(Ok(chunk)) => {
                // The run of NULs may have begun in what was read before.
                let from = read.len().saturating_sub(PRELUDE_END.len() - 1);
                read.extend_from_slice(&chunk);
                if let Some(at) = read[from..].windows(PRELUDE_END.len()).position(|window| window == PRELUDE_END) {
                    break from + at;
                }
                if read.len() > BUFFERED_LIMIT {
                    return Err(invalid("ALB-371", "its head is longer than any response may be"));
                }
            }
            Some(Err(cut)) => {
                return Err(Failure {
                    status: 502,
                    reason: Reason::Unhandled,
                    statement: "ALB-299",
                    detail: cut.reason,
                });
            }
            None => return Err(invalid("ALB-371", "it ended before the eight NUL bytes that end its head")),
        }
    };
    let prelude = read.split_to(end);
    body.unread(read.split_off(PRELUDE_END.len()).freeze());
    let prelude: Answer =
        json::object(&prelude).map_err(|error| invalid("ALB-370", &format!("its head is not JSON: {error}")))?;
    let status = if prelude.status_code.is_some() { prelude.status()? } else { 200 };
    let mut list = List::default();
    match &prelude.headers {
        Some(Value::Object(fields)) => list.extend(fields)?,
        None | Some(Value::Null) => {}
        Some(other) => return Err(invalid("ALB-370", &format!("`headers` is {}, not an object", shown(Some(other))))),
    }
    list.cookies(prelude.cookies.as_ref())?;
    list.default_content_type("application/octet-stream");
    let content_length = list.content_length;
    Ok(Streamed { head: list.head(status, None), content_length, body })
}

/// What a balancer answers when the function did not.
pub fn of_alb(error: &InvokeError) -> Failure {
    let (status, reason, statement) = match error {
        InvokeError::RequestTooLarge(_) => (413, Reason::RequestTooLarge, "ALB-266"),
        InvokeError::Throttled => (502, Reason::Throttling, "ALB-277"),
        InvokeError::Unreachable(_) | InvokeError::Stopped => (504, Reason::ConnectionError, "ALB-277"),
        InvokeError::Function { .. } | InvokeError::TimedOut { .. } => (502, Reason::Unhandled, "ALB-277"),
        InvokeError::ResponseTooLarge => (502, Reason::ResponseTooLarge, "ALB-276"),
    };
    Failure { status, reason, statement, detail: error.to_string() }
}

/// What a function URL answers when the function did not.
pub fn of_url(error: &InvokeError) -> Failure {
    let (status, statement) = match error {
        InvokeError::RequestTooLarge(_) => (413, "ALB-296"),
        InvokeError::Throttled => (429, "ALB-299"),
        _ => (502, "ALB-299"),
    };
    Failure { status, statement, ..of_alb(error) }
}

/// The refusal of a request that wants to upgrade its connection.
pub fn upgrade_refused() -> Failure {
    Failure {
        status: 400,
        reason: Reason::WebsocketNotSupported,
        statement: "ALB-163",
        detail: "A Lambda function cannot take a WebSocket or another upgraded connection. Run the container on Fargate for that.".into(),
    }
}

/// The fields of an answer, each as it is. `null` is told from absence.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default, deserialize_with = "present")]
    status_code: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    status_description: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    headers: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    multi_value_headers: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    cookies: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    body: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    is_base64_encoded: Option<Value>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Answer {
    fn status(&self) -> Result<u16, Failure> {
        let status = self.status_code.as_ref().and_then(Value::as_u64).and_then(|it| u16::try_from(it).ok());
        status.filter(|it| (200..=599).contains(it)).ok_or_else(|| {
            invalid(
                "ALB-271",
                &format!("`statusCode` is {}, not a number from 200 to 599", shown(self.status_code.as_ref())),
            )
        })
    }
}

/// What a response is made of, headers aside.
struct Parts<'a> {
    status: u16,
    reason: Option<String>,
    body: Bytes,
    method: &'a str,
    remarks: Vec<&'static str>,
}

/// Headers that may be sent, in the order they were given.
#[derive(Default)]
struct List {
    headers: Vec<(String, String)>,
    content_length: Option<u64>,
}

impl List {
    fn push(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        if http::HeaderName::from_bytes(name.as_bytes()).is_err() || http::HeaderValue::from_str(value).is_err() {
            // Visible characters beyond ASCII are sent as UTF-8.
            let sendable = http::HeaderValue::from_bytes(value.as_bytes()).is_ok();
            if !sendable || http::HeaderName::from_bytes(name.as_bytes()).is_err() {
                return Err(invalid(
                    "ALB-271",
                    &format!("the header {name:?} has a name or a value that HTTP does not allow"),
                ));
            }
        }
        let lower = name.to_ascii_lowercase();
        if lower == "content-length" {
            self.content_length = value.trim().parse().ok();
        } else if !headers::is_hop_by_hop(&lower) {
            self.headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(())
    }

    /// The headers of a function URL's answer: strings, or arrays of them. Numbers and booleans are written out.
    fn extend(&mut self, fields: &Map<String, Value>) -> Result<(), Failure> {
        for (name, value) in fields {
            let values = match value {
                Value::Array(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                match value {
                    Value::String(value) => self.push(name, value)?,
                    Value::Number(_) | Value::Bool(_) => self.push(name, &value.to_string())?,
                    _ => return Err(not_a_string(name, value)),
                }
            }
        }
        Ok(())
    }

    fn cookies(&mut self, cookies: Option<&Value>) -> Result<(), Failure> {
        match cookies {
            None | Some(Value::Null) => Ok(()),
            Some(Value::Array(cookies)) => cookies.iter().try_for_each(|cookie| match cookie {
                Value::String(cookie) => self.push("set-cookie", cookie),
                other => Err(not_a_string("cookies", other)),
            }),
            Some(other) => Err(invalid("ALB-297", &format!("`cookies` is {}, not an array", shown(Some(other))))),
        }
    }

    fn default_content_type(&mut self, content_type: &str) {
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            self.headers.push(("content-type".into(), content_type.into()));
        }
    }

    fn head(self, status: u16, reason: Option<String>) -> Head {
        Head { status, reason, headers: self.headers }
    }

    fn response(self, parts: Parts<'_>) -> Response {
        let Parts { status, reason, body, method, remarks } = parts;
        let length = body.len() as u64;
        let content_length = if method == "HEAD" { self.content_length.unwrap_or(length) } else { length };
        Response { head: self.head(status, reason), body, content_length, remarks }
    }
}

fn body(body: Option<Value>, base64: bool, statement: &'static str) -> Result<Bytes, Failure> {
    let text = match body {
        None | Some(Value::Null) => return Ok(Bytes::new()),
        Some(Value::String(text)) => text,
        Some(other) => return Err(invalid("ALB-271", &format!("`body` is {}, not a string", shown(Some(&other))))),
    };
    if !base64 {
        return Ok(text.into());
    }
    let decoded = data_encoding::BASE64.decode(text.as_bytes());
    decoded.map(Bytes::from).map_err(|_| invalid(statement, "`isBase64Encoded` is `true`, but `body` is not base64"))
}

/// The reason phrase of `201 Created`, or of `Created`.
fn reason_phrase(text: &str, status: u16) -> Result<Option<String>, Failure> {
    let text = text.trim();
    let text = text
        .strip_prefix(&status.to_string())
        .filter(|rest| rest.is_empty() || rest.starts_with(' '))
        .unwrap_or(text)
        .trim();
    if text.chars().any(char::is_control) {
        return Err(invalid("ALB-278", "`statusDescription` has a control character"));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn not_json(payload: &[u8], error: &serde_json::Error) -> Failure {
    if payload.windows(PRELUDE_END.len()).any(|window| window == PRELUDE_END) {
        return invalid(
            "ALB-279",
            "it is a streamed response, and this is not a function URL. If the web adapter made it, set the variable \
             AWS_LWA_INVOKE_MODE to `buffered`",
        );
    }
    invalid("ALB-271", &format!("it is not JSON of the right form: {error}"))
}

fn not_a_string(name: &str, value: &Value) -> Failure {
    invalid("ALB-271", &format!("the value of the header {name:?} is {}, not a string", shown(Some(value))))
}

fn invalid(statement: &'static str, what: &str) -> Failure {
    Failure {
        status: 502,
        reason: Reason::InvalidResponse,
        statement,
        detail: format!("The function's response cannot be used: {what}."),
    }
}

/// A value in a message: what it is, shortened.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "missing".into(),
        Some(Value::Null) => "`null`".into(),
        Some(Value::Array(_)) => "an array".into(),
        Some(Value::Object(_)) => "an object".into(),
        Some(Value::String(text)) => format!("the string {:?}", text.chars().take(40).collect::<String>()),
        Some(other) => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PLAIN: Alb<'_> = Alb { multi_value: false, strict: false, method: "GET" };

    fn of_alb(answer: &Value) -> Result<Response, Failure> {
        super::alb(PLAIN, &answer.to_string().into())
    }

    fn url(answer: &str) -> Result<Response, Failure> {
        super::function_url(&Bytes::copy_from_slice(answer.as_bytes()), "GET")
    }

    fn pairs(head: &Head) -> Vec<(&str, &str)> {
        head.headers.iter().map(|(name, value)| (&**name, &**value)).collect()
    }

    #[test]
    fn alb_270_an_answer_becomes_a_response() {
        let got = of_alb(&json!({
            "statusCode": 404,
            "statusDescription": "404 Not Found",
            "isBase64Encoded": false,
            "headers": {"Content-Type": "text/html", "X-Own": "ä"},
            "body": "<h1>no</h1>",
        }))
        .expect("a response");
        assert_eq!((got.head.status, got.head.reason.as_deref()), (404, Some("Not Found")));
        assert_eq!(pairs(&got.head), [("Content-Type", "text/html"), ("X-Own", "ä")]);
        assert_eq!((&*got.body, got.content_length, got.remarks.len()), (&b"<h1>no</h1>"[..], 11, 0));
    }

    #[test]
    fn alb_271_answers_that_are_refused() {
        let with = |key: &str, value: Value| {
            let mut answer = json!({"statusCode": 200, "isBase64Encoded": false, "headers": {}, "body": ""});
            answer[key] = value;
            answer
        };
        for answer in [
            with("statusCode", json!("200")),
            with("statusCode", json!(null)),
            with("statusCode", json!(200.5)),
            with("statusCode", json!(99)),
            with("statusCode", json!(101)),
            with("statusCode", json!(600)),
            with("statusCode", json!(-1)),
            with("headers", json!(null)),
            with("headers", json!([])),
            with("headers", json!({"x": 1})),
            with("headers", json!({"x": true})),
            with("headers", json!({"x": null})),
            with("headers", json!({"x": ["a"]})),
            with("headers", json!({"x": "a\r\nset-cookie: b"})),
            with("headers", json!({"x y": "a"})),
            with("headers", json!({"": "a"})),
            with("isBase64Encoded", json!("false")),
            with("isBase64Encoded", json!(null)),
            with("body", json!({"a": 1})),
            with("body", json!(1)),
            with("statusDescription", json!(1)),
            with("statusDescription", json!("OK\r\nx: y")),
            json!({}),
            json!(null),
            json!("text"),
            json!([200]),
        ] {
            let failure = of_alb(&answer).expect_err(&answer.to_string());
            assert_eq!((failure.status, failure.reason.as_str()), (502, "LambdaInvalidResponse"), "{answer}");
        }
        for payload in ["", "{", "<html>", "{\"statusCode\":200}}"] {
            let failure = super::alb(PLAIN, &payload.into()).expect_err(payload);
            assert_eq!((failure.status, failure.reason.as_str()), (502, "LambdaInvalidResponse"), "{payload}");
        }
    }

    #[test]
    fn alb_272_what_may_be_left_out() {
        let got = of_alb(&json!({"statusCode": 204})).expect("a response");
        assert_eq!((got.head.status, got.body.len(), got.remarks.len()), (204, 0, 2));
        for answer in [json!({"statusCode": 204, "headers": {}}), json!({"statusCode": 204, "isBase64Encoded": false})]
        {
            let strict = Alb { strict: true, ..PLAIN };
            let failure = super::alb(strict, &answer.to_string().into()).expect_err("a failure");
            assert_eq!((failure.status, failure.reason), (502, Reason::InvalidResponse), "{answer}");
        }
    }

    #[test]
    fn alb_273_encoded_bodies() {
        let answer = |body: &str| json!({"statusCode": 200, "isBase64Encoded": true, "headers": {}, "body": body});
        let got = of_alb(&answer("AP8=")).expect("a response");
        assert_eq!((&*got.body, got.content_length), (&[0, 255][..], 2));
        for body in ["AP8", "A P8=", "ä", "AP8=="] {
            let failure = of_alb(&answer(body)).expect_err(body);
            assert_eq!((failure.status, failure.statement), (502, "ALB-273"), "{body}");
        }
    }

    #[test]
    fn alb_274_and_367_hop_by_hop_headers_and_the_length() {
        let headers = json!({
            "Connection": "close", "Transfer-Encoding": "chunked", "Keep-Alive": "a", "Upgrade": "h2c", "Trailer": "x",
            "TE": "x", "Proxy-Connection": "x", "Content-Length": "99", "x-own": " a ",
        });
        let answer = json!({"statusCode": 200, "isBase64Encoded": false, "headers": headers, "body": "abc"});
        let got = of_alb(&answer).expect("a response");
        assert_eq!((pairs(&got.head), got.content_length), (vec![("x-own", "a")], 3));
        let got = super::alb(Alb { method: "HEAD", ..PLAIN }, &answer.to_string().into()).expect("a response");
        assert_eq!(got.content_length, 99, "the length that a GET would have");
        let got = super::function_url(&answer.to_string().into(), "HEAD").expect("a response");
        assert_eq!(got.content_length, 99);
    }

    #[test]
    fn alb_275_one_value_or_many() {
        let answer = json!({
            "statusCode": 200,
            "isBase64Encoded": false,
            "headers": {"set-cookie": "a=1"},
            "multiValueHeaders": {"set-cookie": ["a=1", "b=2"], "x": []},
        });
        assert_eq!(pairs(&of_alb(&answer).expect("a response").head), [("set-cookie", "a=1")]);
        let multi = Alb { multi_value: true, ..PLAIN };
        let got = super::alb(multi, &answer.to_string().into()).expect("a response");
        assert_eq!(pairs(&got.head), [("set-cookie", "a=1"), ("set-cookie", "b=2")]);
        for headers in [json!({"x": "a"}), json!({"x": [1]}), json!(null)] {
            let answer = json!({"statusCode": 200, "isBase64Encoded": false, "multiValueHeaders": headers});
            assert!(super::alb(multi, &answer.to_string().into()).is_err(), "{answer}");
        }
    }

    #[test]
    fn alb_276_and_306_an_answer_over_one_megabyte() {
        let empty = json!({"statusCode": 200, "isBase64Encoded": false, "headers": {}, "body": ""}).to_string().len();
        let answer = |length: usize| json!({"statusCode": 200, "isBase64Encoded": false, "headers": {}, "body": "x".repeat(length - empty)});
        assert!(of_alb(&answer(1024 * 1024)).is_ok());
        let failure = of_alb(&answer(1024 * 1024 + 1)).expect_err("a failure");
        assert_eq!((failure.status, failure.reason.as_str()), (502, "LambdaResponseTooLarge"));
    }

    #[test]
    fn alb_277_and_299_what_the_client_gets_when_the_function_fails() {
        let function = InvokeError::function("Bad", "no");
        let timed_out = InvokeError::TimedOut { message: "late".into() };
        for (error, alb, reason, url) in [
            (function, 502, "LambdaUnhandled", 502),
            (timed_out, 502, "LambdaUnhandled", 502),
            (InvokeError::Throttled, 502, "LambdaThrottling", 429),
            (InvokeError::Unreachable("x".into()), 504, "LambdaConnectionError", 502),
            (InvokeError::ResponseTooLarge, 502, "LambdaResponseTooLarge", 502),
            (InvokeError::RequestTooLarge(7_000_000), 413, "LambdaRequestTooLarge", 413),
        ] {
            let failure = super::of_alb(&error);
            assert_eq!((failure.status, failure.reason.as_str()), (alb, reason), "{error:?}");
            assert_eq!(super::of_url(&error).status, url, "{error:?}");
        }
    }

    #[test]
    fn alb_278_the_reason_phrase() {
        for (description, reason) in [
            ("200 OK", Some("OK")),
            ("200", None),
            ("OK", Some("OK")),
            ("2000 Miles", Some("2000 Miles")),
            ("201 Created", Some("201 Created")),
            ("  200  Fine  ", Some("Fine")),
            ("", None),
        ] {
            let answer =
                json!({"statusCode": 200, "statusDescription": description, "headers": {}, "isBase64Encoded": false});
            assert_eq!(of_alb(&answer).expect("a response").head.reason.as_deref(), reason, "{description:?}");
        }
    }

    #[test]
    fn alb_279_and_365_a_streamed_answer_behind_a_balancer_is_explained() {
        let payload = Bytes::from_static(b"{\"statusCode\":200}\0\0\0\0\0\0\0\0hello");
        let failure = super::alb(PLAIN, &payload).expect_err("a failure");
        assert_eq!(
            (failure.status, failure.reason.as_str(), failure.statement),
            (502, "LambdaInvalidResponse", "ALB-279")
        );
        assert!(failure.detail.contains("AWS_LWA_INVOKE_MODE"), "{}", failure.detail);
    }

    #[test]
    fn alb_163_an_upgrade_is_refused() {
        let failure = upgrade_refused();
        assert_eq!((failure.status, failure.reason.as_str()), (400, "LambdaWebsocketNotSupported"));
    }

    #[test]
    fn alb_297_a_function_url_reads_the_fields() {
        let got = url(
            r#"{"statusCode":201,"headers":{"Content-Type":"text/plain","x-n":1,"connection":"close"},"cookies":["a=1","b=2"],
               "body":"AP8=","isBase64Encoded":true}"#,
        )
        .expect("a response");
        let headers = [("Content-Type", "text/plain"), ("x-n", "1"), ("set-cookie", "a=1"), ("set-cookie", "b=2")];
        assert_eq!((got.head.status, pairs(&got.head), &*got.body), (201, headers.to_vec(), &[0, 255][..]));
        let got = url(r#"{"statusCode":200}"#).expect("a response");
        assert_eq!((pairs(&got.head), got.body.len()), (vec![("content-type", "application/json")], 0));
        for answer in [
            r#"{"statusCode":"200"}"#,
            r#"{"statusCode":200,"headers":[]}"#,
            r#"{"statusCode":200,"headers":{"a":null}}"#,
            r#"{"statusCode":200,"cookies":"a=1"}"#,
            r#"{"statusCode":200,"cookies":[1]}"#,
            r#"{"statusCode":200,"body":{}}"#,
            r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#,
        ] {
            assert_eq!(url(answer).expect_err(answer).status, 502, "{answer}");
        }
    }

    #[test]
    fn alb_298_json_without_a_status_is_the_body() {
        for (answer, length) in [
            ("\"Hello, world!\"", 15),
            ("{\"message\": \"hi\"}", 17),
            ("[1,2]", 5),
            ("null", 4),
            ("1.50", 4),
            ("{\"headers\":1}", 13),
        ] {
            let got = url(answer).expect("a response");
            assert_eq!(
                (got.head.status, pairs(&got.head)),
                (200, vec![("content-type", "application/json")]),
                "{answer}"
            );
            assert_eq!((&*got.body, got.body.len()), (answer.as_bytes(), length), "as returned");
        }
        assert_eq!(url("Hello").expect_err("no JSON").status, 502);
    }

    #[test]
    fn alb_299_and_307_an_answer_over_six_megabytes() {
        let payload = Bytes::from(vec![b'1'; BUFFERED_LIMIT + 1]);
        assert_eq!(super::function_url(&payload, "GET").expect_err("a failure").status, 502);
    }

    /// Streams some chunks.
    fn stream(chunks: &[&'static [u8]]) -> reply::Body {
        let (mut sender, body) = reply::stream(false);
        let chunks: Vec<_> = chunks.iter().map(|chunk| Bytes::from_static(chunk)).collect();
        tokio::spawn(async move {
            for chunk in chunks {
                let _ = sender.send(chunk).await;
            }
            sender.end().await;
        });
        body
    }

    async fn rest(mut body: reply::Body) -> Vec<u8> {
        let mut whole = Vec::new();
        while let Some(chunk) = body.next().await {
            whole.extend_from_slice(&chunk.expect("no cut"));
        }
        whole
    }

    #[tokio::test]
    async fn alb_370_and_371_the_prelude_however_it_is_cut() {
        let whole = b"{\"statusCode\":418,\"headers\":{\"x-a\":\"1\",\"x-b\":[\"2\",\"3\"]},\"cookies\":[\"c=1\"]}\0\0\0\0\0\0\0\0\0pay\0load";
        for size in [1, 2, 3, 5, 7, 8, 9, 64, whole.len()] {
            let chunks: Vec<_> = whole.chunks(size).collect();
            let got = streamed(Some("application/vnd.awslambda.http-integration-response"), stream(&chunks)).await;
            let got = got.expect("a response");
            let headers = [
                ("x-a", "1"),
                ("x-b", "2"),
                ("x-b", "3"),
                ("set-cookie", "c=1"),
                ("content-type", "application/octet-stream"),
            ];
            assert_eq!((got.head.status, pairs(&got.head)), (418, headers.to_vec()), "chunks of {size}");
            assert_eq!(rest(got.body).await, b"\0pay\0load", "chunks of {size}");
        }
    }

    #[tokio::test]
    async fn alb_371_nothing_is_known_before_the_eighth_nul() {
        let (mut sender, body) = reply::stream(false);
        let mut reading = tokio::spawn(streamed(Some("application/vnd.awslambda.http-integration-response"), body));
        for chunk in [&b"{\"statusCode\":200}\0\0\0\0"[..], b"\0\0\0"] {
            let _ = sender.send(Bytes::from_static(chunk)).await;
            tokio::task::yield_now().await;
            assert!(tokio::time::timeout(std::time::Duration::ZERO, &mut reading).await.is_err(), "{chunk:?}");
        }
        let _ = sender.send(Bytes::from_static(b"\0")).await;
        let got = reading.await.expect("no panic").expect("a response");
        sender.end().await;
        assert_eq!((got.head.status, rest(got.body).await), (200, Vec::new()));
    }

    #[tokio::test]
    async fn alb_372_without_the_content_type_the_bytes_are_the_body() {
        for content_type in [None, Some("text/plain"), Some("application/json")] {
            let got =
                streamed(content_type, stream(&[b"{\"statusCode\":500}\0\0\0\0\0\0\0\0"])).await.expect("a response");
            assert_eq!((got.head.status, pairs(&got.head)), (200, vec![("content-type", "application/octet-stream")]));
            assert_eq!(rest(got.body).await, b"{\"statusCode\":500}\0\0\0\0\0\0\0\0", "{content_type:?}");
        }
    }

    #[tokio::test]
    async fn alb_370_preludes_that_are_refused() {
        let end = b"\0\0\0\0\0\0\0\0";
        for prelude in [&b"{\"statusCode\":\"200\"}"[..], b"{", b"[]", b"{\"statusCode\":200,\"headers\":1}", b""] {
            let got =
                streamed(Some("application/vnd.awslambda.http-integration-response"), stream(&[prelude, end])).await;
            assert_eq!(got.expect_err("a failure").status, 502, "{prelude:?}");
        }
        let got =
            streamed(Some("application/vnd.awslambda.http-integration-response"), stream(&[b"{}\0\0\0\0\0\0\0"])).await;
        assert_eq!(got.expect_err("no end").statement, "ALB-371");
    }
}
