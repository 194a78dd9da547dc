use uuid::Uuid;

use super::*;
use crate::ports::Roll;

const TERMS: Terms = Terms { sign_every: Duration::from_secs(5), servers: 2, people: 3 };

fn person(n: u128) -> Person {
    Person { id: Uuid::from_u128(n).into(), name: format!("p{n}").into() }
}

fn server(name: &str) -> ServerName {
    ServerName::new(name)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::clamped(seconds * 1_000)
}

fn heard(name: &str, news: PeopleNews) -> Command {
    Command::Heard(server(name), Some(news))
}

fn online(n: u128) -> PeopleNews {
    PeopleNews::Online(person(n))
}

fn offline(n: u128) -> PeopleNews {
    PeopleNews::Offline(person(n).id)
}

fn roll(people: &[u128]) -> PeopleNews {
    let people: Vec<Person> = people.iter().map(|n| person(*n)).collect();
    PeopleNews::Roll(Roll::parts(&people).remove(0))
}

fn came(n: u128) -> Effect {
    Effect::Came(person(n))
}

fn went(n: u128) -> Effect {
    Effect::Went(person(n))
}

fn gone(name: &str) -> Effect {
    Effect::Gone(server(name))
}

/// Seconds, what happens then, what follows.
fn play(steps: Vec<(i64, Command, Vec<Effect>)>) -> Presence {
    let mut presence = Presence::new(TERMS);
    for (n, (seconds, command, expected)) in steps.into_iter().enumerate() {
        assert_eq!(presence.decide(command.clone(), at(seconds)), expected, "step {n}: {command:?}");
    }
    presence
}

#[test]
fn a_person_is_online_while_connected_to_any_server() {
    let presence = play(vec![
        (0, heard("b", online(1)), vec![came(1), Effect::Ask]),
        (0, heard("b", online(1)), vec![]),
        (0, heard("c", online(1)), vec![Effect::Ask]),
        (0, heard("b", offline(1)), vec![]),
        (0, heard("b", offline(1)), vec![]),
        (0, heard("c", online(2)), vec![came(2)]),
        (0, heard("c", offline(1)), vec![went(1)]),
    ]);
    assert!(presence.is_online(person(2).id) && !presence.is_online(person(1).id));
}

#[test]
fn a_list_puts_right_what_was_not_heard() {
    play(vec![
        (0, heard("b", roll(&[])), vec![]),
        (0, heard("b", roll(&[1, 2])), vec![came(1), came(2)]),
        (0, heard("b", roll(&[2, 3])), vec![went(1), came(3)]),
        (0, heard("b", roll(&[3, 2])), vec![]),
    ]);
}

#[test]
fn with_a_server_go_those_who_are_nowhere_else() {
    let both = || vec![(0, heard("b", roll(&[1, 2])), vec![came(1), came(2)]), (0, heard("c", roll(&[2])), vec![])];
    let mut says_so = both();
    says_so.extend([
        (1, heard("b", PeopleNews::Ended), vec![gone("b"), went(1)]),
        (1, heard("b", PeopleNews::Ended), vec![]),
    ]);
    play(says_so);
    let mut is_silent = both();
    is_silent.extend([
        (0, Command::Look(true), vec![]),
        (5, Command::Look(true), vec![]),
        (10, heard("c", PeopleNews::Alive), vec![]),
        (10, Command::Look(true), vec![]),
        (14, Command::Look(true), vec![]),
        (15, Command::Look(true), vec![gone("b"), went(1)]),
        (20, Command::Heard(server("c"), None), vec![]),
        (20, Command::Look(true), vec![]),
        (25, Command::Look(true), vec![]),
        (30, Command::Look(true), vec![]),
        (35, Command::Look(true), vec![gone("c"), went(2)]),
        (36, heard("b", PeopleNews::Alive), vec![Effect::Ask]),
        (36, heard("b", roll(&[1])), vec![came(1)]),
    ]);
    play(is_silent);
}

#[test]
fn who_could_not_hear_does_not_say_that_others_were_silent() {
    let begin = || vec![(0, heard("b", roll(&[1])), vec![came(1)]), (0, Command::Look(true), vec![])];
    let mut away = begin();
    away.extend((1..10).map(|n| (n * 5, Command::Look(false), vec![])));
    away.extend([(50, Command::Began, vec![]), (50, Command::Look(true), vec![])]);
    away.extend([(55, Command::Look(true), vec![]), (60, Command::Look(true), vec![])]);
    away.push((65, Command::Look(true), vec![gone("b"), went(1)]));
    play(away);
    let mut asleep = begin();
    asleep.extend([(11, Command::Look(true), vec![]), (20, Command::Look(true), vec![])]);
    asleep.extend([(25, Command::Look(true), vec![]), (26, Command::Look(true), vec![gone("b"), went(1)])]);
    play(asleep);
}

#[test]
fn so_many_servers_and_people_and_no_more() {
    let presence = play(vec![
        (0, heard("b", roll(&[1, 2])), vec![came(1), came(2)]),
        (0, heard("b", online(3)), vec![came(3)]),
        (0, heard("b", online(4)), vec![]),
        (0, heard("b", online(3)), vec![]),
        (0, heard("b", roll(&[1, 2, 3, 4])), vec![]),
        (0, heard("c", online(5)), vec![came(5), Effect::Ask]),
        (0, heard("d", online(6)), vec![]),
    ]);
    assert!(!presence.is_online(person(6).id) && !presence.is_online(person(4).id));
}
