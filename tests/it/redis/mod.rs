//! What servers share in Redis: the ports, races, and whole flows with one or several servers.

mod adapters;
mod away;
mod races;
mod sharing;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{PASSWORD, TestApp};

/// Signs the owner in once more.
async fn sign_in(app: &TestApp) -> Tokens {
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    let (status, answer) = app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    Tokens::of(&answer)
}

/// What a sign-in or a refresh gives.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn of(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }
}

async fn refresh(app: &TestApp, token: &str) -> (StatusCode, Value) {
    app.ask(Method::POST, "/api/v1/auth/refresh", Some(json!({"refresh_token": token}))).await
}

async fn me(app: &TestApp, token: &str) -> StatusCode {
    let request = app.http.get(format!("http://{}/api/v1/auth/me", app.addr)).bearer_auth(token);
    request.send().await.unwrap().status()
}
