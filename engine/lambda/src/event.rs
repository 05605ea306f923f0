//! A request becomes the event that AWS makes of it.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    net::IpAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use serde::{Serialize, Serializer};

use crate::{
    environment::{fresh_id, millis},
    headers,
    response::{Failure, Reason},
    trace,
};

/// The largest body that a balancer gives to a Lambda target, in bytes.
pub const ALB_BODY_LIMIT: usize = 1024 * 1024;
/// The largest event that a function URL gives to a function, in bytes of its JSON.
pub const FUNCTION_URL_LIMIT: usize = 6 * 1024 * 1024;

/// A request, whatever parsed it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method as sent.
    pub method: &'a str,
    /// Path and query as sent.
    pub target: &'a str,
    /// Names and values in the order they came, repeats included. `X-Forwarded-*` and `X-Amzn-Trace-Id` are added where missing.
    pub headers: &'a [(&'a [u8], &'a [u8])],
    /// The whole body.
    pub body: &'a [u8],
    /// Who sent it.
    pub source: IpAddr,
}

/// How a balancer writes events.
#[derive(Clone, Copy, Debug)]
pub struct Alb<'a> {
    /// The ARN of the target group.
    pub target_group_arn: &'a str,
    /// Repeated headers and query keys are kept, in fields of their own.
    pub multi_value: bool,
}

/// Where a function URL lives.
#[derive(Clone, Copy, Debug)]
pub struct FunctionUrl<'a> {
    /// The id of the URL: the first label of its host.
    pub id: &'a str,
    /// The region of the function.
    pub region: &'a str,
    /// The id of the request, which the response shows as well.
    pub request_id: &'a str,
    /// The version of HTTP that the client speaks, such as `HTTP/1.1`.
    pub protocol: &'a str,
    /// When the request came.
    pub time: SystemTime,
}

/// A fresh id for a request.
pub fn request_id() -> String {
    fresh_id().to_string()
}

/// The event of an Application Load Balancer.
pub fn alb(alb: Alb<'_>, request: Request<'_>) -> Result<Bytes, Failure> {
    if request.body.len() > ALB_BODY_LIMIT {
        return Err(Failure {
            status: 413,
            reason: Reason::RequestTooLarge,
            statement: "ALB-266",
            detail: format!(
                "The body has {} bytes. A load balancer gives at most {ALB_BODY_LIMIT} to a Lambda function.",
                request.body.len()
            ),
        });
    }
    let (path, query) = split(request.target);
    let pairs =
        || query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut fields = Headers::read(&request)?;
    fields.default("x-forwarded-for", || request.source.to_string());
    fields.default("x-forwarded-port", || "80".into());
    fields.default("x-forwarded-proto", || "http".into());
    fields.default("x-amzn-trace-id", || format!("Root={}", trace::root()));
    let base64 = is_binary(&request, &fields);
    let event = AlbEvent {
        request_context: AlbContext { elb: Elb { target_group_arn: alb.target_group_arn } },
        http_method: request.method,
        path,
        query_string_parameters: (!alb.multi_value).then(|| pairs().collect()),
        multi_value_query_string_parameters: alb.multi_value.then(|| grouped(pairs())),
        headers: (!alb.multi_value).then_some(Last(&fields.values)),
        multi_value_headers: alb.multi_value.then_some(&fields.values),
        body: body(request.body, base64)?,
        is_base64_encoded: base64,
    };
    Ok(json(&event))
}

/// The event of a balancer's health check.
pub fn alb_health_check(alb: Alb<'_>, path: &str) -> Bytes {
    let agent = BTreeMap::from([(Cow::Borrowed("user-agent"), vec![Cow::Borrowed("ELB-HealthChecker/2.0")])]);
    json(&AlbEvent {
        request_context: AlbContext { elb: Elb { target_group_arn: alb.target_group_arn } },
        http_method: "GET",
        path,
        query_string_parameters: (!alb.multi_value).then(BTreeMap::new),
        multi_value_query_string_parameters: alb.multi_value.then(BTreeMap::new),
        headers: (!alb.multi_value).then_some(Last(&agent)),
        multi_value_headers: alb.multi_value.then_some(&agent),
        body: Cow::Borrowed(""),
        is_base64_encoded: false,
    })
}

