//! Another server writes to the same room.

use super::*;
use crate::ports::{ChatNews, News, RoomNews, ServerName};
use crate::room::following::CatchUp;

/// Remembers what was told.
#[derive(Default)]
pub(super) struct Told(Mutex<Vec<News>>);

impl Bus for Told {
    fn publish(&self, news: News) {
        self.0.lock().unwrap().push(news);
    }
}

impl Told {
    /// The numbers that were told.
    fn stored(&self) -> Vec<u64> {
        let told = self.0.lock().unwrap();
        let number = |news: &News| match news {
            News::Chat(ChatNews::Room(_, RoomNews::Stored(seq))) => Some(*seq),
            _ => None,
        };
        told.iter().filter_map(number).collect()
    }
}

async fn shared() -> (House, Arc<Told>) {
    let told = Arc::new(Told::default());
    (House::among(Some(told.clone())).await, told)
}

impl House {
    /// Another server stores something.
    fn elsewhere(&self, text: &str) {
        let mut said = self.store.said.lock().unwrap();
        let (seq, at) = (said.len() as u64 + 1, self.clock.now());
        said.push(ChatMessage {
            id: MessageId::new(at),
            seq,
            author: Author::System,
            text: text.to_owned(),
            at,
            client_id: None,
            mentions: Vec::new(),
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        });
    }

    fn hear(&self, seq: u64) {
        self.rooms.hand(&self.store.room.name, ServerName::new("other"), RoomNews::Stored(seq));
    }
}

#[actix_rt::test]
async fn what_another_server_stored_is_told_when_it_says_so_and_once() {
    let (mut house, told) = shared().await;
    house.elsewhere("one");
    house.elsewhere("two");
    house.hear(2);
    house.hear(1);
    house.hear(2);
    assert_eq!([house.heard().await, house.heard().await], [(1, "one".into()), (2, "two".into())]);
    assert_eq!(house.post("three").await, Ok(3));
    assert_eq!(house.heard().await, (3, "three".into()));
    assert_eq!(told.stored(), [3], "its own, and nothing else");
}

#[actix_rt::test]
async fn what_was_stored_in_between_is_told_before_what_is_said_here() {
    let (mut house, _) = shared().await;
    assert_eq!(house.post("one").await, Ok(1));
    house.elsewhere("two");
    house.elsewhere("three");
    house.store.unreadable.store(2, Ordering::SeqCst);
    let posting = house.post("four");
    let clock = async {
        while house.store.unreadable.load(Ordering::SeqCst) > 0 {
            house.clock.advance(RETRY);
            tokio::task::yield_now().await;
        }
        house.clock.advance(RETRY);
    };
    let (posted, ()) = futures_util::future::join(posting, clock).await;
    assert_eq!(posted, Ok(4));
    for expected in [(1, "one"), (2, "two"), (3, "three"), (4, "four")] {
        assert_eq!(house.heard().await, (expected.0, expected.1.to_owned()));
    }
}

#[actix_rt::test]
async fn what_is_said_here_and_read_before_it_is_answered_is_told_once() {
    let (mut house, _) = shared().await;
    let gate = Arc::clone(&house.store.gate);
    let closed = gate.lock().await;
    let (rooms, name) = (house.rooms.clone(), house.store.room.name.clone());
    let message = house.message("one");
    let posting = actix_rt::spawn(async move {
        let post = Post { message, accepted_at: Instant::now(), receipt: None };
        rooms.ask(&name, Some(ada().id), post).await.map(|message| message.seq)
    });
    while house.store.said.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    house.elsewhere("two");
    house.hear(2);
    assert_eq!([house.heard().await, house.heard().await], [(1, "one".into()), (2, "two".into())]);
    drop(closed);
    assert_eq!(posting.await.unwrap().unwrap(), 1);
    assert_eq!(house.post("three").await, Ok(3));
    assert_eq!(house.heard().await, (3, "three".into()));
}

#[actix_rt::test]
async fn a_gap_that_is_too_long_is_said() {
    let (mut house, _) = shared().await;
    for n in 0..65 {
        house.elsewhere(&n.to_string());
    }
    house.hear(65);
    assert!(matches!(house.next().await, Event::Room(RoomEvent::Resync { .. })));
    assert_eq!(house.post("one more").await, Ok(66));
    assert_eq!(house.heard().await, (66, "one more".into()));
}

#[actix_rt::test]
async fn news_that_was_lost_is_found_by_looking() {
    let (mut house, _) = shared().await;
    house.elsewhere("one");
    house.rooms.look().await.unwrap();
    assert_eq!(house.heard().await, (1, "one".into()));
}

#[actix_rt::test]
async fn who_has_seen_more_elsewhere_resumes_where_they_are() {
    let (mut house, _) = shared().await;
    house.elsewhere("one");
    house.elsewhere("two");
    let name = house.store.room.name.clone();
    house.rooms.ask(&name, Some(ada().id), CatchUp { seen: 2 }).await.unwrap();
    assert_eq!([house.heard().await.0, house.heard().await.0], [1, 2], "those who are here hear it");
    let epoch = house.store.room.epoch;
    let joined = house.join(Some(StreamPosition { epoch, seq: 2 })).await;
    assert_eq!((joined.seq, joined.replay.map(|replay| replay.recovered)), (2, Some(true)));
    // Whatever a client says that it has seen.
    house.rooms.ask(&name, Some(ada().id), CatchUp { seen: u64::MAX }).await.unwrap();
    assert_eq!(house.join(None).await.seq, 2);
}
