//! Which indices the statements use: a plan that scans is a fault that shows only when there is much.

use super::*;

fn plan(sql: &str) -> String {
    let directory = TempDir::new().unwrap();
    let database = Database::open(options(&directory)).unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    let steps: Vec<String> = run(database.read(move |connection| {
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next()? {
            steps.push(row.get("detail")?);
        }
        Ok(steps)
    }))
    .unwrap();
    steps.join("\n")
}

#[test]
fn pages_walk_an_index() {
    use tocsin_actors::ports::Order::{Ascending, Descending};
    for (of_one_type, index) in [(true, "documents_by_type (type_id=? AND "), (false, "documents_by_time (")] {
        for (range, order, bounds) in [
            (pages::Range::RestOfInstant, Ascending, "at=? AND rowid>?)"),
            (pages::Range::RestOfInstant, Descending, "at=? AND rowid<?)"),
            (pages::Range::Instants, Ascending, "at>? AND at<?)"),
            (pages::Range::Instants, Descending, "at>? AND at<?)"),
        ] {
            let plan = plan(pages::sql(of_one_type, range, order));
            assert!(plan.contains(&format!("SEARCH d USING INDEX {index}{bounds}")), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}

#[test]
fn exports_walk_an_index_or_the_table_and_sort_nothing() {
    use snapshots::Order::{NewestFirst, OldestFirst, Stored};
    for order in [OldestFirst, NewestFirst] {
        let plans = [plan(&snapshots::statement(true, order)), plan(&snapshots::statement(false, order))];
        assert_eq!(plans[0], "SEARCH documents USING INDEX documents_by_type (type_id=? AND at>? AND at<?)");
        assert_eq!(plans[1], "SEARCH documents USING INDEX documents_by_time (at>? AND at<?)");
    }
    for of_one_type in [true, false] {
        assert_eq!(plan(&snapshots::statement(of_one_type, Stored)), "SCAN documents");
    }
}

#[test]
fn arrivals_touch_indices_only() {
    for (sql, index) in [
        (arrivals::COUNTS_OF_TYPE, "documents_by_type (type_id=? AND at>? AND at<?)"),
        (arrivals::COUNTS_OF_ANY, "documents_by_time (at>? AND at<?)"),
    ] {
        let plan = plan(sql);
        assert!(plan.contains(&format!("SEARCH documents USING COVERING INDEX {index}")), "{plan}");
        let ahead = "COVERING INDEX documents_ahead_by_";
        assert_eq!(plan.matches(&format!("SEARCH documents USING {ahead}")).count(), 2, "{plan}");
        assert!(!plan.contains("SCAN documents"), "{plan}");
    }
}

#[test]
fn chat_steps_over_nothing() {
    let groups = plan(&format!("SELECT topic FROM rooms {}", rooms::GROUPS_AFTER));
    assert!(groups.contains("SEARCH rooms USING INDEX rooms_groups (name>?)"), "{groups}");
    assert!(!groups.contains("TEMP B-TREE"), "{groups}");
    let count = plan(rooms::COUNT_GROUPS);
    assert!(count.contains("USING INDEX rooms_groups"), "{count}");
    let edits = plan(messages::FORGET_EDITS);
    assert!(edits.contains("USING INDEX room_changes_by_message (message_id=?)"), "{edits}");
}
