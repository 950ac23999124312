//! The lock's text.

use crate::made::component;
use expect_test::expect;
use loomwork_catalog::{Catalog, FlowSignature, Lock, Package};
use loomwork_types::{Names, Type, parse_named};

#[test]
fn a_lock_reads_what_it_writes() {
    let mut catalog = Catalog::new();
    for name in ["b", "a"] {
        let wit = format!("package acme:{name}@0.1.0; interface x {{ go: func(); }} world w {{ export x; }}");
        catalog.add(Package::read(&component(&wit)).expect("a component"));
    }
    let lock = Lock::pin(&catalog, ["acme:b", "acme:a@0.1"]).expect("both are there");
    let text = lock.write();
    assert!(text.starts_with("{\n  \"loomwork\": 1,\n  \"packages\": {\n    \"acme:a@0.1.0\": \"sha256:"));
    assert_eq!(Lock::read(&text), Ok(lock.clone()));
    assert_eq!(lock.digest("acme:b@0.1.0"), catalog.package("acme:b").ok().map(|package| &*package.digest));
    assert!(Lock::pin(&catalog, ["acme:c"]).is_err());
}

#[test]
fn a_lock_pins_the_types_of_flows_without_their_names() {
    let (names, _) = parse_named([("line", "record { sku: string, count: u32 }")]);
    let line = names.get("line").expect("it is defined");
    let signature = FlowSignature::new(&Type::list(line.clone()), &Type::Json);
    let mut lock = Lock::new();
    lock.insert_flow("bill", &signature);
    let text = lock.write();
    assert!(text.contains("\"input\": \"list<record { sku: string, count: u32 }>\""), "{text}");
    assert_eq!(Lock::read(&text), Ok(lock.clone()));
    let catalog = Catalog::new().with_flows_of(&lock);
    assert_eq!(catalog.flow("bill"), Some(&signature));
    assert_eq!(catalog.flows().map(Iterator::count), Some(1));
    assert!(Catalog::new().with_flows_of(&Lock::new()).flows().is_none(), "nothing pinned is nothing known");
    let unnamed = loomwork_types::parse(&line.to_string(), &Names::default()).expect("it is written out");
    assert_eq!(*signature.input(), Type::list(unnamed));
}

#[test]
fn what_is_no_lock_says_why() {
    let texts = [
        "",
        "[]",
        "{\"loomwork\":2,\"packages\":{}}",
        "{\"loomwork\":1}",
        "{\"loomwork\":1,\"packages\":{},\"more\":1}",
        "{\"loomwork\":1,\"packages\":{\"a:b\":\"sha256:12\"}}",
        "{\"loomwork\":1,\"packages\":{\"a:b\":\"x\",\"a:b\":\"x\"}}",
        "{\"loomwork\":1,\"packages\":{},\"flows\":{\"bill\":{\"input\":\"u33\",\"output\":\"json\"}}}",
    ];
    let lines: String = texts.iter().map(|text| format!("{}\n", Lock::read(text).expect_err(text))).collect();
    expect![[r#"
        the lock is not valid: expected a JSON value
        the lock is not valid: invalid length 0, expected struct Text with 3 elements at line 1 column 2
        the lock has format version 2; this program reads version 1
        the lock is not valid: missing field `packages` at line 1 column 14
        the lock is not valid: unknown field `more`, expected one of `loomwork`, `packages`, `flows` at line 1 column 34
        the lock gives `a:b` no digest of the form `sha256:` and 64 hexadecimal digits
        the lock is not valid: key `a:b` appears twice at $.packages
        the lock gives flow `bill` types that cannot be read
    "#]]
    .assert_eq(&lines);
    assert!(Lock::read(&[&"[".repeat(100_000), ""].concat()).is_err());
}
