//! Requests as they are on the wire, for servers that look at every octet.

use http::Request;

/// Request line and headers, with the empty line behind them. The host is as HTTP libraries add it.
pub(crate) fn head(request: &Request<Vec<u8>>) -> String {
    let uri = request.uri();
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: {}\r\n",
        request.method(),
        uri.path_and_query().unwrap(),
        uri.authority().unwrap()
    );
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    head + "\r\n"
}

/// All of it, of a request whose body is text.
pub(crate) fn text(request: &Request<Vec<u8>>) -> String {
    head(request) + std::str::from_utf8(request.body()).unwrap()
}

/// What stands between two texts, of which the first is there.
pub(crate) fn between<'t>(text: &'t str, before: &str, behind: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    let (found, _) = rest.split_once(behind).unwrap_or_else(|| panic!("no {behind} in {rest}"));
    found
}
