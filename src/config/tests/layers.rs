use std::time::Duration;

use tocsin_actors::domain::Timestamp;

use super::*;

#[test]
fn works_without_a_directory() {
    let config = Config::load(&Sources::default()).unwrap();
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.url.path(), Some(Path::new("./data/tocsin.db")));
    assert_eq!(config.mail.url.path(), Some(Path::new("./data/mail")));
    assert_eq!(config.auth.keys_dir, Path::new("./data/keys"));
    assert_eq!(config.auth.registration, Registration::Open);
    assert_eq!(config.auth.access, Duration::from_secs(600));
    assert_eq!(config.auth.refresh_idle, Duration::from_secs(14 * 86_400));
    assert_eq!(config.limits.body.bytes(), 16 << 20);
    assert_eq!(config.limits.frame.as_usize(), 65_536);
    assert_eq!(config.alerts.metric_interval, Duration::from_millis(100));
    assert_eq!(config.database.max_bytes(), None);
    assert_eq!(config.mail.ca_file, None);
    assert!(config.server.worker_count() > 0);
    let rules = &config.alerts.default_rules;
    let names: Vec<_> = rules.iter().map(|rule| rule.rule(Timestamp::MIN).unwrap().name).collect();
    assert_eq!(names, ["errors-last-minute"]);
}

#[test]
fn each_layer_is_above_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, queue: u32| {
        let path = dir.path().join(name);
        std::fs::write(&path, format!("[database]\nqueue = {queue}\n")).unwrap();
        path
    };
    let mut sources = Sources { config_dir: Some(dir.path().to_owned()), ..Sources::default() };
    let expect = |sources: &Sources, queue: usize, origin: &str| {
        let config = Config::load(sources).unwrap();
        assert_eq!(config.database.queue, queue);
        assert_eq!(config.settings().origin("database.queue").unwrap().to_string(), origin);
        // A layer that sets one key leaves its neighbours alone.
        assert_eq!(config.database.readers, 2);
    };
    expect(&sources, 1024, "default");
    let path = write("default.toml", 11);
    expect(&sources, 11, &path.display().to_string());
    let path = write("development.toml", 12);
    write("production.toml", 99);
    expect(&sources, 12, &path.display().to_string());
    sources.file = Some(write("mine.toml", 13));
    expect(&sources, 13, &dir.path().join("mine.toml").display().to_string());
    sources.environment = pairs(&[("TOCSIN__DATABASE__QUEUE", "14"), ("TOCSIN_API_KEY", "x"), ("PATH", "/bin")]);
    expect(&sources, 14, "environment variable TOCSIN__DATABASE__QUEUE");
    sources.sets = pairs(&[("database.queue", "15"), ("database.queue", "16")]);
    expect(&sources, 16, "--set");
}

#[test]
fn lists_are_replaced_not_joined() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("default.toml"), "[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n").unwrap();
    let mut sources = Sources { config_dir: Some(dir.path().to_owned()), ..Sources::default() };
    assert_eq!(Config::load(&sources).unwrap().server.trusted_proxies.len(), 2);
    for (text, count) in [("192.0.2.1", 1), ("192.0.2.1, 10.0.0.0/8 ,fd00::/8", 3), ("[\"192.0.2.1\"]", 1), ("", 0)] {
        sources.environment = pairs(&[("TOCSIN__SERVER__TRUSTED_PROXIES", text)]);
        assert_eq!(Config::load(&sources).unwrap().server.trusted_proxies.len(), count, "{text}");
    }
    sources.sets = pairs(&[("alerts.default_rules", "[]")]);
    assert!(Config::load(&sources).unwrap().alerts.default_rules.is_empty());
}

#[test]
fn defaults_follow_the_values_they_are_made_from() {
    let sets = pairs(&[("data_dir", "/srv/t"), ("server.bind", "0.0.0.0:9000")]);
    let config = Config::load(&Sources { sets, ..Sources::default() }).unwrap();
    assert_eq!(config.database.url.to_string(), "sqlite:///srv/t/tocsin.db");
    assert_eq!(config.auth.keys_dir, Path::new("/srv/t/keys"));
    let origin = config.settings().origin("auth.keys_dir").unwrap().to_string();
    assert_eq!(origin, "derived from data_dir");
    // A free port is known only once it is bound.
    assert_eq!(config.public_url("0.0.0.0:4711".parse().unwrap()).to_string(), "http://127.0.0.1:4711");
    let set = Config::load(&production(&[])).unwrap();
    assert_eq!(set.public_url("0.0.0.0:4711".parse().unwrap()).to_string(), "https://tocsin.example.com");
}

#[test]
fn production_is_strict_by_itself() {
    let config = Config::load(&production(&[])).unwrap();
    assert_eq!(config.auth.registration, Registration::Invite);
    assert_eq!(config.auth.password_min_length, 15);
    assert_eq!(config.log.format, LogFormat::Json);
    let loopback = production(&[("server.public_url", "http://127.0.0.1:8080")]);
    Config::load(&loopback).unwrap();
}

#[test]
fn a_test_has_its_own_directory_and_port() {
    let config = Config::for_test(Path::new("/tmp/x"), &[("limits.mailbox", "32")]).unwrap();
    assert_eq!((config.server.bind.port(), config.limits.mailbox), (0, 32));
    assert_eq!(config.database.url.path(), Some(Path::new("/tmp/x/tocsin.db")));
}

#[test]
fn print_shows_sources_and_no_secret() {
    let sources = production(&[]);
    assert!(!format!("{sources:?}").contains("hunter2"));
    let config = Config::load(&sources).unwrap();
    let text = config.settings().to_text();
    let json = config.settings().to_json();
    let debug = format!("{config:?}");
    for shown in [&text, &json.to_string(), &debug] {
        assert!(!shown.contains("hunter2") && !shown.contains("ann"), "{shown}");
        assert!(shown.contains("smtps://***@mail.example.com"), "{shown}");
    }
    let line = text.lines().find(|line| line.starts_with("mail.url ")).unwrap();
    assert!(line.ends_with("   # --set"), "{line}");
    assert_eq!(text.lines().count(), config.settings().keys().count());
    assert_eq!(json.pointer("/settings/limits.body_mib/value"), Some(&16.into()));
    assert_eq!(json.pointer("/settings/limits.body_mib/source"), Some(&"default".into()));
    assert_eq!(json.pointer("/profile"), Some(&"production".into()));
}
