//! `[storage]`: where exported files are kept.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::key::{Key, Shape, Unit, section};
use super::secret::Secret;
use super::service_url::ServiceUrl;
use super::setting::from_text;

section! {
    /// Where exported files are kept: in a directory, or in object storage that speaks S3. All keys but the first are for S3.
    Storage "storage" {
        /// The place: `file://` and a directory, or `s3://bucket/prefix`. Without a prefix, `tocsin` is taken. Servers
        /// that share a database must share this as well.
        url: ServiceUrl = Key::new("storage.url", Shape::Url(&["file", "s3"])).derived("file://<data_dir>/exports");
        /// Where S3 is, when it is not Amazon's: `https://…` or `http://…`. Downloads go there too, so browsers must
        /// reach it, unless storage.links says `server`.
        endpoint: Option<ServiceUrl> = Key::new("storage.endpoint", Shape::Url(&["https", "http"]));
        /// The region of the bucket.
        region: Region = Key::new("storage.region", Shape::Text("the name of a region, like eu-central-1, or auto")).default("us-east-1");
        /// The id of the access key.
        access_key: Option<Secret> = Key::new("storage.access_key", Shape::Secret);
        /// The secret of the access key.
        secret_key: Option<Secret> = Key::new("storage.secret_key", Shape::Secret);
        /// Where everybody can fetch what lies under storage.url, such as a CDN. Links lead there, and are good as long
        /// as the file is there: whoever has one can pass it on.
        public_base_url: Option<ServiceUrl> = Key::new("storage.public_base_url", Shape::Url(&["https", "http"]));
        /// Who hands files out: `store` sends browsers to S3 by links that expire, `server` passes them through.
        links: Links = Key::new("storage.links", Shape::Choice(&["store", "server"])).default("store");
        /// Whether the bucket is named in the path of an address and not in its host; `auto`: when storage.endpoint is set.
        path_style: PathStyle = Key::new("storage.path_style", Shape::Choice(&["auto", "always", "never"])).default("auto");
        /// Parts of one file that are sent at once; each takes 8 MiB of memory, and more in files past 39 GiB.
        parallel_parts: usize = Key::count("storage.parallel_parts", 1..=64).default("4");
        /// How long a request may take with all its tries; sending a part takes longer by a second for every 128 KiB.
        timeout: Duration = Key::number("storage.timeout_seconds", 1..=600, Unit::Seconds).default("30");
        /// A PEM file with certificates to trust for S3, besides those of the system.
        ca_file: Option<PathBuf> = Key::new("storage.ca_file", Shape::Text("the path of a PEM file"));
    }
}

impl Storage {
    /// The bucket and the prefix of an `s3://` URL; none for a directory.
    pub fn bucket_and_prefix(&self) -> Option<(&str, &str)> {
        let rest = self.url.expose().split_once("://").filter(|_| self.url.scheme() == "s3")?.1;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        Some((bucket, if prefix.is_empty() { DEFAULT_PREFIX } else { prefix }))
    }

    /// The first key that is set and means nothing but to S3.
    pub(super) fn of_s3_alone(&self) -> Option<&'static str> {
        let set = [
            ("storage.endpoint", self.endpoint.is_some()),
            ("storage.access_key", self.access_key.is_some()),
            ("storage.secret_key", self.secret_key.is_some()),
            ("storage.public_base_url", self.public_base_url.is_some()),
            ("storage.ca_file", self.ca_file.is_some()),
        ];
        set.into_iter().find_map(|(name, is_set)| is_set.then_some(name))
    }

    /// What is wrong with the place itself, if anything.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let (bucket, prefix) = self.bucket_and_prefix()?;
        let of_bucket = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_');
        let of_prefix = |c: u8| of_bucket(c) || c == b'/';
        let is_prefix = prefix.len() <= 512 && prefix.bytes().all(of_prefix);
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(of_bucket) {
            return Some("does not name a bucket: 3 to 63 letters, digits and .-_, without a user, a port or options");
        }
        if !is_prefix || prefix.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Some("has a prefix of other characters than letters, digits and .-_/, or an empty part of a path");
        }
        None
    }
}

/// What names begin with where nobody says: a bucket may hold other things as well.
const DEFAULT_PREFIX: &str = "tocsin";

from_text!(Links, PathStyle, Region);

/// Who hands files out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// The store, by links that expire.
    Store,
    /// The server, passing them through.
    Server,
}

impl FromStr for Links {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "store" => Ok(Self::Store),
            "server" => Ok(Self::Server),
            _ => Err("no such choice"),
        }
    }
}

/// Where the bucket is named in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    /// In the path when `storage.endpoint` is set.
    Auto,
    /// In the path.
    Always,
    /// In the host.
    Never,
}

impl FromStr for PathStyle {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err("no such choice"),
        }
    }
}

/// The name of a region: 1 to 64 letters, digits and `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(Box<str>);

impl Region {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
        if text.is_empty() || text.len() > 64 || !text.bytes().all(known) {
            return Err("it has other characters, or more");
        }
        Ok(Self(text.into()))
    }
}
