//! Schedules: what is refused and where, what fires when, what it is called in words.

use loomwork_trigger::cron::{Due, MAX_CATCH_UP, Missed, Schedule, Zone};

pub fn schedule(text: &str) -> Schedule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("a timestamp").as_millisecond()
}

fn shown(at: i64, zone: &str) -> String {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).expect("a zone");
    jiff::Timestamp::from_millisecond(at).expect("a time").to_zoned(zone).strftime("%a %Y-%m-%d %H:%M%:z").to_string()
}

#[track_caller]
fn check(text: &str, zone: &str, after: &str, expected: &[&str]) {
    let named = Zone::named(zone).expect("a zone");
    let found = schedule(text).between(at(after), i64::MAX, expected.len(), &named);
    let found: Vec<String> = found.into_iter().map(|at| shown(at, zone)).collect();
    assert_eq!(found, expected, "{text} in {zone} after {after}");
}

#[test]
fn each_kind_of_item_fires_on_its_days() {
    let after = "2026-01-01T00:00:00Z";
    check(
        "0 7 * * mon-fri",
        "UTC",
        after,
        &["Thu 2026-01-01 07:00+00:00", "Fri 2026-01-02 07:00+00:00", "Mon 2026-01-05 07:00+00:00"],
    );
    check("30 12 L * *", "UTC", after, &["Sat 2026-01-31 12:30+00:00", "Sat 2026-02-28 12:30+00:00"]);
    check("0 0 L-2 * *", "UTC", after, &["Thu 2026-01-29 00:00+00:00", "Thu 2026-02-26 00:00+00:00"]);
    check(
        "0 0 15W * *",
        "UTC",
        after,
        &["Thu 2026-01-15 00:00+00:00", "Mon 2026-02-16 00:00+00:00", "Mon 2026-03-16 00:00+00:00"],
    );
    // The first of February and March 2026 are Sundays, that of August a Saturday.
    check("0 0 1W feb,aug *", "UTC", after, &["Mon 2026-02-02 00:00+00:00", "Mon 2026-08-03 00:00+00:00"]);
    check("0 0 31W may,oct *", "UTC", after, &["Fri 2026-05-29 00:00+00:00", "Fri 2026-10-30 00:00+00:00"]);
    check("0 0 LW * *", "UTC", after, &["Fri 2026-01-30 00:00+00:00", "Fri 2026-02-27 00:00+00:00"]);
    check("0 0 * * friL", "UTC", after, &["Fri 2026-01-30 00:00+00:00", "Fri 2026-02-27 00:00+00:00"]);
    check(
        "0 0 * * mon#1,wed#5",
        "UTC",
        after,
        &["Mon 2026-01-05 00:00+00:00", "Mon 2026-02-02 00:00+00:00", "Mon 2026-03-02 00:00+00:00"],
    );
    check("0 0 29 feb *", "UTC", after, &["Tue 2028-02-29 00:00+00:00", "Sun 2032-02-29 00:00+00:00"]);
    check(
        "0 0 13 * fri",
        "UTC",
        after,
        &["Fri 2026-01-02 00:00+00:00", "Fri 2026-01-09 00:00+00:00", "Tue 2026-01-13 00:00+00:00"],
    );
    check(
        "0 0 */2 * sat",
        "UTC",
        after,
        &["Sat 2026-01-03 00:00+00:00", "Sat 2026-01-17 00:00+00:00", "Sat 2026-01-31 00:00+00:00"],
    );
    check("@hourly", "UTC", "2026-01-01T00:59:59.999Z", &["Thu 2026-01-01 01:00+00:00", "Thu 2026-01-01 02:00+00:00"]);
    check(
        "5/20 22 * 12 7",
        "UTC",
        after,
        &["Sun 2026-12-06 22:05+00:00", "Sun 2026-12-06 22:25+00:00", "Sun 2026-12-06 22:45+00:00"],
    );
}

