//! Addresses, read as browsers read them.

use crate::{Address, Error, Pair, body};
use url::Url;

fn read(text: &str) -> Result<Url, Error> {
    Url::parse(text)
        .map_err(|error| Error::Invalid(format!("`{}` is not an address: {error}", text.chars().take(100).collect::<String>())))
}

/// The address with parameters added to its query. The text is kept as it is otherwise: it may hold a secret's placeholder.
pub fn with_query(url: String, query: &[Pair]) -> Result<String, Error> {
    if query.is_empty() {
        return Ok(url);
    }
    let (address, fragment) = match url.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (url.as_str(), String::new()),
    };
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    Ok(format!("{address}{joint}{}{fragment}", body::form(query)))
}

pub fn parse(text: &str) -> Result<Address, Error> {
    let url = read(text)?;
    Ok(Address {
        scheme: url.scheme().to_owned(),
        host: url.host_str().unwrap_or_default().to_owned(),
        port: url.port(),
        path: url.path().to_owned(),
        query: url.query_pairs().map(|(name, value)| Pair { name: name.into_owned(), value: value.into_owned() }).collect(),
        fragment: url.fragment().unwrap_or_default().to_owned(),
    })
}

pub fn build(base: &str, path: Option<&str>, query: &[Pair]) -> Result<String, Error> {
    let base = read(base)?;
    let url = base
        .join(path.unwrap_or_default())
        .map_err(|error| Error::Invalid(format!("the path does not fit the base: {error}")))?;
    with_query(url.into(), query)
}
