//! The shipped files and the documentation say what the descriptions say.

use super::*;

/// `default.toml` with its commented-out settings in force.
fn uncommented() -> String {
    let text = std::fs::read_to_string(shipped().join("default.toml")).unwrap();
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.split_once(" = ").is_some_and(|(name, _)| is_name(name)) => rest,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn default_toml_shows_every_key_with_its_default() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("all.toml");
    std::fs::write(&path, uncommented()).unwrap();
    // What is for S3 is refused beside the directory that the file shows.
    let bucket = [("storage.url", "s3://files")];
    assert!(uncommented().contains("url = \"file://./data/exports\""));
    let file = Config::load(&Sources { file: Some(path), sets: pairs(&bucket), ..Sources::default() }).unwrap();
    let built_in = Config::load(&Sources { sets: pairs(&bucket), ..Sources::default() }).unwrap();
    for key in built_in.settings.keys() {
        assert!(file.settings.is_given(key.name), "config/default.toml does not mention {}", key.name);
        let shown = setting::shown(key, &file.settings.get(key.name).unwrap().kind);
        let expected = if key.required_in_production || key.derived.is_some() {
            built_in.settings.get(key.name).map(|setting| setting::shown(key, &setting.kind))
        } else {
            let default = key.default_in(Profile::Production);
            default.map(|text| setting::shown(key, &layer::from_text(key, text, "").unwrap().kind))
        };
        // A key without a default is shown with an example.
        assert!(expected.as_ref().is_none_or(|expected| *expected == shown), "{}: {shown}, not {expected:?}", key.name);
    }
}

#[test]
fn the_shipped_files_and_the_built_in_defaults_agree_in_every_profile() {
    for profile in Profile::ALL {
        let built_in = Sources { profile, sets: pairs(&PRODUCTION), ..Sources::default() };
        let shipped = Sources { config_dir: Some(shipped()), ..built_in.clone() };
        let (built_in, shipped) = (Config::load(&built_in).unwrap(), Config::load(&shipped).unwrap());
        for key in built_in.settings.keys() {
            let value =
                |config: &Config| config.settings.get(key.name).map(|setting| setting::shown(key, &setting.kind));
            assert_eq!(value(&shipped), value(&built_in), "{} in {profile}", key.name);
        }
    }
}

#[test]
fn the_documentation_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let expected = documentation();
    let difference = page.lines().zip(expected.lines()).enumerate().find(|(_, (there, wanted))| there != wanted);
    assert!(
        page == expected,
        "docs/configuration.md is stale, first at {difference:?}; run `tocsin config docs > docs/configuration.md`"
    );
}

#[test]
fn every_default_is_allowed_by_its_own_description() {
    for key in SECTIONS.iter().flat_map(|section| section.keys) {
        assert!(!key.doc.trim().is_empty(), "{}", key.name);
        assert!(SECTIONS.iter().any(|section| section.name == key.section()), "{}", key.name);
        for profile in Profile::ALL {
            if let Some(text) = key.default_in(profile) {
                let value = layer::from_text(key, text, "").unwrap();
                assert_eq!((key.check)(&value.kind, key), Ok(()), "{} in {profile}", key.name);
            }
        }
    }
}
