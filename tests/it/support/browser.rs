//! As much of a browser as signing in needs: it keeps cookies and follows nobody by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{described, soon};

/// One browser with its cookies.
pub(crate) struct Browser {
    addr: SocketAddr,
    http: reqwest::Client,
    pub(crate) cookies: BTreeMap<String, String>,
    /// The attributes of the cookies that came with the last answer.
    pub(crate) last: Vec<String>,
}

impl Browser {
    pub(crate) fn new(addr: SocketAddr) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { addr, http, cookies: BTreeMap::new(), last: Vec::new() }
    }

    async fn send(&mut self, request: RequestBuilder) -> (u16, String, Value) {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = soon("an answer", request.header("cookie", cookies.join("; ")).send()).await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get(LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
        self.last = response.headers().get_all(SET_COOKIE).iter().map(|v| v.to_str().unwrap().to_owned()).collect();
        for line in &self.last {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        (status, location, response.json().await.unwrap_or_default())
    }

    /// Goes to a page; the status, and where that leads.
    pub(crate) async fn get(&mut self, path: &str) -> (u16, String) {
        let request = self.http.get(format!("http://{}{path}", self.addr));
        let (status, location, _) = self.send(request).await;
        (status, location)
    }

    /// A page's own script asks.
    pub(crate) async fn ask(&mut self, method: Method, path: &str, token: &str, body: Value) -> (u16, Value) {
        let mut request = self.http.request(method.clone(), format!("http://{}{path}", self.addr)).json(&body);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        let (status, _, answer) = self.send(request).await;
        described::look_at(&method, path, status, &answer);
        (status, answer)
    }

    /// The session behind the refresh cookie, as the page asks for it when it is loaded.
    pub(crate) async fn session(&mut self) -> Option<Value> {
        let (status, session) = self.ask(Method::POST, "/api/v1/auth/refresh", "", json!({})).await;
        (status == 200).then_some(session)
    }
}
