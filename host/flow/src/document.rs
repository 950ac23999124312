//! The flow document: what was meant. One file, `*.flow.json`, described in `docs/flow-document.md`.

use crate::json::Json;
use crate::states::Machine;

/// True for the name of a file that holds a document: `*.flow.json` or `*.machine.json`.
pub fn is_document_name(name: &str) -> bool {
    name.ends_with(".flow.json") || name.ends_with(".machine.json")
}

/// A flow as written. Any document of the right shape is a `Flow`; whether it can work is for `loomwork-check` to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// A slug: `order-intake`.
    pub id: String,
    pub description: Option<String>,
    /// Alias → `namespace:name@version`, in the order written.
    pub packages: Vec<(String, String)>,
    /// The flow's own named types: name → WIT type text (`record { sku: string }`), in the order written.
    pub types: Vec<(String, String)>,
    /// WIT type text; `json` if absent.
    pub input: Option<String>,
    pub output: Option<String>,
    /// The type of what a `respond` node answers with.
    pub answer: Option<String>,
    pub triggers: Vec<Trigger>,
    pub concurrency: Option<Concurrency>,
    pub debounce: Option<Debounce>,
    /// A duration for the whole run.
    pub timeout: Option<String>,
    /// The flow to start with the fault when this one fails.
    pub error_flow: Option<String>,
    pub durability: Durability,
    pub nodes: Vec<Node>,
    pub wires: Vec<Wire>,
    /// Positions, titles, colours and notes: kept as written, never read by anything but the studio.
    pub view: Json,
    /// The state machine that this flow was written as; it is what is printed.
    pub machine: Option<Machine>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    Memory,
    #[default]
    Steps,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// A CEL identifier: `[a-z_][a-z0-9_]*`, at most 64 bytes, not a CEL keyword.
    pub id: String,
    /// `alias/interface#function`, `alias#function`, or a control node's name.
    pub uses: String,
    /// The section it lives in: `lines`, `guard.catch`; none is the flow itself.
    pub scope: Option<String>,
    /// Parameter → literal or template, in the order written.
    pub with: Vec<(String, Json)>,
    pub join: Join,
    pub max_visits: Option<u32>,
    pub timeout: Option<String>,
    pub retry: Option<Retry>,
    /// Time to live of a cached result.
    pub cache: Option<String>,
    /// A fixed output for tests and previews.
    pub pin: Option<Json>,
    pub disabled: bool,
    pub note: Option<String>,
    /// In nodes of a machine: name in expressions → node that it stands for. Not part of a flow's document.
    pub aliases: Vec<(String, String)>,
}

impl Node {
    /// A node with nothing but an id and what it uses.
    pub fn new(id: impl Into<String>, uses: impl Into<String>) -> Self {
        Self { id: id.into(), uses: uses.into(), ..Self::default() }
    }

    /// A parameter as written.
    pub fn parameter(&self, name: &str) -> Option<&Json> {
        self.with.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value)
    }
}

/// The node that a section (`lines`, `guard.catch`) belongs to.
pub fn scope_owner(section: &str) -> &str {
    section.split_once('.').map_or(section, |(owner, _)| owner)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    #[default]
    All,
    Any,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    pub attempts: u32,
    pub delay: Option<String>,
    pub backoff: Backoff,
    pub factor: Option<f64>,
    pub max_delay: Option<String>,
    pub jitter: Option<f64>,
    /// A template: `{{ error.code == "http.unreachable" }}`.
    pub when: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backoff {
    #[default]
    Constant,
    Exponential,
}

/// From a node's port to a node. JSON: `{"from": "check", "port": "big", "to": "approve"}`; `port` is `ok` if absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    pub from: String,
    pub port: String,
    pub to: String,
}

impl Wire {
    /// From the `ok` port.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::from_port(from, "ok", to)
    }

    pub fn from_port(from: impl Into<String>, port: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), port: port.into(), to: to.into() }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Concurrency {
    pub key: Option<String>,
    pub limit: u32,
}

/// Of several starts with the same key within `delay` of each other, only the last one's input runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Debounce {
    /// A template over `input` and `vars`; without one, all starts count as the same.
    pub key: Option<String>,
    /// A duration.
    pub delay: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    pub id: String,
    pub kind: TriggerKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TriggerKind {
    Manual,
    Http(HttpTrigger),
    /// Five fields, and a zone such as `Europe/Paris` (UTC if absent).
    Cron {
        schedule: String,
        zone: Option<String>,
        missed: Missed,
    },
    Event {
        name: String,
    },
    /// Another flow's end.
    Flow {
        flow: String,
    },
    Form {
        title: Option<String>,
    },
}

/// The input of a run started by HTTP: with `input: body` (default) the JSON body is the flow's input; with `input: request`
/// it is of `{method, path, query, params, headers, body, raw}` what the flow's input type has.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpTrigger {
    /// `POST`.
    pub method: String,
    /// `/orders/{id}`.
    pub path: String,
    pub answer: Answer,
    pub input: HttpInput,
    /// Fault code (or prefix ending in `.*`) → status, before the default table.
    pub faults: Vec<(String, u16)>,
    /// The name of the token secret a caller must present; none is open.
    pub auth: Option<String>,
    /// How a request proves where it comes from.
    pub verify: Option<Verify>,
    /// A template over `input`: requests with the same text start one run. Without it, the header `Idempotency-Key` counts.
    pub idempotency: Option<String>,
}

/// A signature that requests carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verify {
    pub scheme: Scheme,
    /// The name of the secret it is made with.
    pub secret: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    StandardWebhooks,
    /// `x-hub-signature-256`.
    Github,
    /// `stripe-signature`.
    Stripe,
    /// `authorization: Bearer`, as it is.
    Token,
}

/// What becomes of the times that passed while nobody was there to start a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missed {
    /// Nothing.
    Skip,
    /// One run for all of them.
    #[default]
    Once,
    /// One run for each.
    All,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Wait for the run and answer with its output.
    #[default]
    Result,
    /// Answer 202 with the run's id at once.
    Now,
    /// Answer as soon as a `respond` node says what; with the output or fault of a run that ends without one.
    Respond,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpInput {
    #[default]
    Body,
    Request,
}
