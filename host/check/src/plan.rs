//! A flow with no errors left in it: names resolved to numbers, types known, loops found. The compiler needs nothing else.
//!
//! The rules it stands for are in `docs/machine.md`.

use loomwork_catalog::Effect;
use loomwork_expr::ir::Checked;
use loomwork_types::Type;
use std::sync::Arc;

pub type NodeIx = u32;
pub type ScopeIx = u32;
pub type WireIx = u32;

/// What a checked flow does.
#[derive(Clone, Debug)]
pub struct Plan {
    pub input: Type,
    pub output: Type,
    /// What a `respond` gives.
    pub answer: Type,
    /// `vars` is always `json`.
    pub timeout_ms: Option<u64>,
    pub concurrency: Option<Concurrency>,
    pub debounce: Option<Debounce>,
    /// By trigger, in document order: the text by which its starts are told apart. [`Plan::key`] gives it.
    pub idempotency: Vec<Option<Template>>,
    /// Of a state machine: the text by which a running instance is found.
    pub instance: Option<Template>,
    /// Of a state machine: what can come with its events, each once for every state that takes it.
    pub events: Vec<(Arc<str>, Type)>,
    /// `scopes[0]` is the flow itself. A scope comes after the scope its owner lives in.
    pub scopes: Vec<Scope>,
    /// In document order.
    pub nodes: Vec<Node>,
    /// In document order.
    pub wires: Vec<Wire>,
    /// What its functions may ask the host for, by name; for grants.
    pub needs: Vec<Need>,
    /// What expressions can name; [`loomwork_expr::ir::Kind::Root`] indexes it.
    pub roots: Vec<Root>,
}

impl Plan {
    /// Makes each node that has a pin give this and do nothing else: it calls nothing, waits for nothing and cannot fail. For tests and
    /// previews, never for what is deployed.
    pub fn hold_pins(&mut self) {
        for node in self.nodes.iter_mut().filter(|node| !node.disabled) {
            if let Some(value) = node.pin.clone() {
                node.what = What::Set { value };
                node.timeout_ms = None;
            }
        }
    }
}

/// How many runs with the same key may be active at once.
#[derive(Clone, Debug)]
pub struct Concurrency {
    /// Text over `input` and `vars`, which [`Plan::key`] gives; all runs share one key without it.
    pub key: Option<Template>,
    pub limit: u32,
}

/// Of several starts with the same key, each within `delay_ms` of the one before, only the last runs.
#[derive(Clone, Debug)]
pub struct Debounce {
    /// As in [`Concurrency`].
    pub key: Option<Template>,
    pub delay_ms: u64,
}

/// A capability, and the packages whose functions import it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// `loom:host/http@0.1.0`
    pub capability: Arc<str>,
    /// Ids, `loom:http@0.1.0`.
    pub packages: Vec<Arc<str>>,
}

#[derive(Clone, Debug)]
pub struct Scope {
    /// None for the flow itself.
    pub owner: Option<(NodeIx, Section)>,
    /// In document order, without the nodes of inner scopes.
    pub nodes: Vec<NodeIx>,
    /// The nodes that start when a frame of it starts: those without incoming wires.
    pub entries: Vec<NodeIx>,
    /// The single node whose output is the scope's result when no `result` is given.
    pub result_node: Option<NodeIx>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    Body,
    Catch,
    Finally,
}

#[derive(Clone, Debug)]
pub struct Node {
    pub id: Arc<str>,
    pub scope: ScopeIx,
    /// The head (a `join: any` node) of the innermost region it belongs to; a head belongs to its own. None: outside all.
    pub region: Option<NodeIx>,
    pub any: bool,
    /// For a head.
    pub max_visits: u32,
    pub incoming: Vec<WireIx>,
    pub outgoing: Vec<WireIx>,
    /// True if some wire leaves its `error` port.
    pub handles_error: bool,
    pub disabled: bool,
    /// For a disabled node: whose output passes through.
    pub passes: Option<NodeIx>,
    /// What stands in for its output in tests and previews. See [`Plan::hold_pins`].
    pub pin: Option<Template>,
    /// What `nodes.<id>` is.
    pub output: Type,
    /// Of functions, scopes, `wait` and `call`.
    pub timeout_ms: Option<u64>,
    pub what: What,
}

