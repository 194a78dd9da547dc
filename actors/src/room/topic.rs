//! What a room is about.

use std::time::Instant;

use actix::{ActorFutureExt as _, AsyncContext as _, Context, Handler, ResponseFuture, WrapFuture as _};

use super::messages::{RoomError, SetTopic};
use super::{RoomActor, link};
use crate::domain::{Audience, Person, RoomEvent};
use crate::ports::RoomNews;

impl RoomActor {
    /// It was changed, here or elsewhere.
    pub(super) fn topic_changed(&mut self, topic: String, by: Person) {
        self.topic.clone_from(&topic);
        self.topic_changed_at = Some(Instant::now());
        self.tell(RoomEvent::TopicChanged { room: self.name().clone(), topic, by }, Audience::All, None);
    }

    /// So it stood in the store when that was asked.
    pub(super) fn topic_read(&mut self, topic: String, asked: Instant) {
        // What was changed since is newer than what was read.
        if topic != self.topic && self.topic_changed_at.is_none_or(|at| at < asked) {
            self.topic = topic;
            // Who changed it is not known any more; whoever joins again finds it.
            self.tell(RoomEvent::Resync { room: self.name().clone() }, Audience::All, None);
        }
    }
}

impl Handler<SetTopic> for RoomActor {
    type Result = ResponseFuture<Result<(), RoomError>>;

    fn handle(&mut self, SetTopic { topic, by }: SetTopic, ctx: &mut Context<Self>) -> Self::Result {
        if let Err(error) = self.living() {
            return Box::pin(async { Err(error) });
        }
        let (parts, name) = (self.parts.clone(), self.name().clone());
        let (done, told) = tokio::sync::oneshot::channel();
        let stored = {
            let topic = topic.clone();
            async move { parts.rooms.set_topic(name, topic).await }
        };
        ctx.spawn(stored.into_actor(self).map(move |stored, room, _| {
            let answer = match stored {
                Ok(_) => {
                    room.spread(|| RoomNews::TopicChanged { topic: topic.clone(), by: by.clone() });
                    room.topic_changed(topic, by);
                    Ok(())
                }
                Err(error) => Err(link::refusal(&room.parts, &error).into()),
            };
            // Whoever asked may have gone.
            let _ = done.send(answer);
        }));
        Box::pin(async move { told.await.unwrap_or(Err(RoomError::Retired)) })
    }
}
