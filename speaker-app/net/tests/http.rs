//! Requests against servers of every manner, each a thread of the test.

use saggar_net::http::{FetchError, Fetcher, LONGEST_BODY_BYTES, MOST_AT_ONCE, Response};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// A server that hands each connection to `answer` after the request's head, which it sends on.
fn server(answer: impl Fn(TcpStream) + Send + 'static) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (sender, heads) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            let head: Vec<String> = lines.collect();
            if sender.send(head.join("\n")).is_err() {
                return;
            }
            answer(stream);
        }
    });
    (port, heads)
}

fn text(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut all = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    all.extend(body);
    all
}

fn sends(bytes: Vec<u8>) -> (u16, Receiver<String>) {
    server(move |mut stream| drop(stream.write_all(&bytes)))
}

fn fetch(url: &str) -> Result<Response, FetchError> {
    let (fetcher, results) = Fetcher::channel();
    fetcher.fetch(7, url)?;
    let fetched = results.recv_timeout(Duration::from_secs(60)).expect("every request ends");
    assert_eq!(fetched.id, 7);
    fetched.result
}

#[test]
fn an_answer_comes_back() {
    let (port, heads) = sends(text("200 OK", "", "{\"place\":\"Köln\"}".as_bytes()));
    let response = fetch(&format!("http://127.0.0.1:{port}/weather?day=today#part"));
    assert_eq!(response, Ok(Response { status: 200, body: "{\"place\":\"Köln\"}".to_owned() }));
    let head = heads.recv().expect("the server was asked");
    assert!(head.starts_with("GET /weather?day=today HTTP/1.1\n"), "{head}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains(&format!("host: 127.0.0.1:{port}")) && !head.contains("cookie"), "{head}");
}

#[test]
fn failures_have_their_status() {
    let (port, _heads) = sends(text("404 Not Found", "", b"no \xff such"));
    let response = fetch(&format!("http://127.0.0.1:{port}/"));
    assert_eq!(response, Ok(Response { status: 404, body: "no \u{fffd} such".to_owned() }));
}

#[test]
fn redirects_are_not_followed() {
    let (other, asked) = sends(text("200 OK", "", b"evil"));
    let (port, _heads) = sends(text("302 Found", &format!("Location: http://127.0.0.1:{other}/\r\n"), b"there"));
    let response = fetch(&format!("http://127.0.0.1:{port}/"));
    assert_eq!(response, Ok(Response { status: 302, body: "there".to_owned() }));
    assert!(asked.try_recv().is_err(), "the other host was not asked");
}

#[test]
fn long_bodies_are_not_read() {
    let limit = usize::try_from(LONGEST_BODY_BYTES).expect("small");
    let (port, _heads) = sends(text("200 OK", "", &vec![b'a'; limit]));
    assert_eq!(fetch(&format!("http://127.0.0.1:{port}/")).map(|response| response.body.len()), Ok(limit));
    // Its length is announced in one, and not in the other, which never ends.
    let (port, _heads) = sends(text("200 OK", "", &vec![b'a'; limit + 1]));
    assert!(matches!(fetch(&format!("http://127.0.0.1:{port}/")), Err(FetchError::TooLong { .. })));
    let (port, _heads) = server(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'a'; 4096]).is_ok() {}
    });
    assert!(matches!(fetch(&format!("http://127.0.0.1:{port}/")), Err(FetchError::TooLong { .. })));
}

#[test]
fn silence_and_dripping_end() {
    let silent = server(|stream| {
        thread::spawn(move || {
            thread::sleep(Duration::from_secs(120));
            drop(stream);
        });
    });
    let drips = server(|mut stream| {
        thread::spawn(move || {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(b".").is_ok() {
                thread::sleep(Duration::from_millis(200));
            }
        });
    });
    let (fetcher, results) = Fetcher::channel();
    for (id, port) in [(1, silent.0), (2, drips.0)] {
        fetcher.fetch(id, &format!("http://127.0.0.1:{port}/")).expect("there is room");
    }
    for _ in 0..2 {
        let fetched = results.recv_timeout(Duration::from_secs(60)).expect("every request ends");
        let error = fetched.result.expect_err("there is no whole answer");
        assert!(matches!(error, FetchError::Timeout { .. }), "{}: {error}", fetched.id);
        assert!(error.to_string().contains("within 5 s"));
    }
}

#[test]
fn nobody_there_and_garbage() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    assert!(matches!(fetch(&format!("http://127.0.0.1:{port}/")), Err(FetchError::Failed { .. })));
    assert!(matches!(fetch("http://no-such-name.invalid/"), Err(FetchError::Failed { .. })));
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    for bytes in ["", "\0\0\0\0", "HTTP/1.1 two hundred\r\n\r\n", &endless, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut"] {
        let (port, _heads) = sends(bytes.as_bytes().to_vec());
        assert!(matches!(fetch(&format!("http://127.0.0.1:{port}/")), Err(FetchError::Failed { .. })), "{bytes:.60}");
    }
    assert!(matches!(fetch("https://127.0.0.1/"), Err(FetchError::Address { .. })));
    assert!(matches!(fetch("http://127.0.0.1@evil/"), Err(FetchError::Address { .. })));
}

#[test]
fn only_so_many_at_once() {
    let (release, held) = channel::<TcpStream>();
    let (port, heads) = server(move |stream| drop(release.send(stream)));
    let url = format!("http://127.0.0.1:{port}/");
    let (fetcher, results) = Fetcher::channel();
    for id in 0..MOST_AT_ONCE {
        fetcher.fetch(i32::try_from(id).expect("few"), &url).expect("there is room");
        heads.recv().expect("the server was asked");
    }
    assert_eq!(fetcher.fetch(9, &url), Err(FetchError::Busy));
    held.recv().expect("one waits").write_all(&text("200 OK", "", b"")).expect("it listens");
    results.recv().expect("that one ends");
    fetcher.fetch(9, &url).expect("there is room again");
}
