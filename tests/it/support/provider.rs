//! A provider of sign-ins on this machine: OpenID Connect and GitHub's API, and it can misbehave.

mod keys;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use tocsin_actors::domain::Timestamp;
use url::Url;

pub(crate) const CLIENT: &str = "tocsin-test";
pub(crate) const SECRET: &str = "a secret of the client";

/// How it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    /// Signs with this instead of Ed25519.
    Rs256,
    Es256,
    WrongNonce,
    NoNonce,
    WrongIssuer,
    WrongAudience,
    Expired,
    BadSignature,
    AlgNone,
    /// Signs with the public key as the secret of an HMAC.
    Hs256,
    UnknownKey,
    NoIdToken,
    RedirectsToken,
    HugeToken,
    HugeKeys,
}

/// Somebody who has an account there.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) subject: u64,
    pub(crate) email: &'static str,
    pub(crate) verified: bool,
}

struct Grant {
    person: Person,
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
    now: Timestamp,
}

struct Inner {
    mood: Mood,
    announces_issuer: bool,
    in_userinfo_only: bool,
    grants: HashMap<String, Grant>,
    signed_in: HashMap<String, Person>,
    asked: BTreeMap<&'static str, u32>,
    codes: u32,
}

/// A running provider.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    inner: Arc<Mutex<Inner>>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(Inner {
            mood: Mood::Good,
            announces_issuer: false,
            in_userinfo_only: false,
            grants: HashMap::new(),
            signed_in: HashMap::new(),
            asked: BTreeMap::new(),
            codes: 0,
        }));
        let provider = Self { issuer, inner };
        let data = web::Data::new(provider.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(jwks))
                .route("/token", web::post().to(token))
                .route("/userinfo", web::get().to(userinfo))
                .route("/login/oauth/access_token", web::post().to(github_token))
                .route("/api/v3/user", web::get().to(github_user))
                .route("/api/v3/user/emails", web::get().to(github_emails))
        });
        actix_rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        provider
    }

    /// Its entry in `oauth.providers`.
    pub(crate) fn entry(&self, id: &str, kind: &str) -> String {
        let place = if kind == "github" { "base_url" } else { "issuer" };
        format!(
            "{{ id = '{id}', kind = '{kind}', client_id = '{CLIENT}', client_secret = '{SECRET}', {place} = '{}' }}",
            self.issuer
        )
    }

    pub(crate) fn mood(&self, mood: Mood) {
        self.inner.lock().unwrap().mood = mood;
    }

    pub(crate) fn announces_issuer(&self) {
        self.inner.lock().unwrap().announces_issuer = true;
    }

    pub(crate) fn has_addresses_in_userinfo_only(&self) {
        self.inner.lock().unwrap().in_userinfo_only = true;
    }

    /// How often this was asked for.
    pub(crate) fn asked(&self, what: &str) -> u32 {
        self.inner.lock().unwrap().asked.get(what).copied().unwrap_or_default()
    }

    /// Somebody says yes at the page that `url` leads to: state and code that go back.
    pub(crate) fn consent(&self, url: &Url, person: &Person, now: Timestamp) -> (String, String) {
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!((&*query["response_type"], &*query["client_id"]), ("code", CLIENT), "{url}");
        assert_eq!(query["code_challenge_method"], "S256");
        let mut inner = self.inner.lock().unwrap();
        inner.codes += 1;
        let code = format!("code-{}", inner.codes);
        let grant = Grant {
            person: person.clone(),
            nonce: query.get("nonce").cloned(),
            challenge: query["code_challenge"].clone(),
            redirect_uri: query["redirect_uri"].clone(),
            now,
        };
        inner.grants.insert(code.clone(), grant);
        (query["state"].clone(), code)
    }

    fn count(&self, what: &'static str) -> Mood {
        let mut inner = self.inner.lock().unwrap();
        *inner.asked.entry(what).or_default() += 1;
        inner.mood
    }

    /// Takes a code, once, from whoever knows its verifier.
    fn redeem(&self, form: &HashMap<String, String>) -> Option<Grant> {
        let grant = self.inner.lock().unwrap().grants.remove(form.get("code")?)?;
        let digest = digest::digest(&digest::SHA256, form.get("code_verifier")?.as_bytes());
        let right = B64.encode(digest) == grant.challenge && *form.get("redirect_uri")? == grant.redirect_uri;
        right.then_some(grant)
    }

    fn access_token(&self, person: &Person) -> String {
        let token = format!("access-{}", person.subject);
        self.inner.lock().unwrap().signed_in.insert(token.clone(), person.clone());
        token
    }

    fn bearer(&self, request: &HttpRequest) -> Option<Person> {
        let header = request.headers().get("authorization")?.to_str().ok()?;
        self.inner.lock().unwrap().signed_in.get(header.strip_prefix("Bearer ")?).cloned()
    }

    fn id_token(&self, grant: &Grant, mood: Mood) -> String {
        let second = grant.now.as_millis() / 1_000;
        let mut claims = json!({
            "iss": self.issuer, "sub": grant.person.subject.to_string(), "aud": CLIENT, "iat": second, "exp": second + 300,
            "nonce": grant.nonce, "name": "Grace",
        });
        if !self.inner.lock().unwrap().in_userinfo_only {
            claims["email"] = json!(grant.person.email);
            claims["email_verified"] = json!(grant.person.verified);
        }
        match mood {
            Mood::WrongNonce => claims["nonce"] = json!("another"),
            Mood::NoNonce => claims["nonce"] = Value::Null,
            Mood::WrongIssuer => claims["iss"] = json!("https://evil.example.org"),
            Mood::WrongAudience => claims["aud"] = json!("another client"),
            Mood::Expired => claims["exp"] = json!(second - 3_600),
            _ => {}
        }
        keys::sign(&claims, mood)
    }
}

