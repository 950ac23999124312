//! loomwork-caps
