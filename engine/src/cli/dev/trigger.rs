//! `slipway dev trigger`: asks a running session to call a container.

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cli::args::{Global, TriggerArgs};
use crate::cli::output::{Output, visible};
use crate::error::{Error, Exit};

/// Sends what the integration would send, and prints what the container answered.
pub(super) async fn run(global: &Global, args: &TriggerArgs, output: &mut Output) -> Result<Exit, Error> {
    let (container, integration) = args.integration.split_once('.').ok_or_else(|| {
        Error::usage(format!("`{}` names no integration", args.integration)).help("Write CONTAINER.INTEGRATION.")
    })?;
    let event = match &args.event {
        Some(path) => std::fs::read(path)
            .map_err(|error| Error::input(format!("cannot read {}", path.display())).because(error))?,
        None => Vec::new(),
    };
    let path = format!("/api/containers/{container}/trigger/{integration}");
    let (status, answer) = post(args.port_control, &path, &event).await?;
    if status != 200 {
        let message = answer.get("error").and_then(Json::as_str).unwrap_or("the session refused it");
        return Err(Error::failed(message.trim_end_matches('.')));
    }
    let well = answer.get("status").and_then(Json::as_u64).is_some_and(|status| (200..300).contains(&status));
    let text = if global.json { format!("{answer:#}\n") } else { told(&args.integration, &answer) };
    output.result(&text)?;
    Ok(if well { Exit::Success } else { Exit::Failed })
}

fn told(integration: &str, answer: &Json) -> String {
    let texts = |key: &str| {
        let all = answer.get(key).and_then(Json::as_array).into_iter().flatten();
        all.filter_map(Json::as_str).map(|text| format!("  {}\n", visible(text))).collect::<String>()
    };
    if answer.get("matched") == Some(&Json::Bool(false)) {
        return format!(
            "{integration} would not be called: the event does not fit its pattern.\n{}",
            texts("mismatches")
        );
    }
    let status = answer.get("status").and_then(Json::as_u64).unwrap_or_default();
    let ms = answer.get("durationMs").and_then(Json::as_f64).unwrap_or_default();
    format!("{integration} was called and answered {status} after {ms:.0} ms.\n{}", texts("warnings"))
}

/// A request to the control API of this machine.
async fn post(port: u16, path: &str, body: &[u8]) -> Result<(u16, Json), Error> {
    let unreachable = |error: std::io::Error| {
        Error::failed(format!("no session answers on port {port}"))
            .because(error)
            .help("Start one with `slipway dev`, and name its control port with --port-control.")
    };
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(unreachable)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.map_err(unreachable)?;
    stream.write_all(body).await.map_err(unreachable)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(unreachable)?;
    let text = String::from_utf8_lossy(&answer);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    let json = text.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
    status.zip(json).ok_or_else(|| Error::failed(format!("what answers on port {port} is no session of Slipway")))
}
