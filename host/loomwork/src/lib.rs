//! Loomwork for programs that embed it.
