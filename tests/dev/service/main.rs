//! A service for tests that does as it is told. It uses the standard library alone and is linked statically, so that an
//! image of it needs nothing else.
//!
//! `MODE` says how it starts: `loopback` (listens on 127.0.0.1), `other` (listens on 3999), `deaf` (listens nowhere), `exit:N`,
//! `memory` (takes all it can get), `redirect` (its health check redirects), `rude` (closes every connection), `logs` (writes
//! much to both streams). Its first argument is what `/version` answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    if let Some(code) = mode.strip_prefix("exit:") {
        eprintln!("Error: cannot go on");
        std::process::exit(code.parse().unwrap());
    }
    match &*mode {
        "deaf" => loop {
            std::thread::sleep(Duration::from_secs(60));
        },
        "memory" => {
            let mut taken = Vec::new();
            loop {
                taken.push(vec![1_u8; 16 << 20]);
            }
        }
        "logs" => write_logs(),
        _ => {}
    }
    let address = match &*mode {
        "loopback" => format!("127.0.0.1:{port}"),
        "other" => "0.0.0.0:3999".to_owned(),
        _ => format!("0.0.0.0:{port}"),
    };
    let listener = TcpListener::bind(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
    println!("listens on {address}");
    for stream in listener.incoming().flatten() {
        let mode = mode.clone();
        std::thread::spawn(move || serve(stream, &mode));
    }
}

fn write_logs() {
    for (name, error) in [("out", false), ("err", true)] {
        std::thread::spawn(move || {
            for number in 0..2000 {
                let line = format!("{name} {number} [ERROR] Duration: START RequestId: x {{\"a\": 1}}");
                if error { eprintln!("{line}") } else { println!("{line}") }
            }
        });
    }
}

fn serve(stream: TcpStream, mode: &str) {
    if mode == "rude" {
        return;
    }
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some((method, target, fields)) = head(&mut reader) {
        let field = |name: &str| {
            let found = fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        let length = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let path = target.split('?').next().unwrap_or_default();
        let last = path.rsplit('/').next().unwrap_or_default();
        match last {
            "socket" if field("upgrade").is_some() => {
                let _ = stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
                let mut buffer = [0; 1024];
                while let Ok(length @ 1..) = reader.read(&mut buffer) {
                    if stream.write_all(&buffer[..length]).is_err() {
                        return;
                    }
                }
                return;
            }
            "events" => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
                for number in 0.. {
                    let event = format!("data: {number}\n\n");
                    if write!(stream, "{:x}\r\n{event}\r\n", event.len()).is_err() {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
            }
            "exit" => std::process::exit(3),
            "healthy" if mode == "redirect" => {
                if respond(&mut stream, "301 Moved Permanently\r\nlocation: /elsewhere", b"").is_err() {
                    return;
                }
            }
            _ => {
                let text = match last {
                    "version" => std::env::args().nth(1).unwrap_or_default(),
                    "fields" => fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
                    "environment" => std::env::vars().map(|(name, value)| format!("{name}={value}\n")).collect(),
                    "body" => String::from_utf8_lossy(&body).into_owned(),
                    "slow" => {
                        std::thread::sleep(Duration::from_millis(500));
                        "slow".to_owned()
                    }
                    _ => format!("{method} {target}"),
                };
                if respond(&mut stream, "200 OK", text.as_bytes()).is_err() {
                    return;
                }
            }
        }
    }
}

fn head(reader: &mut impl BufRead) -> Option<(String, String, Vec<(String, String)>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut fields = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            return Some((method, target, fields));
        }
        let (name, value) = line.split_once(':')?;
        fields.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn respond(stream: &mut TcpStream, status: &str, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)
}
