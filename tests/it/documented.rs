//! What the pages about accounts say is what the API's description says, and the description knows every error.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::json;
use tocsin_actors::domain::AuditEvent;

use super::house::sources;
use super::support::described::{OPERATIONS, Operation, TEXT, is_slug, is_told, slugs};

/// Operations with these tags are about accounts.
const TAGS: [&str; 3] = ["auth", "second factor", "users"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages_in(folder: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let pages = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The pages about accounts, by their names.
fn pages() -> Vec<(String, String)> {
    let entry = (root().join("docs/auth.md"), fs::read_to_string(root().join("docs/auth.md")).unwrap());
    let pages = pages_in("docs/auth").into_iter().chain([entry]);
    pages.map(|(path, text)| (path.file_name().unwrap().to_string_lossy().into_owned(), text)).collect()
}

fn page(name: &str) -> String {
    pages().into_iter().find(|(found, _)| found == name).unwrap_or_else(|| panic!("no {name}")).1
}

/// The rows of the table whose head begins with this cell.
fn rows(text: &str, head: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut lines = text.lines().skip_while(|line| !line.starts_with(&format!("| {head} |")));
    lines.next().unwrap_or_else(|| panic!("no table of {head}"));
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// The requests of the lines that call curl: method and path.
fn requests(text: &str) -> Vec<(Method, String)> {
    let mut found = Vec::new();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().replace("\\\n", " "));
    for line in blocks.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()) {
        let Some(arguments) = line.strip_prefix("curl ") else { continue };
        let named = arguments.split("-X ").nth(1).map(|rest| rest.split(' ').next().unwrap());
        let implied = if arguments.contains("--json") { "POST" } else { "GET" };
        let method = named.unwrap_or(implied).parse().unwrap();
        let path = arguments.split("$TOCSIN").nth(1).unwrap_or_else(|| panic!("not at $TOCSIN: {line}"));
        found.push((method, path.split(['"', '?']).next().unwrap().to_owned()));
    }
    found
}

#[test]
fn every_route_has_a_line_of_curl_and_every_line_a_route() {
    let mut shown = BTreeSet::new();
    for (name, text) in pages() {
        for (method, path) in requests(&text) {
            let operation = Operation::of(&method, &path).unwrap_or_else(|| panic!("{name}: {method} {path}"));
            shown.insert((operation.method.to_string(), operation.path.clone()));
        }
    }
    let routes: Vec<_> = OPERATIONS.iter().filter(|operation| TAGS.contains(&operation.tag.as_str())).collect();
    assert!(routes.len() >= 38, "{}", routes.len());
    for Operation { method, path, .. } in routes {
        assert!(shown.contains(&(method.to_string(), path.clone())), "no page shows {method} {path} with curl");
    }
}

#[test]
fn every_answer_that_is_shown_has_a_status_that_is_described() {
    let mut seen = 0;
    for (name, text) in pages() {
        for block in text.split("```sh\n").skip(1) {
            let Some((method, path)) = requests(&format!("```sh\n{block}")).pop() else { continue };
            let answer = block.split("```http\nHTTP/1.1 ").nth(1).unwrap_or_else(|| panic!("{name}: {method} {path}"));
            let status = &answer[..3];
            let operation = Operation::of(&method, &path).unwrap();
            assert!(!operation.says(status).is_empty(), "{name}: {method} {path} answers {status}?");
            if let Some(code) = answer.split("```").next().unwrap().split("\"code\": \"").nth(1) {
                let body = json!({"code": code.split('"').next().unwrap()});
                assert!(is_told(&method, &path, status.parse().unwrap(), &body), "{name}: {method} {path} {body}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn the_table_of_errors_is_that_of_the_description() {
    let table = rows(&page("errors.md"), "status");
    let table: BTreeSet<(String, String)> =
        table.into_iter().map(|row| (row[0].clone(), row[1].trim_matches('`').to_owned())).collect();
    assert!(table.len() > 35);
    let of_accounts: BTreeSet<(String, String)> = OPERATIONS
        .iter()
        .filter(|operation| TAGS.contains(&operation.tag.as_str()))
        .flat_map(Operation::errors)
        .collect();
    assert_eq!(of_accounts.difference(&table).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not in the table");
    let anywhere = serde_json::from_str::<serde_json::Value>(TEXT).unwrap()["info"]["description"].to_string();
    let everywhere: BTreeSet<(String, String)> = OPERATIONS.iter().flat_map(Operation::errors).collect();
    for (status, code) in &table {
        let told =
            everywhere.contains(&(status.clone(), code.clone())) || anywhere.contains(&format!("`{code}` ({status})"));
        assert!(told, "the description has no {status} {code}");
    }
}

#[test]
fn what_a_provider_sends_back_with_is_told_alike() {
    let callback = Operation::of(&Method::GET, "/api/v1/auth/oauth/x/callback").unwrap();
    let told: BTreeSet<String> = slugs(callback.says("302")).into_iter().map(str::to_owned).collect();
    let table = rows(&page("providers.md"), "`oauth_error`");
    let mut table: BTreeSet<String> = table.into_iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    table.insert("return_to".into());
    assert_eq!(table, told);
}

#[test]
fn events_and_settings_are_those_there_are() {
    let text = page("administration.md");
    let events: Vec<String> = rows(&text, "about")
        .iter()
        .flat_map(|row| slugs(&row[1]).into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for event in &events {
        assert!(AuditEvent::parse(event).is_ok(), "{event}");
    }
    let known = include_str!("../../actors/src/domain/audit.rs").matches(" => \"").count();
    assert!(events.len() == known && known > 20, "{} of {known} events are told", events.len());

    let written = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let keys = |text: &str| -> BTreeSet<String> {
        text.split('`').skip(1).step_by(2).filter(|word| word.contains('.')).map(str::to_owned).collect()
    };
    let told: BTreeSet<String> = rows(&text, "setting").iter().flat_map(|row| keys(&row[0])).collect();
    let headings: String = written.lines().filter(|line| line.starts_with("### ")).collect();
    let known = keys(&headings);
    assert!(told.is_subset(&known), "{:?}", told.difference(&known).collect::<Vec<_>>());
    let known: BTreeSet<String> =
        known.into_iter().filter(|key| key.starts_with("auth.") || key.starts_with("oauth.")).collect();
    assert!(known.is_subset(&told), "{:?}", known.difference(&told).collect::<Vec<_>>());
}

/// A heading as a link names it.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    words.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut seen = 0;
    let pages = ["docs", "docs/auth", "docs/decisions", ""].into_iter().flat_map(pages_in);
    for (path, text) in pages {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(file.exists(), "{}: {link}", path.display());
            if !heading.is_empty() {
                let there = fs::read_to_string(&file).unwrap();
                let found = there.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
                assert!(found, "{}: {link}", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

/// Codes as the sources have them: behind a status, as a conflict that a port tells of, or in a table by status.
fn codes_of(path: &str, text: &str) -> Vec<String> {
    let mut ends = vec!["bad_request(", "new(status,", "Conflict("];
    if path.ends_with("problem.rs") {
        ends.extend(["=>(", "=>{("]);
    }
    let code = text.split("#[cfg(test)]").next().unwrap();
    let code = code.lines().map(|line| line.split("//").next().unwrap()).collect::<String>();
    let dense: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    let mut before = String::new();
    for (n, part) in dense.split('"').enumerate() {
        let is_status = before.trim_end_matches(',').trim_end_matches(|c: char| c.is_ascii_uppercase() || c == '_');
        let introduced = is_status.ends_with("StatusCode::") && before.ends_with(',')
            || ends.iter().any(|end| before.ends_with(end));
        if n % 2 == 1 && is_slug(part) && introduced {
            found.push(part.to_owned());
        }
        before = part.to_owned();
    }
    found
}

#[test]
fn every_code_in_the_sources_is_described() {
    // These never leave the server: the incident is there already; the sign-in says registration_closed.
    const INSIDE: [&str; 2] = ["incident_exists", "invitation_gone"];
    let mut found = BTreeSet::new();
    for folder in ["src/http", "src/app", "src/adapters/sqlite", "src/adapters/redis", "actors/src"] {
        for (path, text) in sources(folder) {
            if !path.contains("tests") {
                found.extend(codes_of(&path, &text));
            }
        }
    }
    for known in
        ["invalid_credentials", "own_account", "bad_request", "invalid_body", "last_sign_in", "busy", "not_found"]
    {
        assert!(found.contains(known), "{known} is not seen any more: {found:?}");
    }
    assert!(found.len() >= 50, "{}", found.len());
    found.retain(|code| !INSIDE.contains(&code.as_str()));
    let untold: Vec<_> = found.iter().filter(|code| !TEXT.contains(&format!("`{code}`"))).collect();
    assert_eq!(untold, Vec::<&String>::new(), "docs/openapi.json does not name them");
}

/// What [`super::support::described::look_at`] does to every answer is only worth something if it can fail.
#[test]
fn an_error_that_is_not_described_is_noticed() {
    let login = |status, code: &str| is_told(&Method::POST, "/api/v1/auth/login", status, &json!({"code": code}));
    assert!(login(401, "invalid_credentials") && login(200, "anything") && login(500, "internal_error"));
    assert!(!login(401, "made_up") && !login(403, "invalid_credentials") && !login(418, "teapot"));
    let id = "/api/v1/users/0199d0a0-0000-7000-8000-000000000000?x=1";
    assert!(is_told(&Method::PATCH, id, 409, &json!({"code": "own_account"})));
    assert!(!is_told(&Method::GET, id, 409, &json!({"code": "own_account"})));
    assert!(!is_told(&Method::HEAD, id, 409, &json!({"code": "own_account"})));
}
