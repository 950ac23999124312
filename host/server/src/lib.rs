//! loomwork-server
