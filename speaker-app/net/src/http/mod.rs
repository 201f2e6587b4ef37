//! GET requests for skills.
//!
//! Only `http:` is spoken: the speaker asks servers of the home, and certificates would bring a second cryptography and its
//! upkeep. No redirect is followed and no proxy is used, whatever the environment says, so the host that was checked is the
//! host that is asked: the request goes to an address that is put together anew from the parts that [`host_of`] found.

mod address;

pub use address::{granted, host_of};

use address::Address;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// A whole request, from the look-up of the name to the end of the body, takes no longer.
pub const LONGEST: Duration = Duration::from_secs(5);
/// Longest body, in bytes as they are sent.
pub const LONGEST_BODY_BYTES: u64 = 64 << 10;
/// Requests that may be under way at once.
pub const MOST_AT_ONCE: usize = 4;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Its status, such as 200 or 404; a redirect's too.
    pub status: u16,
    /// The body as text; what is no UTF-8 is replaced.
    pub body: String,
}

/// The end of a request.
#[derive(Debug)]
pub struct Fetched {
    /// The number that [`Fetcher::fetch`] was given.
    pub id: i32,
    /// What came of it.
    pub result: Result<Response, FetchError>,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address cannot be asked.
    #[error("`{url}` is no address that can be asked; it must be http://HOST[:PORT]/PATH without a user, spaces or https")]
    Address {
        /// What was given, at most 200 characters of it.
        url: String,
    },
    /// Too many requests are under way.
    #[error("{MOST_AT_ONCE} requests are under way already; try again when one has ended")]
    Busy,
    /// No answer in time.
    #[error("{host} did not answer within {} s; is it switched on?", LONGEST.as_secs())]
    Timeout {
        /// The host.
        host: String,
    },
    /// The answer is longer than is read.
    #[error("{host} answered with more than {LONGEST_BODY_BYTES} bytes; ask it for less")]
    TooLong {
        /// The host.
        host: String,
    },
    /// There is no such host, it refuses, or it does not speak HTTP.
    #[error("{host} cannot be asked: {reason}")]
    Failed {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
}

/// Fetches, each request in a thread of its own.
pub struct Fetcher {
    agent: ureq::Agent,
    running: Arc<AtomicUsize>,
    done: Arc<dyn Fn(Fetched) + Send + Sync>,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Fetcher {
    /// A fetcher that calls `done`, in its own threads, with each result.
    pub fn new(done: impl Fn(Fetched) + Send + Sync + 'static) -> Self {
        let config = ureq::Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(LONGEST))
            .max_idle_connections(0)
            .max_response_header_size(16 << 10)
            .user_agent("saggar-speaker")
            .build();
        Self { agent: config.new_agent(), running: Arc::default(), done: Arc::new(done) }
    }

    /// A fetcher that sends its results to a channel.
    pub fn channel() -> (Self, Receiver<Fetched>) {
        let (sender, receiver): (Sender<Fetched>, _) = channel();
        // Where nobody listens any more the result is nobody's.
        (Self::new(move |fetched| drop(sender.send(fetched))), receiver)
    }

    /// Begins a request; its result comes with the same `id`, once.
    ///
    /// # Errors
    /// [`FetchError::Address`] or [`FetchError::Busy`]; no result comes then.
    pub fn fetch(&self, id: i32, url: &str) -> Result<(), FetchError> {
        let address = Address::parse(url).ok_or_else(|| FetchError::Address { url: url.chars().take(200).collect() })?;
        let place = Place::take(&self.running).ok_or(FetchError::Busy)?;
        let (agent, done) = (self.agent.clone(), Arc::clone(&self.done));
        let work = move || {
            let result = get(&agent, &address);
            // Before it is told: who hears of the end may begin the next at once.
            drop(place);
            done(Fetched { id, result });
        };
        // No thread to be had is a kind of being busy.
        thread::Builder::new().name("http".to_owned()).spawn(work).map(drop).map_err(|_| FetchError::Busy)
    }
}

/// One of the requests that may be under way.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(running: &Arc<AtomicUsize>) -> Option<Self> {
        let more = |running| (running < MOST_AT_ONCE).then_some(running + 1);
        running.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok()?;
        Some(Self(Arc::clone(running)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn get(agent: &ureq::Agent, address: &Address) -> Result<Response, FetchError> {
    let host = || address.host.clone();
    let failed = |error| match error {
        ureq::Error::Timeout(_) => FetchError::Timeout { host: host() },
        ureq::Error::BodyExceedsLimit(_) => FetchError::TooLong { host: host() },
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => FetchError::Timeout { host: host() },
        error => FetchError::Failed { host: host(), reason: error.to_string() },
    };
    let mut response = agent.get(address.url()).call().map_err(failed)?;
    let body = response.body_mut().with_config().limit(LONGEST_BODY_BYTES).read_to_vec().map_err(failed)?;
    Ok(Response { status: response.status().as_u16(), body: String::from_utf8_lossy(&body).into_owned() })
}
