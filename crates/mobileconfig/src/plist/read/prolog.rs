//! What may stand before the root of a property list.

use devicecert_xml::Declaration;

use crate::error::Found;

/// Checks an XML declaration: version 1.0, and an encoding that is, or here comes to, UTF-8.
pub(super) fn check_declaration(declaration: Declaration<'_>, is_ascii: bool) -> Result<(), Found> {
    if declaration.version() != Some("1.0") {
        return Err(Found::Value("another version of XML"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(name) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        // Every other encoding in use that can be read this far agrees on ASCII.
        Some(name) if is_ascii && !name.to_ascii_lowercase().contains("16") => Ok(()),
        Some(_) => Err(Found::Value("another encoding")),
    }
}

/// Checks a DOCTYPE: that of property lists, with nothing declared in it.
pub(super) fn check_doctype(content: &str) -> Result<(), Found> {
    if content.contains('[') {
        return Err(Found::Value("declarations in the DOCTYPE"));
    }
    match content.split_ascii_whitespace().next() {
        Some("plist") => Ok(()),
        _ => Err(Found::Value("another DOCTYPE")),
    }
}
