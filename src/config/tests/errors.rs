use super::*;

/// The one line that a configuration is refused with.
fn refusal(sources: &Sources) -> String {
    match Config::load(sources) {
        Ok(_) => panic!("accepted: {sources:?}"),
        Err(error) => {
            let line = error.to_string();
            assert!(!line.contains(char::is_control), "{line:?}");
            line
        }
    }
}

fn refusal_of_set(name: &str, value: &str) -> String {
    refusal(&Sources { sets: pairs(&[(name, value)]), ..Sources::default() })
}

fn refusal_of_file(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    std::fs::write(&path, text).unwrap();
    let shown = path.display().to_string();
    refusal(&Sources { file: Some(path), ..Sources::default() }).replace(&shown, "mine.toml")
}

#[test]
fn a_value_that_cannot_be_used_is_named_with_its_source_and_a_remedy() {
    for (name, value, parts) in [
        ("server.bind", "localhost", ["\"localhost\" is not an IP address and a port", "give an IP address"]),
        ("server.workers", "four", ["\"four\" is not a whole number", "from 0 to 1024"]),
        ("server.workers", "-1", ["-1 is not", "from 0 to 1024"]),
        ("server.shutdown_seconds", "3600", ["3600 is not", "from 1 to 28 seconds"]),
        ("auth.registration", "maybe", ["\"maybe\" is not", "one of open, invite, closed"]),
        ("server.trusted_proxies", "10.0.0.0/8,proxy", ["\"proxy\" is not", "addresses or networks"]),
        ("server.allowed_origins", "https://a.example/x", ["a path does not belong here", "give a list of origins"]),
        ("database.url", "postgres://u:hunter2@h/d", ["\"postgres://***@h/d\" is not", "sqlite://…"]),
        ("mail.url", "http://mail", ["\"http://mail\" is not", "smtp://…"]),
        ("mail.from", "nobody", ["\"nobody\" is not an address", "give an address like"]),
        ("log.level", "loud", ["\"loud\" is not", "info,actix_server=warn"]),
        ("data_dir", "", ["is empty", "give the path of a directory"]),
        ("alerts.default_rules", "nonsense", ["is not a list of rules", "give a list of rules"]),
    ] {
        let line = refusal_of_set(name, value);
        assert!(line.starts_with(&format!("{name}: ")), "{line}");
        assert!(line.contains(" (from --set); "), "{line}");
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
        let variable = format!("TOCSIN__{}", name.replace('.', "__").to_uppercase());
        let environment = pairs(&[(&variable, value)]);
        let line = refusal(&Sources { environment, ..Sources::default() });
        assert!(line.contains(&format!("(from environment variable {variable})")), "{line}");
    }
}

#[test]
fn an_unknown_key_is_named_wherever_it_stands() {
    assert_eq!(refusal_of_set("server.bnd", "x"), "server.bnd: unknown key (from --set); did you mean server.bind?");
    assert_eq!(
        refusal_of_file("[limits]\nbody_mb = 1\n"),
        "limits.body_mb: unknown key (from mine.toml); did you mean limits.body_mib?"
    );
    let line = refusal_of_file("[surprise]\nparty = true\n");
    assert!(line.starts_with("surprise: unknown key (from mine.toml); remove it"), "{line}");
    let environment = pairs(&[("TOCSIN__SERVER__BIND__PORT", "1")]);
    let line = refusal(&Sources { environment, ..Sources::default() });
    assert!(line.starts_with("server.bind.port: unknown key (from environment variable TOCSIN__SERVER__BIND__PORT)"));
    let line = refusal_of_set("server", "x");
    assert!(line.starts_with("server: unknown key (from --set)"), "{line}");
}

