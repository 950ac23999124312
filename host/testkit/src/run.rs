//! Running cases, and saying what went wrong.

use crate::case::{self, Answer, Case};
use crate::coverage::Coverage;
use crate::expand::expand;
use crate::fakes::{PROJECT, World};
use crate::print;
use anyhow::{Context as _, bail, ensure};
use loomwork_catalog::Package;
use loomwork_engine::{Call, Component, Context, Engine, Profile, Settings};
use loomwork_types::Fault;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// Components larger than this carry a language's engine.
const LANGUAGE_BYTES: usize = 4 << 20;

/// An engine with all capabilities, to run cases on.
pub struct Bench {
    engine: Engine,
}

/// What came of a component's cases.
#[derive(Debug, Default)]
pub struct Report {
    pub functions: usize,
    pub unusable: usize,
    pub cases: usize,
    pub bytes: usize,
    /// One text for each mistake.
    pub failures: Vec<String>,
}

impl Bench {
    /// `cache` keeps native code from one test run to the next.
    pub fn new(cache: &Path) -> anyhow::Result<Self> {
        let capabilities = loomwork_caps::Capabilities::builder().build();
        let settings = Settings { capabilities: capabilities.list(), cache: Some(cache.to_owned()), ..Settings::default() };
        Ok(Self { engine: Engine::new(settings)? })
    }

    pub async fn load(&self, wasm: &Path) -> anyhow::Result<Component> {
        let bytes = std::fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
        let name = wasm.file_stem().unwrap_or_default().to_string_lossy();
        let package = Package::read_as(&bytes, &name).with_context(|| format!("{} is no package", wasm.display()))?;
        let profile = if bytes.len() > LANGUAGE_BYTES { Profile::Language } else { Profile::Node };
        Ok(self.engine.load(&bytes, package, profile).await?)
    }

    /// Runs the cases in `folder/cases`, and the examples of the manifest, against a component. With `UPDATE=1`, cases that
    /// state no answer get the one that was given.
    pub async fn run(&self, folder: &Path, wasm: &Path) -> anyhow::Result<Report> {
        let component = self.load(wasm).await?;
        let package = component.package().clone();
        let mut report = Report {
            functions: package.functions.len(),
            unusable: package.unusable.len(),
            bytes: std::fs::metadata(wasm)?.len() as usize,
            ..Report::default()
        };
        let mut covered = Coverage::default();
        for mut file in case::read(&folder.join("cases"))? {
            let mut changed = false;
            for (case, value) in &mut file.cases {
                covered.see(case);
                report.cases += 1;
                let place = || format!("{} `{}`", file.path.display(), value["about"].as_str().unwrap_or_default());
                match one(&component, case).await {
                    Ok(None) => {}
                    Ok(Some((name, answer))) if std::env::var_os("UPDATE").is_some() => {
                        value[name] = answer;
                        changed = true;
                    }
                    Ok(Some((name, answer))) => {
                        report.failures.push(format!("{}: states no answer; it is \"{name}\": {answer}", place()))
                    }
                    Err(error) => report.failures.push(format!("{} of {}: {error:#}", place(), case.function)),
                }
            }
            if changed {
                let values: Vec<Value> = file.cases.into_iter().map(|(_, value)| value).collect();
                std::fs::write(&file.path, print::cases(&values))?;
            }
        }
        report.failures.extend(covered.missing(&package).into_iter().map(|what| format!("{}: {what}", folder.display())));
        self.examples(&component, &mut report).await?;
        Ok(report)
    }

    async fn examples(&self, component: &Component, report: &mut Report) -> anyhow::Result<()> {
        for function in &component.package().functions {
            for example in &function.examples {
                let world = World::build(&Default::default()).await?;
                let Some(wanted) = &example.output else { continue };
                let place = format!("example `{}` of {}", example.title, function.path);
                match component.call(&function.path, &example.input, call(&world, None)?).await {
                    Ok(output) if same(&output, wanted)? => {}
                    Ok(output) => report.failures.push(format!("{place}: answers {output}")),
                    Err(fault) => report.failures.push(format!("{place}: {fault}")),
                }
            }
        }
        Ok(())
    }
}

fn same(output: &str, wanted: &str) -> anyhow::Result<bool> {
    Ok(serde_json::from_str::<Value>(output)? == serde_json::from_str::<Value>(wanted)?)
}

