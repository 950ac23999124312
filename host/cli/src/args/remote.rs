//! What can be asked of a running server.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

/// Which server, and who asks.
#[derive(Clone, Debug, ClapArgs)]
pub struct Remote {
    #[arg(long, value_name = "URL", help = "The server's address; $LOOM_SERVER if absent, else http://127.0.0.1:7420")]
    pub server: Option<String>,
    /// A file with the token that the server wants; $LOOM_TOKEN if absent
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<std::path::PathBuf>,
}

impl Remote {
    /// Where the server is, without a slash at its end.
    pub fn address(&self) -> String {
        let given = self.server.clone().or_else(|| std::env::var("LOOM_SERVER").ok());
        given.unwrap_or_else(|| "http://127.0.0.1:7420".to_owned()).trim_end_matches('/').to_owned()
    }
}

#[derive(Debug, ClapArgs)]
pub struct Runs {
    #[command(subcommand)]
    pub command: Option<RunsCommand>,
    #[command(flatten)]
    pub list: ListRuns,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct ListRuns {
    /// Only runs of this flow
    #[arg(long)]
    pub flow: Option<String>,
    /// Only runs in this state; may be given several times
    #[arg(long, value_enum)]
    pub state: Vec<State>,
    /// Only runs that this trigger began
    #[arg(long)]
    pub trigger: Option<String>,
    /// How many, newest first
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// Go on behind the run of this number, as --json gives it in `next`
    #[arg(long, value_name = "NUMBER")]
    pub after: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    Queued,
    Running,
    Waiting,
    Finished,
    Failed,
    Cancelled,
}

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// One run: its steps with attempts, times, inputs, outputs and faults
    Show {
        run: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// The newest runs of flows with `durability: memory`, which are not kept
    Recent {
        /// Only runs of this flow
        #[arg(long)]
        flow: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// What happens in runs, as it happens; in one run, until it ends
    Watch {
        /// One run; absent: all
        run: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// A run's journal, entry by entry
    Journal {
        run: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Run again with the same input
    Again {
        run: String,
        /// Take over what came before this step, and go on from there
        #[arg(long, value_name = "STEP")]
        from: Option<u32>,
        /// With the flow's newest version instead of the run's own
        #[arg(long)]
        newest: bool,
        /// Who begins it; if absent, whoever began the old one
        #[arg(long = "as", value_name = "WHO")]
        who: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Run every failed run once more, with the same input
    Retry {
        /// Only runs of this flow
        #[arg(long)]
        flow: Option<String>,
        /// Who begins them; if absent, whoever began the old ones
        #[arg(long = "as", value_name = "WHO")]
        who: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
}

/// Begin a run of a deployed flow
#[derive(Debug, ClapArgs)]
pub struct Start {
    /// The flow's id
    pub flow: String,
    #[command(flatten)]
    pub input: super::Input,
    /// Wait for its answer or end, and print it
    #[arg(long)]
    pub wait: bool,
    /// Who begins it: they may not answer its questions that have `self_approval: false`
    #[arg(long = "as", value_name = "WHO")]
    pub who: Option<String>,
    /// The same key begins one run, however often it is sent
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct OneRun {
    pub run: String,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Migrate {
    pub run: String,
    /// The version it is to go on with
    pub version: u64,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Signal {
    /// The signal's name
    pub name: String,
    /// Only steps that wait with this key: JSON, or plain text
    #[arg(long)]
    pub key: Option<String>,
    /// Only this run
    #[arg(long)]
    pub run: Option<String>,
    /// JSON, or @FILE; null if absent
    #[arg(long, value_name = "JSON|@FILE", default_value = "null")]
    pub payload: String,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Approve {
    /// The run and the step that asks, as the list shows them; both absent: list what is open
    #[arg(requires = "step")]
    pub run: Option<String>,
    pub step: Option<u32>,
    /// Who answers
    #[arg(long = "as", value_name = "WHO", requires = "run")]
    pub who: Option<String>,
    /// What else WHO is; may be given several times
    #[arg(long, value_name = "ROLE")]
    pub role: Vec<String>,
    /// Say no
    #[arg(long)]
    pub reject: bool,
    /// A remark beside the answer
    #[arg(long)]
    pub note: Option<String>,
    /// The filled-in form: JSON, or @FILE
    #[arg(long, value_name = "JSON|@FILE")]
    pub form: Option<String>,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Deploy {
    /// Documents, *.flow.json
    #[arg(required = true)]
    pub files: Vec<std::path::PathBuf>,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Flows {
    /// One flow's versions
    pub flow: Option<String>,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Rollback {
    pub flow: String,
    /// The version that new runs are to take
    pub version: u64,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Undeploy {
    /// The flow's id
    pub flow: String,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Triggers {
    #[command(subcommand)]
    pub command: Option<TriggersCommand>,
    /// Only of this flow
    #[arg(long)]
    pub flow: Option<String>,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, Subcommand)]
pub enum TriggersCommand {
    /// Start nothing by it until it is let go on
    Pause {
        flow: String,
        trigger: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Let it go on; what would have started runs meanwhile is not made up for
    Resume {
        flow: String,
        trigger: String,
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Debug, ClapArgs)]
pub struct Secret {
    #[command(subcommand)]
    pub command: SecretCommand,
}

#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Names, without values
    List {
        #[command(flatten)]
        remote: Remote,
    },
    /// Set one; its value is read from standard input, or from a file
    Set {
        name: String,
        /// A file that holds the value; a line break at its end is not part of it
        #[arg(long, value_name = "FILE")]
        from: Option<std::path::PathBuf>,
        /// Where it may be sent: https://api.example.com; may be given several times. Without it grants alone say so
        #[arg(long, value_name = "HOST")]
        host: Vec<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Seal all of a stopped server's secrets with a new key
    Rotate {
        /// The server's folder
        #[arg(long, value_name = "DIR")]
        data: std::path::PathBuf,
        /// The database, if it is not in the folder
        #[arg(long, value_name = "URL", env = "LOOM_DATABASE", hide_env_values = true)]
        database: Option<String>,
    },
    /// Delete one
    Delete {
        name: String,
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Debug, ClapArgs)]
pub struct Backup {
    /// The folder of a server that is stopped; without it, a running one is asked
    #[arg(long, value_name = "DIR", requires = "to")]
    pub data: Option<std::path::PathBuf>,
    /// Where the copy is to be, with --data
    #[arg(long, value_name = "DIR", requires = "data")]
    pub to: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub remote: Remote,
}

#[derive(Debug, ClapArgs)]
pub struct Restore {
    /// The folder that `loom backup` gave
    pub backup: std::path::PathBuf,
    /// A new folder, for `loom serve --data`
    #[arg(long, value_name = "DIR")]
    pub data: std::path::PathBuf,
}
