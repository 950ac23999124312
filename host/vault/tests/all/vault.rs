//! Secrets come back from the place they were put, with a key that knows them, and from nowhere else.

use loomwork_vault::{Contents, Keys, MemorySealed, Place, Sealed, Vault, VaultError};
use proptest::prelude::*;
use std::sync::Arc;

const GITHUB: Place<'_> = Place { org: "acme", project: "shop", name: "github" };

fn vault() -> (Vault, Arc<MemorySealed>, Keys) {
    let (store, keys) = (Arc::new(MemorySealed::default()), Keys::random().expect("random"));
    (Vault::new(keys.clone(), store.clone()), store, keys)
}

async fn sealed(store: &MemorySealed, place: Place<'_>) -> Vec<u8> {
    store.get(place).await.expect("a store").expect("sealed bytes")
}

#[tokio::test]
async fn what_is_set_comes_back_and_the_store_sees_nothing_of_it() {
    let (vault, store, _) = vault();
    let contents = Contents::new("ghp_correct horse").bound_to(["https://api.github.com".to_owned()]);
    vault.set(GITHUB, &contents).await.expect("set");
    assert_eq!(vault.get(GITHUB).await.expect("opened"), Some(contents.clone()));
    let bytes = sealed(&store, GITHUB).await;
    for plain in ["correct", "github", "acme"] {
        assert!(!bytes.windows(plain.len()).any(|window| window == plain.as_bytes()), "{plain}");
    }
    vault.set(GITHUB, &contents).await.expect("set again");
    assert_ne!(sealed(&store, GITHUB).await, bytes, "the same contents never look the same");
    assert!(!format!("{contents:?}").contains("horse"));

    assert_eq!(vault.names("acme", "shop", None, 10).await.expect("names"), ["github"]);
    assert!(vault.delete(GITHUB).await.expect("deleted"));
    assert!(!vault.delete(GITHUB).await.expect("nothing to delete"));
    assert_eq!(vault.get(GITHUB).await.expect("none"), None);
}

#[tokio::test]
async fn bytes_moved_to_another_place_do_not_open() {
    let (vault, store, _) = vault();
    vault.set(GITHUB, &Contents::new("secret")).await.expect("set");
    let bytes = sealed(&store, GITHUB).await;
    let others = [
        Place { name: "gitlab", ..GITHUB },
        Place { project: "shops", ..GITHUB },
        Place { org: "acm", project: "eshop", ..GITHUB },
        Place { org: "acmeshop", project: "github", name: "" },
    ];
    for place in others {
        store.put(place, Some(bytes.clone())).await.expect("moved");
        let error = vault.get(place).await.expect_err("not its place");
        assert!(matches!(error, VaultError::Damaged { .. }), "{place:?}: {error}");
    }
}

#[tokio::test]
async fn any_changed_byte_is_noticed() {
    let (vault, store, _) = vault();
    vault.set(GITHUB, &Contents::new("secret")).await.expect("set");
    let bytes = sealed(&store, GITHUB).await;
    for ix in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[ix] ^= 1;
        store.put(GITHUB, Some(changed)).await.expect("changed");
        let error = vault.get(GITHUB).await.expect_err("changed");
        let expected = if (1..9).contains(&ix) { "vault.unknown_key" } else { "vault.damaged" };
        assert_eq!(error.code(), expected, "byte {ix}");
    }
    for length in 0..bytes.len() {
        store.put(GITHUB, Some(bytes[..length].to_vec())).await.expect("cut");
        let error = vault.get(GITHUB).await.expect_err("cut");
        assert_eq!(error.code(), "vault.damaged", "{length} bytes");
    }
}

#[tokio::test]
async fn another_key_is_named() {
    let (vault, store, keys) = vault();
    vault.set(GITHUB, &Contents::new("secret")).await.expect("set");
    let other = Vault::new(Keys::random().expect("random"), store);
    let error = other.get(GITHUB).await.expect_err("another key");
    assert_eq!(error.code(), "vault.unknown_key");
    assert!(error.to_string().contains(&keys.sealing().to_string()), "{error}");
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn rotation_seals_everything_anew() {
    let (vault, store, keys) = vault();
    let names: Vec<String> = (0..300).map(|n| format!("s{n:03}")).collect();
    for name in &names {
        vault.set(Place { name, ..GITHUB }, &Contents::new(format!("value {name}"))).await.expect("set");
    }
    store.put(Place { name: "damaged", ..GITHUB }, Some(vec![1, 2, 3])).await.expect("put");
    let both = keys.with_new().expect("random");
    vault.set_keys(both.clone());
    vault.set(GITHUB, &Contents::new("set meanwhile")).await.expect("set");

    let rotated = vault.rotate().await.expect("rotated");
    assert_eq!((rotated.sealed, rotated.fresh, rotated.closed), (300, 1, vec!["acme/shop/damaged".to_owned()]));
    vault.set_keys(both.without_old());
    for name in &names {
        let contents = vault.get(Place { name, ..GITHUB }).await.expect("opened").expect("there");
        assert_eq!(*contents.value, format!("value {name}"));
    }
    assert_eq!(vault.rotate().await.expect("rotated").sealed, 0);
}

#[tokio::test]
async fn what_is_too_large_or_has_no_name_is_refused() {
    let (vault, _, _) = vault();
    let large = Contents::new("x".repeat(Contents::MAX + 1));
    assert_eq!(vault.set(GITHUB, &large).await.expect_err("large").code(), "vault.too_large");
    let hosts = Contents::new("x").bound_to((0..2000).map(|n| format!("https://host-{n}.example.com")));
    assert_eq!(vault.set(GITHUB, &hosts).await.expect_err("large").code(), "vault.too_large");
    for name in ["", "a\nb", &"x".repeat(129)] {
        assert_eq!(vault.set(Place { name, ..GITHUB }, &Contents::new("x")).await.expect_err("no name").code(), "vault.bad_name");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_contents_come_back(value in "\\PC{0,200}", hosts in proptest::option::of(proptest::collection::vec("\\PC{0,20}", 0..4))) {
        let (vault, _, _) = vault();
        let contents = match hosts {
            Some(hosts) => Contents::new(value).bound_to(hosts),
            None => Contents::new(value),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(vault.set(GITHUB, &contents)).expect("set");
        prop_assert_eq!(runtime.block_on(vault.get(GITHUB)).expect("opened"), Some(contents));
    }

    #[test]
    fn no_bytes_are_a_trap(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let (vault, store, _) = vault();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(store.put(GITHUB, Some(bytes))).expect("put");
        prop_assert!(runtime.block_on(vault.get(GITHUB)).is_err());
    }
}