/// Always the same run, so that random bytes are too.
pub fn call(world: &World, grants: Option<&[String]>) -> anyhow::Result<Call> {
    let context = Context {
        project: PROJECT.into(),
        run: "run_case".into(),
        step: 1,
        node: "case".into(),
        at_ms: 1_777_638_896_000,
        seed: 7,
        ..Context::default()
    };
    Ok(Call { context: Arc::new(context), grants: world.grants(grants)?, ..Call::default() })
}

/// Runs a case. If it states no answer, gives the name and value of what it would have to state.
async fn one(component: &Component, case: &Case) -> anyhow::Result<Option<(&'static str, Value)>> {
    let world = World::build(&case.fakes).await?;
    let input = match &case.input {
        Value::Null => "{}".to_owned(),
        input => expand(input).to_string().replace("{{http}}", &world.address),
    };
    if let Some(reason) = &case.unusable {
        return unusable(component, &case.function, reason).map(|()| None);
    }
    let answer = component.call(&case.function, &input, call(&world, case.grants.as_deref())?).await;
    let strays = world.strays();
    ensure!(strays.is_empty(), "no exchange expects {}", strays.join("; "));
    let unstated = check(case, answer, &world.address)?;
    after(case, &world).await?;
    Ok(unstated)
}

fn unusable(component: &Component, path: &str, reason: &str) -> anyhow::Result<()> {
    let listed = component.package().unusable.iter().find(|unusable| &*unusable.path == path);
    let listed = listed.with_context(|| format!("`{path}` is not listed as unusable"))?;
    ensure!(listed.reason.contains(reason), "the reason is: {}", listed.reason);
    Ok(())
}

fn check(case: &Case, answer: Result<String, Fault>, address: &str) -> anyhow::Result<Option<(&'static str, Value)>> {
    match (answer, &case.output, &case.matches, &case.fault) {
        (Ok(text), output, matches, None) => {
            let text = text.replace(address, "{{http}}");
            let value: Value = serde_json::from_str(&text).with_context(|| format!("the output is not JSON: {text}"))?;
            match (output, matches) {
                (None, None) => return Ok(Some(("output", value))),
                (Some(Answer(wanted)), _) => ensure!(expand(wanted) == value, "answers {}", short(&text)),
                (None, Some(pattern)) => ensure!(regex_lite::Regex::new(pattern)?.is_match(&text), "answers {}", short(&text)),
            }
        }
        (Ok(text), _, _, Some(wanted)) => bail!("does not fault with {} but answers {}", wanted.code, short(&text)),
        (Err(fault), None, None, None) => return Ok(Some(("fault", fault_json(&fault, address)))),
        (Err(fault), _, _, Some(wanted)) => {
            ensure!(fault.code == wanted.code, "faults with {fault}");
            let message = fault.message.replace(address, "{{http}}");
            ensure!(wanted.message.as_deref().is_none_or(|part| message.contains(part)), "says: {message}");
            let data = fault.data.as_deref().map(|data| data.replace(address, "{{http}}")).unwrap_or_else(|| "null".into());
            let data: Value = serde_json::from_str(&data)?;
            ensure!(wanted.data.as_ref().is_none_or(|wanted| wanted.0 == data), "carries {data}");
        }
        (Err(fault), ..) => bail!("faults with {fault}"),
    }
    Ok(None)
}

fn fault_json(fault: &Fault, address: &str) -> Value {
    let mut json = serde_json::json!({"code": fault.code, "message": fault.message.replace(address, "{{http}}")});
    // The data of most errors is the message once more.
    let data = fault.data.as_deref().and_then(|data| serde_json::from_str::<Value>(&data.replace(address, "{{http}}")).ok());
    if let Some(data) = data.filter(|data| data.as_str() != Some(&*fault.message)) {
        json["data"] = data;
    }
    json
}

async fn after(case: &Case, world: &World) -> anyhow::Result<()> {
    let Some(after) = &case.after else { return Ok(()) };
    for (store, wanted) in &after.kv {
        let held = world.store(store).await?;
        ensure!(held == *wanted, "afterwards `{store}` holds {held:?}");
    }
    if let Some(wanted) = &after.log {
        let lines = world.lines();
        ensure!(lines == *wanted, "the log is {lines:?}");
    }
    Ok(())
}

fn short(text: &str) -> String {
    text.chars().take(2000).collect()
}