#[test]
fn a_time_that_does_not_come_fires_when_the_clock_jumps_over_it() {
    // Paris: 02:00 becomes 03:00 on 29 March 2026.
    let after = "2026-03-28T12:00:00Z";
    check("30 2 * * *", "Europe/Paris", after, &["Sun 2026-03-29 03:00+02:00", "Mon 2026-03-30 02:30+02:00"]);
    // All that were jumped over fire together once, also with a firing of that very minute.
    check("*/15 2,3 * * *", "Europe/Paris", after, &["Sun 2026-03-29 03:00+02:00", "Sun 2026-03-29 03:15+02:00"]);
    // A whole day was left out in Apia.
    check("0 9 30 12 *", "Pacific/Apia", "2011-12-29T00:00:00Z", &["Sat 2011-12-31 00:00+14:00", "Sun 2012-12-30 09:00+14:00"]);
    // Half an hour on Lord Howe Island.
    check(
        "15 2 * * *",
        "Australia/Lord_Howe",
        "2026-10-03T00:00:00Z",
        &["Sun 2026-10-04 02:30+11:00", "Mon 2026-10-05 02:15+11:00"],
    );
}

#[test]
fn hours_that_pass_are_not_moved() {
    let after = "2026-03-29T00:00:00Z";
    check("30 * * * *", "Europe/Paris", after, &["Sun 2026-03-29 01:30+01:00", "Sun 2026-03-29 03:30+02:00"]);
    check("0 */2 * * *", "Europe/Paris", after, &["Sun 2026-03-29 04:00+02:00", "Sun 2026-03-29 06:00+02:00"]);
}

#[test]
fn a_time_that_comes_twice_fires_once_and_an_hour_that_passes_twice_fires_twice() {
    // Paris: 03:00 becomes 02:00 on 25 October 2026.
    let after = "2026-10-24T12:00:00Z";
    check("30 2 * * *", "Europe/Paris", after, &["Sun 2026-10-25 02:30+02:00", "Mon 2026-10-26 02:30+01:00"]);
    let after = "2026-10-25T00:00:00Z";
    let twice = &["Sun 2026-10-25 02:30+02:00", "Sun 2026-10-25 02:30+01:00", "Sun 2026-10-25 03:30+01:00"];
    check("30 * * * *", "Europe/Paris", after, twice);
    check("30 0-23 * * *", "Europe/Paris", after, twice);
}

#[test]
fn mistakes_say_where_and_what_to_do() {
    let mistakes = [
        ("", "", "a schedule has five fields, this one 0", "minute, hour"),
        ("* * * *", "* * * *", "a schedule has five fields, this one 4", "minute, hour"),
        ("0 0 7 * * mon", "mon", "a schedule has five fields, this one 6", "Leave out the seconds"),
        ("60 * * * *", "60", "`60` cannot be the minute", "from 0 to 59"),
        ("0 0 * * mno", "mno", "`mno` cannot be the day of the week", "Did you mean `mon`?"),
        ("0 0 ? * *", "?", "`?` cannot be the day of the month", "Write `*`."),
        ("0 22-2 * * *", "22-2", "`22-2` goes backwards", "`22-23,0-2`"),
        ("*/0 * * * *", "0", "`0` cannot be the step of the minute", "from 1 to 59"),
        ("*/60 * * * *", "60", "`60` cannot be the step of the minute", "from 1 to 59"),
        ("1,,2 * * * *", "", "a part of the minute is empty", "`0,30`"),
        ("0 0 * * mon#6", "6", "no month has a weekday number `6`", "from 1 to 5"),
        ("0 0 * * L", "L", "`L` alone is no day of the week", "friL"),
        ("0 0 L-31 * *", "31", "`L-31` is no day before the last", "from 1 to 30"),
        ("0 0 31 feb,apr *", "31 feb,apr *", "the schedule never fires", "month"),
        ("@dialy", "@dialy", "`@dialy` is no schedule", "Did you mean `@daily`?"),
        ("0 0 * jän *", "jän", "`jän` cannot be the month", "jan"),
        ("99999999999999999999 * * * *", "99999999999999999999", "`99999999999999999999` cannot be the minute", "from 0"),
    ];
    for (text, place, message, hint) in mistakes {
        let error = text.parse::<Schedule>().expect_err(text);
        assert_eq!(error.message, message, "{text}");
        assert!(error.hint.contains(hint), "{text}: {}", error.hint);
        assert_eq!(&text[error.span.start as usize..error.span.end as usize], place, "{text}");
    }
    assert!("1,".repeat(200).parse::<Schedule>().is_err());
}

