//! The request that an event becomes for the application behind the adapter.

use std::{borrow::Cow, collections::BTreeMap};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::Full;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Settings;
use crate::{
    environment::{Environment, Running},
    json,
};

/// What a path may not hold as it is.
const NOT_IN_PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');
/// What a query may not hold as it is.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\'');

/// What an event came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Alb,
    Url,
    /// Not HTTP.
    Other,
}

/// The fields of an HTTP event of either kind.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Event<'a> {
    #[serde(borrow)]
    request_context: Option<&'a RawValue>,
    http_method: Option<String>,
    path: Option<String>,
    query_string_parameters: Option<BTreeMap<String, String>>,
    multi_value_query_string_parameters: Option<BTreeMap<String, Vec<String>>>,
    headers: Option<BTreeMap<String, String>>,
    multi_value_headers: Option<BTreeMap<String, Vec<String>>>,
    raw_path: Option<String>,
    raw_query_string: Option<String>,
    cookies: Option<Vec<String>>,
    #[serde(borrow)]
    body: Option<Cow<'a, str>>,
    is_base64_encoded: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Context {
    elb: Option<serde::de::IgnoredAny>,
    http: Option<HttpContext>,
}

#[derive(Deserialize)]
struct HttpContext {
    method: String,
}

/// The request for the application. The error is what is wrong with the event.
pub(super) fn forwarded(
    settings: &Settings,
    environment: &Environment,
    running: &Running,
) -> Result<(Request<Full<Bytes>>, Origin), String> {
    // Another event may use the same names for something else, which makes it no HTTP event.
    let event: Event<'_> = json::object(&running.event).unwrap_or_default();
    let context: Context =
        event.request_context.and_then(|it| json::object(it.get().as_bytes()).ok()).unwrap_or_default();
    let (origin, method, path, query) = match (context, &event) {
        (Context { elb: Some(_), .. }, Event { http_method: Some(method), .. }) => {
            (Origin::Alb, method.clone(), event.path.clone().unwrap_or_default(), alb_query(&event))
        }
        (Context { http: Some(http), .. }, _) => {
            let query = event.raw_query_string.clone().unwrap_or_default();
            (Origin::Url, http.method, event.raw_path.clone().unwrap_or_default(), query)
        }
        _ => (Origin::Other, "POST".into(), settings.pass_through_path.clone(), String::new()),
    };
    let path = match &settings.base_path {
        Some(base) if origin != Origin::Other => path.trim_start_matches(base.as_str()),
        _ => &path,
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut uri = format!("http://{}{slash}{}", settings.address(), utf8_percent_encode(path, NOT_IN_PATH));
    if !query.is_empty() {
        uri.push('?');
        uri.extend(utf8_percent_encode(&query, NOT_IN_QUERY));
    }

    let mut headers = HeaderMap::new();
    for (name, value) in
        event.multi_value_headers.iter().flatten().flat_map(|(name, values)| values.iter().map(move |it| (name, it)))
    {
        append(&mut headers, name, value);
    }
    for (name, value) in event.headers.iter().flatten() {
        append(&mut headers, name, value);
    }
    if let Some(cookies) = &event.cookies {
        set(&mut headers, header::COOKIE, &cookies.join(";"));
    }
    if origin == Origin::Other {
        set(&mut headers, header::CONTENT_TYPE, "application/json");
    }
    set(&mut headers, HeaderName::from_static("x-amzn-trace-id"), &running.trace_id);
    let context = event.request_context.filter(|_| origin != Origin::Other).map_or("null", RawValue::get);
    set(&mut headers, HeaderName::from_static("x-amzn-request-context"), context);
    set(&mut headers, HeaderName::from_static("x-amzn-lambda-context"), &lambda_context(environment, running));
    if let Some(value) = settings.authorization_source.as_ref().and_then(|source| headers.remove(source)) {
        headers.insert(header::AUTHORIZATION, value);
    }

    let body = match (&event.body, origin) {
        (_, Origin::Other) => running.event.clone(),
        (None, _) => Bytes::new(),
        (Some(body), _) if event.is_base64_encoded => {
            let decoded = data_encoding::BASE64.decode(body.as_bytes());
            decoded.map_err(|_| "The body of the event is not base64, though the event says so.".to_owned())?.into()
        }
        (Some(body), _) => Bytes::copy_from_slice(body.as_bytes()),
    };
    headers.remove(header::TRANSFER_ENCODING);
    headers.insert(header::CONTENT_LENGTH, body.len().into());
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| format!("{method:?} is not a method of HTTP."))?;
    let mut request =
        Request::builder().method(method).uri(uri).body(Full::new(body)).map_err(|error| error.to_string())?;
    *request.headers_mut() = headers;
    Ok((request, origin))
}

/// The query of a balancer's event, decoded and encoded again.
fn alb_query(event: &Event<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let many = event.multi_value_query_string_parameters.iter().flatten();
    let many = many.flat_map(|(key, values)| values.iter().map(move |value| (key, value)));
    let pairs = many.chain(event.query_string_parameters.iter().flatten());
    for (key, value) in pairs {
        query.append_pair(&decoded(key), &decoded(value));
    }
    query.finish()
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// What the application learns of the invocation, as JSON.
fn lambda_context(environment: &Environment, running: &Running) -> String {
    #[derive(Serialize)]
    struct About<'a> {
        request_id: &'a str,
        deadline: u64,
        invoked_function_arn: &'a str,
        xray_trace_id: &'a str,
        client_context: Option<&'a RawValue>,
        identity: (),
        env_config: Config<'a>,
    }
    #[derive(Serialize)]
    struct Config<'a> {
        function_name: &'a str,
        memory: u32,
        version: &'a str,
        log_stream: &'a str,
        log_group: &'a str,
    }

    let identity = &environment.identity;
    let about = About {
        request_id: &running.id,
        deadline: running.deadline_ms,
        invoked_function_arn: &identity.arn,
        xray_trace_id: &running.trace_id,
        client_context: running.client_context.as_deref().and_then(|it| serde_json::from_str(it).ok()),
        identity: (),
        env_config: Config {
            function_name: &identity.name,
            memory: identity.memory,
            version: "$LATEST",
            log_stream: &environment.log_stream,
            log_group: &identity.log_group,
        },
    };
    serde_json::to_string(&about).unwrap_or_default()
}

/// Adds a header. What HTTP does not allow is left out.
fn append(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
    {
        headers.append(name, value);
    }
}

/// Replaces a header. What HTTP does not allow is left out.
fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(name, value);
    }
}
