//! The log of calls: where a guest's standard output goes, and the lines of the `log` capability.

use super::LogSink;
use crate::redact::Redactor;
use loomwork_engine::{Context, Level, Log};
use std::sync::Arc;

/// Hands each line, cleaned of secrets, to the host's log and to the run's own if there is one.
pub struct CallLog {
    pub(crate) sink: Arc<dyn LogSink>,
    pub(crate) redactor: Redactor,
    pub(crate) run: Option<Arc<dyn Log>>,
}

impl Log for CallLog {
    fn line(&self, context: &Context, level: Level, message: &str, fields: &str) {
        let (message, fields) = (self.redactor.text(message), self.redactor.text(fields));
        self.sink.line(context, level, &message, &fields);
        if let Some(run) = &self.run {
            run.line(context, level, &message, &fields);
        }
    }
}
