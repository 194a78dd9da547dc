//! The command line as a shell sees it: what is written where, and the exit code.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

/// Runs the binary with nothing of this process's environment, in an empty directory.
fn tocsin(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    command.args(arguments).env_clear().envs(environment.iter().copied()).current_dir(dir.path());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn help_and_version_succeed() {
    for arguments in [&["--help"][..], &["--version"], &["config", "--help"], &["serve", "--help"], &["help", "config"]]
    {
        let output = tocsin(arguments, &[]);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn bad_usage_ends_with_two() {
    for arguments in [
        &["--no-such-option"][..],
        &["no-such-command"],
        &["config"],
        &["config", "print", "--format", "xml"],
        &["--set", "server.bind", "config", "check"],
        &["--profile", "holiday", "config", "check"],
    ] {
        assert_eq!(tocsin(arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_bad_configuration_ends_with_one_and_one_line() {
    let empty_dir = tempfile::tempdir().unwrap();
    let no_dir = empty_dir.path().join("none").display().to_string();
    for (arguments, environment, start) in [
        (&["config", "check", "--set", "server.bnd=1"][..], &[][..], "tocsin: configuration: server.bnd: unknown key"),
        (&["--set", "log.queue=0"], &[], "tocsin: configuration: log.queue: 0 is not"),
        (&["config", "print"], &[("TOCSIN__LOG__LEVEL", "loud")], "tocsin: configuration: log.level: \"loud\""),
        (
            &["config", "check"],
            &[("TOCSIN_PROFILE", "production")],
            "tocsin: configuration: server.public_url: not set",
        ),
        (&["--config", "none.toml", "serve"], &[], "tocsin: configuration: none.toml: cannot be read"),
        (&["config", "check"], &[("TOCSIN_CONFIG_DIR", no_dir.as_str())], "tocsin: TOCSIN_CONFIG_DIR: "),
    ] {
        let output = tocsin(arguments, environment);
        let line = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(line.starts_with(start), "{line}");
        assert_eq!((line.matches('\n').count(), text(&output.stdout)), (1, ""), "{line}");
    }
}

#[test]
fn check_and_print_say_what_holds() {
    let output = tocsin(&["config", "check"], &[("TOCSIN_API_KEY", "tcs_x"), ("TOCSIN_URL", "http://127.0.0.1:1")]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "configuration ok (profile development)\n"));

    let environment = [("TOCSIN__MAIL__URL", "smtp://ann:hunter2@mail.example.com"), ("TOCSIN_PROFILE", "test")];
    let arguments = ["--set", "server.workers=3", "config", "print", "--set", "log.queue=99"];
    let output = tocsin(&arguments, &environment);
    let printed = text(&output.stdout);
    for (start, end) in [
        ("server.workers = 3 ", "# --set"),
        ("log.queue = 99 ", "# --set"),
        ("mail.url = \"smtp://***@mail.example.com\" ", "# environment variable TOCSIN__MAIL__URL"),
        ("server.bind = \"127.0.0.1:0\" ", "# default"),
    ] {
        assert!(printed.lines().any(|line| line.starts_with(start) && line.ends_with(end)), "{start} in {printed}");
    }

    let output = tocsin(&["config", "print", "--format", "json"], &environment);
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed.pointer("/profile"), Some(&"test".into()));
    assert!(!text(&output.stdout).contains("hunter2"));
}
