//! Letting a connection in: the answer first, then everything that is not in it.

use actix::{ActorFutureExt as _, AsyncContext as _, Context, WrapFuture as _};

use super::messages::Join;
use super::state::Effect;
use super::{Parts, RoomActor, link};
use crate::domain::{
    Answer, Broadcast, Event, History, Joined, Refusal, Replay, ReplyTo, Room, RoomEpoch, StreamPosition, UserId,
};
use crate::ports::{Member, Missed, PortError};

impl RoomActor {
    pub(super) fn join(&mut self, join: Join, ctx: &mut Context<Self>) -> Result<(), Refusal> {
        let Join { connection, person, outbox, since, to } = join;
        let effects = self.state.join(connection, &person, self.parts.clock.now())?;
        let remember = effects.iter().find_map(|effect| match effect {
            Effect::Remember(member) => Some(member.clone()),
            _ => None,
        });
        // What was said before they came is not for them.
        self.tell_untold();
        self.hub.subscribe(connection, person.clone(), outbox.clone());
        self.carry_out(effects, ctx);
        let wanted = Wanted { user: person.id, remember, since, epoch: self.epoch, upto: self.seq };
        let (parts, room) = (self.parts.clone(), self.hub.room.clone());
        let read = async move { read(&parts, &room, wanted).await };
        let seq = self.seq;
        ctx.spawn(read.into_actor(self).map(move |read, actor, ctx| {
            let result = read.map(|(read_seq, replay)| {
                let (members, member_count, online_count) = actor.state.members(actor.parts.members_listed);
                Answer::Joined(Box::new(Joined {
                    room: actor.name().clone(),
                    kind: actor.hub.room.kind,
                    topic: actor.topic.clone(),
                    history: actor.hub.room.history,
                    epoch: actor.epoch,
                    seq,
                    read_seq,
                    members,
                    member_count,
                    online_count,
                    replay,
                }))
            });
            let result = result.map_err(|error| {
                // As if it had never come.
                actor.hub.unsubscribe(connection);
                actor.state.gone(connection, person.id, actor.parts.clock.now());
                actor.set_timer(ctx);
                link::refusal(&actor.parts, &error)
            });
            if to != ReplyTo::Nobody {
                // A closed outbox means that the connection is gone, which its session tells.
                let _ = outbox.push(Broadcast::new(Event::Reply { to, result }, None));
            }
            actor.hub.release(connection);
        }));
        Ok(())
    }
}

struct Wanted {
    user: UserId,
    remember: Option<Member>,
    since: Option<StreamPosition>,
    epoch: RoomEpoch,
    upto: u64,
}

/// Stores the membership, then reads what the answer needs: up to where they have read, and what they missed.
async fn read(parts: &Parts, room: &Room, wanted: Wanted) -> Result<(u64, Option<Replay>), PortError> {
    let Wanted { user, remember, since, epoch, upto } = wanted;
    let is_durable = room.history == History::Durable;
    let mut read_seq = 0;
    if let Some(member) = remember {
        let is_new = parts.membership.add(room.name.clone(), member).await?;
        if is_new && is_durable {
            // What was said before they came is not unread.
            read_seq = parts.rooms.mark_read(room.name.clone(), user, upto).await?;
        }
    }
    if read_seq == 0 && is_durable {
        read_seq = parts.rooms.read_mark(room.name.clone(), user).await?;
    }
    let replay = match since {
        None => None,
        Some(since) => Some(replay(parts, room, since, epoch, upto).await?),
    };
    Ok((read_seq, replay))
}

async fn replay(
    parts: &Parts,
    room: &Room,
    since: StreamPosition,
    epoch: RoomEpoch,
    upto: u64,
) -> Result<Replay, PortError> {
    if since.epoch != epoch || since.seq > upto {
        return Ok(Replay::default());
    }
    if since.seq == upto {
        return Ok(Replay { recovered: true, ..Replay::default() });
    }
    if room.history == History::None {
        return Ok(Replay::default());
    }
    let missed = parts.messages.missed(room.name.clone(), since.seq, upto, parts.replay).await?;
    Ok(missed.map_or_else(Replay::default, |Missed { messages, changes }| Replay {
        recovered: true,
        messages,
        changes,
    }))
}
