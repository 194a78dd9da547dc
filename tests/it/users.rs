//! Looking after accounts: who may, and that it counts at once.

mod shut;

use reqwest::Method;
use serde_json::{Value, json};

use super::support::answer::answer;
use super::support::app::{PASSWORD, TestApp};

const NOWHERE: &str = "0199d0a0-0000-7000-8000-000000000000";

/// Somebody who is signed in.
struct Person {
    id: String,
    email: String,
    access: String,
    refresh: String,
}

impl Person {
    fn of(session: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            id: text(&session["user"]["id"]),
            email: text(&session["user"]["email"]),
            access: text(&session["access_token"]),
            refresh: text(&session["refresh_token"]),
        }
    }

    async fn register(app: &TestApp, name: &str) -> Self {
        let email = format!("{}@example.org", name.to_lowercase());
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        let (status, session) = app.ask(Method::POST, "/api/v1/auth/register", Some(body)).await;
        assert_eq!(status, 201, "{session}");
        Self::of(&session)
    }

    async fn sign_in(app: &TestApp, email: &str) -> Self {
        let (status, session) = login(app, email, PASSWORD).await;
        assert_eq!(status, 200, "{session}");
        Self::of(&session)
    }

    fn path(&self) -> String {
        format!("/api/v1/users/{}", self.id)
    }

    /// A request of this person: the status, and the code of a problem or the whole answer.
    async fn ask(&self, app: &TestApp, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = app.request(&method, path).bearer_auth(&self.access);
        let answer = answer(if body.is_null() { request } else { request.json(&body) }).await;
        let code = answer.body["code"].clone();
        (answer.status, if code.is_null() { answer.body } else { code })
    }

    /// Whether the access token is taken, and whether the refresh token is.
    async fn is_signed_in(&self, app: &TestApp) -> (bool, bool) {
        let access = self.ask(app, Method::GET, "/api/v1/auth/me", json!(null)).await.0 == 200;
        let body = json!({"refresh_token": self.refresh});
        (access, app.ask(Method::POST, "/api/v1/auth/refresh", Some(body)).await.0 == 200)
    }
}

async fn login(app: &TestApp, email: &str, password: &str) -> (u16, Value) {
    let body = json!({"email": email, "password": password});
    let (status, answer) = app.ask(Method::POST, "/api/v1/auth/login", Some(body)).await;
    (status.as_u16(), answer)
}

/// The owner's patch of an account.
async fn patch(app: &TestApp, who: &Person, body: Value) -> Value {
    let (status, row) = app.ask(Method::PATCH, &who.path(), Some(body)).await;
    assert_eq!(status, 200, "{row}");
    row
}

/// An owner Ada, who is the application's, an admin and a member.
async fn house() -> (TestApp, Person, Person) {
    let app = TestApp::start().await;
    let (admin, member) = (Person::register(&app, "Grace").await, Person::register(&app, "Eve").await);
    patch(&app, &admin, json!({"role": "admin"})).await;
    let admin = Person::sign_in(&app, &admin.email).await;
    (app, admin, member)
}

fn refused(status: u16, code: &str) -> (u16, Value) {
    (status, json!(code))
}

#[actix_rt::test]
async fn accounts_are_listed_and_found() {
    let (app, admin, member) = house().await;
    let list = async |query: &str| {
        let (status, page) = admin.ask(&app, Method::GET, &format!("/api/v1/users?{query}"), json!(null)).await;
        assert_eq!(status, 200, "{page}");
        page
    };
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = list("").await;
    assert_eq!((names(&all), &all["next_cursor"]), (vec!["Ada".into(), "Grace".into(), "Eve".into()], &json!(null)));
    let eve = &all["items"][2];
    let expected = json!({
        "id": member.id, "email": "eve@example.org", "name": "Eve", "role": "member", "email_verified": false,
        "created_at": eve["created_at"], "disabled_at": null, "second_factor": false,
        "last_seen_at": eve["last_seen_at"],
    });
    assert_eq!(*eve, expected);
    assert_eq!(eve["last_seen_at"], eve["created_at"], "the clock stands still");
    assert_eq!(admin.ask(&app, Method::GET, &member.path(), json!(null)).await, (200, expected));

    assert_eq!(names(&list("q=EVE").await), ["Eve"]);
    assert_eq!(names(&list("q=example.ORG&limit=1").await), ["Ada"]);
    assert_eq!(names(&list("q=nobody").await), [""; 0]);
    let first = list("limit=2").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(names(&list(&format!("limit=2&cursor={cursor}")).await), ["Eve"]);
    let long = format!("q={}", "x".repeat(321));
    for bad in ["limit=0", "cursor=x", "page=2", &long, &format!("q=e&cursor={cursor}")] {
        let path = format!("/api/v1/users?{bad}");
        assert_eq!(admin.ask(&app, Method::GET, &path, json!(null)).await.0, 400, "{bad}");
    }
    app.stop().await;
}

#[actix_rt::test]
async fn members_and_services_look_after_nobody() {
    let (app, admin, member) = house().await;
    let service = Person { access: app.api_key(&["alerts:read"]).await, ..Person::sign_in(&app, &admin.email).await };
    let target = admin.path();
    for (who, code) in [(&member, "admin_required"), (&service, "person_required")] {
        for (method, path, body) in [
            (Method::GET, "/api/v1/users", json!(null)),
            (Method::GET, &target, json!(null)),
            (Method::PATCH, &target, json!({"role": "owner"})),
            (Method::DELETE, &format!("{target}/sessions"), json!(null)),
        ] {
            assert_eq!(who.ask(&app, method, path, body).await, refused(403, code), "{path}");
        }
    }
    app.stop().await;
}

