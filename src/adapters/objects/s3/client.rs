//! The client, from the settings.

use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Config, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Options;
use super::credentials::Surroundings;

/// Tries of one request, the first included.
const ATTEMPTS: u32 = 3;
/// The longest wait between two tries.
const MAX_BACKOFF: Duration = Duration::from_secs(5);
/// The longest wait for a connection.
const MAX_CONNECT: Duration = Duration::from_secs(5);
/// A line is slower than this only if it does not work, in bytes a second.
const SLOWEST: u64 = 128 * 1024;

/// Builds it. Reads files; connects to nothing.
pub(super) fn build(options: &Options) -> Result<aws_sdk_s3::Client, String> {
    let http = http_client(options)?;
    let credentials = match &options.keys {
        Some((id, secret)) => SharedCredentialsProvider::new(Credentials::new(id, secret, None, None, "configuration")),
        None => SharedCredentialsProvider::new(Surroundings::new(http.clone(), options.region.clone())),
    };
    let stalls = StalledStreamProtectionConfig::enabled().grace_period(options.timeout).build();
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .credentials_provider(credentials)
        .region(Region::new(options.region.clone()))
        .force_path_style(options.path_style)
        // Checksums in trailers are what many services do not know.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_max_backoff(MAX_BACKOFF))
        .timeout_config(timeouts(options.timeout))
        .stalled_stream_protection(stalls);
    if let Some(endpoint) = &options.endpoint {
        config = config.endpoint_url(endpoint);
    }
    Ok(aws_sdk_s3::Client::from_conf(config.build()))
}

/// Of a request without much of a body: all its tries, and one of them.
fn timeouts(whole: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(MAX_CONNECT.min(whole / 2))
        .operation_attempt_timeout(whole / 2)
        .operation_timeout(whole)
        .build()
}

/// Of one that sends so many bytes: what a slow line takes is added.
pub(super) fn sending(bytes: usize, whole: Duration) -> aws_sdk_s3::config::Builder {
    let slow = Duration::from_secs(bytes as u64 / SLOWEST);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(MAX_CONNECT.min(whole / 2))
        .operation_attempt_timeout(whole / 2 + slow)
        .operation_timeout(whole + slow)
        .build();
    Config::builder().timeout_config(timeouts)
}

fn http_client(options: &Options) -> Result<SharedHttpClient, String> {
    let builder = aws_smithy_http_client::Builder::new();
    let is_plain = options.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http:"));
    if is_plain && options.keys.is_some() {
        // Nothing speaks TLS then, so nobody asks for the system's certificates.
        return Ok(builder.build_http());
    }
    let mut trusted = TrustStore::default();
    if let Some(path) = &options.ca_file {
        trusted.add_pem_certificate(certificates(path)?);
    }
    let context = TlsContext::builder().with_trust_store(trusted).build().map_err(|error| format!("TLS: {error}"))?;
    Ok(builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context).build_https())
}

/// A PEM file in which there are certificates, and only such that can be trusted: the client takes no others.
fn certificates(path: &Path) -> Result<Vec<u8>, String> {
    let refused = |problem: String| format!("storage.ca_file: {} {problem}", path.display());
    let pem = std::fs::read(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| refused(format!("is not PEM: {error:?}")))?;
        roots
            .add(certificate)
            .map_err(|error| refused(format!("has a certificate that cannot be trusted: {error}")))?;
    }
    if roots.is_empty() { Err(refused("has no certificate in it".to_owned())) } else { Ok(pem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused_by_name() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("ca.pem");
        assert!(certificates(&path).unwrap_err().starts_with("storage.ca_file: "));
        for text in ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&path, text).unwrap();
            assert!(certificates(&path).unwrap_err().contains("certificate"), "{text}");
        }
    }
}
