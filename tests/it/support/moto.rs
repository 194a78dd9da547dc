//! Another real S3 server, in a process of its own: `tests/python/s3_server.py`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use serde::Deserialize;
use tocsin::adapters::objects::S3Options;

use super::s3;
use super::smtp::python;

/// Runs until it is dropped.
pub(crate) struct Moto {
    process: Child,
    ready: Ready,
}

#[derive(Deserialize)]
struct Ready {
    endpoint: String,
    access_key: String,
    secret_key: String,
}

impl Moto {
    /// With the options of `s3_server.py`.
    pub(crate) fn start(options: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(python(root))
            .arg(root.join("tests/python/s3_server.py"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { process, ready }
    }

    /// The settings of tests for this server, with the key that it knows.
    pub(crate) fn options(&self) -> S3Options {
        let keys = Some((self.ready.access_key.clone(), self.ready.secret_key.clone()));
        S3Options { keys, ..s3::options(self.ready.endpoint.clone()) }
    }

    /// The settings of a server that keeps its files here.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &str)> {
        s3::settings(&self.ready.endpoint, (&self.ready.access_key, &self.ready.secret_key))
    }

    /// A client that is not ours, to look at what is there.
    pub(crate) fn client(&self) -> Client {
        let credentials = Credentials::new(&self.ready.access_key, &self.ready.secret_key, None, None, "test");
        Client::from_conf(
            aws_sdk_s3::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .http_client(aws_smithy_http_client::Builder::new().build_http())
                .endpoint_url(&self.ready.endpoint)
                .credentials_provider(credentials)
                .region(Region::new("us-east-1"))
                .force_path_style(true)
                .build(),
        )
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
