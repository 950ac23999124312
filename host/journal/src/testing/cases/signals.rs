//! Signals.

use crate::testing::make::*;
use crate::{Happened, Listen, Message, Next, Outcome, Progress, Signal, Store, StoreError, Write, limits};

fn listen(step: u32, name: &str, key: &str) -> Listen {
    Listen { step, name: name.to_owned(), key: key.to_owned(), question: None }
}

fn listens(listens: Vec<Listen>) -> Progress {
    Progress { listens, next: Next::Released { until: None }, ..Progress::default() }
}

fn signal(name: &str, key: Option<&str>, payload: &str) -> Signal {
    let key = key.map(str::to_owned);
    Signal { project: project(), name: name.to_owned(), key, run: None, payload: payload.to_owned(), until: T + 1_000 }
}

async fn heard(store: &dyn Store, number: u128) -> Vec<Message> {
    store.inbox(&id(number)).await.expect("the store can be read")
}

fn hears(number: u64, at: u64, step: u32, payload: &str) -> Message {
    Message { number, at, what: Happened::Heard(step, payload.to_owned()) }
}

pub async fn a_signal_is_heard_once_by_all_who_listen(store: &dyn Store) {
    one(store, T, create(begun(1, listens(vec![listen(1, "paid", "\"a\""), listen(2, "paid", "\"b\"")])))).await;
    one(store, T, create(begun(2, listens(vec![listen(5, "paid", "\"a\""), listen(6, "sent", "\"a\"")])))).await;
    assert_eq!(one(store, T + 1, Write::Signal(signal("paid", Some("\"a\""), "1"))).await, Outcome::Delivered(2));
    assert_eq!(heard(store, 1).await, [hears(1, T + 1, 1, "1")]);
    assert_eq!(heard(store, 2).await, [hears(1, T + 1, 5, "1")]);
    assert_eq!(one(store, T + 2, Write::Signal(signal("paid", None, "2"))).await, Outcome::Delivered(1));
    assert_eq!(heard(store, 1).await, [hears(1, T + 1, 1, "1"), hears(2, T + 2, 2, "2")]);
    let listening = store.listening(&id(2)).await.expect("the store can be read");
    assert_eq!(listening.iter().map(|it| (it.step, it.name.as_str())).collect::<Vec<_>>(), [(6, "sent")]);
    assert_eq!(store.next_due(&[]).await, Ok(Some(T + 1)));
    let mut elsewhere = signal("sent", None, "3");
    elsewhere.project = crate::Project::new("acme", "other");
    assert_eq!(one(store, T + 3, Write::Signal(elsewhere)).await, Outcome::Delivered(0));
    assert_eq!(heard(store, 2).await.len(), 1);
}

pub async fn an_early_signal_is_kept_for_one(store: &dyn Store) {
    for payload in ["1", "2"] {
        assert_eq!(one(store, T, Write::Signal(signal("paid", Some("\"a\""), payload))).await, Outcome::Delivered(0));
    }
    one(store, T, Write::Signal(signal("paid", None, "3"))).await;
    one(store, T + 1, create(begun(1, listens(vec![listen(1, "paid", "\"a\"")])))).await;
    one(store, T + 2, create(begun(2, listens(vec![listen(1, "paid", "\"b\""), listen(2, "paid", "\"a\"")])))).await;
    assert_eq!(heard(store, 1).await, [hears(1, T + 1, 1, "1")]);
    assert_eq!(heard(store, 2).await, [hears(1, T + 2, 1, "3"), hears(2, T + 2, 2, "2")]);
    assert_eq!(store.listening(&id(2)).await, Ok(Vec::new()));
    // What it heard makes it due at once.
    assert_eq!(run(store, 2).await.row.wake_at, Some(T + 2));
}

pub async fn a_signal_may_be_for_one_run(store: &dyn Store) {
    one(store, T, create(begun(1, listens(vec![listen(1, "paid", "1")])))).await;
    one(store, T, create(begun(2, listens(vec![listen(1, "paid", "1")])))).await;
    let to = |number, name: &str| Write::Signal(Signal { run: Some(id(number)), ..signal(name, None, "5") });
    assert_eq!(one(store, T + 1, to(2, "paid")).await, Outcome::Delivered(1));
    assert_eq!((heard(store, 1).await.len(), heard(store, 2).await.len()), (0, 1));
    one(store, T + 1, to(2, "later")).await;
    lease(store, "w", T + 1_000).await;
    claim(store, T + 2, "w").await;
    assert_eq!(attempt(store, T + 2, to(9, "paid")).await, Err(StoreError::NoRun { run: id(9) }));
    let both = Progress { taken: Some(1), ..listens(vec![listen(2, "later", "7")]) };
    one(store, T + 3, append(&run(store, 2).await, both)).await;
    assert_eq!(heard(store, 2).await, [hears(2, T + 3, 2, "5")]);
    one(store, T + 4, create(begun(3, Progress { next: finished(), ..Progress::default() }))).await;
    assert_eq!(attempt(store, T + 5, to(3, "paid")).await, Err(StoreError::Ended { run: id(3) }));
}

pub async fn early_signals_are_bounded_and_end(store: &dyn Store) {
    for _ in 0..limits::EARLY {
        one(store, T, Write::Signal(signal("paid", Some("1"), "1"))).await;
    }
    let full = attempt(store, T, Write::Signal(signal("paid", Some("1"), "1"))).await;
    assert!(matches!(full, Err(StoreError::TooLarge { limit: limits::EARLY, .. })), "{full:?}");
    one(store, T, Write::Signal(signal("paid", Some("2"), "1"))).await;
    // When their time is over there is room again, and nobody hears them.
    let later = Signal { until: T + 3_000, ..signal("paid", Some("1"), "new") };
    one(store, T + 1_000, Write::Signal(later)).await;
    one(store, T + 1_001, create(begun(1, listens(vec![listen(1, "paid", "1"), listen(2, "paid", "2")])))).await;
    assert_eq!(heard(store, 1).await, [hears(1, T + 1_001, 1, "new")]);
}

pub async fn who_stopped_listening_hears_nothing(store: &dyn Store) {
    let waits =
        Progress { next: Next::Waiting { until: Some(T + 9) }, ..listens(vec![listen(1, "paid", "1"), listen(2, "paid", "1")]) };
    one(store, T, create(begun(1, waits))).await;
    one(store, T + 1, append(&run(store, 1).await, Progress { unlisten: vec![1], ..Progress::default() })).await;
    one(store, T + 2, Write::Signal(signal("paid", Some("1"), "1"))).await;
    assert_eq!(heard(store, 1).await, [hears(1, T + 2, 2, "1")]);
    one(store, T + 3, append(&run(store, 1).await, Progress { next: finished(), ..Progress::default() })).await;
    assert_eq!(heard(store, 1).await, []);
    one(store, T + 4, Write::Signal(signal("paid", Some("1"), "kept"))).await;
    let ends = Progress { next: finished(), ..listens(vec![listen(1, "paid", "1"), listen(2, "sent", "1")]) };
    one(store, T + 5, create(begun(2, ends))).await;
    assert_eq!(one(store, T + 6, Write::Signal(signal("sent", None, "1"))).await, Outcome::Delivered(0));
    one(store, T + 7, create(begun(3, listens(vec![listen(1, "paid", "1")])))).await;
    assert_eq!(heard(store, 3).await, [hears(1, T + 7, 1, "kept")]);
}
