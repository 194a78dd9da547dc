use super::*;
use crate::domain::RoomName;
use crate::ports::{ChatNews, RoomNews};
use crate::room::state::tests::{LIMITS, at, person, tab};

fn name() -> RoomName {
    RoomName::parse("r").unwrap()
}

fn server(name: &str) -> ServerName {
    ServerName::new(name)
}

fn room() -> State {
    State::new(name(), RoomKind::Group, LIMITS, Vec::new(), Vec::new()).shared()
}

fn joined(n: u128) -> Effect {
    Effect::Tell(RoomEvent::Joined { room: name(), user: person(n) }, Audience::Others(person(n).id))
}

fn left(n: u128) -> Effect {
    Effect::Tell(RoomEvent::Left { room: name(), user: person(n) }, Audience::Others(person(n).id))
}

fn typing(n: u128, typing: bool) -> Effect {
    Effect::Tell(RoomEvent::Typing { room: name(), user: person(n), typing }, Audience::Others(person(n).id))
}

fn spread(news: RoomNews) -> Effect {
    Effect::Spread(ChatNews::Room(name(), news))
}

fn remember(n: u128) -> Effect {
    Effect::Remember(Member { person: person(n), joined_at: at(0) })
}

fn numbers(members: usize, online: usize) -> Effect {
    Effect::Tell(RoomEvent::MembersChanged { room: name(), members, online, joined: 0, left: 0 }, Audience::All)
}

fn roll(people: &[u128]) -> Roll {
    let people: Vec<Person> = people.iter().map(|n| person(*n)).collect();
    Roll::parts(&people).remove(0)
}

#[test]
fn who_comes_and_goes_here_is_told_to_the_others_once() {
    let (mut room, ada) = (room(), person(1));
    let came = spread(RoomNews::Came(person(1)));
    assert_eq!(room.join(tab(1), &ada, at(0)).unwrap(), [remember(1), came.clone(), joined(1)]);
    assert_eq!(room.join(tab(2), &ada, at(0)).unwrap(), []);
    assert_eq!(room.leave(tab(2), ada.id, false, at(0)), []);
    room.gone(tab(1), ada.id, at(0));
    assert_eq!(room.tick(at(1_999)), []);
    assert_eq!(room.tick(at(2_000)), [left(1), spread(RoomNews::Went(ada.id))]);
    assert_eq!(room.join(tab(1), &ada, at(3_000)).unwrap(), [came, joined(1)]);
    let goodbye = |everywhere| spread(RoomNews::Left { user: person(1).id, everywhere });
    assert_eq!(room.leave(tab(1), ada.id, false, at(0)), [left(1), Effect::Forget(ada.id), goodbye(false)]);
    room.join(tab(1), &ada, at(0)).unwrap();
    assert_eq!(room.leave(tab(1), ada.id, true, at(0)), [left(1), Effect::Forget(ada.id), goodbye(true)]);
}

#[test]
fn a_person_at_two_servers_joins_once_and_leaves_with_the_last() {
    let (mut room, ada, [b, c]) = (room(), person(1), ["b", "c"].map(server));
    assert_eq!(room.came_elsewhere(&b, &ada, at(0)), [joined(1)]);
    assert_eq!(room.came_elsewhere(&b, &ada, at(0)), [], "heard twice");
    assert_eq!(room.came_elsewhere(&c, &ada, at(0)), []);
    assert!(room.is_member(ada.id) && room.is_elsewhere(ada.id));
    assert_eq!(
        room.join(tab(1), &ada, at(0)).unwrap(),
        [spread(RoomNews::Came(person(1)))],
        "told to others, not here"
    );
    assert_eq!(room.went_elsewhere(&b, ada.id, at(0)), []);
    room.gone(tab(1), ada.id, at(0));
    assert_eq!(room.tick(at(2_000)), [spread(RoomNews::Went(ada.id))], "still there, by c");
    assert_eq!((room.members(9), room.here()), ((vec![person(1)], 1, 1), vec![]));
    assert_eq!(room.went_elsewhere(&b, ada.id, at(0)), [], "was not there by b any more");
    assert_eq!(room.went_elsewhere(&c, ada.id, at(0)), [left(1)]);
    assert!(room.is_member(ada.id), "who is away still belongs to it");
}

#[test]
fn who_moves_to_another_server_within_the_grace_was_never_gone() {
    let (mut room, ada, b) = (room(), person(1), server("b"));
    room.join(tab(1), &ada, at(0)).unwrap();
    room.gone(tab(1), ada.id, at(0));
    assert_eq!(room.came_elsewhere(&b, &ada, at(1_000)), []);
    assert_eq!(room.tick(at(2_000)), [spread(RoomNews::Went(ada.id))]);
    assert_eq!((room.wake_at(), room.online()), (None, vec![ada]));
}

