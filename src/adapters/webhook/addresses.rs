//! Which addresses a webhook may have: a rule must not be a way to servers that only this one can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// What is said of an address that is not public.
pub(super) const PRIVATE: &str = "its address is not public; alerts.webhook_networks says which others may be called";

/// Whether an address may be called that is not public.
pub struct Allowed(pub Box<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl Allowed {
    fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || (self.0)(address)
    }
}

/// Whether everybody can reach it (the registries of IANA for special addresses, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        // Multicast, and what is kept for later.
        || a >= 224
        // Shared by the customers of a provider (RFC 6598).
        || (a == 100 && (64..128).contains(&b))
        // Assignments of protocols, the relay of 6to4, and benchmarks (RFC 2544).
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, ..] = address.segments();
    // An IPv4 address in it counts as itself: NAT64 (RFC 6052) and 6to4 (RFC 3056).
    let [.., g, h] = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b) {
        (0x64, 0xff9b) => c == 0 && embedded(g, h),
        (0x2002, _) => embedded(b, c),
        // Teredo, benchmarks, ORCHID and documentation are parts of what is routed.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, _) => false,
        _ => (0x2000..=0x3fff).contains(&a),
    }
}

/// Looks at an address that stands in the URL itself.
///
/// # Errors
/// [`PRIVATE`] when it may not be called.
pub(super) fn guarded_ip(url: &Url, allowed: &Allowed) -> Result<(), &'static str> {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) | None => return Ok(()),
    };
    if allowed.admits(address) { Ok(()) } else { Err(PRIVATE) }
}

/// Resolves names, and keeps what may be called: the connection goes to what was looked at, so that a name cannot mean
/// another address a moment later.
pub(super) struct Guard(pub(super) Arc<Allowed>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> = found.filter(|address| allowed.admits(address.ip())).collect();
            if admitted.is_empty() {
                return Err(PRIVATE.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_reaches_is_public() {
        for (address, public) in [
            ("93.184.215.14", true),
            ("1.1.1.1", true),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("2001::1", false),
            ("2606:4700::1111", true),
            ("::ffff:127.0.0.1", false),
            ("::ffff:1.1.1.1", true),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::101:101", true),
            ("2002:7f00:1::", false),
            ("2002:101:101::", true),
        ] {
            let nobody = Allowed(Box::new(|_| false));
            assert_eq!(nobody.admits(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn others_are_admitted_by_whoever_runs_the_server() {
        let loopback = Allowed(Box::new(|address| address.is_loopback()));
        for (url, admitted) in [
            ("http://127.0.0.1:9/x", true),
            ("http://[::1]/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://0x7f.1/", true),
            ("http://10.0.0.1/", false),
            ("https://example.org/", true),
        ] {
            assert_eq!(guarded_ip(&Url::parse(url).unwrap(), &loopback).is_ok(), admitted, "{url}");
        }
    }
}
