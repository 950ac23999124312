//! A program with flows in it: one host granted, one function of its own, one run.

use loomwork::capabilities::Grants;
use loomwork::{Field, Loomwork, NativePackage, RunOptions, Type};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let [flow, components, url] = arguments()?;
    let grants = Grants::parse_args([format!("http:{url}").as_str()])?;
    let params = vec![Field::new("name", Type::String)];
    let shout = |input: String, _context| async move { Ok(input.to_uppercase().replace("{\"NAME\":", "").replace('}', "")) };
    let own = NativePackage::new("acme:own@1.0.0").function("shout", params, Some(Type::String), shout);

    let loomwork = Loomwork::builder().components(components).native(own).grant(grants).build().await?;
    let flow = loomwork.deploy(&std::fs::read_to_string(flow)?).await?;
    let outcome = flow.run(&format!("{{\"url\":\"{url}\"}}"), RunOptions::default()).await;
    println!("{}", outcome.result?);
    Ok(())
}

/// The flow's file, the folder of components, the address that the flow may fetch from.
fn arguments() -> anyhow::Result<[String; 3]> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    given.try_into().map_err(|_| anyhow::anyhow!("usage: embed FLOW COMPONENTS URL"))
}
