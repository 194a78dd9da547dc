//! The schema, step by step. `user_version` counts the steps that were taken.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::OpenError;

/// Marks the file as ours: "tocs" in ASCII.
const APPLICATION_ID: i32 = 0x746f_6373;

/// Every step, in order. A step that was released is never changed.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_sessions.sql"),
    include_str!("migrations/0003_audit.sql"),
    include_str!("migrations/0004_links.sql"),
    include_str!("migrations/0005_identities.sql"),
    include_str!("migrations/0006_users.sql"),
    include_str!("migrations/0007_second_factor.sql"),
    include_str!("migrations/0008_chat.sql"),
    include_str!("migrations/0009_rule_room.sql"),
    include_str!("migrations/0010_chat_indices.sql"),
    include_str!("migrations/0011_hysteresis.sql"),
    include_str!("migrations/0012_measures.sql"),
    include_str!("migrations/0013_silences.sql"),
    include_str!("migrations/0014_alert_choices.sql"),
    include_str!("migrations/0015_exports.sql"),
    include_str!("migrations/0016_leases.sql"),
    include_str!("migrations/0017_messages_in_order.sql"),
];

/// Takes the steps that are missing, each in a transaction of its own; a start that is cut off goes on at the next.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    run(connection, STEPS, path)
}

fn run(connection: &mut Connection, steps: &[&str], path: &Path) -> Result<(), OpenError> {
    let failed = |error: &rusqlite::Error| OpenError::of(path, error);
    loop {
        // Locked first and looked at then, so that two processes that start at once do not take the same step.
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| failed(&error))?;
        let taken = version_of(&transaction, path, steps.len())?;
        let Some(step) = steps.get(taken) else {
            return Ok(());
        };
        transaction
            .execute_batch(step)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| {
                transaction.pragma_update(None, "user_version", i64::try_from(taken + 1).unwrap_or(i64::MAX))
            })
            .and_then(|()| transaction.commit())
            .map_err(|error| failed(&error))?;
    }
}

/// How many steps the database has taken; an error where it is not ours, or ahead of us.
fn version_of(connection: &Connection, path: &Path, known: usize) -> Result<usize, OpenError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let read = || -> rusqlite::Result<(i64, i64, i64)> {
        let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((pragma("user_version")?, pragma("application_id")?, tables))
    };
    let (version, application, tables) = read().map_err(|error| OpenError::of(path, &error))?;
    if application != i64::from(APPLICATION_ID) && (tables > 0 || version != 0) {
        return Err(OpenError::Foreign { path: path.to_owned() });
    }
    match usize::try_from(version) {
        Ok(version) if version <= known => Ok(version),
        _ => Err(OpenError::Newer { path: path.to_owned(), found: version, known }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn steps_are_taken_once_and_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        let path = Path::new("t.db");
        run(&mut connection, &["CREATE TABLE a (x)"], path).unwrap();
        assert_eq!(version(&connection), 1);
        // The second of these fails where the first was not taken, the first where it is taken again.
        let longer = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"];
        run(&mut connection, &longer, path).unwrap();
        run(&mut connection, &longer, path).unwrap();
        assert_eq!(version(&connection), 2);
    }

    #[test]
    fn a_step_that_fails_leaves_the_one_before() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE b (x)"];
        let failed = run(&mut connection, &steps, Path::new("t.db"));
        assert!(matches!(failed, Err(OpenError::Unreachable { .. })), "{failed:?}");
        assert_eq!(version(&connection), 1);
        run(&mut connection, &["CREATE TABLE a (x)", "CREATE TABLE b (x)"], Path::new("t.db")).unwrap();
        assert_eq!(version(&connection), 2);
    }

    #[test]
    fn messages_of_before_are_there_when_they_are_put_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &STEPS[..16], Path::new("t.db")).unwrap();
        let before = "INSERT INTO rooms (id, name, topic, history, created_at, epoch, seq)
                          VALUES (7, 'r', '', 'durable', 0, 'e', 2);
                      INSERT INTO room_messages VALUES
                          (7, 2, 'm2', 'person', 'p', 'Ada', 'two', 20, 'c', 'p q', 30, 1),
                          (7, 1, 'm1', 'system', '', '', 'one', 10, NULL, '', NULL, 0)";
        connection.execute_batch(before).unwrap();
        migrate(&mut connection, Path::new("t.db")).unwrap();
        let mut select = connection
            .prepare(
                "SELECT json_array(room_id, seq, id, author_kind, author_id, author_name, text, at, client_id, mentions,
                                   edited_at, deleted)
                 FROM room_messages",
            )
            .unwrap();
        let rows: Vec<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(
            rows,
            [
                r#"[7,1,"m1","system","","","one",10,null,"",null,0]"#,
                r#"[7,2,"m2","person","p","Ada","two",20,"c","p q",30,1]"#,
            ]
        );
    }

    #[test]
    fn the_schema_of_this_version_is_complete() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Path::new("t.db")).unwrap();
        migrate(&mut connection, Path::new("t.db")).unwrap();
        assert_eq!(version(&connection), i64::try_from(STEPS.len()).unwrap());
    }
}
