//! loomwork-compile
