use super::*;

fn storage(sets: &[(&str, &str)]) -> Result<Storage, String> {
    let sources = Sources { sets: pairs(sets), ..Sources::default() };
    Config::load(&sources).map(|config| config.storage).map_err(|error| error.to_string())
}

#[test]
fn a_directory_inside_the_data_is_the_default() {
    let storage = storage(&[("data_dir", "/srv/tocsin")]).unwrap();
    assert_eq!(storage.url.path(), Some(Path::new("/srv/tocsin/exports")));
    assert_eq!(storage.bucket_and_prefix(), None);
}

#[test]
fn a_bucket_has_a_prefix_of_its_own() {
    for (url, bucket, prefix) in [
        ("s3://files", "files", "tocsin"),
        ("s3://files/", "files", "tocsin"),
        ("S3://my.files-1/a/b_c/", "my.files-1", "a/b_c"),
    ] {
        assert_eq!(storage(&[("storage.url", url)]).unwrap().bucket_and_prefix(), Some((bucket, prefix)), "{url}");
    }
}

#[test]
fn a_place_that_cannot_be_used_is_refused_with_a_sentence() {
    for (url, problem) in [
        ("ftp://files", "is not a URL, file://…, s3://…"),
        ("/srv/files", "there is no `://` in it"),
        ("s3://ab", "does not name a bucket"),
        ("s3://user:hunter2@files/x", "does not name a bucket"),
        ("s3://files:9000/x", "does not name a bucket"),
        ("s3://files?region=x", "does not name a bucket"),
        ("s3://files/a b", "has a prefix"),
        ("s3://files/a//b", "has a prefix"),
        ("s3://files/../b", "has a prefix"),
    ] {
        let line = storage(&[("storage.url", url)]).unwrap_err();
        assert!(line.starts_with("storage.url: ") && line.contains(problem), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
}

#[test]
fn keys_come_in_pairs_and_stay_out_of_addresses() {
    let s3 = ("storage.url", "s3://files");
    for (sets, expected) in [
        (&[s3, ("storage.access_key", "AKIAEXAMPLE")][..], "storage.access_key: "),
        (&[s3, ("storage.secret_key", "hunter2")], "storage.secret_key: "),
        (&[s3, ("storage.endpoint", "ftp://minio")], "storage.endpoint: "),
        (&[s3, ("storage.endpoint", "https://u:hunter2@minio")], "storage.endpoint: "),
        (&[s3, ("storage.public_base_url", "https://cdn/?x=1")], "storage.public_base_url: "),
        (&[s3, ("storage.region", "no where")], "storage.region: "),
        (&[s3, ("storage.path_style", "perhaps")], "storage.path_style: "),
    ] {
        let line = storage(sets).unwrap_err();
        assert!(line.starts_with(expected), "{line}");
        assert!(!line.contains("hunter2") && !line.contains("AKIAEXAMPLE"), "{line}");
    }
    for (name, value) in [("storage.endpoint", "https://minio"), ("storage.access_key", "AKIAEXAMPLE")] {
        let line = storage(&[(name, value)]).unwrap_err();
        assert!(line.starts_with(name) && line.contains("storage.url is a directory"), "{line}");
    }
    let keys = [s3, ("storage.access_key", "AKIAEXAMPLE"), ("storage.secret_key", "hunter2")];
    let both = storage(&keys).unwrap();
    assert_eq!(both.secret_key.as_ref().map(Secret::expose), Some("hunter2"));
    assert!(!format!("{both:?}").contains("hunter2"));
}
