//! The JSON Schemas of flow and machine documents, for editors and other tools. The tests hold it equal to what the reader takes.

/// Returns the schema (draft 2020-12) as JSON text.
pub fn json_schema() -> String {
    include_str!("flow.schema.json").to_owned()
}

/// The same of state machines.
pub fn machine_json_schema() -> String {
    include_str!("machine.schema.json").to_owned()
}