#[test]
fn zones_are_known_by_name() {
    assert_eq!(Zone::named("europe/paris").expect("a zone").name(), "Europe/Paris");
    for (name, hint) in
        [("Berlin", "`Europe/Berlin`"), ("Europe/Pariss", "`Europe/Paris`"), ("+02:00", "such as"), ("../etc", "such as")]
    {
        let error = Zone::named(name).expect_err(name);
        assert!(error.hint().contains(hint), "{name}: {}", error.hint());
    }
    assert!(Zone::named(&"x/".repeat(5000)).expect_err("long").name.len() < 64);
}

#[test]
fn schedules_have_words() {
    for (text, words) in [
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("5 * * * *", "at minute 5 of every hour"),
        ("0,30 * * * *", "at minutes 0 and 30 of every hour"),
        ("0 7 * * mon-fri", "at 07:00 on Monday to Friday"),
        ("0 7,12 * * *", "at 07:00 and 12:00"),
        ("*/10 9-17 * * 1-5", "every 10 minutes of hours 9 to 17 on Monday to Friday"),
        ("0 */2 * * *", "at minute 0 of every 2nd hour"),
        ("@monthly", "at 00:00 on the 1st of the month"),
        ("0 0 L * *", "at 00:00 on the last day of the month"),
        ("0 0 1,15W mar-oct *", "at 00:00 on the 1st and the workday nearest to the 15th of the month in March to October"),
        ("0 0 13 * fri", "at 00:00 on the 13th of the month or on Friday"),
        ("0 0 */2 jan,jul sat", "at 00:00 on every 2nd day of the month if it is Saturday in January and July"),
        ("0 0 * * friL,mon#2", "at 00:00 on the last Friday and the second Monday"),
    ] {
        assert_eq!(schedule(text).describe(), words, "{text}");
    }
}

#[test]
fn missed_firings_follow_their_rule() {
    let (hourly, utc) = (schedule("0 * * * *"), Zone::utc());
    let (last, now) = (at("2026-01-01T00:00:00Z"), at("2026-01-01T03:30:00Z"));
    let next = Some(at("2026-01-01T04:00:00Z"));
    let three = vec![at("2026-01-01T01:00:00Z"), at("2026-01-01T02:00:00Z"), at("2026-01-01T03:00:00Z")];
    assert_eq!(hourly.due(last, now, Missed::Skip, &utc), Due { fire: vec![], left_out: true, next });
    assert_eq!(hourly.due(last, now, Missed::Once, &utc), Due { fire: three[2..].to_vec(), left_out: true, next });
    assert_eq!(hourly.due(last, now, Missed::All, &utc), Due { fire: three, left_out: false, next });

    // On time, no rule leaves it out.
    let on_time = at("2026-01-01T01:00:59Z");
    for missed in [Missed::Skip, Missed::Once, Missed::All] {
        let due = hourly.due(last, on_time, missed, &utc);
        assert_eq!((due.fire, due.left_out), (vec![at("2026-01-01T01:00:00Z")], false), "{missed:?}");
    }
    // Nothing fires twice, also when the clock goes back.
    assert_eq!(hourly.due(now, now, Missed::All, &utc), Due { fire: vec![], left_out: false, next });
    assert_eq!(hourly.due(now, last, Missed::All, &utc), Due { fire: vec![], left_out: false, next });
}

#[test]
fn years_of_missed_firings_are_bounded() {
    let due = schedule("* * * * *").due(at("2016-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"), Missed::All, &Zone::utc());
    assert_eq!(due.fire.len(), MAX_CATCH_UP);
    assert!(due.left_out);
    assert_eq!(due.fire.last(), Some(&at("2026-01-01T00:00:00Z")));
    assert!(due.fire.is_sorted());
}

#[test]
fn the_ends_of_the_calendar_are_no_trap() {
    let (daily, paris) = (schedule("0 2 29 2 *"), Zone::named("Europe/Paris").expect("a zone"));
    for after in [i64::MIN, i64::MAX, at("9999-12-30T00:00:00Z")] {
        assert_eq!(daily.next_after(after, &paris), None);
    }
    assert!(daily.next_after(at("0001-01-01T00:00:00Z"), &paris).is_some());
    assert!(daily.due(i64::MIN, i64::MAX, Missed::All, &paris).fire.is_empty());
}
