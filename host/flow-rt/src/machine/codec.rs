//! Bytes of a saved machine: written in order, read back in the same order, nothing believed.

use super::Text;
use super::numbered::Numbered;
use super::slots::Output;
use loomwork_types::Fault;
use loomwork_value::{Value, binary};

/// Appends.
#[derive(Default)]
pub(super) struct Writer(pub Vec<u8>);

/// Reads from the front; `None` where the bytes are not what was asked for.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl Writer {
    pub fn number(&mut self, number: u64) {
        binary::number(number.into(), &mut self.0);
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub fn value(&mut self, value: &Value) {
        binary::write(value, &mut self.0);
    }

    pub fn option<T>(&mut self, option: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(option.is_some().into());
        if let Some(inner) = option {
            write(self, inner);
        }
    }

    pub fn list<T>(&mut self, list: impl ExactSizeIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.number(list.len() as u64);
        for item in list {
            write(self, item);
        }
    }

    pub fn fault(&mut self, fault: &Fault) {
        self.text(&fault.code);
        self.text(&fault.message);
        self.option(fault.data.as_deref(), Self::text);
    }
}

impl Reader<'_> {
    pub fn number(&mut self) -> Option<u64> {
        binary::read_number(&mut self.0)?.try_into().ok()
    }

    pub fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub fn text(&mut self) -> Option<&str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    pub fn shared(&mut self) -> Option<Text> {
        self.text().map(Text::from)
    }

    pub fn output(&mut self) -> Option<Output> {
        self.shared().map(Output::new)
    }

    pub fn value(&mut self) -> Option<Value> {
        binary::read(&mut self.0)
    }

    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.number()? {
            0 => Some(None),
            1 => Some(Some(read(self)?)),
            _ => None,
        }
    }

    /// Each item takes at least a byte, so a false count cannot ask for more memory than the bytes already do.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok().filter(|count| *count <= self.0.len())?;
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(read(self)?);
        }
        Some(list)
    }

    /// In the order of their numbers.
    pub fn numbered<T>(&mut self, read: impl FnMut(&mut Self) -> Option<(u32, T)>) -> Option<Numbered<T>> {
        let mut numbered = Numbered::default();
        for (number, thing) in self.list(read)? {
            numbered.push(number, thing).then_some(())?;
        }
        Some(numbered)
    }

    pub fn fault(&mut self) -> Option<Fault> {
        let code = self.text()?.to_owned();
        let message = self.text()?.to_owned();
        let data = self.option(|reader| reader.text().map(str::to_owned))?;
        Some(Fault { code: code.into(), message, data })
    }
}

/// FNV-1a: tells a damaged state from a whole one. No guard against a forger; states are the host's own.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
