//! What only the holder of a lease may write.

use tocsin_actors::domain::{Channel, NotificationState, RuleId, Transition};
use tocsin_actors::domain::{Incident, IncidentId, IncidentState, Notification, NotificationId};
use tocsin_actors::ports::{Change, Incidents as _, LEASE_LOST, Leases as _, Outbox as _, PortError};

use super::*;

fn incident() -> Incident {
    Incident {
        id: IncidentId::new(now()),
        rule_id: RuleId::new(now()),
        rule_name: "errors".into(),
        state: IncidentState::Firing,
        value: 51.0,
        peak: 51.0,
        threshold: 50.0,
        started_at: now(),
        resolved_at: None,
        acknowledged_by: None,
        group: None,
        silenced: false,
        seq: 0,
        notifications: vec![Notification {
            id: NotificationId::new(now()),
            transition: Transition::Firing,
            channel: Channel::Email,
            to: "eve@example.org".into(),
            state: NotificationState::Pending,
            attempts: 0,
            last_error: None,
            next_attempt_at: now(),
        }],
    }
}

#[test]
fn who_lost_the_lease_changes_nothing() {
    let directory = TempDir::new().unwrap();
    let database = Database::open(options(&directory)).unwrap();
    let leases = Leases::new(database.clone());
    let fence = |holder: &str| Fence { lease: "bell", holder: holder.to_owned() };
    let of = |holder| {
        let (incidents, outbox) =
            (Incidents::fenced(database.clone(), fence(holder)), Outbox::fenced(database.clone(), fence(holder)));
        (incidents, outbox)
    };
    let ((one, one_outbox), (two, two_outbox)) = (of("one"), of("two"));
    let lost = Err(PortError::Conflict(LEASE_LOST));
    run(async {
        assert_eq!(one.open(incident()).await.map(|_| ()), lost, "nobody has it");
        leases.claim("bell", "one", None).await.unwrap();
        let opened = one.open(incident()).await.unwrap();
        let (id, end) =
            (opened.incident.id, Change::Resolve { at: now(), value: 0.0, peak: 51.0, notifications: Vec::new() });
        assert_eq!(
            (one_outbox.due(now(), 10).await.unwrap().len(), two_outbox.due(now(), 10).await.unwrap().len()),
            (1, 0)
        );

        leases.claim("bell", "two", Some(1)).await.unwrap();
        assert_eq!(one.change(id, end.clone()).await.map(|_| ()), lost);
        assert_eq!(
            (one_outbox.due(now(), 10).await.unwrap().len(), two_outbox.due(now(), 10).await.unwrap().len()),
            (0, 1)
        );
        assert_eq!(one.get(id).await.unwrap().unwrap().state, IncidentState::Firing, "reading is everybody's");
        assert!(two.change(id, end).await.unwrap().is_some());
    });
}
