//! From WebAssembly to native code: looked up on disk, else compiled; a few at a time, away from the threads that serve.

use crate::budget;
use crate::cache::Cache;
use crate::digest::native_key;
use crate::engine::Ready;
use loomwork_types::Fault;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use wasmtime::component::Component;
use wasmtime::{Engine, Module};

/// Compiles in order of asking, at most so many at once.
#[derive(Debug)]
pub(crate) struct Compiler {
    turn: Arc<Semaphore>,
    cache: Option<Arc<Cache>>,
    threads: usize,
}

impl Compiler {
    pub fn new(at_once: usize, cache: Option<Arc<Cache>>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { turn: Arc::new(Semaphore::new(at_once.max(1))), cache, threads: threads.min(8) }
    }

    /// Native code of a component or a core module.
    pub async fn compile<N: Native>(&self, ready: &Ready, bytes: Arc<[u8]>) -> Result<N, Fault> {
        let (engine, cache, threads) = (ready.engine.clone(), self.cache.clone(), self.threads);
        self.in_turn(move || {
            N::check(&bytes)?;
            let key = native_key(&engine, &bytes);
            if let Some(found) = cache.as_ref().and_then(|cache| open(&engine, cache, &key)) {
                return Ok(found);
            }
            let native: N = on_own_threads(threads, || N::compile(&engine, &bytes))?;
            if let Some(cache) = &cache {
                keep(cache, &key, &native);
            }
            Ok(native)
        })
        .await
    }

    /// Does the work on a thread that may be busy for long. A caller that goes away does not stop it, and it keeps its turn.
    async fn in_turn<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R, Fault> + Send + 'static) -> Result<R, Fault> {
        let turn = self.turn.clone().acquire_owned().await.map_err(|_| closing())?;
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        work.await.map_err(|_| Fault::new("component.invalid", "compiling was broken off"))?
    }
}

/// What WebAssembly becomes.
pub(crate) trait Native: Sized + Send + 'static {
    /// Refuses what would take too long to compile.
    fn check(bytes: &[u8]) -> Result<(), Fault>;

    fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Self>;

    fn serialize(&self) -> wasmtime::Result<Vec<u8>>;

    /// # Safety
    /// The file holds what [`Native::serialize`] gave, and nobody else writes to it.
    unsafe fn open(engine: &Engine, path: &Path) -> wasmtime::Result<Self>;
}

impl Native for Component {
    fn check(bytes: &[u8]) -> Result<(), Fault> {
        budget::check(bytes)
    }

    fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Self> {
        Component::from_binary(engine, bytes)
    }

    fn serialize(&self) -> wasmtime::Result<Vec<u8>> {
        Component::serialize(self)
    }

    unsafe fn open(engine: &Engine, path: &Path) -> wasmtime::Result<Self> {
        // SAFETY: as the caller promises.
        unsafe { Component::deserialize_file(engine, path) }
    }
}

/// A core module: of our own making.
impl Native for Module {
    fn check(_bytes: &[u8]) -> Result<(), Fault> {
        Ok(())
    }

    fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Self> {
        Module::from_binary(engine, bytes)
    }

    fn serialize(&self) -> wasmtime::Result<Vec<u8>> {
        Module::serialize(self)
    }

    unsafe fn open(engine: &Engine, path: &Path) -> wasmtime::Result<Self> {
        // SAFETY: as the caller promises.
        unsafe { Module::deserialize_file(engine, path) }
    }
}

fn closing() -> Fault {
    Fault::new("limit.busy", "the engine is closing")
}

fn open<N: Native>(engine: &Engine, cache: &Cache, key: &str) -> Option<N> {
    let path = cache.sealed_file(key)?;
    // SAFETY: the file lies in a directory that only this host's user may enter, and its seal, made with a key that lies there
    // too, shows that this host wrote these bytes. wasmtime itself refuses code of other versions and settings.
    let opened = unsafe { N::open(engine, &path) };
    opened.inspect_err(|error| tracing::warn!(%error, "cached native code cannot be used; compiling again")).ok()
}

fn keep<N: Native>(cache: &Cache, key: &str, native: &N) {
    let written = native.serialize().map_err(std::io::Error::other).and_then(|bytes| cache.write(key, &bytes));
    if let Err(error) = written {
        tracing::warn!(%error, "native code was not kept on disk");
    }
}

/// wasmtime compiles functions side by side with rayon; these are threads of our own, gone when it is done.
fn on_own_threads<R: Send>(threads: usize, work: impl FnOnce() -> wasmtime::Result<R> + Send) -> Result<R, Fault> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|_| "loomwork-compile".into()).build();
    let pool = pool.map_err(|error| Fault::new("limit.busy", format!("no threads to compile on: {error}")))?;
    pool.install(work).map_err(|error| refused(&error))
}

fn refused(error: &wasmtime::Error) -> Fault {
    let text = format!("{error:#}");
    // The pool's own words for memories, tables and instances beyond what it was set up for.
    if text.contains("exceeds the ") {
        return Fault::new("component.too_large", format!("the component asks for more than this host allows: {text}"));
    }
    Fault::new("component.invalid", format!("not a valid component: {text}"))
}
