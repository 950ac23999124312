//! `flow.bad_schedule`: the five fields of a cron trigger, and the name of its zone.

/// Name, least and greatest number, and words for numbers from the least on.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("day of the week", 0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

/// Says what is wrong with a schedule.
pub(super) fn schedule_mistake(schedule: &str) -> Option<String> {
    let parts: Vec<&str> = schedule.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Some(format!("a schedule has five fields, this one {}", parts.len()));
    }
    parts.iter().zip(&FIELDS).find_map(|(part, (name, least, most, words))| {
        let wrong = part.split(',').find(|item| !item_is_good(item, *least, *most, words))?;
        Some(format!("`{}` cannot be the {name}", crate::report::brief(wrong)))
    })
}

/// `*`, `7`, `mon`, `1-5`, any of them with `/2`.
fn item_is_good(item: &str, least: u32, most: u32, words: &[&str]) -> bool {
    let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
    let step_is_good = step.is_none_or(|step| step.parse().is_ok_and(|step: u32| (1..=most).contains(&step)));
    let number = |text: &str| {
        let word = words.iter().position(|word| text.eq_ignore_ascii_case(word)).map(|at| at as u32 + least);
        let digits = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        word.or(digits).filter(|number| (least..=most).contains(number))
    };
    let range_is_good = match range.split_once('-') {
        Some((from, to)) => matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to),
        None => range == "*" || number(range).is_some(),
    };
    range_is_good && step_is_good
}

/// `Europe/Paris`, `UTC`, `Etc/GMT+1`: looks like a zone's name. Whether there is one is known only where the zones are.
pub(super) fn zone_is_good(zone: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || "_+-".contains(letter))
    };
    zone.len() <= 64 && zone.split('/').count() <= 3 && zone.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::{schedule_mistake, zone_is_good};

    #[test]
    fn schedules_have_five_good_fields() {
        for good in ["* * * * *", "0 7 * * mon-fri", "*/15 0-6/2 1,15 jan,JUL 0", "5 4 31 12 7"] {
            assert_eq!(schedule_mistake(good), None, "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "5-1 * * * *",
            "a * * * *",
            "1,,2 * * * *",
        ] {
            assert!(schedule_mistake(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn zones_look_like_names() {
        assert!(["UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+1"].into_iter().all(zone_is_good));
        assert!(!["", "+02:00", "Europe/", "a b"].into_iter().any(zone_is_good));
    }
}
