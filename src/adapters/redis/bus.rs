//! News between servers by publish and subscribe. Nothing is kept: who does not listen does not hear.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::RedisError;
use slog::{info, warn};
use tocsin_actors::domain::RoomName;
use tocsin_actors::ports::{ChatNews, Count, Meter, News, RoomNews, ServerName};
use tokio::sync::{mpsc, oneshot};

use super::{Redis, news, reason};

/// How often the connection is tried, so that one that died silently is noticed.
const PING_EVERY: Duration = Duration::from_secs(2);
/// How long to wait before connecting again.
const RETRY: Duration = Duration::from_millis(250);
/// The most pieces of news that wait to be told; further ones are lost.
const WAITING: usize = 4_096;
/// The most that are told in one exchange with Redis.
const TOGETHER: usize = 100;

/// What comes from the other servers.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// Listening begins; what was told before was missed.
    Began,
    /// A piece of news of another server.
    News(News),
    /// A piece of news of another server about chat, and whose it is.
    Chat(ServerName, ChatNews),
}

/// Why the listening ended.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("{}", reason(.0))]
    Redis(#[from] RedisError),
    #[error("no answer in time")]
    Silent(#[from] tokio::time::error::Elapsed),
    #[error("the connection was closed")]
    Closed,
}

/// What waits to be told.
enum Waiting {
    News(News),
    /// Whoever waits until everything before it was told.
    Flush(oneshot::Sender<()>),
}

/// The bus of one server.
pub struct Bus {
    queue: mpsc::Sender<Waiting>,
    listening: Arc<AtomicBool>,
    meter: Arc<dyn Meter>,
}

impl tocsin_actors::ports::Bus for Bus {
    fn publish(&self, news: News) {
        if self.queue.try_send(Waiting::News(news)).is_err() {
            self.meter.add(Count::NewsLost, 1);
        }
    }
}

impl Bus {
    /// The bus of the server that is named so, and what keeps it going: futures that are to be run for ever. `on_heard` is
    /// called for what the others tell, and must not block.
    pub fn open(
        redis: Arc<Redis>,
        me: String,
        meter: Arc<dyn Meter>,
        on_heard: impl Fn(Heard) + Send + Sync + 'static,
    ) -> (Self, impl Future<Output = ()> + Send, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::channel(WAITING);
        let listening = Arc::new(AtomicBool::new(false));
        let telling = tell(Arc::clone(&redis), me.clone(), meter.clone(), waiting);
        let hearing = hear(redis, me, meter.clone(), Arc::clone(&listening), on_heard);
        (Self { queue, listening, meter }, telling, hearing)
    }

    /// Waits until everything that was to be told is told, or lost.
    pub async fn flush(&self) {
        let (told, all) = oneshot::channel();
        if self.queue.send(Waiting::Flush(told)).await.is_ok() {
            // Dropped with the bus.
            let _ = all.await;
        }
    }

    /// Whether the others are heard.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Relaxed)
    }
}

fn channel(redis: &Redis) -> String {
    redis.key("news")
}

async fn tell(redis: Arc<Redis>, me: String, meter: Arc<dyn Meter>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut together = Vec::new();
    while waiting.recv_many(&mut together, TOGETHER).await > 0 {
        let (mut news, mut flushes) = (Vec::with_capacity(together.len()), Vec::new());
        for waiting in together.drain(..) {
            match waiting {
                Waiting::News(one) => news.push(one),
                Waiting::Flush(told) => flushes.push(told),
            }
        }
        let told = gathered(news.into_iter());
        if !told.is_empty() && publish(&redis, &me, &told).await.is_err() {
            meter.add(Count::NewsLost, told.len() as u64);
        }
        for flush in flushes {
            // Whoever waited may have gone.
            let _ = flush.send(());
        }
    }
}

