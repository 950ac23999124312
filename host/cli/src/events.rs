//! Server-sent events, as they come in.

use std::time::Duration;

/// A server that has nothing to say says so more often than this.
const SILENCE: Duration = Duration::from_secs(45);
/// Bytes of one event.
const MOST: usize = 1 << 20;

/// One event with data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Empty for the plain ones.
    pub name: String,
    pub data: String,
}

pub struct Events {
    response: reqwest::Response,
    lines: Lines,
}

impl Events {
    pub fn new(response: reqwest::Response) -> Self {
        Self { response, lines: Lines::default() }
    }

    /// The next event; none when the stream has ended or the server is silent.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.lines.event() {
                return Some(event);
            }
            let chunk = tokio::time::timeout(SILENCE, self.response.chunk()).await.ok()?.ok()??;
            if !self.lines.push(&chunk) {
                return None;
            }
        }
    }

    /// What to go on behind.
    pub fn last_id(&self) -> Option<&str> {
        self.lines.id.as_deref()
    }
}

#[derive(Default)]
struct Lines {
    text: Vec<u8>,
    id: Option<String>,
}

impl Lines {
    /// False if no event can be so large.
    fn push(&mut self, bytes: &[u8]) -> bool {
        self.text.extend_from_slice(bytes);
        self.text.len() <= MOST
    }

    /// The next event with data of which everything has come.
    fn event(&mut self) -> Option<Event> {
        loop {
            let end = self.text.windows(2).position(|pair| pair == b"\n\n")?;
            let block: Vec<u8> = self.text.drain(..end + 2).collect();
            let (mut name, mut data) = (String::new(), Vec::new());
            for line in String::from_utf8_lossy(&block).lines() {
                let (field, value) = line.split_once(':').unwrap_or((line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
                match field {
                    "id" => self.id = Some(value),
                    "event" => name = value,
                    "data" => data.push(value),
                    _ => {}
                }
            }
            if !data.is_empty() {
                return Some(Event { name, data: data.join("\n") });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Lines};

    #[test]
    fn events_come_in_pieces() {
        let mut lines = Lines::default();
        let mut events = Vec::new();
        let text = "retry: 1000\nid: a-1-2\n\n: a remark\n\nid: a-2-3\ndata: {\"é\":1}\n\nevent: lagged\ndata: {}\nid: a-3-4\n\nid: a-3-5\n\ndata: x";
        for byte in text.bytes() {
            assert!(lines.push(&[byte]));
            events.extend(lines.event());
        }
        let event = |name: &str, data: &str| Event { name: name.into(), data: data.into() };
        assert_eq!(events, [event("", "{\"é\":1}"), event("lagged", "{}")]);
        assert_eq!(lines.id.as_deref(), Some("a-3-5"));
        assert!(!lines.push(&vec![b'x'; super::MOST]));
    }
}