#[test]
fn leaving_with_the_last_tab_here_keeps_who_is_elsewhere() {
    let (mut room, ada, b) = (room(), person(1), server("b"));
    room.join(tab(1), &ada, at(0)).unwrap();
    room.came_elsewhere(&b, &ada, at(0));
    assert_eq!(room.leave(tab(1), ada.id, false, at(0)), [spread(RoomNews::Went(ada.id))]);
    assert!(room.is_member(ada.id));
    assert_eq!(room.left_elsewhere(&b, ada.id, false, at(0)), [left(1)]);
    assert!(!room.is_member(ada.id));
}

#[test]
fn leaving_elsewhere_while_here_restores_what_was_forgotten() {
    let (mut room, ada, b) = (room(), person(1), server("b"));
    room.join(tab(1), &ada, at(0)).unwrap();
    let member = Member { person: ada.clone(), joined_at: at(0) };
    assert_eq!(room.left_elsewhere(&b, ada.id, false, at(0)), [Effect::Restore(member)]);
    assert!(room.is_there(ada.id, tab(1)));
    assert_eq!(room.left_elsewhere(&b, ada.id, true, at(0)), [left(1)], "everywhere is everywhere");
    assert!(!room.is_member(ada.id) && !room.is_there(ada.id, tab(1)));
    assert_eq!(room.left_elsewhere(&b, ada.id, true, at(0)), []);
}

#[test]
fn a_list_puts_right_what_was_not_heard() {
    let (mut room, b) = (room(), server("b"));
    room.join(tab(1), &person(1), at(0)).unwrap();
    room.came_elsewhere(&b, &person(1), at(0));
    room.came_elsewhere(&b, &person(2), at(0));
    assert_eq!(room.present_elsewhere(&b, roll(&[2, 3]), at(0)), [numbers(3, 3)]);
    assert!(!room.is_elsewhere(person(1).id) && room.is_elsewhere(person(3).id));
    assert_eq!(room.present_elsewhere(&b, roll(&[3, 2]), at(0)), [], "nothing is different");
    assert_eq!(room.present_elsewhere(&b, roll(&[]), at(0)), [numbers(3, 1)]);
    assert_eq!(room.online(), [person(1)]);
}

#[test]
fn with_a_server_go_those_who_are_nowhere_else() {
    let (mut room, [b, c]) = (room(), ["b", "c"].map(server));
    room.join(tab(1), &person(1), at(0)).unwrap();
    for (at_, who) in [(&b, 1), (&b, 2), (&c, 2), (&b, 3)] {
        room.came_elsewhere(at_, &person(who), at(0));
    }
    assert_eq!(room.server_gone(&b, at(0)), [left(3)]);
    assert_eq!(room.server_gone(&b, at(0)), []);
    assert_eq!(room.online(), [person(1), person(2)]);
}

#[test]
fn typing_elsewhere_is_told_and_ends_by_itself() {
    let (mut room, ada, b) = (room(), person(1), server("b"));
    room.join(tab(2), &person(2), at(0)).unwrap();
    assert_eq!(room.types(&ada, true, at(0)), [], "not there");
    room.came_elsewhere(&b, &ada, at(0));
    assert_eq!(room.types(&ada, true, at(0)), [typing(1, true)]);
    assert_eq!(room.tick(at(6_000)), [typing(1, false)]);
    room.types(&ada, true, at(7_000));
    assert_eq!(room.types(&ada, false, at(7_000)), [typing(1, false)]);
    let told = spread(RoomNews::Typing(person(2), true));
    assert_eq!(room.typing(person(2).id, true, at(0)), [typing(2, true), told]);
    assert_eq!(room.typing(person(2).id, true, at(1)), [], "told as rarely as here");
    let told = spread(RoomNews::Typing(person(2), false));
    assert_eq!(room.says(person(2).id), [typing(2, false), told]);
    assert_eq!(room.says(person(2).id), []);
}

#[test]
fn a_full_room_takes_nobody_from_elsewhere() {
    let (mut room, b) = (room(), server("b"));
    for n in 1..=6 {
        assert!(room.meet(&person(n), at(0)));
    }
    assert_eq!((room.meet(&person(7), at(0)), room.came_elsewhere(&b, &person(7), at(0))), (false, vec![]));
    assert!(!room.is_member(person(7).id) && room.meet(&person(1), at(0)));
    let renamed = Person { name: "zoe".into(), ..person(1) };
    room.came_elsewhere(&b, &renamed, at(0));
    assert_eq!(room.members(9).0.last(), Some(&renamed));
}
