use uuid::Uuid;

use super::*;

pub(super) const LIMITS: Limits = Limits {
    reconnect_grace: Duration::from_secs(2),
    typing_lasts: Duration::from_secs(6),
    typing_every: Duration::from_secs(2),
    typing_people: 2,
    crowd: 3,
    crowd_every: Duration::from_secs(1),
    members: 6,
};

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::clamped(millis)
}

pub(super) fn person(n: u128) -> Person {
    Person { id: Uuid::from_u128(n).into(), name: format!("p{n}").into() }
}

pub(super) fn tab(n: u128) -> ConnectionId {
    Uuid::from_u128(n).into()
}

fn room(kind: RoomKind) -> State {
    State::new(RoomName::parse("r").unwrap(), kind, LIMITS, Vec::new(), Vec::new())
}

fn joined(n: u128) -> Effect {
    let (room, user) = (RoomName::parse("r").unwrap(), person(n));
    Effect::Tell(RoomEvent::Joined { room, user: user.clone() }, Audience::Others(user.id))
}

fn left(n: u128) -> Effect {
    let (room, user) = (RoomName::parse("r").unwrap(), person(n));
    Effect::Tell(RoomEvent::Left { room, user: user.clone() }, Audience::Others(user.id))
}

fn typing(n: u128, typing: bool) -> Effect {
    let (room, user) = (RoomName::parse("r").unwrap(), person(n));
    Effect::Tell(RoomEvent::Typing { room, user: user.clone(), typing }, Audience::Others(user.id))
}

fn remember(n: u128, millis: i64) -> Effect {
    Effect::Remember(Member { person: person(n), joined_at: at(millis) })
}

#[test]
fn three_tabs_join_once_and_leave_with_the_last() {
    let (mut room, ada) = (room(RoomKind::Group), person(1));
    assert_eq!(room.join(tab(1), &ada, at(0)).unwrap(), [remember(1, 0), joined(1)]);
    for n in [1, 2, 3] {
        assert_eq!(room.join(tab(n), &ada, at(5)).unwrap(), []);
    }
    assert_eq!(room.leave(tab(1), ada.id, false, at(6)), []);
    room.gone(tab(2), ada.id, at(6));
    assert!(room.is_member(ada.id) && room.is_there(ada.id, tab(3)) && !room.is_there(ada.id, tab(2)));
    assert_eq!(room.leave(tab(3), ada.id, false, at(7)), [left(1), Effect::Forget(ada.id)]);
    assert_eq!(room.leave(tab(3), ada.id, false, at(8)), []);
    room.join(tab(1), &ada, at(9)).unwrap();
    room.join(tab(2), &ada, at(9)).unwrap();
    assert_eq!(room.leave(tab(1), ada.id, true, at(9)), [left(1), Effect::Forget(ada.id)]);
}

#[test]
fn who_is_back_within_the_grace_was_never_gone() {
    let (mut room, ada) = (room(RoomKind::Group), person(1));
    room.join(tab(1), &ada, at(0)).unwrap();
    room.gone(tab(1), ada.id, at(1_000));
    assert_eq!((room.wake_at(), room.tick(at(2_999))), (Some(at(3_000)), vec![]));
    assert_eq!(room.join(tab(2), &ada, at(2_999)).unwrap(), []);
    assert_eq!((room.wake_at(), room.tick(at(9_000))), (None, vec![]));
    room.gone(tab(2), ada.id, at(10_000));
    room.gone(tab(2), ada.id, at(11_000));
    assert_eq!(room.tick(at(12_000)), [left(1)]);
    assert!(room.is_member(ada.id), "who is away still belongs to it");
}

#[test]
fn leaving_a_direct_room_does_not_end_it() {
    let (ada, bob) = (person(1), person(2));
    let mut room = room(RoomKind::direct(ada.id, bob.id));
    room.join(tab(1), &ada, at(0)).unwrap();
    assert_eq!(room.leave(tab(1), ada.id, true, at(0)), [left(1)]);
    assert!(room.is_member(ada.id));
}