/// The event of a function URL, payload format 2.0.
pub fn function_url(url: FunctionUrl<'_>, request: Request<'_>) -> Result<Bytes, Failure> {
    let (path, query) = split(request.target);
    let domain = format!("{}.lambda-url.{}.on.aws", url.id, url.region);
    let mut fields = Headers::read(&request)?;
    fields.default("host", || domain.clone());
    fields.default("x-forwarded-for", || request.source.to_string());
    fields.default("x-amzn-trace-id", || format!("Root={}", trace::root()));
    fields.set("x-forwarded-port", "443");
    fields.set("x-forwarded-proto", "https");
    fields.set("x-amzn-tls-version", "TLSv1.3");
    fields.set("x-amzn-tls-cipher-suite", "TLS_AES_128_GCM_SHA256");
    let base64 = is_binary(&request, &fields);
    let cookies = fields.values.get("cookie").map(|values| {
        values.iter().flat_map(|value| value.split(';')).map(str::trim).filter(|it| !it.is_empty()).collect()
    });
    let timestamp = jiff::Timestamp::try_from(url.time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let source = request.source.to_string();
    let event = UrlEvent {
        version: "2.0",
        route_key: "$default",
        raw_path: path,
        raw_query_string: query,
        cookies,
        headers: Joined(&fields.values),
        query_string_parameters: (!query.is_empty()).then(|| {
            let mut joined = BTreeMap::<String, String>::new();
            for (key, value) in form_urlencoded::parse(query.as_bytes()) {
                match joined.get_mut(&*key) {
                    Some(values) => {
                        values.push(',');
                        values.push_str(&value);
                    }
                    None => drop(joined.insert(key.into_owned(), value.into_owned())),
                }
            }
            joined
        }),
        request_context: UrlContext {
            account_id: "anonymous",
            api_id: url.id,
            authentication: (),
            domain_name: &domain,
            domain_prefix: url.id,
            http: Http {
                method: request.method,
                path,
                protocol: url.protocol,
                source_ip: &source,
                user_agent: fields.values.get("user-agent").and_then(|it| it.last()).map_or("", |it| &**it),
            },
            request_id: url.request_id,
            route_key: "$default",
            stage: "$default",
            time: timestamp.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            time_epoch: url.time.duration_since(UNIX_EPOCH).map_or(0, millis),
        },
        body: if request.body.is_empty() { None } else { Some(body(request.body, base64)?) },
        is_base64_encoded: base64,
    };
    let event = json(&event);
    if event.len() > FUNCTION_URL_LIMIT {
        return Err(Failure {
            status: 413,
            reason: Reason::RequestTooLarge,
            statement: "ALB-296",
            detail: format!(
                "The event has {} bytes. A function URL gives at most {FUNCTION_URL_LIMIT} to a function.",
                event.len()
            ),
        });
    }
    Ok(event)
}

/// The path and the query of a request target in origin form.
fn split(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

/// Headers by lower-case name, the values of each in the order they came.
struct Headers<'a> {
    values: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
}

impl<'a> Headers<'a> {
    fn read(request: &Request<'a>) -> Result<Self, Failure> {
        let mut values = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in request.headers {
            let (name, value) = (utf8(name, "The name of a header")?, utf8(value, "The value of a header")?);
            let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
                Cow::Owned(name.to_ascii_lowercase())
            } else {
                Cow::Borrowed(name)
            };
            if !headers::is_hop_by_hop(&name) {
                values.entry(name).or_default().push(Cow::Borrowed(value));
            }
        }
        Ok(Self { values })
    }

    fn default(&mut self, name: &'static str, value: impl FnOnce() -> String) {
        self.values.entry(Cow::Borrowed(name)).or_insert_with(|| vec![Cow::Owned(value())]);
    }

    fn set(&mut self, name: &'static str, value: &'static str) {
        self.values.insert(Cow::Borrowed(name), vec![Cow::Borrowed(value)]);
    }
}

