//! A program with flows in it: one host granted, one function of its own, one run.

use loomwork::capabilities::Grants;
use loomwork::{Fault, Field, Loomwork, NativePackage, RunOptions, Type};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let [flow, components, url] = arguments()?;
    let grants = Grants::parse_args([format!("http:{url}").as_str()])?;
    let params = vec![Field::new("name", Type::String)];
    let own = NativePackage::new("acme:own@1.0.0").function("shout", params, Some(Type::String), |input, _| shout(input));

    let loomwork = Loomwork::builder().components(components).native(own).grant(grants).build().await?;
    let flow = loomwork.deploy(&std::fs::read_to_string(flow)?).await?;
    let outcome = flow.run(&json!({ "url": url }).to_string(), RunOptions::default()).await;
    println!("{}", outcome.result?);
    Ok(())
}

/// A function that nodes can call: JSON in and out, both already checked against its types.
async fn shout(input: String) -> Result<String, Fault> {
    let input: Value = serde_json::from_str(&input).map_err(|error| Fault::new("own.input", error.to_string()))?;
    let name = input["name"].as_str().unwrap_or_default();
    Ok(json!(name.to_uppercase()).to_string())
}

/// The flow's file, the folder of components, the address that the flow may fetch from.
fn arguments() -> anyhow::Result<[String; 3]> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    given.try_into().map_err(|_| anyhow::anyhow!("usage: embed FLOW COMPONENTS URL"))
}
