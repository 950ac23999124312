//! Prints how long reading and writing values takes, in nanoseconds for each KiB of JSON: `cargo run --release --example speed -p
//! loomwork-types`.
#![expect(clippy::print_stdout, reason = "it is what the program is for")]

use loomwork_types::{Limits, Names, Type, decode, encode, parse, scan};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ORDER: &str = "record { id: u64, customer: string, at: datetime, lines: list<record { sku: string, quantity: u32, unit-price: f64, \
     note: option<string> }>, state: enum { open, paid, done } }";

fn main() {
    let order = parse(ORDER, &Names::default()).expect("the type is right");
    let line = r#"{"sku":"SKU-1234","quantity":3,"unit_price":19.95,"note":null}"#;
    let lines = vec![line; 14].join(",");
    let json = format!(r#"{{"id":17,"customer":"Ada Lovelace","at":"2026-05-01T12:00:00Z","lines":[{lines}],"state":"paid"}}"#);
    let text = format!("\"{}\"", "a".repeat(1022));
    println!("{:<10} {:>7} {:>9} {:>9} {:>9}", "what", "bytes", "scan", "decode", "encode");
    for (name, ty, json) in [("order", &order, &json), ("json", &Type::Json, &json), ("text", &Type::String, &text)] {
        let value = decode(ty, json).expect("the JSON is right");
        let scanned = best(|| scan(black_box(json.as_bytes()), &Limits::default()).map(str::len).unwrap_or_default());
        let decoded = best(|| decode(ty, black_box(json)).map(drop).is_ok());
        let mut out = String::new();
        let encoded = best(|| {
            out.clear();
            encode(black_box(&value), ty, &mut out).is_ok()
        });
        let per_kib = |time: Duration| time.as_nanos() as usize * 1024 / json.len();
        println!("{name:<10} {:>7} {:>9} {:>9} {:>9}", json.len(), per_kib(scanned), per_kib(decoded), per_kib(encoded));
    }
}

/// The quickest of many runs: the one that was disturbed least.
fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let once = |run: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..20_000).map(|_| once(&mut run)).min().unwrap_or_default()
}
