//! An embedder's closures as functions.

use crate::guest::*;
use loomwork_engine::{Call, Callable, NativePackage};
use loomwork_types::{Fault, Field, Type};
use std::time::Duration;

fn greeter() -> NativePackage {
    let name = || vec![Field::new("first-name", Type::String)];
    NativePackage::new("acme:greet@0.1.0")
        .function("hello", name(), Some(Type::String), |input, _| async move {
            let given: serde_json::Value =
                serde_json::from_str(&input).map_err(|error| Fault::new("greet.bad", error.to_string()))?;
            Ok(format!("\"hello {}\"", given["first_name"].as_str().unwrap_or("you")))
        })
        .function("lie", vec![], Some(Type::U32), |_, _| async { Ok(String::from("\"text\"")) })
        .function("refuse", vec![], None, |_, _| async { Err(Fault::new("greet.refused", "no")) })
        .function("sleep", vec![], None, |_, _| async {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(String::from("null"))
        })
}

#[tokio::test]
async fn closures_are_called_like_components() {
    let callable = Callable::from(greeter());
    let call = async |path: &str, input: &str| callable.call(path, input, quick()).await;
    assert_eq!(call("#hello", r#"{"first_name":"Ada"}"#).await.as_deref(), Ok("\"hello Ada\""));
    let code = async |path: &str, input: &str| call(path, input).await.expect_err("a fault").code;
    assert_eq!(code("#hello", "{}").await, "type.missing_field");
    assert_eq!(code("#lie", "{}").await, "component.bad_result");
    assert_eq!(code("#refuse", "{}").await, "greet.refused");
    assert_eq!(code("#sleep", "{}").await, "limit.time");
    assert_eq!(code("#nothing", "{}").await, "component.no_function");
    assert!(callable.check(&Call::default().grants).is_ok());
}
