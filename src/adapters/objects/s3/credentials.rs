//! Credentials that the surroundings give: the environment, a profile, a container, a machine.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_s3::config::{Region, SharedHttpClient};
use tokio::sync::OnceCell;

/// Looks for them when they are first needed. Temporary ones are asked for anew before they expire.
#[derive(Debug)]
pub(super) struct Surroundings {
    http: SharedHttpClient,
    region: String,
    chain: OnceCell<DefaultCredentialsChain>,
}

impl Surroundings {
    pub(super) fn new(http: SharedHttpClient, region: String) -> Self {
        Self { http, region, chain: OnceCell::new() }
    }

    async fn chain(&self) -> &DefaultCredentialsChain {
        let make = async || {
            let config = ProviderConfig::without_region().with_http_client(self.http.clone());
            let region = Region::new(self.region.clone());
            DefaultCredentialsChain::builder().configure(config).region(region).build().await
        };
        self.chain.get_or_init(make).await
    }
}

impl ProvideCredentials for Surroundings {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.chain().await.provide_credentials().await })
    }
}
