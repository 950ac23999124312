//! Finding what a flow names.

use crate::made::component;
use loomwork_catalog::{Catalog, Package};

fn catalog() -> Catalog {
    let mut catalog = Catalog::new();
    for version in ["@0.1.0", "@0.1.10", "@0.1.9", "@0.2.0", "@1.0.0", "@1.1.0-rc1"] {
        let wit = format!(
            "package acme:text{version};
            interface text {{ split: func(a: string) -> string; resource pen {{ draw: func(); }} }}
            interface more {{ words: func(a: string) -> string; }}
            world w {{ export text; export more; }}"
        );
        assert!(catalog.add(Package::read(&component(&wit)).expect("a component")).is_none());
    }
    let plain = component("package acme:plain; interface plain { go: func(); } world w { export plain; }");
    assert!(catalog.add(Package::read(&plain).expect("a component")).is_none());
    assert!(catalog.add(Package::read(&plain).expect("a component")).is_some());
    catalog
}

#[test]
fn versions_are_found_by_their_beginning() {
    let catalog = catalog();
    let id = |id: &str| catalog.package(id).map(|package| package.id.to_string()).map_err(|wrong| wrong.to_string());
    assert_eq!(id("acme:text").as_deref(), Ok("acme:text@1.0.0"));
    assert_eq!(id("acme:text@0.1").as_deref(), Ok("acme:text@0.1.10"));
    assert_eq!(id("acme:text@0").as_deref(), Ok("acme:text@0.2.0"));
    assert_eq!(id("acme:text@1").as_deref(), Ok("acme:text@1.0.0"));
    assert_eq!(id("acme:text@0.1.9").as_deref(), Ok("acme:text@0.1.9"));
    assert_eq!(id("acme:text@1.1.0-rc1").as_deref(), Ok("acme:text@1.1.0-rc1"));
    assert_eq!(id("acme:plain").as_deref(), Ok("acme:plain"));
    let wrong = "there is no version `0.3` of `acme:text`; there is 0.1.0, 0.1.9, 0.1.10, 0.2.0, 1.0.0, 1.1.0-rc1";
    assert_eq!(id("acme:text@0.3"), Err(wrong.into()));
    assert_eq!(id("acme:text@x"), Err(wrong.replace("0.3", "x")));
    assert_eq!(id("acme:plain@1"), Err("there is no version `1` of `acme:plain`; there is one without a version".into()));
    assert_eq!(catalog.packages().count(), 7);
}

#[test]
fn misspelt_names_are_suggested() {
    let catalog = catalog();
    assert_eq!(&*catalog.find("acme:text@0.1", "text#split").expect("there").function.path, "text#split");
    let wrong = |id: &str, path: &str| catalog.find(id, path).expect_err(path);
    assert_eq!(wrong("acme:txt", "text#split").suggestion(), Some("acme:text"));
    assert_eq!(wrong("acme:text", "text#splt").suggestion(), Some("text#split"));
    assert_eq!(wrong("acme:text", "other-interface#words").suggestion(), Some("more#words"));
    assert_eq!(wrong("acme:text", "text#unheard-of").suggestion(), None);
    assert_eq!(wrong("acme:text", "text#unheard-of").to_string(), "package `acme:text@1.0.0` has no function `text#unheard-of`");
    let unusable = wrong("acme:text", "text#[method]pen.draw").to_string();
    assert_eq!(
        unusable,
        "function `text#[method]pen.draw` cannot be a node: it belongs to a resource, which would have to outlive the call"
    );
}
