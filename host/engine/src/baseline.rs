//! The WASI baseline that nearly every foreign component imports, inert: no environment, arguments, input, directories or
//! network. What is written to standard output goes to the call's log, bounded. Pure functions see a fixed clock and seeded
//! randomness.

use crate::call::{Context, Level};
use crate::dice::Dice;
use loomwork_catalog::Effect;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use tokio::io::AsyncWrite;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxView};

/// Bytes of output that a call may write before the rest is dropped.
const MOST_OUTPUT: usize = 64 << 10;
/// A line longer than this is cut into several.
const MOST_LINE: usize = 8 << 10;
/// Tell secure randomness and the other apart.
const STREAMS: [u64; 2] = [0, 0x5851_f42d_4c95_7f2d];

pub(crate) struct Baseline {
    wasi: WasiCtx,
    table: ResourceTable,
    ambient: Arc<Ambient>,
    /// Secure randomness, and the other.
    dice: [Dice; 2],
}

/// What the clocks and streams of an instance share; it changes from call to call where an instance is used again.
struct Ambient {
    moment: Mutex<Moment>,
    /// Readings of the clock of a pure function so far: each moves it by a microsecond.
    readings: AtomicU64,
    output: Mutex<Output>,
}

/// What time it is for the guest.
#[derive(Clone, Copy)]
enum Moment {
    Real(Instant),
    /// Milliseconds since 1970.
    Fixed(u64),
}

#[derive(Default)]
struct Output {
    context: Arc<Context>,
    written: usize,
    lines: [Vec<u8>; 2],
}

impl Baseline {
    pub fn new(context: &Arc<Context>) -> Self {
        let ambient = Arc::new(Ambient {
            moment: Mutex::new(moment(context)),
            readings: AtomicU64::new(0),
            output: Mutex::new(Output { context: context.clone(), ..Output::default() }),
        });
        let mut wasi = WasiCtx::builder();
        wasi.stdout(Stream { ambient: ambient.clone(), error: false })
            .stderr(Stream { ambient: ambient.clone(), error: true })
            .wall_clock(Clock(ambient.clone()))
            .monotonic_clock(Clock(ambient.clone()))
            .max_random_size(1 << 20)
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false);
        let dice = STREAMS.map(|stream| Dice::new(context, stream));
        wasi.secure_random(dice[0].clone()).insecure_random(dice[1].clone());
        if pure(context) {
            wasi.insecure_random_seed(u128::from(context.seed));
        }
        Self { wasi: wasi.build(), table: ResourceTable::new(), ambient, dice }
    }

    pub fn view(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }

    pub fn renew(&mut self, context: &Arc<Context>) {
        if let (Ok(mut moment_now), Ok(mut output)) = (self.ambient.moment.lock(), self.ambient.output.lock()) {
            *moment_now = moment(context);
            *output = Output { context: context.clone(), ..Output::default() };
        }
        self.ambient.readings.store(0, Ordering::Relaxed);
        self.dice.iter().zip(STREAMS).for_each(|(dice, stream)| dice.renew(context, stream));
    }

    /// Hands lines without an end to the log.
    pub fn finish(&mut self) {
        if let Ok(mut output) = self.ambient.output.lock() {
            output.flush(0);
            output.flush(1);
        }
    }
}

fn pure(context: &Context) -> bool {
    context.effect == Some(Effect::Pure)
}

fn moment(context: &Context) -> Moment {
    if pure(context) { Moment::Fixed(context.at_ms) } else { Moment::Real(Instant::now()) }
}

impl Ambient {
    fn moment(&self) -> Moment {
        self.moment.lock().map_or(Moment::Fixed(0), |moment| *moment)
    }

    fn reading(&self) -> Duration {
        Duration::from_micros(self.readings.fetch_add(1, Ordering::Relaxed))
    }
}

struct Clock(Arc<Ambient>);

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_micros(1)
    }

    fn now(&self) -> Duration {
        match self.0.moment() {
            Moment::Real(_) => SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default(),
            Moment::Fixed(at_ms) => Duration::from_millis(at_ms) + self.0.reading(),
        }
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        1_000
    }

    /// Nanoseconds since the call began.
    fn now(&self) -> u64 {
        let since = match self.0.moment() {
            Moment::Real(start) => start.elapsed(),
            Moment::Fixed(_) => self.0.reading(),
        };
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Standard output or standard error as log lines.
#[derive(Clone)]
struct Stream {
    ambient: Arc<Ambient>,
    error: bool,
}

impl IsTerminal for Stream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Stream {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(tokio::io::sink())
    }
}

#[async_trait::async_trait]
impl Pollable for Stream {
    async fn ready(&mut self) {}
}

impl OutputStream for Stream {
    fn write(&mut self, bytes: bytes::Bytes) -> StreamResult<()> {
        let mut output = self.ambient.output.lock().map_err(|_| StreamError::Closed)?;
        output.write(usize::from(self.error), &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MOST_LINE)
    }
}

impl Output {
    fn write(&mut self, stream: usize, bytes: &[u8]) {
        let room = MOST_OUTPUT.saturating_sub(self.written);
        let taken = &bytes[..bytes.len().min(room)];
        self.written += taken.len();
        for piece in taken.split_inclusive(|byte| *byte == b'\n') {
            self.lines[stream].extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.lines[stream].len() >= MOST_LINE {
                self.flush(stream);
            }
        }
        if taken.len() < bytes.len() && room > 0 {
            self.flush(stream);
            self.line(Level::Warn, "more output than the host keeps; the rest is dropped");
        }
    }

    fn flush(&mut self, stream: usize) {
        let line = std::mem::take(&mut self.lines[stream]);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if !text.is_empty() {
            self.line(if stream == 1 { Level::Warn } else { Level::Info }, text);
        }
    }

    fn line(&self, level: Level, message: &str) {
        if let Some(log) = &self.context.log {
            log.line(&self.context, level, message, "");
        }
    }
}
