//! News of a store.

use futures::FutureExt;
use loomwork_journal::{Change, Hub, RunId};

fn change(number: u128) -> Change {
    Change::Answered { run: RunId::new(1, number) }
}

#[test]
fn each_listener_hears_each_change_once() {
    let hub = Hub::default();
    hub.tell(&[change(0)]);
    let (mut a, mut b) = (hub.listen(), hub.listen());
    hub.tell(&[change(1), change(2)]);
    for listener in [&mut a, &mut b] {
        assert_eq!(listener.next().now_or_never(), Some(Some(change(1))));
        assert_eq!(listener.next().now_or_never(), Some(Some(change(2))));
        assert_eq!(listener.next().now_or_never(), None);
    }
}

#[test]
fn who_does_not_listen_costs_a_bounded_amount() {
    let hub = Hub::default();
    let mut slow = hub.listen();
    for number in 0..20_000 {
        hub.tell(&[change(number)]);
    }
    let mut heard = Vec::new();
    while let Some(Some(change)) = slow.next().now_or_never() {
        heard.push(change);
    }
    assert_eq!(heard[0], Change::Missed);
    assert_eq!(heard.last(), Some(&change(19_999)));
    assert!(heard.len() < 5_000);
}

#[test]
fn the_end_of_a_store_is_heard() {
    let hub = Hub::default();
    let mut changes = hub.listen();
    let waiting = std::thread::spawn(move || futures::executor::block_on(changes.next()));
    drop(hub);
    assert_eq!(waiting.join().expect("it ends"), None);
}
