//! loomwork-engine