/// News without what is said by other news: once is as good as ten times, but for values and people, which have an order;
/// and of a room's numbers the last one.
fn gathered(news: impl ExactSizeIterator<Item = News>) -> Vec<News> {
    let mut told: Vec<News> = Vec::with_capacity(news.len());
    for news in news {
        match &news {
            News::Chat(ChatNews::Room(room, RoomNews::Stored(seq))) => match stored(&mut told, room) {
                Some(known) => *known = *seq.max(known),
                None => told.push(news),
            },
            News::Judged(_) | News::Forgotten(_) | News::Chat(_) => told.push(news),
            _ if told.contains(&news) => {}
            _ => told.push(news),
        }
    }
    told
}

/// The number that is to be told of a room, if there is one.
fn stored<'a>(told: &'a mut [News], room: &RoomName) -> Option<&'a mut u64> {
    told.iter_mut().find_map(|known| match known {
        News::Chat(ChatNews::Room(other, RoomNews::Stored(seq))) if other == room => Some(seq),
        _ => None,
    })
}

/// A Redis that does not answer was noted where that was noticed.
async fn publish(redis: &Redis, me: &str, news: &[News]) -> Result<(), tocsin_actors::ports::PortError> {
    let mut pipe = redis::pipe();
    for text in news.iter().filter_map(|news| news::encode(me, news)) {
        pipe.cmd("PUBLISH").arg(channel(redis)).arg(text).ignore();
    }
    let mut connection = redis.loan().await?;
    redis.judged(pipe.query_async::<()>(&mut connection).await)
}

async fn hear(
    redis: Arc<Redis>,
    me: String,
    meter: Arc<dyn Meter>,
    listening: Arc<AtomicBool>,
    on_heard: impl Fn(Heard),
) {
    let mut said = false;
    loop {
        let Err(lost) = listen(&redis, &me, &*meter, &listening, &on_heard, &mut said).await;
        listening.store(false, Ordering::Relaxed);
        if !said {
            warn!(redis.log, "news of the other servers is not heard, trying again; the database is asked meanwhile"; "cause" => %lost);
            said = true;
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen(
    redis: &Redis,
    me: &str,
    meter: &dyn Meter,
    listening: &AtomicBool,
    on_heard: &impl Fn(Heard),
    said: &mut bool,
) -> Result<Infallible, Lost> {
    let mut pubsub = tokio::time::timeout(redis.connect_timeout, redis.client.get_async_pubsub()).await??;
    tokio::time::timeout(redis.timeout, pubsub.subscribe(channel(redis))).await??;
    listening.store(true, Ordering::Relaxed);
    on_heard(Heard::Began);
    if std::mem::take(said) {
        info!(redis.log, "news of the other servers is heard again");
    }
    let (mut sink, mut messages) = pubsub.split();
    let mut pings = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            message = messages.next() => {
                let text: String = message.ok_or(Lost::Closed)?.get_payload()?;
                if news::is_of(me, &text) {
                    continue;
                }
                match news::decode(&text) {
                    Some((from, news)) => {
                        meter.add(Count::NewsHeard, 1);
                        on_heard(match news {
                            News::Chat(news) => Heard::Chat(ServerName::new(&from), news),
                            news => Heard::News(news),
                        });
                    }
                    // Of a newer version, or of nobody's; whatever it says is found by looking.
                    None => meter.add(Count::NewsLost, 1),
                }
            }
            _ = pings.tick() => {
                tokio::time::timeout(redis.timeout, sink.ping::<()>()).await??;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_news_says_is_told_once_and_of_a_room_the_last_number() {
        let stored =
            |room: &str, seq| News::Chat(ChatNews::Room(RoomName::parse(room).unwrap(), RoomNews::Stored(seq)));
        let typing = News::Chat(ChatNews::Room(RoomName::parse("a").unwrap(), RoomNews::WhoIsPresent));
        let news = [
            stored("a", 1),
            News::Hello,
            stored("b", 9),
            typing.clone(),
            stored("a", 3),
            typing.clone(),
            News::Hello,
            stored("a", 2),
        ];
        let told = gathered(news.into_iter());
        assert_eq!(told, [stored("a", 3), News::Hello, stored("b", 9), typing.clone(), typing]);
    }
}
