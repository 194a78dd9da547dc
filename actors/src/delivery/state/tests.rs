#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::testing::samples;

const LIMITS: Limits = Limits {
    concurrent: 2,
    max_attempts: 3,
    first_retry: Duration::from_secs(10),
    longest_retry: Duration::from_secs(60),
    sweep: Duration::from_secs(3_600),
};

fn at(seconds: u64) -> Timestamp {
    Timestamp::clamped(samples::MORNING).plus(Duration::from_secs(seconds))
}

fn deliveries(count: usize) -> Vec<Delivery> {
    let incident = samples::incident(at(0), &vec!["a@example.com"; count]);
    let deliver = |n: &crate::domain::Notification| Delivery { notification: n.clone(), incident: incident.clone() };
    incident.notifications.iter().map(deliver).collect()
}

fn send(delivery: &Delivery) -> Effect {
    Effect::Send(vec![delivery.clone()])
}

fn temporary() -> Result<(), MailError> {
    Err(MailError::Temporary("451 try later".into()))
}

/// A courier that has just been given `due` at second 0, with nothing else to come.
fn given(due: &[Delivery]) -> State {
    let mut state = State::new(LIMITS);
    assert_eq!(state.wake(at(0)), [Effect::Read { limit: READ_LIMIT }]);
    state.read(due.to_vec(), None, at(0));
    state
}

#[test]
fn a_try_becomes_a_settlement() {
    let permanent = || Err(MailError::Permanent("550 no such user".into()));
    let retry = |seconds| Settlement::Retry { error: "451 try later".into(), at: at(seconds) };
    let dead = |error: &str| Settlement::Dead { error: error.into() };
    for (name, attempts, outcome, share, expected) in [
        ("taken", 0, Ok(()), 1.0, Settlement::Sent),
        ("taken on the last try", 2, Ok(()), 1.0, Settlement::Sent),
        ("refused for good", 0, permanent(), 1.0, dead("550 no such user")),
        ("failed once", 0, temporary(), 1.0, retry(10)),
        ("failed once, half the jitter", 0, temporary(), 0.5, retry(5)),
        ("failed twice", 1, temporary(), 1.0, retry(20)),
        ("failed on the last try", 2, temporary(), 1.0, dead("given up after 3 tries: 451 try later")),
        ("failed after the limit was lowered", 9, temporary(), 1.0, dead("given up after 10 tries: 451 try later")),
    ] {
        let due = deliveries(1);
        let id = due[0].notification.id;
        let effects = given(&due).tried(&[(id, attempts)], &outcome, at(0), share);
        assert_eq!(effects, [Effect::Settle { id, settlement: expected }], "{name}");
    }
}

#[test]
fn takes_no_more_than_it_may_and_reads_on_when_one_is_settled() {
    let due = deliveries(3);
    let mut state = State::new(LIMITS);
    state.wake(at(0));
    assert_eq!(state.read(due[..2].to_vec(), None, at(0)), [send(&due[0]), send(&due[1])]);
    assert_eq!(state.wake(at(0)), [], "it is full");
    let first = due[0].notification.id;
    state.tried(&[(first, 0)], &Ok(()), at(1), 1.0);
    assert_eq!(state.settled(first, at(1)), [Effect::Read { limit: READ_LIMIT }]);
    let effects = state.read(due[1..].to_vec(), None, at(1));
    assert_eq!(effects, [send(&due[2])], "the one under way is not taken twice");
}

#[test]
fn a_read_that_saw_an_entry_before_it_was_settled_does_not_send_it_again() {
    let due = deliveries(1);
    let id = due[0].notification.id;
    let mut state = given(&due);
    assert_eq!(state.wake(at(1)), [Effect::Read { limit: READ_LIMIT }, Effect::ClearTimer]);
    state.tried(&[(id, 0)], &Ok(()), at(1), 1.0);
    state.settled(id, at(1));
    let effects = state.read(due, None, at(1));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Send(_))), "{effects:?}");
}

