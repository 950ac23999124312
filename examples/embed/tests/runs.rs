//! The example does what it says, against a real server.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

#[test]
fn it_fetches_a_name_and_shouts_it() {
    let server = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", server.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = [0; 4096];
            let length = stream.read(&mut request).expect("a request");
            assert!(request[..length].starts_with(b"GET /name.json "));
            let body = r#"{"name": "ada"}"#;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).expect("answered");
        }
    });
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let components = root.join("dist/components");
    assert!(components.is_dir(), "there are no components: run `cargo xtask components` first");
    let mut embed = Command::new(env!("CARGO_BIN_EXE_embed"));
    let output = embed.arg(root.join("examples/embed/greet.json")).arg(components).arg(url).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "\"Hello, ADA!\"\n");
}
