//! What is no longer kept.

use crate::testing::make::*;
use crate::{Create, Filter, Outcome, Progress, Prune, Store, Write};

async fn ended(store: &dyn Store, at: u64, number: u128, flow: &str) {
    let progress = Progress { entries: vec![started(&id(number))], next: finished(), ..Progress::default() };
    one(store, at, create(Create { flow: flow.to_owned(), ..begun(number, progress) })).await;
}

async fn left(store: &dyn Store) -> Vec<u128> {
    let rows = store.runs(&Filter::of(project())).await.expect("the store can be read");
    (1..=20).filter(|number| rows.iter().any(|row| row.id == id(*number))).collect()
}

async fn prune(store: &dyn Store, change: impl FnOnce(&mut Prune)) -> Outcome {
    let mut prune = Prune { project: project(), flow: None, before: 0, keep: None, limit: 100 };
    change(&mut prune);
    one(store, T + 1_000, Write::Prune(prune)).await
}

pub async fn old_runs_are_deleted_in_slices(store: &dyn Store) {
    one(store, T, create(new(1))).await;
    for number in 2..=6 {
        ended(store, T + number as u64, number, "orders").await;
    }
    assert_eq!(prune(store, |it| (it.before, it.limit) = (T + 5, 2)).await, Outcome::Pruned(2));
    assert_eq!(left(store).await, [1, 4, 5, 6]);
    assert_eq!(prune(store, |it| (it.before, it.limit) = (T + 5, 2)).await, Outcome::Pruned(1));
    assert_eq!(prune(store, |it| (it.before, it.limit) = (T + 5, 2)).await, Outcome::Pruned(0));
    assert_eq!(left(store).await, [1, 5, 6]);
    assert_eq!(store.entries(&id(2), 0, 10).await, Ok(Vec::new()));
    assert_eq!(store.entries(&id(5), 0, 10).await.map(|entries| entries.len()), Ok(1));
    // An id that was deleted may be used again.
    ended(store, T + 9, 2, "orders").await;
    assert_eq!(store.entries(&id(2), 0, 10).await.map(|entries| entries.len()), Ok(1));
    let counts = store.counts(&project(), None).await.expect("the store can be read");
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [1, 3]);
}

pub async fn the_newest_are_kept(store: &dyn Store) {
    for number in 1..=8 {
        let flow = if number % 2 == 0 { "orders" } else { "refunds" };
        ended(store, T + number as u64, number, flow).await;
    }
    one(store, T, create(new(9))).await;
    assert_eq!(prune(store, |it| (it.flow, it.keep) = (Some("orders".to_owned()), Some(1))).await, Outcome::Pruned(3));
    assert_eq!(left(store).await, [1, 3, 5, 7, 8, 9]);
    assert_eq!(prune(store, |it| it.keep = Some(2)).await, Outcome::Pruned(3));
    assert_eq!(left(store).await, [7, 8, 9]);
    assert_eq!(prune(store, |it| (it.flow, it.before) = (Some("orders".to_owned()), T + 100)).await, Outcome::Pruned(1));
    assert_eq!(left(store).await, [7, 9]);
    let elsewhere = crate::Project::local();
    assert_eq!(prune(store, |it| (it.project, it.before) = (elsewhere, T + 100)).await, Outcome::Pruned(0));
}
