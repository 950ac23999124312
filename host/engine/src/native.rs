//! An embedder's own functions, called like a component's: typed by WIT types, with JSON in and out.

use crate::{Call, Context, trap};
use loomwork_catalog::{Effect, Function, Package};
use loomwork_types::{Fault, Field, Record, Type, canonical};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A package whose functions are Rust closures. Cloning shares it.
///
/// ```
/// # use loomwork_engine::NativePackage;
/// # use loomwork_types::{Field, Type};
/// let greet = NativePackage::new("acme:greet@0.1.0")
///     .function("hello", vec![Field::new("name", Type::String)], Some(Type::String), |input, _context| async move {
///         Ok(input.replace("{\"name\":", "").replace('}', ""))
///     });
/// ```
#[derive(Clone)]
pub struct NativePackage {
    package: Arc<Package>,
    bodies: Arc<HashMap<Arc<str>, Body>>,
}

type Answer = Pin<Box<dyn Future<Output = Result<String, Fault>> + Send>>;
type Body = Arc<dyn Fn(String, Arc<Context>) -> Answer + Send + Sync>;

impl NativePackage {
    /// `id` is `namespace:name@version`.
    pub fn new(id: &str) -> Self {
        let package = Package {
            id: id.into(),
            digest: format!("native:{id}").into(),
            functions: Vec::new(),
            unusable: Vec::new(),
            capabilities: Vec::new(),
            docs: None,
            title: id.into(),
            summary: "".into(),
            icon: None,
            category: "".into(),
            reuse: 1,
            needs: Vec::new(),
        };
        Self { package: Arc::new(package), bodies: Arc::default() }
    }

    /// Adds a function, named in kebab-case; a flow names it `#name`. The closure is given the parameters as a JSON object and
    /// answers with the JSON of `output`; both are checked against the types. It counts as a write.
    pub fn function<F, A>(self, name: &str, params: Vec<Field>, output: Option<Type>, body: F) -> Self
    where
        F: Fn(String, Arc<Context>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<String, Fault>> + Send + 'static,
    {
        let path: Arc<str> = format!("#{name}").into();
        self.with(
            Function {
                interface: None,
                name: name.into(),
                path,
                params,
                output,
                error: Some(Type::Json),
                fallible: true,
                effect: Effect::Write,
                once: false,
                title: name.into(),
                summary: "".into(),
                icon: None,
                category: "".into(),
                docs: "".into(),
                fields: Vec::new(),
                examples: Vec::new(),
            },
            body,
        )
    }

    /// Adds a function with everything that is known of it.
    pub fn with<F, A>(mut self, function: Function, body: F) -> Self
    where
        F: Fn(String, Arc<Context>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<String, Fault>> + Send + 'static,
    {
        let body: Body = Arc::new(move |input, context| Box::pin(body(input, context)));
        Arc::make_mut(&mut self.bodies).insert(function.path.clone(), body);
        Arc::make_mut(&mut self.package).functions.push(function);
        self
    }

    pub fn package(&self) -> &Arc<Package> {
        &self.package
    }

    /// Calls a function; as with a component, within the call's time and output limits.
    pub async fn call(&self, path: &str, input: &str, call: Call) -> Result<String, Fault> {
        let function = self.package.functions.iter().find(|function| &*function.path == path);
        let (Some(function), Some(body)) = (function, self.bodies.get(path)) else {
            return Err(Fault::new("component.no_function", format!("{} has no function `{path}`", self.package.id)));
        };
        let params = Type::Record(Arc::new(Record { name: None, fields: function.params.clone() }));
        let given = if function.params.is_empty() && matches!(input.trim(), "" | "null") { "{}" } else { input };
        let input = canonical(&params, given)?;
        let context = Arc::new(Context { effect: Some(function.effect), ..(*call.context).clone() });
        // On the runtime's clock, which a test may have stopped.
        let answer = tokio::time::timeout(call.limits.time, body(input, context)).await;
        let output = answer.map_err(|_| trap::out_of_time())??;
        if output.len() > call.limits.output {
            return Err(trap::too_large());
        }
        let Some(ty) = &function.output else {
            return Ok(String::from("null"));
        };
        canonical(ty, &output).map_err(|mismatch| Fault::new(trap::BAD_RESULT, mismatch.sentence().into_owned()))
    }
}

impl std::fmt::Debug for NativePackage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NativePackage").field("package", &self.package.id).finish_non_exhaustive()
    }
}
