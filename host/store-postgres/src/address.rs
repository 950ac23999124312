//! The database's address, as people write it for other clients, in words that ours understands.

/// An address that [`tokio_postgres::Config`] can read, and what it does not know.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub plain: String,
    /// The file with the roots to trust: `sslrootcert`.
    pub roots: Option<String>,
}

impl Address {
    /// Reads both forms, `postgres://…?name=value&…` and `name=value …`.
    pub fn read(text: &str) -> Self {
        match text.split_once("://") {
            Some(_) => Self::of_url(text),
            None => Self::of_words(text),
        }
    }

    fn of_url(text: &str) -> Self {
        let Some((before, query)) = text.split_once('?') else { return Self { plain: text.to_owned(), roots: None } };
        let mut roots = None;
        let known: Vec<String> = query.split('&').filter_map(|pair| known(pair, &mut roots)).collect();
        let plain = if known.is_empty() { before.to_owned() } else { format!("{before}?{}", known.join("&")) };
        Self { plain, roots: roots.map(|roots| decoded(&roots)) }
    }

    fn of_words(text: &str) -> Self {
        let mut roots = None;
        let known: Vec<String> = text.split_ascii_whitespace().filter_map(|word| known(word, &mut roots)).collect();
        // Quoted values may hold spaces: one that needs no change is left as it is.
        let plain = if roots.is_none() && !text.contains("sslmode") { text.to_owned() } else { known.join(" ") };
        Self { plain, roots }
    }
}

/// A parameter in words that are understood. Whatever is required here is verified too.
fn known(pair: &str, roots: &mut Option<String>) -> Option<String> {
    match pair.split_once('=') {
        Some(("sslrootcert", file)) => {
            // Which is what is done without it.
            *roots = Some(file.to_owned()).filter(|file| file != "system");
            None
        }
        Some(("sslmode", "verify-ca" | "verify-full")) => Some("sslmode=require".to_owned()),
        _ => Some(pair.to_owned()),
    }
}

/// Without `%XX`; what is none stays.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(hex.unwrap_or(*byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn what_others_understand_is_understood() {
        let roots = "postgres://u:p%3F@db/x?sslmode=verify-full&sslrootcert=/etc/my%20roots%2f1.pem&connect_timeout=3";
        for (text, plain, roots) in [
            ("postgres://u:p@db:5/x", "postgres://u:p@db:5/x", None),
            ("postgres://db/x?sslmode=disable", "postgres://db/x?sslmode=disable", None),
            (roots, "postgres://u:p%3F@db/x?sslmode=require&connect_timeout=3", Some("/etc/my roots/1.pem")),
            ("postgres://db/x?sslrootcert=system", "postgres://db/x", None),
            ("postgres://db/x?sslmode=verify-ca&sslrootcert=%zz%", "postgres://db/x?sslmode=require", Some("%zz%")),
            ("host=db sslmode=verify-full sslrootcert=/r.pem user=u", "host=db sslmode=require user=u", Some("/r.pem")),
            ("host=db password='a b'", "host=db password='a b'", None),
        ] {
            assert_eq!(Address::read(text), Address { plain: plain.into(), roots: roots.map(str::to_owned) }, "{text}");
        }
    }
}