#[derive(Clone, Debug)]
pub struct Wire {
    pub from: NodeIx,
    pub port: Port,
    pub to: NodeIx,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Port {
    Ok,
    Error,
    /// A branch's case by index; `else` is the number of cases.
    Case(u32),
}

#[derive(Clone, Debug)]
pub enum What {
    Call(Call),
    Branch {
        cases: Vec<(Arc<str>, Checked)>,
    },
    Each(Each),
    Repeat(Repeat),
    Try {
        body: ScopeIx,
        catch: Option<ScopeIx>,
        finally: Option<ScopeIx>,
        result: Option<Template>,
        catch_result: Option<Template>,
    },
    Wait(Wait),
    /// Another flow. Its run is waited for, or only started.
    Flow {
        flow: Arc<str>,
        input: Template,
        wait: bool,
    },
    Set {
        value: Template,
    },
    Emit {
        event: Template,
        payload: Template,
    },
    /// Answers whoever waits for the run, which goes on.
    Respond {
        value: Template,
    },
    Return {
        value: Template,
    },
    Fail {
        code: Template,
        message: Template,
        data: Option<Template>,
    },
}

#[derive(Clone, Debug)]
pub struct Call {
    /// The package's id, `loom:text@0.1.0`, and the function's path in it, `text#split`.
    pub package: Arc<str>,
    pub function: Arc<str>,
    /// A [`Template::Record`] with one field per parameter, in the function's order, named as in JSON.
    pub input: Template,
    pub effect: Effect,
    pub once: bool,
    /// The parameters that its manifest declares secret, by JSON name.
    pub secret: Vec<Arc<str>>,
    pub retry: Option<Retry>,
    pub cache_ms: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct Retry {
    pub attempts: u32,
    pub delay_ms: u64,
    pub exponential: bool,
    pub factor: f64,
    pub max_delay_ms: u64,
    pub jitter: f64,
    /// Bool; may read [`Root::RetryError`] and [`Root::RetryAttempt`].
    pub when: Option<Checked>,
}

#[derive(Clone, Debug)]
pub struct Each {
    pub body: ScopeIx,
    pub items: Checked,
    /// 0 is unbounded.
    pub concurrency: u32,
    pub on_error: OnError,
    pub result: Option<Template>,
    pub stop: Option<Checked>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnError {
    Fail,
    Skip,
    Collect,
}

#[derive(Clone, Debug)]
pub struct Repeat {
    pub body: ScopeIx,
    /// `while`
    pub before: Option<Checked>,
    /// `until`
    pub after: Option<Checked>,
    pub max: u32,
    pub delay_ms: Option<u64>,
    pub result: Option<Template>,
}

#[derive(Clone, Debug)]
pub enum Wait {
    /// A template giving a duration (text or CEL duration).
    Duration(Template),
    /// A template giving an instant.
    Until(Template),
    Signal {
        name: Template,
        key: Option<Template>,
        /// An instant at which it gives up, as by a time limit.
        until: Option<Template>,
    },
    Approval(Question),
}

/// People are asked, and their decision is the node's output.
#[derive(Clone, Debug)]
pub struct Question {
    /// A record that [`crate::Question`] reads: whom the host asks what.
    pub about: Template,
    /// What each of them fills in, a record; none if they only say yes or no.
    pub form: Option<Type>,
    /// The decision if there is none in time, written like one.
    pub default: Option<Template>,
}

/// A parameter as it will be built. Its JSON has type `ty` wherever one is known.
#[derive(Clone, Debug)]
pub enum Template {
    /// Canonical JSON text, already checked against its type.
    Literal(Arc<str>),
    /// Exactly `{{ expr }}`: the value, written as `ty`.
    Expr {
        value: Checked,
        ty: Type,
    },
    /// Text with expressions in it.
    Text(Vec<Part>),
    List(Vec<Template>),
    /// Fields by JSON name, in order.
    Record(Vec<(Arc<str>, Template)>),
}

#[derive(Clone, Debug)]
pub enum Part {
    Text(Arc<str>),
    /// Lists and maps become JSON text, text stays as it is.
    Expr(Checked),
}

/// Something an expression can name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Root {
    Input,
    Vars,
    /// `run`: `{id, started_at, seed, now}`.
    Run,
    /// `nodes.<id>`, found `hops` scopes up from the expression's own scope.
    Output {
        node: NodeIx,
        hops: u32,
    },
    /// `nodes.<id>.error`; inside a `catch` also of the `try` that it belongs to: the fault that is being handled.
    Fault {
        node: NodeIx,
        hops: u32,
    },
    /// `each.item`, `each.index`: of the scope `hops` up.
    Item {
        hops: u32,
    },
    Index {
        hops: u32,
    },
    /// `repeat.index`, `repeat.last`
    Round {
        hops: u32,
    },
    Last {
        hops: u32,
    },
    /// `error` and `attempt`, in `retry.when` only.
    RetryError,
    RetryAttempt,
}
