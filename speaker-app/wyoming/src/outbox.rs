//! What waits for one client to read it: a bounded queue and the thread that writes.
//!
//! The speaker never waits for a client: [`Outbox::push`] either queues or closes the connection. Answers to a client's own
//! requests use [`Outbox::send`], which waits; that holds up nobody but this client.

use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{io, io::Write};

use crate::error::Failure;
use crate::event::Event;
use crate::frame::{self, Limits};

/// How long one write may wait for a client that does not read.
const WRITE: Duration = Duration::from_secs(5);

/// One client's queue; clones share it.
#[derive(Clone)]
pub(crate) struct Outbox {
    queue: SyncSender<Vec<u8>>,
    stream: Arc<TcpStream>,
    closed: Arc<AtomicBool>,
    limits: Limits,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// It waits to be written.
    Queued,
    /// The queue was full: the connection is being closed now.
    Overflowed,
    /// The connection was closed before.
    Closed,
}

impl Outbox {
    /// A queue of so many events, and the thread that writes them; it ends with the last clone.
    pub(crate) fn open(stream: Arc<TcpStream>, events: usize, limits: Limits) -> io::Result<(Self, JoinHandle<()>)> {
        stream.set_write_timeout(Some(WRITE))?;
        let (queue, waiting) = sync_channel(events);
        let outbox = Self { queue, stream, closed: Arc::default(), limits };
        let (stream, closed) = (outbox.stream.clone(), outbox.closed.clone());
        let writer =
            std::thread::Builder::new().name("wyoming-out".to_owned()).spawn(move || write(&waiting, &stream, &closed))?;
        Ok((outbox, writer))
    }

    /// Queues an event without waiting.
    pub(crate) fn push(&self, event: &Event) -> Pushed {
        if self.closed.load(Ordering::Relaxed) {
            return Pushed::Closed;
        }
        match self.queue.try_send(self.encode(event)) {
            Ok(()) => Pushed::Queued,
            Err(TrySendError::Full(_)) => {
                self.close();
                Pushed::Overflowed
            }
            Err(TrySendError::Disconnected(_)) => Pushed::Closed,
        }
    }

    /// Queues an event, waiting for room; whether the connection is still there.
    pub(crate) fn send(&self, event: &Event) -> bool {
        !self.closed.load(Ordering::Relaxed) && self.queue.send(self.encode(event)).is_ok()
    }

    /// Ends the connection: both threads find their socket shut.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        // Fails only where the client was faster.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// An event's bytes. One that exceeds the limits, as a transcript may, becomes an error that does not: its text is short,
    /// and [`Config::check`](crate::Config::check) leaves room for it.
    fn encode(&self, event: &Event) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Err(error) = frame::write(&mut bytes, &event.to_frame(), &self.limits) {
            let short = Event::from(Failure::new("answer-too-large", format!("the answer cannot be sent: {error}")));
            // Nothing was written of the first one, and writing to memory does not fail.
            let _ = frame::write(&mut bytes, &short.to_frame(), &self.limits);
        }
        bytes
    }
}

/// The writing thread.
fn write(waiting: &Receiver<Vec<u8>>, mut stream: &TcpStream, closed: &AtomicBool) {
    for bytes in waiting {
        if stream.write_all(&bytes).is_err() {
            // Half a frame may have been sent; nothing can follow it.
            closed.store(true, Ordering::Relaxed);
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
    // All is written: the client sees the end, and may still be sending.
    let _ = stream.shutdown(Shutdown::Write);
}
