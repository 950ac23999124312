//! The text of journals: readable, exact, and safe to read whatever it is.

use expect_test::expect;
use loomwork_journal::{End, Entry, Event, Happened, Start, decode, encode};
use loomwork_types::Fault;
use proptest::prelude::*;

#[test]
fn a_journal_can_be_read_by_people() {
    let told = |at, what| Entry::Told(Event { at, what });
    let start = Start { input: r#"{"total":120}"#.to_owned(), run: "run_X".to_owned(), seed: u64::MAX, vars: "{}".to_owned() };
    let entries = [
        told(1_763_950_000_000, Happened::Start(start)),
        Entry::Called { at: 1_763_950_000_001, step: 1, node: 4, attempt: 1 },
        told(1_763_950_000_003, Happened::Returned(1, r#"{"status":"new"}"#.to_owned())),
        told(1_763_950_000_004, Happened::Threw(2, Fault::new("http.status", "answered 500").data("{}"))),
        told(1_763_950_000_005, Happened::Fired(3)),
        told(1_763_950_000_006, Happened::Heard(4, "null".to_owned())),
        told(1_763_950_000_007, Happened::Stop),
        Entry::Ended { at: 1_763_950_000_007, end: End::Failed(Fault::new("run.cancelled", "by ada")) },
    ];
    let text = encode(&entries);
    expect![[r#"
        loom1
        start 1763950000000 18446744073709551615 5:run_X 13:{"total":120} 2:{}
        called 1763950000001 1 4 1
        returned 1763950000003 1 16:{"status":"new"}
        threw 1763950000004 2 11:http.status 12:answered 500 2:{}
        fired 1763950000005 3
        heard 1763950000006 4 4:null
        stop 1763950000007
        ended 1763950000007 failed 13:run.cancelled 6:by ada -
    "#]]
    .assert_eq(&text);
    assert_eq!(decode(&text), Ok(entries.to_vec()));
}

#[test]
fn damage_is_told_by_its_place() {
    let whole = encode(&[Entry::Called { at: 5, step: 1, node: 2, attempt: 3 }]);
    for cut in 0..whole.len() {
        // Cut at the end of a line it is a shorter journal.
        assert_eq!(decode(&whole[..cut]).is_ok(), cut == "loom1\n".len(), "cut at {cut}");
    }
    let hostile = [
        "loom2\n",
        "loom1\nreturned 1 1 99999999999999999999:x\n",
        "loom1\nreturned 1 1 18446744073709551615:x\n",
        "loom1\nreturned 1 1 2:é",
        "loom1\nreturned 1 1 1:é\n",
        "loom1\nreturned 1 4294967296 1:x\n",
        "loom1\nstop 1 \n",
        "loom1\nstop  1\n",
        "loom1\nended 1 running 1:x\n",
        "loom1\nsleep 1\n",
    ];
    for text in hostile {
        let error = decode(text).expect_err(text);
        assert!(error.at <= text.len(), "{error}");
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    (any::<String>(), any::<String>(), any::<Option<String>>()).prop_map(|(code, message, data)| Fault {
        code: code.into(),
        message,
        data,
    })
}

fn happened() -> impl Strategy<Value = Happened> {
    let start = (any::<String>(), any::<String>(), any::<u64>(), any::<String>());
    prop_oneof![
        start.prop_map(|(input, run, seed, vars)| Happened::Start(Start { input, run, seed, vars })),
        any::<(u32, String)>().prop_map(|(step, json)| Happened::Returned(step, json)),
        (any::<u32>(), fault()).prop_map(|(step, fault)| Happened::Threw(step, fault)),
        any::<u32>().prop_map(Happened::Fired),
        any::<(u32, String)>().prop_map(|(step, json)| Happened::Heard(step, json)),
        Just(Happened::Stop),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let end =
        prop_oneof![any::<String>().prop_map(End::Finished), fault().prop_map(End::Failed), fault().prop_map(End::Cancelled)];
    prop_oneof![
        (any::<u64>(), happened()).prop_map(|(at, what)| Entry::Told(Event { at, what })),
        any::<(u64, u32, u32, u32)>().prop_map(|(at, step, node, attempt)| Entry::Called { at, step, node, attempt }),
        (any::<u64>(), end).prop_map(|(at, end)| Entry::Ended { at, end }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(entries in prop::collection::vec(entry(), 0..12)) {
        prop_assert_eq!(decode(&encode(&entries)), Ok(entries));
    }

    /// Reading never panics, and what can be read is written the same.
    #[test]
    fn whatever_it_is_it_can_be_refused(
        entries in prop::collection::vec(entry(), 0..4),
        place in any::<prop::sample::Index>(),
        with in prop_oneof![Just("0"), Just("9"), Just(":"), Just("\n"), Just(" "), Just("-"), Just("é")],
    ) {
        let mut text = encode(&entries);
        let mut at = place.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, with);
        if let Ok(read) = decode(&text) {
            prop_assert_eq!(decode(&encode(&read)), Ok(read));
        }
    }
}
