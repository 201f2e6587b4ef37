//! The listening socket, and the threads of those who connect.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crate::config::Config;
use crate::connection;
use crate::error::{Failure, StartError};
use crate::event::Event;
use crate::frame;
use crate::handle::{Handle, Tally};
use crate::info::Info;
use crate::shared::{Link, Shared, lock};
use crate::speaker::{Engine, Speaker};

/// The sockets of those who are connected, by number.
type Sockets = Mutex<HashMap<u64, Arc<TcpStream>>>;

/// A socket that listens and does not answer yet: the speaker that answers may need the [`Handle`] first.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    link: Arc<Link>,
    info: Info,
}

impl Listener {
    /// Listens on the configured address.
    ///
    /// # Errors
    /// The configuration makes no sense, the info is larger than its limits, or the address cannot be listened on.
    pub fn bind(config: Config, info: Info) -> Result<Self, StartError> {
        config.check()?;
        if frame::write(&mut std::io::sink(), &Event::Info(info.clone()).to_frame(), &config.limits).is_err() {
            return Err(StartError::Config {
                field: "limits",
                problem: "are too small for the info: name fewer voices, or raise them",
            });
        }
        let listen = |error| StartError::Listen { address: config.address, error };
        let socket = TcpListener::bind(config.address).map_err(listen)?;
        let address = socket.local_addr().map_err(listen)?;
        let link = Link { config, driver: Mutex::new(None), tally: Tally::default() };
        Ok(Self { socket, address, link: Arc::new(link), info })
    }

    /// The address with the port that was found for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The speaker's end.
    pub fn handle(&self) -> Handle {
        Handle::new(self.link.clone())
    }

    /// Answers from here on.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn start(self, speaker: impl Speaker + 'static, engine: impl Engine + 'static) -> Result<Server, StartError> {
        let Self { socket, address, link, info } = self;
        let shared = Arc::new(Shared::new(link, info, Box::new(speaker), Box::new(engine)));
        let sockets = Arc::new(Sockets::default());
        let (theirs, table) = (shared.clone(), sockets.clone());
        let accept = Builder::new().name("wyoming".to_owned()).spawn(move || accept(&socket, &theirs, &table));
        Ok(Server { address, shared, sockets, accept: Some(accept.map_err(StartError::Thread)?) })
    }
}

/// The running server. It ends when it is dropped, with its connections; not to be dropped within a method of the
/// [`Speaker`] or [`Engine`], since those are waited for.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    sockets: Arc<Sockets>,
    accept: Option<JoinHandle<()>>,
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop();
        // The accepting thread waits for a connection, so it gets one.
        let mut own = self.address;
        match own.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => own.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => own.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        let woken = TcpStream::connect_timeout(&own, Duration::from_secs(1)).is_ok();
        let accept = self.accept.take().filter(|_| woken);
        for socket in lock(&self.sockets).values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        // Nothing to report: a thread that panicked has been told of by the panic's message.
        accept.map(JoinHandle::join);
    }
}

/// The accepting thread; ends when all connections' threads have.
fn accept(socket: &TcpListener, shared: &Arc<Shared>, sockets: &Arc<Sockets>) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    for (id, stream) in (0..).zip(socket.incoming()) {
        if shared.stopping() {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        // Out of descriptors, or the client was gone again: the former lasts, and asking at once would only heat.
        let Ok(stream) = stream else {
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        threads.extend(admit(id, stream, shared, sockets));
    }
    // Those that were accepted after the server closed the others.
    for socket in lock(sockets).values() {
        let _ = socket.shutdown(Shutdown::Both);
    }
    for thread in threads {
        let _ = thread.join();
    }
}

/// Starts the thread of a client that may connect.
fn admit(id: u64, stream: TcpStream, shared: &Arc<Shared>, sockets: &Arc<Sockets>) -> Option<JoinHandle<()>> {
    let Link { config, tally, .. } = &*shared.link;
    let peer = stream.peer_addr().ok()?.ip().to_canonical();
    if !config.clients.is_empty() && !config.clients.iter().any(|client| client.to_canonical() == peer) {
        tally.refused.add();
        return None;
    }
    let stream = Arc::new(stream);
    let seat = {
        let mut table = lock(sockets);
        let free = table.len() < config.connections;
        free.then(|| {
            table.insert(id, stream.clone());
            Seat { id, sockets: sockets.clone() }
        })
    };
    let Some(seat) = seat else {
        tally.refused.add();
        refuse(&stream, config);
        return None;
    };
    tally.accepted.add();
    let shared = shared.clone();
    let serve = move || {
        // Left at the thread's end, also by a panic.
        let _seat = seat;
        connection::run(id, &stream, &shared);
    };
    Builder::new().name(format!("wyoming-{id}")).spawn(serve).ok()
}

/// Tells a client that there is no room. It fits a new socket's buffer, so it does not wait.
fn refuse(stream: &TcpStream, config: &Config) {
    let text = format!("{} clients are connected, which is all that this speaker takes: disconnect one", config.connections);
    let event = Event::from(Failure::new("too-many-clients", text));
    let mut to = stream;
    let _ = frame::write(&mut to, &event.to_frame(), &config.limits);
}

/// A connection's entry in the table.
struct Seat {
    id: u64,
    sockets: Arc<Sockets>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.sockets).remove(&self.id);
    }
}
