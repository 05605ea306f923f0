//! Where a container listens, and why nobody can reach it there.
//!
//! Loopback, another port and no listener at all look the same from outside: the connection is refused or reset. Only the
//! table of listeners tells them apart.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use slipway_lang::model::ComputeType;
use slipway_lang::service::Service;

use super::{Code, Diagnosis};

/// The resolver that the container engine puts into every network of its own.
const ENGINE_DNS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 11));

/// Reads the listening sockets of a table such as `/proc/net/tcp` or `/proc/net/tcp6`; both may follow each other.
pub fn parse_table(text: &str) -> Vec<SocketAddr> {
    const LISTENING: &str = "0A";
    let mut found: Vec<SocketAddr> = text
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let (local, state) = (fields.nth(1)?, fields.nth(1)?);
            (state == LISTENING).then(|| address(local)).flatten()
        })
        .filter(|address| address.ip() != ENGINE_DNS)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `0100007F:1F90`: words of 32 bits in the byte order of the machine, the port as it is read.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| Some(u32::from_str_radix(ip.get(at * 8..at * 8 + 8)?, 16).ok()?.to_ne_bytes());
    let ip = match ip.len() {
        8 => IpAddr::V4(word(0)?.into()),
        32 => {
            let mut bytes = [0; 16];
            for at in 0..4 {
                bytes[at * 4..at * 4 + 4].copy_from_slice(&word(at)?);
            }
            let ip = Ipv6Addr::from(bytes);
            ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4)
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// What a table of listeners means for a container that is asked on a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can be reached.
    Reachable,
    /// It listens on the port, but only for itself.
    LoopbackOnly(SocketAddr),
    /// It listens on these ports instead.
    OtherPorts(Vec<u16>),
    /// It listens nowhere.
    Nothing,
}

/// Judges the listeners of a container.
pub fn judge(listeners: &[SocketAddr], port: u16) -> Verdict {
    let on_port: Vec<_> = listeners.iter().filter(|address| address.port() == port).collect();
    if on_port.iter().any(|address| !address.ip().is_loopback()) {
        return Verdict::Reachable;
    }
    if let Some(address) = on_port.first() {
        return Verdict::LoopbackOnly(**address);
    }
    let mut ports: Vec<u16> = listeners.iter().map(SocketAddr::port).collect();
    ports.sort_unstable();
    ports.dedup();
    if ports.is_empty() { Verdict::Nothing } else { Verdict::OtherPorts(ports) }
}

/// The diagnosis of a verdict; none where the container can be reached.
pub fn diagnosis(service: &Service, folder: &Path, listeners: &[SocketAddr], port: u16) -> Option<Diagnosis> {
    let name = &service.name;
    let table = listeners.iter().map(|address| format!("listens on {address}"));
    Some(match judge(listeners, port) {
        Verdict::Reachable => return None,
        Verdict::LoopbackOnly(address) => {
            let message = format!(
                "It listens on {address}, so nothing outside the container can reach it. Deployed on Fargate its health check \
                 would fail; on Lambda it would work, since the adapter calls it from inside."
            );
            let diagnosis = Diagnosis::of(name, Code::ListenLoopback, message).remedy(loopback_remedy(folder, port));
            if service.route.compute == ComputeType::Fargate { diagnosis } else { diagnosis.warning() }.evidence(table)
        }
        Verdict::OtherPorts(ports) => {
            let ports = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            Diagnosis::of(name, Code::ListenOtherPort, format!("It listens on port {ports}, and is asked on {port}."))
                .remedy(format!(
                    "Let it listen on the port in the variable PORT, which is {port} here and 8080 when deployed."
                ))
                .evidence(table)
        }
        Verdict::Nothing => Diagnosis::of(
            name,
            Code::NothingListens,
            format!("It runs, but listens nowhere; it is asked on port {port}."),
        )
        .remedy("Look at the command that starts it: the server has to listen before it can be asked."),
    })
}

/// How the framework that the source folder shows is told to listen on all addresses.
fn loopback_remedy(folder: &Path, port: u16) -> String {
    let manifest = ["package.json", "requirements.txt", "pyproject.toml", "Gemfile", "deno.json", "Dockerfile"]
        .iter()
        .filter_map(|name| slipway_project::read_text(&folder.join(name)))
        .collect::<String>();
    let seen = |word: &str| manifest.contains(word);
    let has = |name: &str| folder.join(name).exists();
    let how = if seen("\"fastify\"") {
        "`listen({ port, host: '0.0.0.0' })`".to_owned()
    } else if seen("\"next\"") {
        format!("`next dev -H 0.0.0.0 -p {port}`")
    } else if ["\"vite\"", "\"astro\"", "react-router", "uvicorn", "hypercorn"].into_iter().any(seen) {
        format!("`--host 0.0.0.0 --port {port}`")
    } else if seen("gunicorn") {
        format!("`--bind 0.0.0.0:{port}`")
    } else if seen("lask") {
        format!("`app.run(host='0.0.0.0', port={port})`, or `flask run --host 0.0.0.0 --port {port}`")
    } else if seen("jango") {
        format!("`runserver 0.0.0.0:{port}`")
    } else if seen("rails") || seen("puma") {
        format!("`-b 0.0.0.0 -p {port}`")
    } else if seen("spring") {
        format!("no `server.address`, and `server.port={port}`")
    } else if has("go.mod") {
        format!("`\":{port}\"`")
    } else if has("deno.json") {
        format!("`hostname: \"0.0.0.0\", port: {port}`")
    } else if has("package.json") {
        "`listen(port, '0.0.0.0')`, or no host at all".to_owned()
    } else {
        format!("0.0.0.0:{port}")
    };
    format!("Make it listen on all addresses: {how}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0B00007F:A2C3 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
   3: 020011AC:1F90 010011AC:CAFE 01 00000000:00000000 00:00000000 00000000     0        0 4 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000000000000:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000
   2: 0000000000000000FFFF00000100007F:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000
";

    #[test]
    fn tables_of_the_kernel_are_read() {
        let found: Vec<_> = parse_table(TABLE).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["0.0.0.0:3000", "127.0.0.1:8080", "127.0.0.1:8083", "[::]:8082", "[::1]:8081"]);
        assert!(parse_table("").is_empty());
        assert!(parse_table("a b c d\n0: zz:1F90 x 0A\n0: 0100007F:zz x 0A").is_empty());
    }

    #[test]
    fn listeners_are_judged_by_who_can_reach_them() {
        let judged = |all: &[&str]| {
            let all: Vec<SocketAddr> = all.iter().map(|text| text.parse().unwrap()).collect();
            judge(&all, 8080)
        };
        let loopback = |text: &str| Verdict::LoopbackOnly(text.parse().unwrap());
        assert_eq!(judged(&["0.0.0.0:8080"]), Verdict::Reachable);
        assert_eq!(judged(&["[::]:8080", "127.0.0.1:8080"]), Verdict::Reachable);
        assert_eq!(judged(&["172.17.0.2:8080"]), Verdict::Reachable);
        assert_eq!(judged(&["127.0.0.1:8080", "0.0.0.0:3000"]), loopback("127.0.0.1:8080"));
        assert_eq!(judged(&["[::1]:8080"]), loopback("[::1]:8080"));
        assert_eq!(judged(&["0.0.0.0:3000", "127.0.0.1:9229", "[::]:3000"]), Verdict::OtherPorts(vec![3000, 9229]));
        assert_eq!(judged(&[]), Verdict::Nothing);
    }
}
