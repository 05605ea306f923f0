//! How a balancer is set up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use slipway_lang::names::{Kind, Parts};

/// How a [`Balancer`](crate::Balancer) is set up. The default is what the load balancer does that the original tool
/// makes, on a free port of the loopback interface.
///
/// Which of the [profiles](slipway_lang::routing::Profile) a balancer follows is up to the table in its
/// [`Rules`](crate::Rules).
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// Where it listens for plain HTTP. Port 0 takes a free port.
    pub listen: Vec<SocketAddr>,
    /// Where it listens for HTTPS, if it does.
    pub tls: Option<Tls>,
    /// Whether requests pass the edge before they come to the balancer. `None` for what the profile has: an edge behind
    /// a routing function, none in front of a balancer alone.
    pub edge: Option<bool>,
    /// The host that requests for this machine (`localhost`, `127.0.0.1`, `[::1]`) are taken to be for.
    pub assumed_host: Option<String>,
    /// How requests are treated that two servers might read differently.
    pub desync: DesyncMode,
    /// How long it waits, and for what.
    pub timeouts: Timeouts,
    /// What it does to `X-Forwarded-For`.
    pub forwarded_for: ForwardedFor,
    /// Whether `X-Forwarded-For` gets the port of the client as well. Counts in the mode `Append` alone.
    pub client_port: bool,
    /// Whether the target gets `Host` as the client sent it.
    pub preserve_host: bool,
    /// Whether targets are told the port that it really listens on. Otherwise they are told 80, or 443 for HTTPS, as
    /// they will be once deployed.
    pub literal_port: bool,
    /// Whether fields with a name outside letters, digits and `-` are dropped.
    pub drop_invalid_headers: bool,
    /// Whether the target is told how the client's TLS connection is encrypted.
    pub tls_headers: bool,
    /// Whether answers say which rule and target made them.
    pub explain: bool,
    /// Whether a request that did not pass the edge is treated as unmatched, which the rules behind a routing function
    /// do.
    pub strict_origin: bool,
    /// What a request gets that no rule matches.
    pub unmatched: Unmatched,
    /// How long requests wait for a target that is being built or started. `None` lets them fail at once.
    pub hold: Option<Duration>,
    /// Whether the edge asks an origin again that did not answer in time.
    pub edge_retries: bool,
    /// Whether HTTP/2 is also spoken on plain connections, with prior knowledge.
    pub plain_http2: bool,
    /// The file that gets a line for each request.
    pub access_log: Option<PathBuf>,
    /// How many bytes of each body, and whether fields, are shown to the observer.
    pub capture: Option<usize>,
    /// What it is called in logs and headers.
    pub names: Names,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)],
            tls: None,
            edge: None,
            assumed_host: None,
            desync: DesyncMode::Defensive,
            timeouts: Timeouts::default(),
            forwarded_for: ForwardedFor::Append,
            client_port: false,
            preserve_host: false,
            literal_port: false,
            drop_invalid_headers: false,
            tls_headers: false,
            explain: false,
            strict_origin: false,
            unmatched: Unmatched::AsDeployed,
            hold: Some(Duration::from_secs(30)),
            edge_retries: false,
            plain_http2: false,
            access_log: None,
            capture: None,
            names: Names::default(),
        }
    }
}

/// A listener for HTTPS.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Where it listens.
    pub listen: Vec<SocketAddr>,
    /// What it shows to clients.
    pub certificate: Certificate,
}

/// The certificate of a listener.
#[derive(Clone, Debug)]
pub enum Certificate {
    /// One that is made at start, for these hosts, and that no client trusts by itself.
    SelfSigned(Vec<String>),
    /// A chain and its key.
    Pem {
        /// The certificates, the server's own first.
        chain: Vec<u8>,
        /// The private key.
        key: Vec<u8>,
    },
}

/// How requests are treated that two servers might read differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DesyncMode {
    /// Forwards everything that can be read.
    Monitor,
    /// Refuses what is dangerous, and closes the connections of what is ambiguous.
    #[default]
    Defensive,
    /// Forwards only what follows the standard.
    Strictest,
}

/// What is done to `X-Forwarded-For`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedFor {
    /// The client's address is added.
    #[default]
    Append,
    /// The field passes as it is.
    Preserve,
    /// The field is taken out.
    Remove,
}

/// What a request gets that no rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// What it gets once deployed, which may be status 200.
    #[default]
    AsDeployed,
    /// Status 404.
    NotFound,
}

/// How long a balancer waits, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the next byte on a connection, to a client or a target.
    pub idle: Duration,
    /// For a connection to a target.
    pub connect: Duration,
    /// For a TLS handshake.
    pub handshake: Duration,
    /// How long a client may keep a connection, however much it is used.
    pub lifetime: Duration,
    /// How long the edge waits for the next byte of an origin.
    pub edge_read: Duration,
    /// How long the edge lets a WebSocket be on which the origin sends nothing.
    pub edge_tunnel: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(1),
            connect: Duration::from_secs(10),
            handshake: Duration::from_secs(10),
            lifetime: Duration::from_hours(1),
            edge_read: Duration::from_secs(30),
            edge_tunnel: Duration::from_mins(10),
        }
    }
}

/// What a balancer and what belongs to it is called in logs and headers.
#[derive(Clone, Debug)]
pub struct Names {
    /// `name` of the project.
    pub project: String,
    /// The stage.
    pub stage: String,
    /// The region that is stood in for.
    pub region: String,
    /// The account that is stood in for.
    pub account: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            project: "local".to_owned(),
            stage: "dev".to_owned(),
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
        }
    }
}

impl Names {
    /// The parts that names of cloud resources are made of.
    pub fn parts(&self) -> Parts<'_> {
        Parts::project(&self.project, &self.stage)
    }

    /// The name of the load balancer.
    pub fn balancer(&self) -> String {
        let name = self.parts().name(Kind::LoadBalancer).original();
        name.chars().take(Kind::LoadBalancer.formula().max).collect()
    }

    /// How the access log names the balancer.
    pub fn balancer_in_log(&self) -> String {
        let name = self.balancer();
        format!("app/{name}/{}", self.id(&name))
    }

    /// The name under which clients reach the balancer.
    pub fn balancer_host(&self) -> String {
        let name = self.balancer();
        let digits = u64::from_str_radix(&self.id(&name), 16).unwrap_or_default() % 10_000_000_000;
        format!("{name}-{digits:010}.{}.elb.amazonaws.com", self.region)
    }

    /// The name of a target group in full.
    pub fn group_arn(&self, group: &str) -> String {
        let Self { region, account, .. } = self;
        format!("arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{group}/{}", self.id(group))
    }

    /// The id of a function's URL: the first label of its host.
    pub fn function_url(&self, function: &str) -> String {
        self.id(function) + &self.id(&format!("{function}/url"))
    }

    /// The sixteen digits behind a name: the same in each run, so that two logs can be compared.
    fn id(&self, name: &str) -> String {
        let text = format!("{}/{}/{name}", self.account, self.region);
        // FNV-1a: nothing here has to be hard to guess.
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }
}
