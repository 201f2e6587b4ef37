//! What a request would reach.
//!
//! Refused rather than understood: users before the host (`http://granted@other/`), backslashes, which some take for
//! slashes, spaces, and everything that is not ASCII. A name or number that is written in another way than in the manifest
//! (`2130706433` for `127.0.0.1`) is another host.

/// Longer addresses are refused, in bytes.
const LONGEST_BYTES: usize = 2048;

/// An address in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// In small letters, without a dot at its end; an IPv6 address in brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// With its slash, and the query; without a fragment.
    path: String,
}

impl Address {
    pub(super) fn parse(url: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
        if url.len() > LONGEST_BYTES || !url.bytes().all(plain) {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        if !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = authority_of(authority)?;
        let path = path.split('#').next().unwrap_or("");
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(Self { host, port: port.unwrap_or(80), path: format!("{slash}{path}") })
    }

    /// The address put together again.
    pub(super) fn url(&self) -> String {
        let Self { host, port, path } = self;
        format!("http://{host}:{port}{path}")
    }
}

/// Host and port of `HOST`, `HOST:PORT` or the same with an IPv6 address in brackets.
fn authority_of(text: &str) -> Option<(String, Option<u16>)> {
    let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
    let (host, port) = text.split_at(end);
    let port = match port.strip_prefix(':') {
        // `HOST:` has the port left out, as the standard allows.
        Some("") => None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok().filter(|port| *port != 0)?),
        Some(_) => return None,
        None if port.is_empty() => None,
        None => return None,
    };
    let host = if let Some(inner) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        format!("[{}]", inner.parse::<std::net::Ipv6Addr>().ok()?)
    } else {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let label =
            |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if host.len() > 253 || !host.split('.').all(label) {
            return None;
        }
        host
    };
    Some((host, port))
}

/// The host and port that an address would reach: the host in small letters, an IPv6 address in brackets. `None` where it is
/// no address that [`Fetcher`](super::Fetcher) would ask.
pub fn host_of(url: &str) -> Option<(String, u16)> {
    Address::parse(url).map(|Address { host, port, .. }| (host, port))
}

/// Whether a manifest's list of hosts grants an address. An entry is a name or an IP address, with or without a port:
/// `weather.local`, `127.0.0.1:8089`, `[::1]:80`. Without one it grants every port of that host, and never another host.
pub fn granted<T: AsRef<str>>(url: &str, hosts: &[T]) -> bool {
    let Some((host, port)) = host_of(url) else { return false };
    let grants =
        |entry: &T| authority_of(entry.as_ref()).is_some_and(|(name, at)| name == host && at.is_none_or(|at| at == port));
    hosts.iter().any(grants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found() {
        for (url, host, port, again) in [
            ("http://127.0.0.1:8089/weather?day=x&place=New%20K", "127.0.0.1", 8089, "/weather?day=x&place=New%20K"),
            ("HTTP://Weather.Local", "weather.local", 80, "/"),
            ("http://weather.local./a#b", "weather.local", 80, "/a"),
            ("http://h?q=http://other/@", "h", 80, "/?q=http://other/@"),
            ("http://h:/", "h", 80, "/"),
            ("http://[0:0::1]:81/a@b", "[::1]", 81, "/a@b"),
        ] {
            assert_eq!(host_of(url), Some((host.to_owned(), port)), "{url}");
            let address = Address::parse(url).expect("it was just parsed").url();
            assert_eq!(address, format!("http://{host}:{port}{again}"));
            assert_eq!(host_of(&address), host_of(url));
        }
    }

    #[test]
    fn tricks_are_refused() {
        let long = format!("http://h/{}", "a".repeat(3000));
        for url in [
            "http://127.0.0.1@evil/",
            "http://127.0.0.1:80@evil/",
            "http://granted%40evil/",
            "http://granted\\@evil/",
            "http://granted\\.evil/",
            "http:///path",
            "http://:80/",
            "http://h:0/",
            "http://h:65536/",
            "http://h:+80/",
            "http://h:8 0/",
            "http://h/a b",
            "http://h/a\nHost: evil",
            "http://h\t/",
            "http://a..b/",
            "http://[::1/",
            "http://[::1]evil/",
            "http://[1.2.3.4]/",
            "http://grantеd/",
            "https://h/",
            "file:///etc/passwd",
            "//h/",
            "h",
            "",
            &long,
        ] {
            assert_eq!(host_of(url), None, "{url}");
            assert!(!granted(url, &["127.0.0.1", "granted", "h", "[::1]"]), "{url}");
        }
    }

    #[test]
    fn a_grant_is_for_one_host() {
        let hosts = ["127.0.0.1", "Weather.local:8080", "[::1]", "not a host"];
        for (url, grants) in [
            ("http://127.0.0.1:8089/", true),
            ("http://127.0.0.1/", true),
            ("http://127.0.0.1.evil/", false),
            ("http://2130706433/", false),
            ("http://127.1/", false),
            ("http://weather.local:8080/", true),
            ("http://WEATHER.local.:8080/", true),
            ("http://weather.local/", false),
            ("http://evil.weather.local:8080/", false),
            ("http://[0::1]:5/", true),
            ("http://localhost/", false),
        ] {
            assert_eq!(granted(url, &hosts), grants, "{url}");
        }
        assert!(!granted::<&str>("http://127.0.0.1/", &[]));
    }
}
