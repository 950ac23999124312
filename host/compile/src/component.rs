//! The component around both core modules: the runtime, the generated module on top of it, and the interface they export.

use crate::encode::EXPORTS;
use crate::interface;
use crate::sections::Section;
use loomwork_expr::generate::runtime::MODULE;
use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection, ComponentExportKind,
    ComponentExportSection, ComponentInstanceSection, ComponentSectionId, ComponentTypeSection, CustomSection, ExportKind,
    InstanceSection, ModuleArg, RawSection,
};

/// The core modules, as bytes.
pub(crate) struct Modules<'a> {
    pub runtime: &'a [u8],
    pub flow: &'a [u8],
}

/// Both core modules and both core instances: the runtime is first, the flow second.
const RUNTIME: u32 = 0;
const FLOW: u32 = 1;

/// Puts the component together.
pub(crate) fn assemble(modules: &Modules<'_>, sections: &[Section<'_>]) -> Vec<u8> {
    let mut component = beginning(modules.runtime);
    component.section(&core_module(modules.flow));
    let mut instances = InstanceSection::new();
    instances.instantiate(RUNTIME, Vec::<(&str, ModuleArg)>::new());
    instances.instantiate(FLOW, [(MODULE, ModuleArg::Instance(RUNTIME))]);
    let mut types = ComponentTypeSection::new();
    let interface = interface::define(&mut types);
    component.section(&instances).section(&aliases()).section(&types).section(&lifted(&interface.functions));
    let types = interface.types.iter().map(|(name, index)| (*name, ComponentExportKind::Type, *index));
    let functions = EXPORTS.iter().zip(0..).map(|(name, index)| (*name, ComponentExportKind::Func, index));
    let exported: Vec<_> = types.chain(functions).collect();
    let mut machine = ComponentInstanceSection::new();
    machine.export_items(exported);
    let mut exports = ComponentExportSection::new();
    exports.export(interface::NAME, ComponentExportKind::Instance, 0, None);
    component.section(&machine).section(&exports);
    for section in sections {
        component.section(&CustomSection { name: section.name.into(), data: section.data.into() });
    }
    component.finish()
}

/// What every component begins with that carries this runtime.
pub(crate) fn beginning(runtime: &[u8]) -> Component {
    let mut component = Component::new();
    component.section(&core_module(runtime));
    component
}

fn core_module(data: &[u8]) -> RawSection<'_> {
    RawSection { id: ComponentSectionId::CoreModule.into(), data }
}

/// The memory, `cabi_realloc` as core function 0, and then what the flow exports.
fn aliases() -> ComponentAliasSection {
    let mut aliases = ComponentAliasSection::new();
    aliases.alias(Alias::CoreInstanceExport { instance: RUNTIME, kind: ExportKind::Memory, name: "memory" });
    aliases.alias(Alias::CoreInstanceExport { instance: RUNTIME, kind: ExportKind::Func, name: "cabi_realloc" });
    for name in EXPORTS {
        aliases.alias(Alias::CoreInstanceExport { instance: FLOW, kind: ExportKind::Func, name });
    }
    aliases
}

fn lifted(functions: &[(&str, u32)]) -> CanonicalFunctionSection {
    let options = [CanonicalOption::UTF8, CanonicalOption::Memory(0), CanonicalOption::Realloc(0)];
    let mut lifted = CanonicalFunctionSection::new();
    for (core, (_, ty)) in (1..).zip(functions) {
        lifted.lift(core, *ty, options);
    }
    lifted
}
