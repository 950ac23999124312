//! How wasmtime is set up for the three kinds of guests.

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails};

/// What kind of guest a component is. Each kind has an engine of its own, made when the first of its kind is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Compiled flows: NaNs are canonical and relaxed SIMD is off, so that the same events give the same bytes everywhere.
    Flow,
    /// Everything else.
    #[default]
    Node,
    /// The big engines that run source text: more core instances, larger tables, deeper stacks.
    Language,
}

/// How many instances of each profile may live at once. They cost address space, and memory only when used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub flow: u32,
    pub node: u32,
    pub language: u32,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { flow: 1_000, node: 1_000, language: 64 }
    }
}

/// Bytes of a memory that stay in use for the next instance in its place.
const RESIDENT: usize = 512 << 10;

impl Profile {
    pub(crate) fn instances(self, sizes: &Sizes) -> u32 {
        let asked = match self {
            Profile::Flow => sizes.flow,
            Profile::Node => sizes.node,
            Profile::Language => sizes.language,
        };
        asked.clamp(1, 10_000)
    }

    /// The settings of this profile's engine with a pool of `instances`, or, with none, with memory allocated on demand.
    pub(crate) fn config(self, instances: Option<u32>) -> Config {
        let mut config = Config::new();
        config.concurrency_support(false);
        config.epoch_interruption(true);
        config.wasm_memory64(false);
        config.wasm_relaxed_simd(self != Profile::Flow);
        config.relaxed_simd_deterministic(true);
        config.cranelift_nan_canonicalization(self == Profile::Flow);
        // Faults name the trap; a backtrace of generated code helps nobody and costs memory.
        config.wasm_backtrace_max_frames(None);
        config.wasm_backtrace_details(WasmBacktraceDetails::Disable);
        config.generate_address_map(false);
        config.native_unwind_info(false);
        let (wasm_stack, whole_stack) = if self == Profile::Language { (2 << 20, 4 << 20) } else { (512 << 10, 2 << 20) };
        config.max_wasm_stack(wasm_stack);
        config.async_stack_size(whole_stack);
        if let Some(instances) = instances {
            config.allocation_strategy(InstanceAllocationStrategy::Pooling(self.pool(instances)));
        }
        config
    }

    fn pool(self, instances: u32) -> PoolingAllocationConfig {
        let (core_each, memories_each, tables_each) = if self == Profile::Language { (200, 4, 64) } else { (20, 4, 20) };
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(instances)
            .total_core_instances(instances.saturating_mul(if self == Profile::Language { 50 } else { 6 }))
            .total_memories(instances.saturating_mul(2))
            .total_tables(instances.saturating_mul(if self == Profile::Language { 20 } else { 4 }))
            .total_stacks(instances)
            .max_core_instances_per_component(core_each)
            .max_memories_per_component(memories_each)
            .max_tables_per_component(tables_each)
            .max_memory_size(1 << 30)
            .table_elements(if self == Profile::Language { 60_000 } else { 20_000 })
            .max_core_instance_size(8 << 20)
            .max_component_instance_size(8 << 20)
            // What a call wrote is cleared in place, where the system can say which pages these are: a typical call then costs the next one
            // neither a system call per page nor a page fault.
            .pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(RESIDENT)
            .table_keep_resident(16 << 10)
            .async_stack_keep_resident(16 << 10);
        pool
    }
}
