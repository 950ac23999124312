//! What can be typed after `loom`. One variant per command; the texts are the command's help.

mod remote;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use remote::{
    Approve, Backup, Deploy, Flows, ListRuns, Migrate, OneRun, Remote, Restore, Rollback, Runs, RunsCommand, Secret,
    SecretCommand, Signal, Start, State, Triggers, TriggersCommand, Undeploy,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  it worked
  1  it ran, and the flow, function or expression failed
  2  the command was used wrongly
  3  a document or an expression has mistakes
  4  something outside is not there, such as an address that is in use

Packages are looked for in --components DIR, else in $LOOM_COMPONENTS, else in ./dist/components, else beside
the program. Logs go to standard error; $LOOM_LOG says how much (error, warn, info, debug).";

/// Checks, compiles, runs and serves flows in which everything that runs is a WebAssembly component.
#[derive(Debug, Parser)]
#[command(name = "loom", version, after_help = EXIT_CODES, max_term_width = 110)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// Print JSON for programs instead of text for people
    #[arg(long, global = true)]
    pub json: bool,
    /// The folder of node components (*.wasm)
    #[arg(long, global = true, value_name = "DIR")]
    pub components: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether flows can work: names, wires, types, expressions
    Check(Check),
    /// Compile a flow to a component
    Compile(Compile),
    /// Show what is in a compiled flow or a node component: document, types, capabilities, sizes
    Inspect {
        /// A .wasm file
        file: PathBuf,
    },
    /// Run a flow once and print its output
    Run(Run),
    /// Evaluate an expression
    Eval(Eval),
    /// List the functions that flows can call, with signatures and help
    Nodes(Nodes),
    /// Call one function with one input
    Call(Call),
    /// Print flows in their canonical form
    Fmt(Fmt),
    /// Serve a folder of flows over HTTP, taking up saved files at once
    Serve(Serve),
    /// Deploy flows to a running server
    Deploy(Deploy),
    /// List a server's flows, or one flow's versions
    Flows(Flows),
    /// Make an older version of a flow the one that new runs take
    Rollback(Rollback),
    /// Let nothing start a flow any more; its runs go on
    Undeploy(Undeploy),
    /// List what starts a server's flows, pause it, or let it go on
    Triggers(Triggers),
    /// Set, list and delete a server's secrets; their values can never be read
    Secret(Secret),
    /// Copy all that a server keeps, while it works
    Backup(Backup),
    /// Make a server's folder of a copy
    Restore(Restore),
    /// Begin a run of a server's flow
    Start(Start),
    /// List a server's runs, or look into one
    Runs(Runs),
    /// Ask a run to stop
    Cancel(OneRun),
    /// Tell a run's journal to a fresh machine, and say whether it does the same
    Replay(OneRun),
    /// Move a run that waits to another version of its flow
    Migrate(Migrate),
    /// Send a signal to the runs that wait for it
    Signal(Signal),
    /// List what people are asked, or answer it
    Approve(Approve),
}

