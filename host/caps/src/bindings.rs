//! The host's side of `wit/host`, generated. Every function may wait, and may end the call.

wasmtime::component::bindgen!({
    path: "../../wit/host",
    inline: "
        package loom:capabilities;
        world capabilities {
            import loom:host/http@0.1.0;
            import loom:host/kv@0.1.0;
            import loom:host/secret@0.1.0;
            import loom:host/log@0.1.0;
        }
    ",
    imports: { default: async | trappable },
});

pub(crate) use loom::host::{http, kv, log, secret};