async fn discovery(me: web::Data<Provider>) -> HttpResponse {
    me.count("discovery");
    let announces = me.inner.lock().unwrap().announces_issuer;
    let at = |path: &str| format!("{}{path}", me.issuer);
    HttpResponse::Ok().json(json!({
        "issuer": me.issuer, "authorization_endpoint": at("/authorize?ui=small"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/userinfo"),
        "authorization_response_iss_parameter_supported": announces,
    }))
}

async fn jwks(me: web::Data<Provider>) -> HttpResponse {
    if me.count("jwks") == Mood::HugeKeys {
        return HttpResponse::Ok().json(json!({"keys": vec!["x".repeat(1_000); 2_000]}));
    }
    HttpResponse::Ok().json(keys::published())
}

async fn token(
    me: web::Data<Provider>,
    request: HttpRequest,
    form: web::Form<HashMap<String, String>>,
) -> HttpResponse {
    let mood = me.count("token");
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    // RFC 6749, section 2.3.1: both are form-encoded first.
    let expected = BASE64_STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "+")));
    if header != format!("Basic {expected}") {
        return HttpResponse::Unauthorized().json(json!({"error": "invalid_client"}));
    }
    if mood == Mood::RedirectsToken {
        let elsewhere = format!("{}/token", me.issuer);
        return HttpResponse::TemporaryRedirect().insert_header(("location", elsewhere)).finish();
    }
    let Some(grant) = me.redeem(&form) else {
        return HttpResponse::BadRequest().json(json!({"error": "invalid_grant"}));
    };
    let mut answer = json!({"access_token": me.access_token(&grant.person), "token_type": "Bearer", "expires_in": 60});
    match mood {
        Mood::NoIdToken => {}
        Mood::HugeToken => answer["id_token"] = json!("x".repeat(1_000_000)),
        _ => answer["id_token"] = json!(me.id_token(&grant, mood)),
    }
    HttpResponse::Ok().json(answer)
}

async fn userinfo(me: web::Data<Provider>, request: HttpRequest) -> HttpResponse {
    me.count("userinfo");
    me.bearer(&request).map_or_else(
        || HttpResponse::Unauthorized().finish(),
        |person| {
            let subject = person.subject.to_string();
            HttpResponse::Ok().json(json!({"sub": subject, "email": person.email, "email_verified": person.verified}))
        },
    )
}

async fn github_token(me: web::Data<Provider>, form: web::Form<HashMap<String, String>>) -> HttpResponse {
    let ours = (form.get("client_id").map(String::as_str), form.get("client_secret").map(String::as_str));
    // As GitHub does, errors come with 200.
    match me.redeem(&form) {
        Some(grant) if ours == (Some(CLIENT), Some(SECRET)) => {
            let token = me.access_token(&grant.person);
            HttpResponse::Ok().json(json!({"access_token": token, "token_type": "bearer", "scope": "user:email"}))
        }
        _ => HttpResponse::Ok().json(json!({"error": "bad_verification_code", "error_description": "The code…"})),
    }
}

async fn github_user(me: web::Data<Provider>, request: HttpRequest) -> HttpResponse {
    me.bearer(&request).map_or_else(
        || HttpResponse::Unauthorized().finish(),
        |person| HttpResponse::Ok().json(json!({"id": person.subject, "login": "grace", "name": null, "email": "x@y"})),
    )
}

async fn github_emails(me: web::Data<Provider>, request: HttpRequest) -> HttpResponse {
    me.bearer(&request).map_or_else(
        || HttpResponse::Unauthorized().finish(),
        |person| {
            HttpResponse::Ok().json(json!([
                {"email": "second@example.org", "primary": false, "verified": true},
                {"email": person.email, "primary": true, "verified": person.verified},
            ]))
        },
    )
}
