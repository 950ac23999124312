//! loomwork-run
