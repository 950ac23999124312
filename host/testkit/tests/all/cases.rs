//! Each case answers as it says, and each function has one.

#[tokio::test(flavor = "multi_thread")]
async fn components_answer_as_their_cases_say() {
    let bench = crate::bench();
    let mut failures = Vec::new();
    let (mut functions, mut cases) = (0, 0);
    for (folder, wasm) in crate::components() {
        let mut report = bench.run(&folder, &wasm).await.unwrap_or_else(|error| panic!("{}: {error:?}", folder.display()));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if report.cases == 0 {
            failures.push(format!("{}: has no cases", folder.display()));
        }
        eprintln!(
            "{name:<12} {:>9} bytes {:>3} functions {:>2} unusable {:>4} cases",
            report.bytes, report.functions, report.unusable, report.cases
        );
        functions += report.functions;
        cases += report.cases;
        failures.append(&mut report.failures);
    }
    eprintln!("{functions} functions, {cases} cases");
    assert!(failures.is_empty(), "{} of {cases} cases:\n{}", failures.len(), failures.join("\n"));
}