#[test]
fn typing_is_throttled_and_ends_by_itself() {
    let (mut room, ada) = (room(RoomKind::Group), person(1));
    assert_eq!(room.typing(ada.id, true, at(0)), [], "not there");
    room.join(tab(1), &ada, at(0)).unwrap();
    assert_eq!(room.typing(ada.id, true, at(0)), [typing(1, true)]);
    assert_eq!(room.typing(ada.id, true, at(1_999)), []);
    assert_eq!(room.typing(ada.id, true, at(2_000)), [typing(1, true)]);
    assert_eq!(room.wake_at(), Some(at(8_000)));
    assert_eq!(room.tick(at(7_999)), []);
    assert_eq!(room.tick(at(8_000)), [typing(1, false)]);
    assert_eq!(room.typing(ada.id, false, at(8_000)), []);
    room.typing(ada.id, true, at(9_000));
    assert_eq!(room.stops_typing(ada.id), [typing(1, false)]);
    room.typing(ada.id, true, at(9_000));
    assert_eq!(room.leave(tab(1), ada.id, false, at(9_000))[..2], [typing(1, false), left(1)]);
}

#[test]
fn so_many_type_at_once_and_no_more() {
    let mut room = room(RoomKind::Group);
    for n in 1..=3 {
        room.join(tab(n), &person(n), at(0)).unwrap();
    }
    assert_eq!([1, 2, 3].map(|n| room.typing(person(n).id, true, at(0)).len()), [1, 1, 0]);
}

#[test]
fn a_crowd_is_told_in_numbers_once_a_second() {
    let mut room = room(RoomKind::Group);
    for n in 1..=3 {
        assert_eq!(room.join(tab(n), &person(n), at(0)).unwrap()[1], joined(n));
    }
    for n in 4..=6 {
        assert_eq!(room.join(tab(n), &person(n), at(10)).unwrap(), [remember(n, 10)]);
    }
    assert_eq!(room.leave(tab(5), person(5).id, false, at(20)), [Effect::Forget(person(5).id)]);
    assert_eq!((room.wake_at(), room.tick(at(1_009))), (Some(at(1_010)), vec![]));
    let told =
        RoomEvent::MembersChanged { room: RoomName::parse("r").unwrap(), members: 5, online: 5, joined: 3, left: 1 };
    assert_eq!(room.tick(at(1_010)), [Effect::Tell(told, Audience::All)]);
    assert_eq!(room.wake_at(), None);
    assert_eq!(room.presence(person(1), false), [], "nor is who of a crowd is online");
    assert_eq!(room.read(person(1), 5).len(), 1);
}

#[test]
fn a_full_room_takes_its_members_and_nobody_else() {
    let mut room = room(RoomKind::Group);
    for n in 1..=6 {
        room.join(tab(n), &person(n), at(0)).unwrap();
    }
    assert_eq!(room.join(tab(7), &person(7), at(0)).unwrap_err().code, "room_full");
    assert!(room.join(tab(8), &person(1), at(0)).is_ok());
}

#[test]
fn a_new_name_is_remembered_and_members_come_by_name() {
    let mut room = room(RoomKind::Group);
    for n in [3, 1, 2] {
        room.join(tab(n), &person(n), at(0)).unwrap();
    }
    let renamed = Person { name: "zoe".into(), ..person(1) };
    let effects = room.join(tab(4), &renamed, at(9)).unwrap();
    assert_eq!(effects, [Effect::Remember(Member { person: renamed.clone(), joined_at: at(0) })]);
    assert_eq!(room.members(2), (vec![person(2), person(3)], 3, 3));
    assert_eq!(room.members(9).0, [person(2), person(3), renamed]);
}

#[test]
fn connections_from_before_a_panic_are_still_there() {
    let (name, ada) = (RoomName::parse("r").unwrap(), person(1));
    let member = Member { person: ada.clone(), joined_at: at(0) };
    let there = vec![(tab(1), ada.clone()), (tab(2), ada.clone())];
    let mut room = State::new(name, RoomKind::Group, LIMITS, vec![member], there);
    assert_eq!(room.join(tab(1), &ada, at(1)).unwrap(), []);
    assert_eq!(room.online(), [ada]);
}