#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Documents, or folders that are searched for *.flow.json
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Compile {
    /// A document, *.flow.json
    pub file: PathBuf,
    /// Where to write the component; beside the document if absent
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Run {
    /// A document, *.flow.json
    pub file: PathBuf,
    #[command(flatten)]
    pub input: Input,
    /// Show each step: node, attempt, time, input, output
    #[arg(long)]
    pub trace: bool,
    /// Let nodes with a `pin` give that, instead of doing what they say
    #[arg(long)]
    pub pins: bool,
    #[command(flatten)]
    pub granting: Granting,
}

#[derive(Debug, ClapArgs)]
pub struct Input {
    /// JSON, or @FILE, or @- for standard input; null if absent
    #[arg(long, value_name = "JSON|@FILE", default_value = "null")]
    pub input: String,
    /// A file whose text is the whole input, as a JSON string
    #[arg(long, value_name = "FILE", conflicts_with = "input")]
    pub input_text: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Granting {
    /// Grant a capability: http:https://api.example.com, kv:STORE, secret:NAME=HOST, log
    #[arg(long = "grant", value_name = "GRANT")]
    pub grants: Vec<String>,
    /// Grants from a JSON file
    #[arg(long, value_name = "FILE")]
    pub grants_file: Option<PathBuf>,
    /// Secrets from a NAME=value file that only you can read
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Eval {
    /// The expression; absent with --batch
    #[arg(required_unless_present = "batch")]
    pub expression: Option<String>,
    /// What `input` is: JSON, or @FILE
    #[arg(long, value_name = "JSON|@FILE", default_value = "null")]
    pub input: String,
    /// Evaluate one JSON case a line: {"id", "expr", "bindings"}; print {"id", "value" | "error"} with tagged values
    #[arg(long, value_name = "FILE", conflicts_with = "expression")]
    pub batch: Option<PathBuf>,
    /// What evaluates it
    #[arg(long, value_enum, default_value_t = Backend::Evaluator)]
    pub backend: Backend,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// Walk the expression, as the studio's preview does
    Evaluator,
    /// Generate WebAssembly and run it, as compiled flows do
    Wasm,
}

#[derive(Debug, ClapArgs)]
pub struct Nodes {
    /// Show only functions whose name or words contain this; one exact match shows its whole help
    pub search: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Call {
    /// PACKAGE#FUNCTION: loom:text#split, loom:text@0.1.0/text#split, or a .wasm file before the `#`
    pub function: String,
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub granting: Granting,
}

#[derive(Debug, ClapArgs)]
pub struct Fmt {
    /// Documents, or folders that are searched for *.flow.json
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Change nothing; fail if a file is not in canonical form
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Serve {
    /// The folder of flows, searched for *.flow.json; workers need none
    pub folder: Option<PathBuf>,
    /// Where to listen; only this machine is served, put a reverse proxy in front for others
    #[arg(long, default_value = "127.0.0.1:7420")]
    pub address: SocketAddr,
    #[command(flatten)]
    pub keeping: Keeping,
    /// The token that callers of the API must send: a file that only you can read. Without it the API answers only this machine
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    #[command(flatten)]
    pub granting: Granting,
    /// How long ended runs are kept: 12h, 30d; `0` is for ever
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = keep_for)]
    pub keep_for: Duration,
    /// Keep no more than the newest so many ended runs
    #[arg(long, value_name = "COUNT")]
    pub keep_runs: Option<u64>,
    /// Send traces to an OpenTelemetry collector: http://127.0.0.1:4318
    #[arg(long, value_name = "URL")]
    pub traces: Option<String>,
    /// Write logs as JSON lines
    #[arg(long)]
    pub log_json: bool,
    /// Do not take up saved files
    #[arg(long)]
    pub no_watch: bool,
    /// Make a new sandbox for every call, also where a component's manifest allows several calls in one
    #[arg(long)]
    pub fresh: bool,
}

/// Where a server keeps what is to survive it, and what it shares with others.
#[derive(Debug, ClapArgs)]
pub struct Keeping {
    /// Keep flows, runs and secrets in this folder, so that a crash loses nothing; without it, they live and die with the server
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Keep runs in Postgres, for several servers: postgres://user:password@host/database. Keys of secrets stay in --data
    #[arg(long, value_name = "URL", env = "LOOM_DATABASE", hide_env_values = true, requires = "data")]
    pub database: Option<String>,
    /// Let NATS with JetStream carry work and news between servers: nats://user:password@host
    #[arg(long, value_name = "URL", env = "LOOM_NATS", hide_env_values = true, requires = "database")]
    pub nats: Option<String>,
    /// Keep large values in this folder or bucket, which all servers share; in --data if absent
    #[arg(long, value_name = "DIR|s3://BUCKET", requires = "data")]
    pub blobs: Option<String>,
    /// What this server does
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Answer requests, and leave the runs to workers
    Api,
    /// Execute runs, and answer none but /healthz and /metrics
    Worker,
    /// Both
    All,
}

fn keep_for(text: &str) -> Result<Duration, String> {
    let parsed = loomwork_types::duration::parse(text).and_then(|length| u64::try_from(length.nanos / 1_000_000).ok());
    parsed.map(Duration::from_millis).ok_or_else(|| format!("`{text}` is not a length of time; write for example 12h or 30d"))
}
