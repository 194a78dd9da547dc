//! What must hold between the values of several keys.

use super::Config;
use super::error::ConfigError;
use super::profile::Profile;

/// The first rule between values that is broken.
pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    if config.profile == Profile::Production {
        check_production(config)?;
    }
    check_storage(config)?;
    let settings = &config.settings;
    if config.auth.refresh_idle > config.auth.refresh_absolute {
        return Err(settings.conflict(
            "auth.refresh_idle_days",
            "is longer than auth.refresh_absolute_days",
            "give at most that many days",
        ));
    }
    if config.mail.retry_initial > config.mail.retry_max {
        return Err(settings.conflict(
            "mail.retry_initial_seconds",
            "is longer than mail.retry_max_seconds",
            "give at most that many seconds",
        ));
    }
    if config.limits.body.as_usize() > config.limits.bodies.as_usize() {
        return Err(settings.conflict(
            "limits.body_mib",
            "is more than limits.bodies_mib, so the largest bodies could never be taken",
            "give at most that many",
        ));
    }
    if config.alerts.default_rules.len() > config.alerts.max_rules {
        return Err(settings.conflict(
            "alerts.max_rules",
            "is less than the number of alerts.default_rules",
            "allow at least that many rules, or take some away",
        ));
    }
    Ok(())
}

fn check_production(config: &Config) -> Result<(), ConfigError> {
    let settings = &config.settings;
    let origin = &config.server.configured_public_url;
    if !origin.is_https() && !origin.is_loopback() {
        return Err(settings.conflict(
            "server.public_url",
            "is plain http, so passwords and tokens would travel readable",
            "give an https URL; only on loopback may it be http",
        ));
    }
    if !settings.is_given("auth.keys_dir") && !settings.is_given("data_dir") {
        return Err(ConfigError::missing(
            "auth.keys_dir",
            "not set, and the profile production needs to know where keys outlive a restart",
            "set data_dir or auth.keys_dir to a directory that is kept: in a file, as TOCSIN__DATA_DIR, or with --set",
        ));
    }
    Ok(())
}

fn check_storage(config: &Config) -> Result<(), ConfigError> {
    let (storage, settings) = (&config.storage, &config.settings);
    if let Some(problem) = storage.problem() {
        return Err(settings.conflict("storage.url", problem, "write s3://bucket/prefix"));
    }
    let addresses = [("storage.endpoint", &storage.endpoint), ("storage.public_base_url", &storage.public_base_url)];
    for (name, url) in addresses {
        let Some(url) = url else { continue };
        if url.expose().contains(['@', '?', '#']) {
            let remedy = "give scheme, host and path; keys go into storage.access_key and storage.secret_key";
            return Err(settings.conflict(name, "has a user, a query or a fragment", remedy));
        }
    }
    if storage.bucket_and_prefix().is_none()
        && let Some(name) = storage.of_s3_alone()
    {
        let remedy = "set storage.url to s3://bucket/prefix, or take this away";
        return Err(settings.conflict(name, "is for S3, and storage.url is a directory", remedy));
    }
    match (&storage.access_key, &storage.secret_key) {
        (Some(_), None) => {
            Err(settings.conflict("storage.access_key", "is set alone", "set storage.secret_key as well"))
        }
        (None, Some(_)) => {
            Err(settings.conflict("storage.secret_key", "is set alone", "set storage.access_key as well"))
        }
        _ => Ok(()),
    }
}
