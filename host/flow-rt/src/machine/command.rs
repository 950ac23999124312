//! What the machine asks of the host, before it is laid out for the canonical ABI.

use super::{NodeNo, StepNo, Text};
use loomwork_types::Fault;

pub(super) enum Command {
    Call { step: StepNo, node: NodeNo, attempt: u32, first: StepNo, deadline: Option<u64>, input: Text },
    Sleep { step: StepNo, at: u64 },
    Listen { step: StepNo, node: NodeNo, name: Text, key: Text },
    Ask { step: StepNo, node: NodeNo, due: Option<u64>, about: Text },
    Cancel(StepNo),
    Emit { event: String, payload: Text },
    Respond(Text),
    Finish(Text),
    Abort(Fault),
}
