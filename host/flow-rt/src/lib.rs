//! loomwork-flow-rt
