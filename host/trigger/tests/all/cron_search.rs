//! Random schedules in zones whose clocks jump: the search agrees with a scan of every minute.

use crate::cron::{at, schedule};
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use loomwork_trigger::cron::{Schedule, Zone};
use proptest::prelude::*;

/// Zones, and days around which their clocks jump: forward, back, by half an hour, by a day, at midnight.
const JUMPS: [(&str, &str); 9] = [
    ("Europe/Paris", "2026-03-28T00:00:00Z"),
    ("Europe/Paris", "2026-10-24T00:00:00Z"),
    ("America/New_York", "2026-03-07T00:00:00Z"),
    ("America/New_York", "2026-10-31T12:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T00:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T00:00:00Z"),
    ("Pacific/Apia", "2011-12-29T00:00:00Z"),
    ("America/Santiago", "2026-09-05T00:00:00Z"),
    ("Asia/Kathmandu", "1985-12-30T12:00:00Z"),
];

/// Minutes that are scanned after a moment.
const SCAN: i64 = 3 * 24 * 60;

/// Whether a civil minute is one of a schedule's, judged by its text alone and without the days' special items.
struct Plain {
    fields: Vec<Vec<u32>>,
    either_day: bool,
    counts_hours: bool,
}

impl Plain {
    fn new(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let all = [0..=59, 0..=23, 1..=31, 1..=12, 0..=6];
        let fields = words.iter().zip(all).map(|(word, all)| match word.strip_prefix("*/") {
            _ if *word == "*" => all.collect(),
            Some(step) => all.step_by(step.parse().expect("a step")).collect(),
            None => word.split(',').map(|number| number.parse().expect("a number")).collect(),
        });
        let either_day = !words[2].starts_with('*') && !words[4].starts_with('*');
        Self { fields: fields.collect(), either_day, counts_hours: words[1].starts_with('*') }
    }

    fn holds(&self, time: DateTime) -> bool {
        let has = |ix: usize, number: i8| self.fields[ix].contains(&(number as u32));
        let (day, weekday) = (has(2, time.day()), has(4, time.weekday().to_sunday_zero_offset()));
        let day = if self.either_day { day || weekday } else { day && weekday };
        has(0, time.minute()) && has(1, time.hour()) && has(3, time.month()) && day
    }

    /// Every firing of the scan. For hours that pass, every minute whose clock shows a time of the schedule; for times of the day, the
    /// instant that each civil time stands for.
    fn scan(&self, after: Timestamp, zone: &TimeZone) -> Vec<i64> {
        let until = after + SignedDuration::from_mins(SCAN);
        let mut fires: Vec<i64> = if self.counts_hours {
            let minutes = (1..=SCAN).map(|minute| after + SignedDuration::from_mins(minute));
            minutes.filter(|at| self.holds(zone.to_datetime(*at))).map(Timestamp::as_millisecond).collect()
        } else {
            let start = zone.to_datetime(after) - SignedDuration::from_hours(26);
            let minutes = (0..SCAN + 4 * 24 * 60).map(|minute| start + SignedDuration::from_mins(minute));
            minutes.filter(|time| self.holds(*time)).map(|time| instant(time, zone).as_millisecond()).collect()
        };
        fires.retain(|at| *at > after.as_millisecond() && *at <= until.as_millisecond());
        fires.sort_unstable();
        fires.dedup();
        fires
    }
}

/// The first instant at which the clock shows this time or a later one.
fn instant(time: DateTime, zone: &TimeZone) -> Timestamp {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    match ambiguous.offset() {
        jiff::tz::AmbiguousOffset::Gap { .. } => {
            let before = ambiguous.earlier().expect("in the calendar") - SignedDuration::from_hours(25);
            let jumps = zone.following(before).map(|jump| jump.timestamp());
            let mut shown_later = jumps.filter(|jump| zone.to_datetime(*jump) > time);
            shown_later.next().expect("the jump over the time")
        }
        _ => ambiguous.earlier().expect("in the calendar"),
    }
}

fn field(least: u32, most: u32) -> impl Strategy<Value = String> {
    let numbers = proptest::collection::btree_set(least..=most, 1..4);
    prop_oneof![
        3 => Just("*".to_owned()),
        1 => (1..=most).prop_map(|step| format!("*/{step}")),
        3 => numbers.prop_map(|numbers| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",")),
    ]
}

fn text() -> impl Strategy<Value = String> {
    // The small hours are where clocks jump.
    let hour = prop_oneof![field(0, 23), field(0, 4)];
    (field(0, 59), hour, field(1, 31), field(1, 12), field(0, 6)).prop_map(|(a, b, c, d, e)| format!("{a} {b} {c} {d} {e}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_search_agrees_with_a_scan(text in text(), jump in 0..JUMPS.len(), minutes in 0i64..1440) {
        let Ok(schedule) = text.parse::<Schedule>() else { return Ok(()) };
        let (name, start) = JUMPS[jump];
        let zone = TimeZoneDatabase::bundled().get(name).expect("a zone");
        let after = Timestamp::from_millisecond(at(start)).expect("a time") + SignedDuration::from_mins(minutes);
        let expected = Plain::new(&text).scan(after, &zone);
        let until = (after + SignedDuration::from_mins(SCAN)).as_millisecond();
        let found = schedule.between(after.as_millisecond(), until, usize::MAX, &Zone::named(name).expect("a zone"));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn firings_strictly_increase(text in text(), jump in 0..JUMPS.len(), offset in -3_000_000_000i64..3_000_000_000) {
        let Ok(schedule) = text.parse::<Schedule>() else { return Ok(()) };
        let (name, start) = JUMPS[jump];
        let zone = Zone::named(name).expect("a zone");
        let mut last = at(start) + offset;
        for _ in 0..20 {
            let next = schedule.next_after(last, &zone).expect("it fires");
            prop_assert!(next > last);
            prop_assert_eq!(schedule.next_after(next - 1, &zone), Some(next));
            last = next;
        }
    }

    #[test]
    fn any_text_is_a_schedule_or_a_mistake_inside_it(text in "\\PC{0,40}|[0-9*/,LW#@a-z -]{0,40}") {
        match text.parse::<Schedule>() {
            Ok(schedule) => prop_assert!(schedule.next_after(0, &Zone::utc()).is_some() && !schedule.describe().is_empty()),
            Err(error) => {
                let span = error.span;
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
                prop_assert!(!error.hint.is_empty());
            }
        }
    }
}

#[test]
fn most_random_schedules_are_schedules() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let good = (0..200).filter(|_| text().new_tree(&mut runner).expect("a text").current().parse::<Schedule>().is_ok()).count();
    assert!(good > 180, "{good} of 200");
    assert!(schedule("0 0 1 1 *").next_after(0, &Zone::utc()).is_some());
}
