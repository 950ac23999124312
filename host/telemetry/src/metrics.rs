//! Numbers for Prometheus, in a registry of their own.

mod names;

use crate::trace::Exporter;
use names::Names;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The media type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels<const N: usize> = [(&'static str, Arc<str>); N];
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// Everything that is counted. A flow or function that is called something new beyond the first thousand counts as `other`.
pub struct Metrics {
    registry: Registry,
    names: Names,
    runs_started: Family<Labels<2>, Counter>,
    runs_ended: Family<Labels<2>, Counter>,
    runs_active: Gauge,
    run_seconds: Histograms<1>,
    steps: Family<Labels<2>, Counter>,
    step_seconds: Histograms<1>,
    queue_depth: Family<Labels<1>, Gauge>,
    /// Of the commits that wait, found once: it counts at every commit.
    commits_waiting: OnceLock<Gauge>,
    commits: Counter,
    commit_entries: Counter,
    fsync_seconds: Histogram,
    pool_used: Gauge,
    pool_size: Gauge,
    http_requests: Family<Labels<2>, Counter>,
    http_seconds: Histograms<1>,
    lost_spans: Arc<OnceLock<Exporter>>,
}

/// One answered request, for [`Metrics::http`].
#[derive(Clone, Copy, Debug)]
pub struct HttpAnswer<'a> {
    /// The route's pattern, not the path: `/orders/{id}`.
    pub route: &'a str,
    pub status: u16,
    pub took: Duration,
}

/// The series of one function's attempts that go well, found once: for those who count thousands a second.
#[derive(Clone)]
pub struct StepMeter {
    ok: Counter,
    seconds: Histogram,
}

/// The series of one flow's runs by one trigger that go well.
#[derive(Clone)]
pub struct RunMeter {
    started: Counter,
    succeeded: Counter,
    seconds: Histogram,
}

/// The series of one route's answers with status 200.
#[derive(Clone)]
pub struct RouteMeter {
    ok: Counter,
    seconds: Histogram,
}

/// Counts as one more for as long as it lives.
pub struct Counted(Gauge);

impl Counted {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl StepMeter {
    pub fn returned(&self, took: Duration) {
        self.ok.inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

impl RunMeter {
    pub fn started(&self) {
        self.started.inc();
    }

    pub fn succeeded(&self, took: Duration) {
        self.succeeded.inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

impl RouteMeter {
    pub fn answered(&self, took: Duration) {
        self.ok.inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

/// Upper ends of buckets, in seconds.
const BUCKETS: [f64; 15] = [1e-5, 3e-5, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

fn durations() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    pub fn new() -> Self {
        let durations: fn() -> Histogram = durations;
        let metrics = Self {
            registry: Registry::with_prefix("loom"),
            names: Names::default(),
            runs_started: Family::default(),
            runs_ended: Family::default(),
            runs_active: Gauge::default(),
            run_seconds: Family::new_with_constructor(durations),
            steps: Family::default(),
            step_seconds: Family::new_with_constructor(durations),
            queue_depth: Family::default(),
            commits_waiting: OnceLock::new(),
            commits: Counter::default(),
            commit_entries: Counter::default(),
            fsync_seconds: durations(),
            pool_used: Gauge::default(),
            pool_size: Gauge::default(),
            http_requests: Family::default(),
            http_seconds: Family::new_with_constructor(durations),
            lost_spans: Arc::default(),
        };
        metrics.registered()
    }

    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register("runs_started", "Runs that began, by flow and trigger", self.runs_started.clone());
        registry.register("runs_ended", "Runs that ended, by flow and state", self.runs_ended.clone());
        registry.register("runs_active", "Runs under way in this process", self.runs_active.clone());
        registry.register_with_unit(
            "run",
            "Time from a run's start to its end, by flow",
            Unit::Seconds,
            self.run_seconds.clone(),
        );
        registry.register("steps", "Attempts of steps, by function and outcome: ok or the fault's code", self.steps.clone());
        registry.register_with_unit(
            "step",
            "Time of one attempt of a step, by function",
            Unit::Seconds,
            self.step_seconds.clone(),
        );
        registry.register("queue_depth", "What waits, by queue", self.queue_depth.clone());
        registry.register("commits", "Commits to the store", self.commits.clone());
        registry.register("commit_entries", "Journal entries that commits carried", self.commit_entries.clone());
        registry.register_with_unit("commit", "Time until a commit was on disk", Unit::Seconds, self.fsync_seconds.clone());
        registry.register("pool_instances_used", "Instances of components in use", self.pool_used.clone());
        registry.register("pool_instances_limit", "Instances of components that there may be", self.pool_size.clone());
        registry.register("http_requests", "Requests answered, by route and status", self.http_requests.clone());
        registry.register_with_unit(
            "http_request",
            "Time until a request was answered, by route",
            Unit::Seconds,
            self.http_seconds.clone(),
        );
        registry.register_collector(Box::new(LostSpans(self.lost_spans.clone())));
        self
    }

    /// All numbers as text, of the type [`CONTENT_TYPE`].
    pub fn render(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string does not fail");
        text
    }

    pub fn run_started(&self, flow: &str, trigger: &str) {
        self.runs_started.get_or_create(&[("flow", self.names.get(flow)), ("trigger", self.names.get(trigger))]).inc();
    }

    /// A run is under way here, begun or taken up, until this is dropped.
    pub fn run_active(&self) -> Counted {
        Counted::new(self.runs_active.clone())
    }

    pub fn run_ended(&self, flow: &str, state: &str, took: Duration) {
        let flow = self.names.get(flow);
        self.runs_ended.get_or_create(&[("flow", flow.clone()), ("state", self.names.get(state))]).inc();
        self.run_seconds.get_or_create(&[("flow", flow)]).observe(took.as_secs_f64());
    }

    pub fn step(&self, function: &str, fault: Option<&str>, took: Duration) {
        let function = self.names.get(function);
        let outcome = self.names.get(fault.unwrap_or("ok"));
        self.steps.get_or_create(&[("function", function.clone()), ("outcome", outcome)]).inc();
        self.step_seconds.get_or_create(&[("function", function)]).observe(took.as_secs_f64());
    }

    pub fn step_meter(&self, function: &str) -> StepMeter {
        let function = self.names.get(function);
        let ok = self.steps.get_or_create_owned(&[("function", function.clone()), ("outcome", self.names.get("ok"))]);
        StepMeter { ok, seconds: self.step_seconds.get_or_create_owned(&[("function", function)]) }
    }

    pub fn run_meter(&self, flow: &str, trigger: &str) -> RunMeter {
        let flow = self.names.get(flow);
        let started = self.runs_started.get_or_create_owned(&[("flow", flow.clone()), ("trigger", self.names.get(trigger))]);
        let succeeded = self.runs_ended.get_or_create_owned(&[("flow", flow.clone()), ("state", self.names.get("succeeded"))]);
        let seconds = self.run_seconds.get_or_create_owned(&[("flow", flow)]);
        RunMeter { started, succeeded, seconds }
    }

    pub fn route_meter(&self, route: &str) -> RouteMeter {
        let route = self.names.get(route);
        let ok = self.http_requests.get_or_create_owned(&[("route", route.clone()), ("status", self.names.get("200"))]);
        RouteMeter { ok, seconds: self.http_seconds.get_or_create_owned(&[("route", route)]) }
    }

    /// A commit waits to be on disk until this is dropped.
    pub fn commit_waits(&self) -> Counted {
        let waiting = || self.queue_depth.get_or_create_owned(&[("queue", self.names.get("journal"))]);
        Counted::new(self.commits_waiting.get_or_init(waiting).clone())
    }

    /// How much waits in a queue now.
    pub fn queue_depth(&self, queue: &str, depth: u64) {
        let depth = i64::try_from(depth).unwrap_or(i64::MAX);
        self.queue_depth.get_or_create(&[("queue", self.names.get(queue))]).set(depth);
    }

    /// One commit that is on disk, with what it carried and how long that took.
    pub fn commit(&self, entries: u64, took: Duration) {
        self.commits.inc();
        self.commit_entries.inc_by(entries);
        self.fsync_seconds.observe(took.as_secs_f64());
    }

    /// Instances in use and the most that there may be.
    pub fn pool(&self, used: u64, size: u64) {
        self.pool_used.set(i64::try_from(used).unwrap_or(i64::MAX));
        self.pool_size.set(i64::try_from(size).unwrap_or(i64::MAX));
    }

    pub fn http(&self, answer: HttpAnswer<'_>) {
        let route = self.names.get(answer.route);
        let status = self.names.get(&answer.status.to_string());
        self.http_requests.get_or_create(&[("route", route.clone()), ("status", status)]).inc();
        self.http_seconds.get_or_create(&[("route", route)]).observe(answer.took.as_secs_f64());
    }

    pub(crate) fn count_lost_spans_of(&self, exporter: &Exporter) {
        let _ = self.lost_spans.set(exporter.clone());
    }
}

/// Asked for when the numbers are rendered: the exporter counts by itself.
#[derive(Debug)]
struct LostSpans(Arc<OnceLock<Exporter>>);

impl prometheus_client::collector::Collector for LostSpans {
    fn encode(&self, mut encoder: prometheus_client::encoding::DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        use prometheus_client::encoding::EncodeMetric as _;
        let Some(exporter) = self.0.get() else { return Ok(()) };
        let counter = prometheus_client::metrics::counter::ConstCounter::new(exporter.lost());
        let help = "Spans that were dropped, because there were too many or the collector did not take them";
        let metric = encoder.encode_descriptor("spans_lost", help, None, counter.metric_type())?;
        counter.encode(metric)
    }
}
