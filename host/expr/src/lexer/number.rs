//! Numbers: `12`, `0x1f`, `12u`, `1.5`, `.5`, `1e-3`.

use super::{LexError, Lexer, Token};

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Result<Token, LexError> {
        let start = self.at;
        let rest = self.rest();
        let token = match rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
            Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => {
                self.at += 2;
                self.integer(16)?
            }
            _ => match real_len(rest) {
                Some(len) => self.double(len)?,
                None => self.integer(10)?,
            },
        };
        if self.rest().starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            let len = self.at - start + 1;
            self.at = start;
            return Err(self.wrong(len, "a number runs into a name"));
        }
        Ok(token)
    }

    fn integer(&mut self, radix: u32) -> Result<Token, LexError> {
        let rest = self.rest();
        let len = rest.find(|c: char| !c.is_digit(radix)).unwrap_or(rest.len());
        let digits = &rest[..len];
        if !rest[len..].starts_with(['u', 'U']) {
            self.at += len;
            return Ok(Token::Int { digits: digits.into(), radix });
        }
        let value = u64::from_str_radix(digits, radix).map_err(|_| self.wrong(len + 1, "the number does not fit in a uint"))?;
        self.at += len + 1;
        Ok(Token::Uint(value))
    }

    fn double(&mut self, len: usize) -> Result<Token, LexError> {
        let value: f64 = self.rest()[..len].parse().map_err(|_| self.wrong(len, "not a number"))?;
        if value.is_infinite() {
            return Err(self.wrong(len, "the number does not fit in a double"));
        }
        self.at += len;
        Ok(Token::Double(value))
    }
}

/// How long the number is, if it has a fraction or an exponent.
fn real_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = digits(0);
    let mut real = false;
    if bytes.get(at) == Some(&b'.') && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
        real = true;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits((at + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            at += 1 + sign + exponent;
            real = true;
        }
    }
    real.then_some(at)
}
