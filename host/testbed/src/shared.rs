//! Servers that tests share with everybody else on the machine, and what becomes of a test that has none.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A server that answers on the machine's own network at all answers within this.
const SOON: Duration = Duration::from_millis(300);

/// A connection to the server that listens on this port, if there is one.
pub(crate) fn connect(port: u16) -> Option<TcpStream> {
    TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), SOON).ok()
}

/// The server, or none and the reason. In CI a test that has no server has failed.
pub(crate) fn or_say_why<T>(server: anyhow::Result<T>) -> Option<T> {
    match server {
        Ok(server) => Some(server),
        Err(error) if std::env::var_os("CI").is_some() => panic!("it must be there in CI: {error:#}"),
        Err(error) => {
            eprintln!("not run: {error:#}");
            None
        }
    }
}
