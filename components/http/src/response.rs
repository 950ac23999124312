//! A response as a flow reads it.

use crate::{Encoding, Error, Pair, Response, StatusError, body, host, retry};

pub struct Answer {
    response: host::Response,
    media_type: String,
}

impl Answer {
    pub fn new(response: host::Response) -> Self {
        let content_type = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-type"));
        let media_type = content_type.and_then(|header| header.value.split(';').next()).unwrap_or_default();
        Self { media_type: media_type.trim().to_ascii_lowercase(), response }
    }

    pub fn status(&self) -> u16 {
        self.response.status
    }

    /// The whole response, its body in the form that suits its media type.
    pub fn read(self) -> Result<Response, Error> {
        let (encoding, body) = body::decode(&self.media_type, self.response.body);
        Ok(Response {
            status: self.response.status,
            headers: pairs(self.response.headers),
            url: self.response.url,
            media_type: self.media_type,
            encoding,
            body,
        })
    }

    pub fn json(self) -> Result<String, Error> {
        match body::decode("application/json", self.response.body) {
            (Encoding::Json | Encoding::None, value) => Ok(value),
            (_, text) => Err(Error::WrongContent(format!(
                "{} answered with {}, which is not JSON: {}",
                self.response.url,
                if self.media_type.is_empty() { "no media type" } else { &self.media_type },
                text.chars().take(200).collect::<String>()
            ))),
        }
    }

    pub fn text(self) -> Result<String, Error> {
        body::text(self.response.body).map_err(|_| {
            Error::WrongContent(format!("{} answered with {}, which is not text in UTF-8", self.response.url, self.media_type))
        })
    }

    pub fn bytes(self) -> Vec<u8> {
        self.response.body
    }

    pub fn unexpected(mut self) -> Error {
        let (_, body) = body::decode(&self.media_type, std::mem::take(&mut self.response.body));
        let host::Response { status, headers, url, .. } = self.response;
        let message = format!("{url} answered {status}");
        let retry_after = retry::after(&headers);
        Error::Status(StatusError { message, status, url, headers: pairs(headers), retry_after, body })
    }
}

fn pairs(headers: Vec<host::Header>) -> Vec<Pair> {
    headers.into_iter().map(|header| Pair { name: header.name.to_ascii_lowercase(), value: header.value }).collect()
}
