//! How a function is exported: under its own name, and only from WebAssembly, where no C library has one like it.

/// Exports functions on the runtime: `export! { fn name(runtime, argument: type, …) -> type { … } }`.
macro_rules! export {
    ($($(#[$doc:meta])* fn $name:ident($runtime:ident $(, $arg:ident: $ty:ty)*) $(-> $result:ty)? $body:block)*) => {
        $(
            $(#[$doc])*
            #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
            pub extern "C" fn $name($($arg: $ty),*) $(-> $result)? {
                $crate::values::with(|$runtime| $body)
            }
        )*
    };
}

pub(crate) use export;
