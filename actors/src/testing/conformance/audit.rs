use std::sync::Arc;

use super::at;
use crate::domain::{AuditEntry, AuditEvent, AuditId, SessionId, UserId};
use crate::ports::{Audit, ListAudit};

/// What [`Audit`] promises.
///
/// # Panics
/// Where a promise is broken.
pub async fn audit(make: impl AsyncFn() -> Arc<dyn Audit>) {
    lists_the_latest_first(&*make().await).await;
    forgets_what_is_old(&*make().await).await;
}

fn entry(ms: i64, event: AuditEvent, user_id: Option<UserId>) -> AuditEntry {
    AuditEntry {
        id: AuditId::new(at(ms)),
        at: at(ms),
        event,
        user_id,
        by: user_id.map(|_| UserId::new(at(ms))),
        detail: user_id.map(|_| "member to admin".to_owned()),
        session_id: user_id.map(|_| SessionId::new(at(ms))),
        ip: "2001:db8::1".to_owned(),
        user_agent: "Browser/1 (ü)".to_owned(),
        request_id: "r-1".to_owned(),
    }
}

async fn lists_the_latest_first(store: &dyn Audit) {
    let ada = UserId::new(at(1));
    let all = [
        entry(10, AuditEvent::SignedIn, Some(ada)),
        entry(20, AuditEvent::SignInFailed, None),
        entry(30, AuditEvent::SignedOut, Some(ada)),
        entry(30, AuditEvent::SignedIn, Some(ada)),
    ];
    for one in &all {
        store.append(one.clone()).await.unwrap();
    }
    let [first, failed, out, last] = all;
    let list = async |query: ListAudit| store.list(query).await.unwrap();
    let any = ListAudit { limit: 10, ..ListAudit::default() };
    assert_eq!(list(any.clone()).await, [last.clone(), out.clone(), failed.clone(), first.clone()]);
    assert_eq!(list(ListAudit { limit: 1, ..any.clone() }).await, std::slice::from_ref(&last));
    assert_eq!(list(ListAudit { before: Some(out.id), ..any.clone() }).await, [failed.clone(), first.clone()]);
    assert_eq!(list(ListAudit { user_id: Some(ada), ..any.clone() }).await, [last.clone(), out, first.clone()]);
    let signed_in = ListAudit { event: Some(AuditEvent::SignedIn), ..any.clone() };
    assert_eq!(list(signed_in.clone()).await, [last.clone(), first.clone()]);
    assert_eq!(list(ListAudit { user_id: Some(ada), before: Some(last.id), ..signed_in }).await, [first]);
    assert_eq!(list(ListAudit { user_id: Some(UserId::new(at(2))), ..any }).await, []);
}

async fn forgets_what_is_old(store: &dyn Audit) {
    for ms in [10, 20, 30] {
        store.append(entry(ms, AuditEvent::SignedIn, None)).await.unwrap();
    }
    assert_eq!(store.sweep(at(20)).await.unwrap(), 1);
    let left = store.list(ListAudit { limit: 10, ..ListAudit::default() }).await.unwrap();
    assert_eq!(left.iter().map(|entry| entry.at).collect::<Vec<_>>(), [at(30), at(20)]);
}
