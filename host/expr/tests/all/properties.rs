//! Whatever is thrown at the parser, the checker and the evaluator, they answer.

use loomwork_expr::testing::{World, expression, has_type};
use loomwork_expr::{Mode, Names, check, evaluate, parse, template};
use loomwork_value::{Meter, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn cases() -> Option<u32> {
    std::env::var("LOOMWORK_CASES").ok().and_then(|text| text.parse().ok())
}

/// The same 2 000 cases everywhere, so that a change is judged by what it changed; `LOOMWORK_CASES` explores others.
fn config() -> ProptestConfig {
    let rng_seed = if cases().is_some() { RngSeed::Random } else { RngSeed::Fixed(7) };
    ProptestConfig { cases: cases().unwrap_or(2_000), rng_seed, ..ProptestConfig::default() }
}

/// Pieces of source, so that random text gets past the first token.
const SHREDS: [&str; 40] = [
    "a",
    "1",
    "2u",
    "1.5",
    "'x'",
    "b'y'",
    "r'\\'",
    "\"\"\"",
    "true",
    "null",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ".?",
    "[?",
    ",",
    ":",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "<",
    "in",
    "&&",
    "||",
    "!",
    "has(",
    ".all(x,",
    ".map(",
    "optional.",
    "`q-r`",
    "0x",
    "\\",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_parses_or_is_refused(text in ".{0,80}") {
        let _ = parse(&text);
        let _ = template::parse_template(&text);
    }

    #[test]
    fn shreds_of_source_never_panic(shreds in vec(proptest::sample::select(&SHREDS[..]), 0..40), spaced: bool) {
        let text = shreds.join(if spaced { " " } else { "" });
        if let Ok(expr) = parse(&text) {
            for mode in [Mode::Strict, Mode::Template] {
                if let Ok(checked) = check(&expr, &World, mode) {
                    let _ = evaluate(&checked, &World, &mut Meter::new(100_000));
                }
            }
        }
        let _ = template::parse_template(&format!("{{{{{text}}}}} {text}"));
    }

    #[test]
    fn well_typed_expressions_check_and_keep_their_types(entropy in vec(any::<u8>(), 0..300)) {
        let source = expression(&entropy);
        let expr = parse(&source).unwrap_or_else(|errors| panic!("{source}: {errors:?}"));
        let checked = check(&expr, &World, Mode::Template).unwrap_or_else(|errors| panic!("{source}: {errors:?}"));
        let mut meter = Meter::new(1_000_000);
        match evaluate(&checked, &World, &mut meter) {
            Ok(value) => prop_assert!(has_type(&value, &checked.root.ty), "{source} gave {value:?}, not {}", checked.root.ty),
            Err(error) => prop_assert!(!matches!(error.code, "expr.no_overload" | "expr.absent") || source.contains("any"), "{source}: {error:?}"),
        }
        // The same again costs the same.
        let mut again = Meter::new(1_000_000);
        let _ = evaluate(&checked, &World, &mut again);
        prop_assert_eq!(meter.spent(), again.spent());
    }
}

#[test]
fn deep_expressions_are_safe_on_a_small_stack() {
    let deep = [
        "(".repeat(5000),
        "[".repeat(99) + &"]".repeat(99),
        "-".repeat(5000) + "1",
        "!".repeat(95) + "true",
        "a".to_owned() + &".b".repeat(98),
        "a".to_owned() + &".b".repeat(5000),
        "1".to_owned() + &"+1".repeat(98),
        "true".to_owned() + &"&&true".repeat(5000),
        "true ? 1 : ".repeat(90) + "1",
        "[1].map(x, ".repeat(45) + "x" + &")".repeat(45),
        "cel.bind(x, 1, ".repeat(90) + "x" + &")".repeat(90),
        "{1: ".repeat(99) + "1" + &"}".repeat(99),
        "optional.of(1)".to_owned() + &".orValue(optional.of(1))".repeat(95),
    ];
    for source in deep {
        eprintln!("{source:.30}");
        on_a_small_stack(source);
    }
}

/// All that can be done with a source, in half of a mebibyte, in a debug build too.
fn on_a_small_stack(source: String) {
    let run = move || {
        let Ok(expr) = parse(&source) else { return };
        for mode in [Mode::Strict, Mode::Template] {
            if let Ok(checked) = check(&expr, &Names::new(["a"]), mode) {
                let _ = evaluate(&checked, &Vec::<Value>::new(), &mut Meter::default());
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).expect("a thread");
    thread.join().expect("no overflow");
}

#[test]
fn nothing_grows_beyond_what_was_paid() {
    let bind = |levels: usize, first: &str, next: &str| {
        let mut source = "v".to_owned();
        for _ in 0..levels {
            source = format!("cel.bind(v, {next}, {source})");
        }
        format!("cel.bind(v, {first}, {source})")
    };
    let hostile = [
        bind(60, "'xxxxxxxxxxxxxxxx'", "v + v"),
        bind(60, "[1]", "v + v"),
        bind(60, "[1]", "[v, v]") + " == " + &bind(60, "[1]", "[v, v]"),
        format!("'%s'.format([{}])", bind(60, "[1]", "[v, v]")),
        bind(60, "[1]", "[v, v]"),
        bind(60, "[1]", "{'a': v, 'b': v}"),
        bind(40, "'x'", "v.replace('', 'xxxxxxxxxx')"),
        bind(40, "'x'", "[v, v, v].join(v)"),
        bind(40, "[0, 1]", "v.map(x, v).flatten()"),
        "lists.range(9223372036854775807)".into(),
        "lists.range(1000000).map(a, lists.range(1000000).map(b, a * b))".into(),
        "lists.range(100000).distinct()".into(),
        "lists.range(1000).transformMapEntry(k, v, {k: v}).map(k, k)".to_owned() + " == lists.range(1000000)",
        "'%.1000f'.format([1.0])".into(),
        "'".to_owned() + &"a?".repeat(400) + "'.matches('" + &"a?".repeat(400) + "')",
    ];
    for source in hostile {
        let expr = parse(&source).expect("it parses");
        let checked = check(&expr, &Names::default(), Mode::Strict).expect("it checks");
        if let Err(error) = evaluate(&checked, &Vec::<Value>::new(), &mut Meter::default()) {
            assert!(error.code.starts_with("limit."), "{source:.60}: {error:?}");
        }
    }
}