/// Whether the body is one that AWS encodes.
fn is_binary(request: &Request<'_>, fields: &Headers<'_>) -> bool {
    let last = |name: &str| fields.values.get(name).and_then(|values| values.last());
    !request.body.is_empty()
        && (last("content-encoding").is_some() || !last("content-type").is_some_and(|it| headers::is_text(it)))
}

fn body(body: &[u8], base64: bool) -> Result<Cow<'_, str>, Failure> {
    if base64 {
        Ok(Cow::Owned(data_encoding::BASE64.encode(body)))
    } else {
        utf8(body, "A body whose content type is text").map(Cow::Borrowed)
    }
}

fn utf8<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| Failure {
        status: 400,
        reason: Reason::BadRequest,
        statement: "ALB-265",
        detail: format!("{what} is not UTF-8, so it cannot become a part of a JSON event."),
    })
}

fn grouped<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

fn json(event: &impl Serialize) -> Bytes {
    // Maps with string keys and strings cannot fail to serialise.
    serde_json::to_vec(event).unwrap_or_default().into()
}

type Values<'a> = BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>;

/// Of each header the last value.
struct Last<'a>(&'a Values<'a>);

impl Serialize for Last<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, values)| (name, values.last())))
    }
}

/// All values of each header, joined.
struct Joined<'a>(&'a Values<'a>);

impl Serialize for Joined<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, values)| match values.as_slice() {
            [value] => (name, Cow::Borrowed(&**value)),
            values => (name, Cow::Owned(values.join(if name == "cookie" { "; " } else { "," }))),
        }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlbEvent<'a> {
    request_context: AlbContext<'a>,
    http_method: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_string_parameters: Option<BTreeMap<&'a str, &'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_query_string_parameters: Option<BTreeMap<&'a str, Vec<&'a str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Last<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_headers: Option<&'a Values<'a>>,
    body: Cow<'a, str>,
    is_base64_encoded: bool,
}