#[test]
fn a_file_has_the_right_types() {
    for (text, expected) in [
        ("server = 5", "server: is a section, not a value (from mine.toml); write the table [server]"),
        ("[server]\nworkers = \"4\"", "server.workers: \"4\" is not a whole number from 0 to 1024 (from mine.toml); "),
        ("[server]\nworkers = 1.5", "server.workers: 1.5 is not a whole number"),
        ("[server]\nbind = 8080", "server.bind: 8080 is not an IP address and a port"),
        ("[server]\ntrusted_proxies = \"::1\"", "server.trusted_proxies: \"::1\" is not a list"),
        ("[server]\ntrusted_proxies = [1]", "server.trusted_proxies: 1 is not a list"),
        ("[server.bind]\nport = 1", "server.bind: { port = 1 } is not"),
        ("[mail]\nurl = [\"smtp://u:hunter2@h\"]", "mail.url: a value of another type is not a URL"),
        ("[server]\nbind = \"x\\u001b\\n\"", "server.bind: \"x\\"),
        ("[server\n", "mine.toml: line 1 is not TOML: "),
        ("[server]\nworkers = 1\nworkers = 2\n", "mine.toml: line 3 is not TOML: duplicate key"),
    ] {
        let line = refusal_of_file(text);
        assert!(line.starts_with(expected), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
    let missing = Sources { file: Some("no/such.toml".into()), ..Sources::default() };
    assert!(refusal(&missing).starts_with("no/such.toml: cannot be read: "));
}

#[test]
fn a_rule_is_checked_field_by_field() {
    let rule = |fields: &str| {
        let usual = "name = 'n'\ntype = 'error'\nmeasure = { kind = 'count' }\nwindow_seconds = 60\n\
            comparison = '>'\nthreshold = 50\n";
        let changed: Vec<_> = fields.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
        let kept = usual.lines().filter(|line| !changed.iter().any(|name| line.starts_with(&format!("{name} ="))));
        format!("[[alerts.default_rules]]\n{}\n{fields}\n", kept.collect::<Vec<_>>().join("\n"))
    };
    for (fields, problem) in [
        ("name = \"\"", "name must have 1 to 100 characters"),
        ("type = \"a b\"", "type must be 1 to 64 characters"),
        ("window_seconds = 0", "window_seconds must be from 1 to 3600"),
        ("window_seconds = \"60\"", "invalid type: string \"60\""),
        ("threshold = nan", "threshold"),
        ("threshold = \"many\"", "invalid type"),
        ("comparison = \"=\"", "comparison must be one of > >= < <="),
        ("measure = { kind = \"median\" }", "measure.kind must be one of count sum avg min max p95"),
        ("colour = \"red\"", "unknown field `colour`"),
        ("notify = { emails = [\"nobody\"] }", "notify.emails.0 must be an address, or @admins"),
    ] {
        let line = refusal_of_file(&rule(fields));
        assert!(line.starts_with("alerts.default_rules: rule 1: "), "{line}");
        assert!(line.contains(problem) && line.contains("(from mine.toml); give a list of rules"), "{line}");
    }
    let line = refusal_of_file(&rule("threshold = 1").repeat(2));
    assert!(line.contains("rule 2: the name \"n\" is taken"), "{line}");
}

#[test]
fn production_names_what_it_needs() {
    let without = |name: &str| {
        let sets = pairs(&PRODUCTION).into_iter().filter(|(key, _)| key != name).collect();
        // With the shipped files as well: none of them may count as somebody's decision.
        Sources { profile: Profile::Production, config_dir: Some(shipped()), sets, ..Sources::default() }
    };
    for (name, parts) in [
        ("server.public_url", ["server.public_url: not set", "TOCSIN__SERVER__PUBLIC_URL"]),
        ("mail.url", ["mail.url: not set", "in a file as [mail] url"]),
        ("mail.from", ["mail.from: not set", "--set mail.from=…"]),
        ("data_dir", ["auth.keys_dir: not set", "TOCSIN__DATA_DIR"]),
    ] {
        let line = refusal(&without(name));
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    let keys_only = without("data_dir");
    let sets = [keys_only.sets.clone(), pairs(&[("auth.keys_dir", "/etc/tocsin/keys")])].concat();
    Config::load(&Sources { sets, ..keys_only }).unwrap();
    let nothing = refusal(&Sources { profile: Profile::Production, ..Sources::default() });
    assert!(nothing.contains("(also missing: mail.url, mail.from)"), "{nothing}");
}

#[test]
fn values_must_go_together() {
    for (set, expected) in [
        (("server.public_url", "http://a.example"), "server.public_url: \"http://a.example\" is plain http"),
        (("limits.body_mib", "65"), "limits.body_mib: 65 is more than"),
        (("auth.refresh_idle_days", "100"), "auth.refresh_idle_days: 100 is longer than"),
        (("mail.retry_max_seconds", "1"), "mail.retry_initial_seconds: 5 is longer than"),
    ] {
        let line = refusal(&production(&[set]));
        assert!(line.starts_with(expected), "{line}");
    }
}
