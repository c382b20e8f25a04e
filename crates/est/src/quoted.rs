//! Quoted strings in HTTP headers (RFC 9110 §5.6.4).

/// The elements of a list with this delimiter, which may also stand inside quotes.
pub(crate) fn split(text: &str, delimiter: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |c| {
        let divides = c == delimiter && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        divides
    })
}

/// A value without its quotes and escapes, if it has any.
pub(crate) fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut escaped = false;
    inner
        .chars()
        .filter(|c| {
            let drop = *c == '\\' && !escaped;
            escaped = drop;
            !drop
        })
        .collect()
}
