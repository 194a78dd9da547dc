use super::*;
use crate::testing::mailer::{Behaviour, FakeMailer};
use crate::testing::{NullMeter, SimulatedClock};

const SECOND: Duration = Duration::from_secs(1);

fn letter(to: &str, clock: &SimulatedClock) -> Letter {
    let now = clock.now();
    let email = Email {
        message_id: "1@example.org".into(),
        references: None,
        to: to.into(),
        subject: "A link".into(),
        text: "A link".into(),
        html: "<p>A link".into(),
        date: now,
    };
    Letter { email, until: now.plus(10 * SECOND) }
}

fn post(queue: usize) -> (Post, Arc<FakeMailer>, Arc<SimulatedClock>) {
    let (mailer, clock) =
        (Arc::new(FakeMailer::default()), Arc::new(SimulatedClock::at(Timestamp::clamped(1_764_000_000_000))));
    let parts = PostParts {
        mailer: mailer.clone(),
        clock: clock.clone(),
        meter: Arc::new(NullMeter),
        log: Logger::root(slog::Discard, slog::o!()),
        spawn: Arc::new(|task| drop(tokio::spawn(task))),
    };
    let limits = PostLimits {
        queue,
        concurrent: 2,
        max_attempts: 3,
        first_retry: SECOND,
        longest_retry: SECOND,
        timeout: 5 * SECOND,
    };
    (Post::new(parts, limits), mailer, clock)
}

fn send(post: &Post, letter: Letter) {
    post.later(async move { Ok(Some(letter)) });
}

/// Lets every task go on until it waits for something.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_bad_address_holds_up_nobody_and_is_tried_again_for_a_while() {
    let (post, mailer, clock) = post(9);
    mailer.behave("busy@x.org", Some(Behaviour::Fails(MailError::Temporary("451".into()))));
    mailer.behave("gone@x.org", Some(Behaviour::Fails(MailError::Permanent("550".into()))));
    mailer.behave("mean@x.org", Some(Behaviour::Panics));
    for to in ["busy@x.org", "gone@x.org", "mean@x.org", "ann@x.org"] {
        send(&post, letter(to, &clock));
    }
    settle().await;
    assert_eq!((mailer.tried().len(), post.waiting()), (4, 2), "two wait for another try");
    for tries in [6, 8, 8] {
        clock.advance(SECOND);
        settle().await;
        assert_eq!(mailer.tried().len(), tries);
    }
    assert_eq!(post.waiting(), 0, "three tries and no more");
}

#[tokio::test]
async fn a_link_that_has_expired_is_not_sent() {
    let (post, mailer, clock) = post(9);
    mailer.behave("busy@x.org", Some(Behaviour::Fails(MailError::Temporary("451".into()))));
    send(&post, Letter { until: clock.now(), ..letter("busy@x.org", &clock) });
    settle().await;
    assert_eq!((mailer.tried().len(), post.waiting()), (1, 0));
}

#[tokio::test]
async fn what_hangs_fills_the_queue_and_no_more() {
    let (post, mailer, clock) = post(3);
    mailer.behave("slow@x.org", Some(Behaviour::Hangs));
    for _ in 0..9 {
        send(&post, letter("slow@x.org", &clock));
    }
    settle().await;
    assert_eq!((mailer.tried().len(), post.waiting()), (2, 3), "two tries at once, one waits, six were dropped");
    mailer.behave("slow@x.org", None);
    clock.advance(5 * SECOND);
    settle().await;
    assert_eq!(mailer.tried().len(), 3);
    post.drain().await;
}

#[tokio::test]
async fn a_stop_waits_for_what_was_given_a_moment_ago_and_not_for_another_try() {
    let (post, mailer, clock) = post(9);
    mailer.behave("busy@x.org", Some(Behaviour::Fails(MailError::Temporary("451".into()))));
    send(&post, letter("ann@x.org", &clock));
    send(&post, letter("busy@x.org", &clock));
    post.drain().await;
    assert_eq!((mailer.tried().len(), post.waiting()), (2, 1));
}

#[tokio::test]
async fn a_letter_that_cannot_be_written_leaves_its_place() {
    let (post, mailer, _) = post(1);
    post.later(async { Err(PortError::Busy("the test")) });
    settle().await;
    post.later(async { Ok(None) });
    settle().await;
    assert_eq!((mailer.tried().len(), post.waiting()), (0, 0));
}
