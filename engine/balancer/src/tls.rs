//! TLS, towards clients and towards targets.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use tokio::net::TcpStream;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, ServerConfig, ServerConnection, SignatureScheme,
};
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

use crate::group::Address;
use crate::settings::{Certificate, Tls};
use crate::stream::Stream;

/// Makes what answers the handshakes of clients.
pub(crate) fn acceptor(settings: &Tls) -> io::Result<TlsAcceptor> {
    let (chain, key) = match &settings.certificate {
        Certificate::SelfSigned(hosts) => {
            let made = rcgen::generate_simple_self_signed(hosts.clone()).map_err(io::Error::other)?;
            let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes());
            (vec![made.cert.der().clone()], key.map_err(io::Error::other)?)
        }
        Certificate::Pem { chain, key } => {
            let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>();
            let key = PrivateKeyDer::from_pem_slice(key);
            (chain.map_err(io::Error::other)?, key.map_err(io::Error::other)?)
        }
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![HTTP2.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The name of HTTP/2 in a handshake.
pub(crate) const HTTP2: &[u8] = b"h2";

/// What a handshake led to, in the words of the access log.
pub(crate) struct Agreed {
    pub(crate) version: &'static str,
    pub(crate) suite: String,
    pub(crate) server_name: Option<String>,
    pub(crate) is_http2: bool,
}

impl Agreed {
    pub(crate) fn of(connection: &ServerConnection) -> Self {
        let suite = connection.negotiated_cipher_suite().map(|suite| suite.suite());
        Self {
            version: match connection.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
                _ => "TLSv1.3",
            },
            suite: suite.and_then(|suite| suite.as_str()).map_or_else(|| "-".to_owned(), usual_name),
            server_name: connection.server_name().map(str::to_owned),
            is_http2: connection.alpn_protocol() == Some(HTTP2),
        }
    }
}

/// The name of a cipher suite as OpenSSL has it, which is how the service writes it.
fn usual_name(suite: &str) -> String {
    match suite.strip_prefix("TLS13_") {
        Some(rest) => format!("TLS_{rest}"),
        None => suite
            .trim_start_matches("TLS_")
            .replace("_WITH", "")
            .replace("AES_", "AES")
            .replace("POLY1305_SHA256", "POLY1305")
            .replace('_', "-"),
    }
}

/// Begins TLS with a target, whatever certificate it has: the load balancer does not look at it either.
pub(crate) async fn connect(address: &Address, socket: TcpStream) -> io::Result<Stream> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    let config = if let Some(config) = CONFIG.get() {
        config
    } else {
        let made = client_config()?;
        CONFIG.get_or_init(|| made)
    };
    let name = ServerName::try_from(address.host.clone()).map_err(io::Error::other)?;
    let stream = TlsConnector::from(Arc::clone(config)).connect(name, socket).await?;
    Ok(Stream::Tls(Box::new(Mutex::new(TlsStream::Client(stream)))))
}

fn client_config() -> io::Result<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Accepts every certificate, and checks only that the peer has its key.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alb_114_cipher_suites_have_their_usual_names() {
        for (name, expected) in [
            ("TLS13_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
            ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
            ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"),
        ] {
            assert_eq!(usual_name(name), expected);
        }
    }
}
