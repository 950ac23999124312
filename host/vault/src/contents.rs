//! What is sealed: a value, and the hosts to which it may go.

use std::fmt;
use zeroize::Zeroizing;

/// A secret's contents, wiped when dropped; `Debug` does not show the value.
#[derive(Clone, PartialEq, Eq)]
pub struct Contents {
    pub value: Zeroizing<String>,
    /// Rules such as `https://api.example.com`; none leaves it to grants alone.
    pub hosts: Option<Vec<String>>,
}

impl Contents {
    /// Bytes of a value.
    pub const MAX: usize = 64 << 10;
    /// Bytes of all hosts together.
    pub(crate) const MAX_HOSTS: usize = 16 << 10;

    pub fn new(value: impl Into<String>) -> Self {
        Self { value: Zeroizing::new(value.into()), hosts: None }
    }

    pub fn bound_to(self, hosts: impl IntoIterator<Item = String>) -> Self {
        Self { hosts: Some(hosts.into_iter().collect()), ..self }
    }

    /// How many hosts ([`UNBOUND`] if it is not bound), each with its length before it, then the value.
    pub(crate) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let hosts = self.hosts.as_deref().unwrap_or_default();
        // Sized beforehand: growing would leave pieces of the value behind.
        let size = 4 + hosts.iter().map(|host| 4 + host.len()).sum::<usize>() + self.value.len();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        bytes.extend_from_slice(&if self.hosts.is_some() { number(hosts.len()) } else { UNBOUND }.to_le_bytes());
        for host in hosts {
            bytes.extend_from_slice(&number(host.len()).to_le_bytes());
            bytes.extend_from_slice(host.as_bytes());
        }
        bytes.extend_from_slice(self.value.as_bytes());
        bytes
    }

    pub(crate) fn read(mut bytes: &[u8]) -> Option<Self> {
        let count = take_number(&mut bytes)?;
        let hosts: Option<Vec<String>> = match count {
            UNBOUND => None,
            count => Some((0..count).map(|_| take_text(&mut bytes)).collect::<Option<_>>()?),
        };
        let value = Zeroizing::new(std::str::from_utf8(bytes).ok()?.to_owned());
        Some(Self { value, hosts })
    }
}

const UNBOUND: u32 = u32::MAX;

/// Sizes are bounded before anything is sealed.
fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(UNBOUND - 1)
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*number))
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(take_number(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok().map(str::to_owned)
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}
