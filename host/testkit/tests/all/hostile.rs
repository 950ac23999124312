//! Whatever a function is given, it answers or names its error; it never traps.

use loomwork_testkit::fakes::World;
use loomwork_testkit::hostile::{Dice, value};
use loomwork_testkit::run::call;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_makes_a_component_trap() {
    let rounds: u64 = std::env::var("LOOMWORK_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    let bench = crate::bench();
    let mut traps = Vec::new();
    for (folder, wasm) in crate::components() {
        let component = bench.load(&wasm).await.expect("the component loads");
        // A language's engine takes its time, and its own code is not ours to prove.
        let rounds = if folder.join("app.py").exists() { rounds.min(3) } else { rounds };
        for function in &component.package().functions {
            for seed in 0..rounds {
                let world = World::build(&Default::default()).await.expect("the fakes start");
                let input = value(&mut Dice::new(seed + 1), &function.input(), 0).to_string();
                let answer = component.call(&function.path, &input, call(&world, None).expect("the grants are right")).await;
                if let Err(fault) = answer
                    && !expected(&fault.code, &component.package().id)
                {
                    let input: String = input.chars().take(600).collect();
                    traps.push(format!("{} seed {seed}: {fault}\n  {input}", function.path));
                }
            }
        }
    }
    assert!(traps.is_empty(), "{}", traps.join("\n"));
}

/// One of the package's own errors; or the host's bound on answers, which text can reach by what JSON adds to it.
fn expected(code: &str, package: &str) -> bool {
    code.starts_with(short(package)) || code == "limit.output"
}

/// `text` of `loom:text@0.1.0`: what the codes of a package's own errors begin with.
fn short(id: &str) -> &str {
    let name = id.split('@').next().unwrap_or(id);
    name.rsplit(':').next().unwrap_or(name)
}