#[test]
fn a_wake_during_a_read_reads_once_more() {
    let mut state = State::new(LIMITS);
    assert_eq!(state.wake(at(0)), [Effect::Read { limit: READ_LIMIT }]);
    assert_eq!(state.wake(at(0)), []);
    assert_eq!(state.wake(at(0)), []);
    assert_eq!(state.read(Vec::new(), None, at(0)), [Effect::Read { limit: READ_LIMIT }]);
    assert_eq!(state.read(Vec::new(), None, at(0)), [Effect::SetTimer(at(3_600))]);
}

#[test]
fn one_timer_runs_to_the_next_due_instant() {
    let due = deliveries(1);
    let id = due[0].notification.id;
    let mut state = State::new(LIMITS);
    state.wake(at(0));
    assert_eq!(state.read(due.clone(), Some(at(40)), at(0)), [send(&due[0]), Effect::SetTimer(at(40))]);
    state.tried(&[(id, 0)], &temporary(), at(1), 1.0);
    assert_eq!(state.settled(id, at(1)), [Effect::SetTimer(at(11))], "its own retry comes first");
    assert_eq!(state.tick(at(11)), [Effect::Read { limit: READ_LIMIT }]);
}

#[test]
fn without_anything_due_it_looks_now_and_then() {
    for (next_due, timer) in [(None, 3_600), (Some(at(10)), 10), (Some(at(9_999)), 3_600)] {
        let mut state = State::new(LIMITS);
        state.wake(at(0));
        assert_eq!(state.read(Vec::new(), next_due, at(0)), [Effect::SetTimer(at(timer))], "{next_due:?}");
    }
}

#[test]
fn a_storage_that_does_not_answer_is_asked_again_later() {
    let mut state = State::new(LIMITS);
    state.wake(at(0));
    let pause = |millis| Effect::SetTimer(at(0).plus(Duration::from_millis(millis)));
    assert_eq!(state.read_failed(at(0), 1.0), [pause(100)]);
    assert_eq!(state.tick(at(1)), [Effect::Read { limit: READ_LIMIT }]);
    assert_eq!(state.read_failed(at(0), 1.0), [pause(200)]);
    state.tick(at(1));
    assert_eq!(state.read_failed(at(0), 0.0), [pause(10)], "never at once");
}

#[test]
fn what_could_not_be_written_down_is_written_later_and_not_sent_again() {
    let due = deliveries(1);
    let id = due[0].notification.id;
    let mut state = given(&due);
    state.tried(&[(id, 0)], &Ok(()), at(1), 1.0);
    let pause = at(1).plus(Duration::from_millis(100));
    assert_eq!(state.settle_failed(id, at(1), 1.0), [Effect::SetTimer(pause)]);
    assert_eq!(state.wake(at(1)), [Effect::Read { limit: READ_LIMIT }]);
    assert_eq!(state.read(due, None, at(1)), [], "it is still under way");
    let effects = state.tick(pause);
    assert_eq!(effects.first(), Some(&Effect::Settle { id, settlement: Settlement::Sent }));
}

#[test]
fn a_drain_finishes_what_is_under_way_and_takes_nothing_new() {
    assert_eq!(State::new(LIMITS).drain(at(0)), [Effect::Drained]);

    let due = deliveries(1);
    let id = due[0].notification.id;
    let mut state = given(&due);
    assert_eq!(state.drain(at(1)), [Effect::ClearTimer]);
    assert_eq!(state.wake(at(1)), []);
    state.tried(&[(id, 0)], &Ok(()), at(2), 1.0);
    assert_eq!(state.settled(id, at(2)), [Effect::Drained]);

    let mut state = State::new(LIMITS);
    state.wake(at(0));
    state.drain(at(0));
    let effects = state.read(due, None, at(0));
    assert_eq!(effects, [Effect::Drained], "a read that ends late brings nothing");
}

#[test]
fn the_place_of_what_was_settled_during_a_read_is_filled_at_once() {
    let due = deliveries(2);
    let id = due[0].notification.id;
    let mut state = given(&due[..1]);
    state.wake(at(1));
    state.tried(&[(id, 0)], &Ok(()), at(1), 1.0);
    state.settled(id, at(1));
    assert_eq!(state.read(due.clone(), None, at(1)), [send(&due[1]), Effect::Read { limit: READ_LIMIT }]);
}
