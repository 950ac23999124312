//! `loom:host/log` for guests.

use super::{Lines, LogSink};
use crate::bindings::log as wit;
use crate::secret::Secrets;
use crate::wiring::Interface;
use loomwork_engine::{Context, Grant, Level, State};
use std::any::Any;
use std::sync::Arc;
use wasmtime::component::HasSelf;

pub(crate) const INTERFACE: Interface =
    Interface { name: "loom:host/log", link: |linker| wit::add_to_linker::<_, HasSelf<State>>(linker, |state| state) };

/// Lets a project's calls write lines.
pub(crate) struct LogGrantee {
    pub(crate) sink: Arc<dyn LogSink>,
    pub(crate) secrets: Arc<Secrets>,
}

impl Grant for LogGrantee {
    fn begin(&self, call: &Context) -> Box<dyn Any + Send> {
        Box::new(Lines::new(self.sink.clone(), self.secrets.redactor(&call.project)))
    }
}

impl wit::Host for State {
    async fn write(&mut self, level: wit::Level, message: String, fields: String) -> wasmtime::Result<()> {
        let context = self.context().clone();
        let level = match level {
            wit::Level::Debug => Level::Debug,
            wit::Level::Info => Level::Info,
            wit::Level::Warn => Level::Warn,
            wit::Level::Error => Level::Error,
        };
        self.data::<Lines>()?.write(&context, level, &message, &fields);
        Ok(())
    }
}
