//! loomwork-cli
