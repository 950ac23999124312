//! Numbers as Prometheus reads them.

use loomwork_telemetry::{HttpAnswer, RunEnded, StepEnded, Telemetry};
use std::time::{Duration, UNIX_EPOCH};

fn telemetry() -> Telemetry {
    let telemetry = Telemetry::default();
    telemetry.run_started("orders", "http");
    telemetry.run_started("orders", "cron");
    let run = RunEnded {
        project: "p",
        flow: "orders",
        run: "r",
        trigger: "http",
        state: "succeeded",
        fault: None,
        caller: None,
        started: UNIX_EPOCH,
        took: Duration::from_millis(5),
    };
    telemetry.run_ended(&run);
    let step = StepEnded {
        project: "p",
        flow: "orders",
        run: "r",
        node: "n",
        step: 1,
        attempt: 1,
        function: "text#trim",
        fault: Some(("limit.time", "too slow")),
        caller: None,
        started: UNIX_EPOCH,
        took: Duration::from_micros(20),
    };
    telemetry.step(&step);
    telemetry.step(&StepEnded { fault: None, ..step });
    telemetry.metrics().queue_depth("journal", 7);
    telemetry.metrics().commit(12, Duration::from_millis(4));
    telemetry.metrics().pool(3, 1000);
    telemetry.metrics().http(HttpAnswer { route: "/orders/{id}", status: 422, took: Duration::from_millis(1) });
    telemetry
}

#[test]
fn what_is_under_way_counts_until_it_is_not() {
    let telemetry = Telemetry::default();
    let (first, second) = (telemetry.metrics().run_active(), telemetry.metrics().run_active());
    let waiting = telemetry.metrics().commit_waits();
    drop(first);
    let text = telemetry.metrics().render();
    assert!(text.contains("loom_runs_active 1") && text.contains(r#"loom_queue_depth{queue="journal"} 1"#), "{text}");
    drop((second, waiting));
    let text = telemetry.metrics().render();
    assert!(text.contains("loom_runs_active 0") && text.contains(r#"loom_queue_depth{queue="journal"} 0"#), "{text}");
}

#[test]
fn everything_that_was_told_is_shown() {
    let text = telemetry().metrics().render();
    for line in [
        r#"loom_runs_started_total{flow="orders",trigger="http"} 1"#,
        r#"loom_runs_ended_total{flow="orders",state="succeeded"} 1"#,
        "loom_runs_active 0",
        r#"loom_run_seconds_count{flow="orders"} 1"#,
        r#"loom_steps_total{function="text#trim",outcome="limit.time"} 1"#,
        r#"loom_steps_total{function="text#trim",outcome="ok"} 1"#,
        r#"loom_step_seconds_bucket{le="0.1",function="text#trim"} 2"#,
        r#"loom_queue_depth{queue="journal"} 7"#,
        "loom_commits_total 1",
        "loom_commit_entries_total 12",
        "loom_commit_seconds_count 1",
        "loom_pool_instances_used 3",
        r#"loom_http_requests_total{route="/orders/{id}",status="422"} 1"#,
        "# EOF",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} is not in\n{text}");
    }
}

#[test]
fn hosts_count_apart() {
    let other = Telemetry::default();
    other.run_started("orders", "http");
    assert!(other.metrics().render().contains(r#"loom_runs_started_total{flow="orders",trigger="http"} 1"#));
    assert!(!other.metrics().render().contains("cron"));
}

#[test]
fn labels_cannot_break_the_text() {
    let telemetry = Telemetry::default();
    telemetry.run_started("a\"} 1\nevil 2\\", "http");
    let text = telemetry.metrics().render();
    assert!(!text.lines().any(|line| line.starts_with("evil")), "{text}");
}