#[derive(Serialize)]
struct AlbContext<'a> {
    elb: Elb<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Elb<'a> {
    target_group_arn: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UrlEvent<'a> {
    version: &'a str,
    route_key: &'a str,
    raw_path: &'a str,
    raw_query_string: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cookies: Option<Vec<&'a str>>,
    headers: Joined<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_string_parameters: Option<BTreeMap<String, String>>,
    request_context: UrlContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    is_base64_encoded: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UrlContext<'a> {
    account_id: &'a str,
    api_id: &'a str,
    authentication: (),
    domain_name: &'a str,
    domain_prefix: &'a str,
    http: Http<'a>,
    request_id: &'a str,
    route_key: &'a str,
    stage: &'a str,
    time: String,
    time_epoch: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'a str,
    source_ip: &'a str,
    user_agent: &'a str,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ARN: &str = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123456789abcdef";
    const PLAIN: Alb<'_> = Alb { target_group_arn: ARN, multi_value: false };
    const MULTI: Alb<'_> = Alb { target_group_arn: ARN, multi_value: true };

    type Fields<'a> = &'a [(&'a str, &'a str)];

    fn request(
        target: &str,
        headers: Fields<'_>,
        body: &[u8],
        run: impl FnOnce(Request<'_>) -> Result<Bytes, Failure>,
    ) -> Result<Value, Failure> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let source = "203.0.113.7".parse().expect("an address");
        let event = run(Request { method: "GET", target, headers: &headers, body, source })?;
        Ok(serde_json::from_slice(&event).expect("an event is JSON"))
    }

    fn of_alb(alb: Alb<'_>, target: &str, headers: Fields<'_>, body: &[u8]) -> Value {
        request(target, headers, body, |request| super::alb(alb, request)).expect("an event")
    }

    fn of_url(target: &str, headers: Fields<'_>, body: &[u8]) -> Value {
        try_url(target, headers, body).expect("an event")
    }

    fn try_url(target: &str, headers: Fields<'_>, body: &[u8]) -> Result<Value, Failure> {
        let time = UNIX_EPOCH + std::time::Duration::from_millis(1_583_348_638_390);
        let url = FunctionUrl {
            id: "abcdefghij",
            region: "eu-central-1",
            request_id: "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
            protocol: "HTTP/1.1",
            time,
        };
        request(target, headers, body, |request| super::function_url(url, request))
    }

    #[test]
    fn alb_260_fields_with_and_without_multiple_values() {
        let trace = ("x-amzn-trace-id", "Root=1-5c536348-3d683b8b04734faae651f476");
        let headers = [("Host", "api.example.com"), trace];
        assert_eq!(
            of_alb(PLAIN, "/lambda?query=1234ABCD", &headers, b""),
            json!({
                "requestContext": {"elb": {"targetGroupArn": ARN}},
                "httpMethod": "GET",
                "path": "/lambda",
                "queryStringParameters": {"query": "1234ABCD"},
                "headers": {
                    "host": "api.example.com",
                    "x-amzn-trace-id": trace.1,
                    "x-forwarded-for": "203.0.113.7",
                    "x-forwarded-port": "80",
                    "x-forwarded-proto": "http",
                },
                "body": "",
                "isBase64Encoded": false,
            })
        );
        assert_eq!(
            of_alb(MULTI, "/lambda?query=1234ABCD", &headers, b""),
            json!({
                "requestContext": {"elb": {"targetGroupArn": ARN}},
                "httpMethod": "GET",
                "path": "/lambda",
                "multiValueQueryStringParameters": {"query": ["1234ABCD"]},
                "multiValueHeaders": {
                    "host": ["api.example.com"],
                    "x-amzn-trace-id": [trace.1],
                    "x-forwarded-for": ["203.0.113.7"],
                    "x-forwarded-port": ["80"],
                    "x-forwarded-proto": ["http"],
                },
                "body": "",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn alb_261_names_are_lower_case_and_four_headers_always_there() {
        let event = of_alb(
            PLAIN,
            "/",
            &[("X-CUSTOM-Name", "V"), ("Connection", "keep-alive"), ("X-Forwarded-For", "1.2.3.4, 5.6.7.8")],
            b"",
        );
        let headers = event["headers"].as_object().expect("headers");
        let mut names: Vec<_> = headers.keys().map(String::as_str).collect();
        names.sort_unstable();
        let expected = ["x-amzn-trace-id", "x-custom-name", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];
        assert_eq!(names, expected, "neither `connection` nor `x-imforwards`");
        assert_eq!(headers["x-forwarded-for"], "1.2.3.4, 5.6.7.8");
        assert!(headers["x-amzn-trace-id"].as_str().expect("a string").starts_with("Root=1-"));
    }

    #[test]
    fn alb_262_the_last_of_repeated_values_wins_or_all_are_kept() {
        let headers = [("Accept", "a"), ("accept", "b"), ("ACCEPT", "c")];
        let event = of_alb(PLAIN, "/?k=1&k=2&j=3&k=4", &headers, b"");
        assert_eq!(event["headers"]["accept"], "c");
        assert_eq!(event["queryStringParameters"], json!({"j": "3", "k": "4"}));
        let event = of_alb(MULTI, "/?k=1&k=2&j=3&k=4", &headers, b"");
        assert_eq!(event["multiValueHeaders"]["accept"], json!(["a", "b", "c"]));
        assert_eq!(event["multiValueQueryStringParameters"], json!({"j": ["3"], "k": ["1", "2", "4"]}));
    }

    #[test]
    fn alb_263_path_and_query_are_passed_as_sent() {
        for (target, path, query) in [
            ("/", "/", json!({})),
            ("/?", "/", json!({})),
            ("/caf%C3%A9//a/../b", "/caf%C3%A9//a/../b", json!({})),
            ("/a%2Fb?x%20y=1%202+3", "/a%2Fb", json!({"x%20y": "1%202+3"})),
            ("/?flag", "/", json!({"flag": ""})),
            ("/?flag=", "/", json!({"flag": ""})),
            ("/?a=b=c&&=v", "/", json!({"a": "b=c", "": "v"})),
            ("/?a=1?b=2", "/", json!({"a": "1?b=2"})),
        ] {
            let event = of_alb(PLAIN, target, &[], b"");
            assert_eq!((&event["path"], &event["queryStringParameters"]), (&json!(path), &query), "{target}");
        }
    }

    #[test]
    fn alb_264_what_is_encoded() {
        for (content_type, encoding, encoded) in [
            (Some("text/plain"), None, false),
            (Some("text/html; charset=utf-8"), None, false),
            (Some("TEXT/CSV"), None, false),
            (Some("application/json"), None, false),
            (Some("application/json;charset=UTF-8"), None, false),
            (Some("application/javascript"), None, false),
            (Some("application/xml"), None, false),
            (Some("application/json"), Some("gzip"), true),
            (Some("application/problem+json"), None, true),
            (Some("application/x-www-form-urlencoded"), None, true),
            (Some("application/octet-stream"), None, true),
            (Some("textual/plain"), None, true),
            (None, None, true),
        ] {
            let headers: Vec<_> = content_type
                .map(|it| ("Content-Type", it))
                .into_iter()
                .chain(encoding.map(|it| ("Content-Encoding", it)))
                .collect();
            let event = of_alb(PLAIN, "/", &headers, b"{\"a\":1}");
            let body = if encoded { "eyJhIjoxfQ==" } else { "{\"a\":1}" };
            assert_eq!(
                (&event["body"], &event["isBase64Encoded"]),
                (&json!(body), &json!(encoded)),
                "{content_type:?} {encoding:?}"
            );
            let empty = of_alb(PLAIN, "/", &headers, b"");
            assert_eq!((&empty["body"], &empty["isBase64Encoded"]), (&json!(""), &json!(false)), "{content_type:?}");
        }
    }

    #[test]
    fn alb_265_what_is_not_utf_8_is_refused() {
        let source = "203.0.113.7".parse().expect("an address");
        let text: (&[u8], &[u8]) = (b"content-type", b"text/plain");
        for (headers, body) in [
            (vec![(&b"x-name"[..], &b"caf\xe9"[..])], &b""[..]),
            (vec![(&b"x-nam\xe9"[..], &b"a"[..])], b""),
            (vec![text], b"caf\xe9"),
        ] {
            let request = Request { method: "POST", target: "/", headers: &headers, body, source };
            let failure = super::alb(PLAIN, request).expect_err("a refusal");
            assert_eq!((failure.status, failure.reason), (400, Reason::BadRequest), "{headers:?}");
        }
        let request = Request { method: "POST", target: "/", headers: &[], body: b"caf\xe9", source };
        assert!(super::alb(PLAIN, request).is_ok(), "a binary body need not be text");
    }

    #[test]
    fn alb_266_and_305_a_body_over_one_megabyte_is_refused() {
        let whole = vec![b'a'; ALB_BODY_LIMIT];
        assert_eq!(
            of_alb(PLAIN, "/", &[("content-type", "text/plain")], &whole)["body"].as_str().map(str::len),
            Some(1_048_576)
        );
        let over = vec![b'a'; ALB_BODY_LIMIT + 1];
        let failure = request("/", &[], &over, |request| super::alb(PLAIN, request)).expect_err("a refusal");
        assert_eq!((failure.status, failure.reason.as_str()), (413, "LambdaRequestTooLarge"));
    }

    #[test]
    fn alb_267_health_check() {
        let event: Value = serde_json::from_slice(&alb_health_check(PLAIN, "/ready")).expect("JSON");
        assert_eq!(
            event,
            json!({
                "requestContext": {"elb": {"targetGroupArn": ARN}},
                "httpMethod": "GET",
                "path": "/ready",
                "queryStringParameters": {},
                "headers": {"user-agent": "ELB-HealthChecker/2.0"},
                "body": "",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn alb_291_and_294_the_event_of_a_function_url() {
        let event = of_url(
            "/my/path?a=1&a=2",
            &[
                ("Cookie", "one=1; two=2"),
                ("User-Agent", "curl/8"),
                ("x-amzn-trace-id", "Root=1-a-b"),
                ("content-type", "text/plain"),
            ],
            b"hello",
        );
        assert_eq!(
            event,
            json!({
                "version": "2.0",
                "routeKey": "$default",
                "rawPath": "/my/path",
                "rawQueryString": "a=1&a=2",
                "cookies": ["one=1", "two=2"],
                "headers": {
                    "content-type": "text/plain",
                    "cookie": "one=1; two=2",
                    "host": "abcdefghij.lambda-url.eu-central-1.on.aws",
                    "user-agent": "curl/8",
                    "x-amzn-tls-cipher-suite": "TLS_AES_128_GCM_SHA256",
                    "x-amzn-tls-version": "TLSv1.3",
                    "x-amzn-trace-id": "Root=1-a-b",
                    "x-forwarded-for": "203.0.113.7",
                    "x-forwarded-port": "443",
                    "x-forwarded-proto": "https",
                },
                "queryStringParameters": {"a": "1,2"},
                "requestContext": {
                    "accountId": "anonymous",
                    "apiId": "abcdefghij",
                    "authentication": null,
                    "domainName": "abcdefghij.lambda-url.eu-central-1.on.aws",
                    "domainPrefix": "abcdefghij",
                    "http": {
                        "method": "GET",
                        "path": "/my/path",
                        "protocol": "HTTP/1.1",
                        "sourceIp": "203.0.113.7",
                        "userAgent": "curl/8",
                    },
                    "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
                    "routeKey": "$default",
                    "stage": "$default",
                    "time": "04/Mar/2020:19:03:58 +0000",
                    "timeEpoch": 1_583_348_638_390_u64,
                },
                "body": "hello",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn alb_292_repeated_values_are_joined_and_the_scheme_is_that_of_the_url() {
        let event = of_url(
            "/",
            &[("Accept", "a"), ("accept", "b"), ("X-Forwarded-Proto", "http"), ("x-forwarded-port", "80")],
            b"",
        );
        let headers = &event["headers"];
        assert_eq!(headers["accept"], "a,b");
        assert_eq!((&headers["x-forwarded-proto"], &headers["x-forwarded-port"]), (&json!("https"), &json!("443")));
        assert!(event.get("cookies").is_none(), "only when the request had some");
    }

    #[test]
    fn alb_293_query_values_are_decoded_and_joined() {
        for (target, raw, parameters) in [
            ("/?a=1%202&b=x+y&a=%C3%A9", "a=1%202&b=x+y&a=%C3%A9", json!({"a": "1 2,é", "b": "x y"})),
            ("/?flag", "flag", json!({"flag": ""})),
            ("/", "", Value::Null),
            ("/?", "", Value::Null),
        ] {
            let event = of_url(target, &[], b"");
            assert_eq!(event["rawQueryString"], raw, "{target}");
            assert_eq!(event["queryStringParameters"], parameters, "{target}");
            assert_eq!(
                event.get("queryStringParameters").is_none(),
                parameters.is_null(),
                "{target}: absent, not null"
            );
        }
    }

    #[test]
    fn alb_295_what_is_encoded_for_a_function_url() {
        for (content_type, encoded) in [
            (Some("text/plain; charset=utf-8"), false),
            (Some("application/json"), false),
            (Some("application/xml"), false),
            (Some("application/javascript"), false),
            (Some("application/x-www-form-urlencoded"), true),
            (Some("image/png"), true),
            (None, true),
        ] {
            let headers: Vec<_> = content_type.map(|it| ("content-type", it)).into_iter().collect();
            let event = of_url("/", &headers, b"a=1");
            let body = if encoded { "YT0x" } else { "a=1" };
            assert_eq!(
                (&event["body"], &event["isBase64Encoded"]),
                (&json!(body), &json!(encoded)),
                "{content_type:?}"
            );
            let empty = of_url("/", &headers, b"");
            assert_eq!((empty.get("body"), &empty["isBase64Encoded"]), (None, &json!(false)), "{content_type:?}");
        }
    }

    #[test]
    fn alb_296_and_307_an_event_over_six_megabytes_is_refused() {
        let headers = [("content-type", "text/plain")];
        assert!(try_url("/", &headers, &vec![b'a'; FUNCTION_URL_LIMIT - 4096]).is_ok());
        let failure = try_url("/", &headers, &vec![b'a'; FUNCTION_URL_LIMIT]).expect_err("a refusal");
        assert_eq!((failure.status, failure.statement), (413, "ALB-296"));
    }
}
