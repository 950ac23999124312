//! Any flow at all: of the right shape, seldom one that could work.

use loomwork_flow::*;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z_]{1,8}",
        1 => "\\PC{0,12}",
        1 => any::<String>().prop_map(|text| text.chars().take(20).collect()),
        1 => Just("{{ nodes.a.b + 1 }}".to_owned()),
    ]
}

pub fn id() -> impl Strategy<Value = String> {
    "[a-e]".prop_map(|id| id)
}

pub fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<f64>().prop_filter("JSON has finite numbers", |n| n.is_finite()).prop_map(|n| Json::Number(n.to_string())),
        any::<i64>().prop_map(|n| Json::Number(format!("{n}E+2"))),
        text().prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| prop_oneof![vec(inner.clone(), 0..6).prop_map(Json::List), object(inner.boxed(), 0..6)])
}

fn object(value: BoxedStrategy<Json>, size: std::ops::Range<usize>) -> impl Strategy<Value = Json> {
    btree_map(text(), value, size).prop_map(|members| Json::Object(members.into_iter().collect()))
}

fn members() -> impl Strategy<Value = Vec<(String, Json)>> {
    btree_map(text(), json(), 0..4).prop_map(|members| members.into_iter().collect())
}

fn texts() -> impl Strategy<Value = Vec<(String, String)>> {
    btree_map(text(), text(), 0..3).prop_map(|members| members.into_iter().collect())
}

fn retry() -> impl Strategy<Value = Retry> {
    let backoff = prop_oneof![Just(Backoff::Constant), Just(Backoff::Exponential)];
    let number = || of(any::<f64>().prop_filter("finite", |n| n.is_finite()));
    (any::<u32>(), of(text()), backoff, number(), of(text()), number(), of(text())).prop_map(
        |(attempts, delay, backoff, factor, max_delay, jitter, when)| Retry {
            attempts,
            delay,
            backoff,
            factor,
            max_delay,
            jitter,
            when,
        },
    )
}

pub fn node(id: impl Strategy<Value = String>) -> impl Strategy<Value = Node> {
    let join = prop_oneof![Just(Join::All), Just(Join::Any)];
    let scope = of(prop_oneof!["[a-e]", "[a-e]\\.catch"]);
    let first = (id, text(), scope, members(), join, of(any::<u32>()));
    let second = (of(text()), of(retry()), of(text()), of(json()), any::<bool>(), of(text()));
    (first, second).prop_map(|((id, uses, scope, with, join, max_visits), (timeout, retry, cache, pin, disabled, note))| Node {
        id,
        uses,
        scope,
        with,
        join,
        max_visits,
        timeout,
        retry,
        cache,
        pin,
        disabled,
        note,
        aliases: Vec::new(),
    })
}

pub fn wire() -> impl Strategy<Value = Wire> {
    (id(), prop_oneof![Just("ok".to_owned()), Just("error".to_owned()), text()], id()).prop_map(|(from, port, to)| Wire {
        from,
        port,
        to,
    })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let answer = prop_oneof![Just(Answer::Result), Just(Answer::Now), Just(Answer::Respond)];
    let input = prop_oneof![Just(HttpInput::Body), Just(HttpInput::Request)];
    let faults = btree_map(text(), 100u16..600, 0..3).prop_map(|faults| faults.into_iter().collect());
    let scheme = prop_oneof![Just(Scheme::StandardWebhooks), Just(Scheme::Github), Just(Scheme::Stripe), Just(Scheme::Token)];
    let verify = of((scheme, text()).prop_map(|(scheme, secret)| Verify { scheme, secret }));
    let missed = prop_oneof![Just(Missed::Skip), Just(Missed::Once), Just(Missed::All)];
    let http = (text(), text(), answer, input, faults, of(text()), verify, of(text())).prop_map(
        |(method, path, answer, input, faults, auth, verify, idempotency)| {
            TriggerKind::Http(HttpTrigger { method, path, answer, input, faults, auth, verify, idempotency })
        },
    );
    let kind = prop_oneof![
        Just(TriggerKind::Manual),
        http,
        (text(), of(text()), missed).prop_map(|(schedule, zone, missed)| TriggerKind::Cron { schedule, zone, missed }),
        text().prop_map(|name| TriggerKind::Event { name }),
        text().prop_map(|flow| TriggerKind::Flow { flow }),
        of(text()).prop_map(|title| TriggerKind::Form { title }),
    ];
    (text(), kind).prop_map(|(id, kind)| Trigger { id, kind })
}

fn view() -> impl Strategy<Value = Json> {
    let nodes = btree_map(id(), json(), 0..4).prop_map(|nodes| Json::Object(nodes.into_iter().collect()));
    let members = members().prop_map(|members| members.into_iter().filter(|(name, _)| name != "nodes"));
    let view = (nodes, members)
        .prop_map(|(nodes, members)| Json::Object([("nodes".to_owned(), nodes)].into_iter().chain(members).collect()));
    prop_oneof![Just(Json::Null), view]
}

/// Ids of nodes and wires are different, so that edits have something to hold on to.
pub fn flow() -> impl Strategy<Value = Flow> {
    let nodes = btree_map(id(), node(id()), 0..5)
        .prop_map(|nodes| nodes.into_iter().map(|(id, node)| Node { id, ..node }).collect::<Vec<_>>());
    let wires = vec(wire(), 0..6).prop_map(|wires| {
        let mut kept: Vec<Wire> = Vec::new();
        for wire in wires {
            if !kept.contains(&wire) {
                kept.push(wire);
            }
        }
        kept
    });
    let durability = prop_oneof![Just(Durability::Memory), Just(Durability::Steps)];
    let concurrency = of((of(text()), any::<u32>()).prop_map(|(key, limit)| Concurrency { key, limit }));
    let debounce = of((of(text()), text()).prop_map(|(key, delay)| Debounce { key, delay }));
    let head = (text(), of(text()), texts(), texts(), of(text()), of(text()), of(text()));
    let middle = (vec(trigger(), 0..3), concurrency, debounce, of(text()), of(text()), durability);
    (head, middle, nodes, wires, view()).prop_map(
        |((id, description, packages, types, input, output, answer), middle, nodes, wires, view)| {
            let (triggers, concurrency, debounce, timeout, error_flow, durability) = middle;
            Flow {
                id,
                description,
                packages,
                types,
                input,
                output,
                answer,
                triggers,
                concurrency,
                debounce,
                timeout,
                error_flow,
                durability,
                nodes,
                wires,
                view,
                machine: None,
            }
        },
    )
}
