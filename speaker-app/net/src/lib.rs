//! What leaves the speaker: nothing but what a manifest grants.
//!
//! [`http`] fetches from servers, [`home`] commands devices through an MQTT broker. Both do their work in threads of their
//! own and give results by a channel or to a function, so that nobody waits for a server that does not answer.
//!
//! What is deliberately elsewhere: who may ask for what. The caller has the manifests; [`http::host_of`] and
//! [`http::granted`] tell it what a request would reach.

#![forbid(unsafe_code)]

pub mod home;
pub mod http;
