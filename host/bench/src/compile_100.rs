//! `compile-100`: from a document of 100 nodes to a component, and from there to something that can run. Every round has a
//! document that nobody has seen before; the runtime that flows carry is compiled already.

use crate::options::Options;
use crate::stats::{Figures, Row};
use anyhow::{Context, bail};
use loomwork_catalog::{Catalog, Lock, Package};
use loomwork_engine::{Engine, Settings};
use serde_json::{Value, json};
use std::time::Instant;

const ID: &str = "compile-100";
const NODES: usize = 100;

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let mut catalog = Catalog::new();
    for name in ["number", "text"] {
        catalog.add(Package::read(&std::fs::read(options.components.join(format!("{name}.wasm")))?)?);
    }
    let cache = tempfile::tempdir()?;
    let runtimes = loomwork_compile::runtimes().to_vec();
    let engine = Engine::new(Settings { cache: Some(cache.path().to_owned()), runtimes, ..Settings::default() })?;
    engine.machine(&compile(&document(0), &catalog)?).await?;
    let (mut generating, mut until_it_can_run, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        let text = document(round);
        let began = Instant::now();
        let bytes = compile(&text, &catalog)?;
        generating.push(began.elapsed().as_secs_f64() * 1e3);
        let machine = engine.machine(&bytes).await?;
        machine.instantiate()?;
        until_it_can_run.push(began.elapsed().as_secs_f64() * 1e3);
        sizes.push(bytes.len() as f64 / 1024.0);
    }
    Ok(vec![
        Row::new(ID, "check and generate", "ms", &Figures::new(generating)).at_most(20.0),
        Row::new(ID, "until it can run", "ms", &Figures::new(until_it_can_run)).at_most(150.0),
        Row::new(ID, "component", "KiB", &Figures::new(sizes)),
    ])
}

fn compile(text: &str, catalog: &Catalog) -> anyhow::Result<Vec<u8>> {
    let (flow, map, mistakes) = loomwork_flow::parse(text);
    let flow = flow.with_context(|| format!("{mistakes:?}"))?;
    let (checked, mistakes) = loomwork_check::check(&flow, &map, catalog);
    let Some(checked) = checked else { bail!("{mistakes:?}") };
    let mut lock = Lock::new();
    for package in catalog.packages() {
        lock.insert(&package.id, &package.digest);
    }
    Ok(loomwork_compile::compile(&flow, &checked, &lock)?.bytes)
}

/// A chain of calls, values, branches and expressions that differ from round to round.
fn document(round: usize) -> String {
    let (mut nodes, mut wires) = (Vec::new(), Vec::new());
    let mut before: Option<String> = None;
    while nodes.len() < NODES - 1 {
        let at = nodes.len();
        let link = group(at, round, before.as_deref());
        wires.extend(link.wires);
        nodes.extend(link.nodes);
        before = Some(format!("text_{at}"));
    }
    let last = before.unwrap_or_default();
    nodes.push(json!({ "id": "end", "use": "return", "with": { "value": format!("{{{{ nodes.{last} }}}}") } }));
    wires.push(json!({ "from": last, "to": "end" }));
    assert_eq!(nodes.len(), NODES, "the groups fill the flow");
    json!({
        "loomwork": 1, "id": format!("hundred_{round}"),
        "packages": { "number": "loom:number@0.1", "text": "loom:text@0.1" },
        "input": "record { name: string, amount: f64 }", "output": "string", "durability": "memory",
        "nodes": nodes, "wires": wires,
    })
    .to_string()
}

struct Group {
    nodes: Vec<Value>,
    wires: Vec<Value>,
}

/// Nine nodes: a value, calls, a branch that joins again.
fn group(at: usize, round: usize, before: Option<&str>) -> Group {
    let seed = round * 1000 + at;
    let name = |kind: &str| format!("{kind}_{at}");
    let [set, round_, clamp, branch, high, low, label, upper, text] =
        ["set", "round", "clamp", "branch", "high", "low", "label", "upper", "text"].map(name);
    let nodes = vec![
        json!({ "id": set, "use": "set", "with": { "amount": format!("{{{{ input.amount * {seed}.25 + 1.0 }}}}"), "name": format!("{{{{ input.name.trim() + '-{seed}' }}}}") } }),
        json!({ "id": round_, "use": "number#round", "with": { "value": format!("{{{{ nodes.{set}.amount }}}}"), "digits": 2 } }),
        json!({ "id": clamp, "use": "number#clamp", "with": { "value": format!("{{{{ nodes.{round_} }}}}"), "low": 0, "high": seed + 10 } }),
        json!({ "id": branch, "use": "branch", "with": { "cases": [{ "name": "high", "when": format!("{{{{ nodes.{clamp} > {seed}.0 && size(nodes.{set}.name) > 3 }}}}") }] } }),
        json!({ "id": high, "use": "text#repeat", "with": { "text": format!("{{{{ nodes.{set}.name }}}}"), "times": 2 } }),
        json!({ "id": low, "use": "text#title", "with": { "text": format!("low {{{{ nodes.{set}.name }}}}") } }),
        json!({ "id": label, "use": "set", "with": { "text": format!("{{{{ nodes.?{high}.orValue('none') }}}} {{{{ string(nodes.{clamp}) }}}}") } }),
        json!({ "id": upper, "use": "text#upper", "with": { "text": format!("{{{{ nodes.{label}.text }}}}") } }),
        json!({ "id": text, "use": "text#trim", "with": { "text": format!("{{{{ nodes.{upper}.replace('{at}', '-') }}}}") } }),
    ];
    let wire = |from: &str, to: &str| json!({ "from": from, "to": to });
    let case = |port: &str, to: &str| json!({ "from": branch, "port": port, "to": to });
    let mut wires = vec![
        wire(&set, &round_),
        wire(&round_, &clamp),
        wire(&clamp, &branch),
        case("high", &high),
        case("else", &low),
        wire(&high, &label),
        wire(&low, &label),
        wire(&label, &upper),
        wire(&upper, &text),
    ];
    wires.extend(before.map(|before| wire(before, &set)));
    Group { nodes, wires }
}
