//! Capabilities against real servers, real stores and real guests.

mod grants;
mod guest;
mod http_denials;
mod http_limits;
mod http_redirects;
mod http_requests;
mod http_secrets;
mod http_tls;
mod kv;
mod kv_stored;
mod log;
mod secret;
mod support;