#[actix_rt::test]
async fn who_may_change_whom() {
    let (app, admin, member) = house().await;
    let ada = Person::sign_in(&app, "ada@example.org").await;
    let other = Person::register(&app, "Bob").await;
    patch(&app, &other, json!({"role": "admin"})).await;
    for (by, of, body, status, code) in [
        (&admin, ada.path(), json!({"disabled": true}), 403, "owner_required"),
        (&admin, other.path(), json!({"disabled": true}), 403, "owner_required"),
        (&admin, other.path(), json!({"role": "member"}), 403, "owner_required"),
        (&admin, member.path(), json!({"role": "admin"}), 403, "owner_required"),
        (&admin, member.path(), json!({"role": "owner", "disabled": false}), 403, "owner_required"),
        (&admin, admin.path(), json!({"role": "owner"}), 409, "own_account"),
        (&ada, ada.path(), json!({"role": "member"}), 409, "own_account"),
        (&ada, ada.path(), json!({"disabled": true}), 409, "own_account"),
        (&ada, member.path(), json!({"role": "king"}), 422, "invalid_input"),
        (&ada, format!("/api/v1/users/{NOWHERE}"), json!({"role": "member"}), 404, "not_found"),
        (&ada, "/api/v1/users/x".into(), json!({"role": "member"}), 404, "not_found"),
        (&admin, format!("{}/sessions", other.path()), json!(null), 403, "owner_required"),
        (&admin, format!("/api/v1/users/{NOWHERE}/sessions"), json!(null), 404, "not_found"),
    ] {
        let method = if body.is_null() { Method::DELETE } else { Method::PATCH };
        assert_eq!(by.ask(&app, method, &of, body.clone()).await, refused(status, code), "{of} {body}");
    }
    assert_eq!(ada.ask(&app, Method::PATCH, &member.path(), json!({"name": "Mallory"})).await.0, 422);
    let (_, all) = app.ask(Method::GET, "/api/v1/users", None).await;
    let roles: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|row| &row["role"]).collect();
    assert_eq!(roles, ["owner", "admin", "member", "admin"], "nothing has happened");
    assert_eq!(patch(&app, &member, json!({})).await["role"], "member");
    assert_eq!(member.is_signed_in(&app).await, (true, true));
    app.stop().await;
}

#[actix_rt::test]
async fn less_counts_at_once_and_more_with_the_next_refresh() {
    let (app, admin, member) = house().await;
    assert_eq!(patch(&app, &member, json!({"role": "admin"})).await["role"], "admin");
    assert_eq!(member.ask(&app, Method::GET, "/api/v1/users", json!(null)).await, refused(403, "admin_required"));
    let body = json!({"refresh_token": member.refresh});
    let (status, session) = app.ask(Method::POST, "/api/v1/auth/refresh", Some(body)).await;
    assert_eq!(status, 200, "{session}");
    assert_eq!(Person::of(&session).ask(&app, Method::GET, "/api/v1/users", json!(null)).await.0, 200);

    patch(&app, &admin, json!({"role": "member"})).await;
    assert_eq!(admin.is_signed_in(&app).await, (false, false), "no token says that they are an admin");
    let again = Person::sign_in(&app, &admin.email).await;
    assert_eq!(again.ask(&app, Method::GET, "/api/v1/users", json!(null)).await, refused(403, "admin_required"));
    app.stop().await;
}

#[actix_rt::test]
async fn owners_who_make_each_other_less_leave_one() {
    let app = TestApp::start().await;
    let second = Person::register(&app, "Grace").await;
    patch(&app, &second, json!({"role": "owner"})).await;
    let (ada, grace) = (Person::sign_in(&app, "ada@example.org").await, Person::sign_in(&app, &second.email).await);
    let less = json!({"role": "member"});
    let (one, two) = futures_util::future::join(
        ada.ask(&app, Method::PATCH, &grace.path(), less.clone()),
        grace.ask(&app, Method::PATCH, &ada.path(), less.clone()),
    )
    .await;
    // The slower one is no owner any more, by the token, by the account, or by the store; never are both done.
    let codes = [one, two].map(|(status, _)| status);
    assert_eq!(codes.iter().filter(|status| **status == 200).count(), 1, "{codes:?}");
    let mut owners = 0;
    for email in [&ada.email, &grace.email] {
        owners += usize::from(login(&app, email, PASSWORD).await.1["user"]["role"] == "owner");
    }
    assert_eq!(owners, 1);
    app.stop().await;
}

#[actix_rt::test]
async fn an_admin_ends_the_sign_ins_of_a_member() {
    let (app, admin, member) = house().await;
    let other = Person::sign_in(&app, &member.email).await;
    let path = format!("{}/sessions", member.path());
    assert_eq!(admin.ask(&app, Method::DELETE, &path, json!(null)).await.0, 204);
    for gone in [&member, &other] {
        assert_eq!(gone.is_signed_in(&app).await, (false, false));
    }
    assert_eq!(admin.is_signed_in(&app).await, (true, true));
    Person::sign_in(&app, &member.email).await;
    app.stop().await;
}
