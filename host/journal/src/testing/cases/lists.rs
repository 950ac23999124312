//! Lists.

use crate::testing::make::*;
use crate::{Create, End, Filter, Next, Order, Parent, Progress, RunId, State, Store, Write};
use loomwork_types::Fault;

async fn list(store: &dyn Store, change: impl FnOnce(&mut Filter)) -> Vec<RunId> {
    let mut filter = Filter::of(project());
    change(&mut filter);
    store.runs(&filter).await.expect("the store can be read").into_iter().map(|row| row.id).collect()
}

pub async fn runs_are_found_by_what_they_have_in_common(store: &dyn Store) {
    let failed = Next::Ended(End::Failed(Fault::new("x", "y")));
    one(store, T, create(new(1))).await;
    one(store, T + 1, create(Create { flow: "refunds".to_owned(), ..new(2) })).await;
    one(store, T + 2, create(begun(3, Progress { next: failed, ..Progress::default() }))).await;
    one(store, T + 3, create(Create { trigger: Some("t".to_owned()), ..new(4) })).await;
    let parent = Some(Parent { run: id(1), step: 1, waits: false });
    one(store, T + 4, create(Create { parent, ..new(5) })).await;
    one(store, T + 5, create(Create { project: crate::Project::local(), ..new(6) })).await;
    assert_eq!(list(store, |_| ()).await, [id(5), id(4), id(3), id(2), id(1)]);
    assert_eq!(list(store, |it| it.order = Order::OldestFirst).await, [id(1), id(2), id(3), id(4), id(5)]);
    assert_eq!(list(store, |it| it.flow = Some("refunds".to_owned())).await, [id(2)]);
    assert_eq!(list(store, |it| it.states = vec![State::Failed, State::Finished]).await, [id(3)]);
    assert_eq!(list(store, |it| it.states = vec![State::Queued]).await, [id(5), id(4), id(2), id(1)]);
    assert_eq!(list(store, |it| it.trigger = Some("t".to_owned())).await, [id(4)]);
    assert_eq!(list(store, |it| it.parent = Some(id(1))).await, [id(5)]);
    assert_eq!(list(store, |it| (it.from, it.to) = (Some(T + 1), Some(T + 3))).await, [id(3), id(2)]);
    assert_eq!(list(store, |it| it.id = Some(id(4).to_string())).await, [id(4)]);
    assert_eq!(list(store, |it| it.id = Some("run_0".to_owned())).await.len(), 5);
    assert_eq!(list(store, |it| it.id = Some("run_Z".to_owned())).await, []);
    let rows = store.runs(&Filter::of(project())).await.expect("the store can be read");
    assert_eq!(rows[2].fault.as_deref(), Some("x"));
}

pub async fn pages_do_not_overlap(store: &dyn Store) {
    for number in 1..=7 {
        one(store, T, create(new(number))).await;
    }
    for order in [Order::NewestFirst, Order::OldestFirst] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page =
                store.runs(&Filter { order, after, limit: 3, ..Filter::of(project()) }).await.expect("the store can be read");
            let Some(last) = page.last() else { break };
            after = Some(last.number);
            seen.extend(page.into_iter().map(|row| row.id));
        }
        if order == Order::NewestFirst {
            seen.reverse();
        }
        assert_eq!(seen, (1..=7).map(id).collect::<Vec<_>>());
    }
}

pub async fn counts_follow_states(store: &dyn Store) {
    let counts =
        async |flow| store.counts(&project(), flow).await.expect("the store can be read").into_iter().collect::<Vec<_>>();
    lease(store, "w", T + 100).await;
    one(store, T, create(new(1))).await;
    one(store, T, create(Create { flow: "refunds".to_owned(), ..new(2) })).await;
    one(store, T, create(begun(3, Progress { next: Next::Waiting { until: None }, ..Progress::default() }))).await;
    assert_eq!(counts(None).await, [(State::Queued, 2), (State::Waiting, 1)]);
    assert_eq!(counts(Some("refunds")).await, [(State::Queued, 1)]);
    claim(store, T, "w").await;
    one(store, T, append(&run(store, 3).await, Progress { next: finished(), ..Progress::default() })).await;
    assert_eq!(counts(None).await, [(State::Running, 2), (State::Finished, 1)]);
    one(store, T, Write::Cancel(id(1))).await;
    assert_eq!(counts(Some("orders")).await, [(State::Running, 1), (State::Finished, 1)]);
    assert_eq!(store.counts(&crate::Project::local(), None).await, Ok(crate::Counts::new()));
}
