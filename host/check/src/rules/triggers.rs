//! What starts a flow: `flow.bad_method`, `flow.bad_path`, `flow.duplicate_route`, `flow.bad_schedule`, `flow.bad_name`,
//! `flow.no_respond`.

use super::ids::slug_mistake;
use crate::draft::{Draft, Kind};
use crate::report::{Report, brief, listed};
use loomwork_flow::{Answer, HttpTrigger, TriggerKind, pointer_step};
use loomwork_trigger::cron::{Schedule, Zone, ZoneError};
use std::collections::HashSet;

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn check(draft: &Draft<'_>, report: &mut Report<'_>) {
    let mut routes = HashSet::new();
    for (ix, trigger) in draft.flow.triggers.iter().enumerate() {
        let at = |field: &str| format!("/triggers/{ix}/{field}");
        match &trigger.kind {
            TriggerKind::Http(http) => {
                check_http(http, &at, report);
                check_answer(draft, http, &at, report);
                if !routes.insert((&http.method, route_shape(&http.path))) {
                    let message = format!("another trigger answers {} {} already", http.method, brief(&http.path));
                    report.error("flow.duplicate_route", &at("path"), message);
                }
            }
            TriggerKind::Cron { schedule, zone, .. } => check_cron(schedule, zone.as_deref(), &at, report),
            TriggerKind::Event { name } if !name_is_good(name) => bad_name("an event", name, &at("name"), report),
            TriggerKind::Flow { flow } if slug_mistake(flow).is_some() => bad_name("a flow", flow, &at("flow"), report),
            TriggerKind::Manual | TriggerKind::Event { .. } | TriggerKind::Flow { .. } | TriggerKind::Form { .. } => {}
        }
    }
}

/// Who waits for a `respond` waits for a node that can be reached.
fn check_answer(draft: &Draft<'_>, http: &HttpTrigger, at: &dyn Fn(&str) -> String, report: &mut Report<'_>) {
    let responds = |(node, kind): (usize, &Kind<'_>)| matches!(kind, Kind::Respond) && !draft.flow.nodes[node].disabled;
    if http.answer == Answer::Respond && !draft.kinds.iter().enumerate().any(responds) {
        let hint = "Add a `respond` node, or let the trigger answer with the `result`.".to_owned();
        report.error_hint("flow.no_respond", &at("answer"), "nothing in the flow says what to answer", hint);
    }
}

fn check_http(http: &HttpTrigger, at: &dyn Fn(&str) -> String, report: &mut Report<'_>) {
    if !METHODS.contains(&http.method.as_str()) {
        let hint = report.did_you_mean(&http.method, METHODS).unwrap_or_else(|| format!("Write one of {}.", listed(METHODS)));
        report.error_hint("flow.bad_method", &at("method"), format!("`{}` is not a method", brief(&http.method)), hint);
    }
    if let Some(why) = path_mistake(&http.path) {
        let hint = "Write for example `/orders/{id}`, or `/files/{*rest}` for all that follows.".to_owned();
        report.error_hint("flow.bad_path", &at("path"), why, hint);
    }
    if let Some(auth) = http.auth.as_deref().filter(|auth| !name_is_good(auth)) {
        bad_name("a secret", auth, &at("auth"), report);
    }
    if let Some(verify) = http.verify.as_ref().filter(|verify| !name_is_good(&verify.secret)) {
        bad_name("a secret", &verify.secret, &at("verify/secret"), report);
    }
    for (code, _) in http.faults.iter().filter(|(code, _)| !name_is_good(code.strip_suffix(".*").unwrap_or(code))) {
        let message = format!("`{}` cannot be a fault code", brief(code));
        let hint = "Write for example `order.too_large`, or `order.*` for all that begin so.".to_owned();
        report.error_name("flow.bad_name", &at(&format!("faults/{}", pointer_step(code))), message, hint);
    }
}

/// Letters, digits and `.`, `-`, `_`, `/`: what events, secrets and fault codes are called.
pub(crate) fn name_is_good(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/".contains(&byte);
    (1..=128).contains(&name.len()) && name.bytes().all(good)
}

fn bad_name(what: &str, name: &str, pointer: &str, report: &mut Report<'_>) {
    let hint = "Use letters, digits, `.`, `-` and `_`.".to_owned();
    report.error_hint("flow.bad_name", pointer, format!("`{}` cannot be the name of {what}", brief(name)), hint);
}

fn check_cron(schedule: &str, zone: Option<&str>, at: &dyn Fn(&str) -> String, report: &mut Report<'_>) {
    // What would not be told need not be found: looking for what is meant takes a while.
    if report.is_full() {
        return;
    }
    if let Err(error) = schedule.parse::<Schedule>() {
        report.inner(&at("schedule"), 0, vec![error.diagnostic(0)]);
    }
    if let Some(error) = zone.and_then(|zone| Zone::named(zone).err()) {
        report.error_hint(ZoneError::CODE, &at("zone"), error.to_string(), error.hint());
    }
}

/// Says what is wrong with a route's path.
fn path_mistake(path: &str) -> Option<String> {
    let Some(rest) = path.strip_prefix('/') else {
        return Some("a path begins with `/`".to_owned());
    };
    if path.len() > 512 {
        return Some("the path is longer than 512 letters".to_owned());
    }
    let mut names = HashSet::new();
    let segments: Vec<&str> = rest.split('/').collect();
    let last = segments.len() - 1;
    segments.iter().enumerate().filter(|_| !rest.is_empty()).find_map(|(ix, segment)| {
        let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
            return (!is_plain(segment)).then(|| match segment {
                &"" => "a part of the path is empty".to_owned(),
                _ => format!("`{}` cannot be a part of a path", brief(segment)),
            });
        };
        let rest_of_path = name.strip_prefix('*');
        if rest_of_path.is_some() && ix != last {
            return Some(format!("`{{{}}}` takes all that follows, so it must come last", brief(name)));
        }
        let name = rest_of_path.unwrap_or(name);
        match loomwork_flow::id_mistake(name) {
            Some(why) => Some(format!("`{}` cannot be the name of a parameter: {why}", brief(name))),
            None => (!names.insert(name)).then(|| format!("the parameter `{name}` is there twice")),
        }
    })
}

fn is_plain(segment: &str) -> bool {
    !segment.is_empty() && segment.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(letter))
}

/// Two paths of the same shape answer the same requests, whatever their parameters are called.
fn route_shape(path: &str) -> Vec<&str> {
    path.split('/')
        .map(|segment| match segment.as_bytes() {
            [b'{', b'*', .., b'}'] => "{*}",
            [b'{', .., b'}'] => "{}",
            _ => segment,
        })
        .collect()
}
