//! What chance puts together from pieces of XML, here and through Python's expat: the same is
//! well-formed, and says the same.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::Write;
use std::process::{Command, ExitCode, Stdio};

use devicecert_xml::{Fault, Reader, TokenKind, line_ends};
use libtest_mimic::{Arguments, Trial};
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const DOCUMENTS: usize = 6000;

/// Pieces without colons, because expat knows no namespaces here, and without DOCTYPE and
/// declaration, about which a reader decides.
const PIECES: [&str; 41] = [
    "<a>",
    "</a>",
    "<a>",
    "</a>",
    "<b>",
    "</b>",
    "<b/>",
    "<a",
    "</a",
    "<",
    ">",
    "/>",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " b='c'",
    " c=\"d\"",
    " b=",
    "'",
    "\"",
    "=",
    "text",
    "é",
    "\u{1}",
    "\u{FEFF}",
    "\u{FFFF}",
    "&amp;",
    "&lt;",
    "&#65;",
    "&#xe9;",
    "&#0;",
    "&x;",
    "&",
    ";",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "-",
];

/// Prints for each document what expat makes of it, or `-`.
const PARSE: &str = "import json, sys
from xml.parsers import expat
def events(text):
    found = []
    def characters(data):
        if found and found[-1][0] == 'text': found[-1][1] += data
        else: found.append(['text', data])
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(
        ['start', name, *(f'{k}={v}' for k, v in attributes.items())])
    parser.EndElementHandler = lambda name: found.append(['end'])
    parser.CommentHandler = lambda text: found.append(['comment', text])
    parser.CharacterDataHandler = characters
    try: parser.Parse(text.encode(), True)
    except expat.ExpatError: return None
    return found
json.dump([events(text) for text in json.load(sys.stdin)], sys.stdout)";

/// Without Python the test is ignored, by name.
fn main() -> ExitCode {
    let mut python = Command::new("python3");
    python.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    let is_absent = python.status().is_err();
    let run = || {
        expat_says_the_same();
        Ok(())
    };
    let trials = vec![Trial::test("expat_says_the_same", run).with_ignored_flag(is_absent)];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn expat_says_the_same() {
    let mut runner = TestRunner::deterministic();
    let strategy = document();
    let texts: Vec<String> =
        (0..DOCUMENTS).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let mut python = Command::new("python3")
        .args(["-c", PARSE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(&serde_json::to_vec(&texts).unwrap()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let theirs: Vec<Option<Vec<Vec<String>>>> = serde_json::from_slice(&output.stdout).unwrap();
    let mut taken = 0_usize;
    for (text, theirs) in texts.iter().zip(theirs) {
        let ours = events(text);
        taken += usize::from(theirs.is_some());
        match (&ours, &theirs) {
            (Ok(ours), Some(theirs)) => assert_eq!(ours, theirs, "{text:?}"),
            (Err(fault), None) => {
                assert!(fault.span.start <= text.len(), "{text:?}: {fault:?}");
            }
            (Ok(_), None) | (Err(_), Some(_)) => panic!("{text:?}: {ours:?}, expat {theirs:?}"),
        }
    }
    // Not all of them are refused, nor taken.
    assert!((DOCUMENTS / 10..DOCUMENTS).contains(&taken), "{taken}");
}

/// Pieces that may fit, and some that do not, mostly in one root.
fn document() -> impl Strategy<Value = String> {
    let of = |pieces: &'static [&'static str], most| {
        vec(select(pieces), 0..most).prop_map(|pieces| pieces.concat())
    };
    let attributes =
        [" b='c'", " b=\"\"", " c = '\r\n&lt;'", " ", "b='c'", " 1=''", " b='<'", " b='&x;'"];
    let tag = vec(select(attributes.to_vec()), 0..3)
        .prop_map(|attributes| format!("<a{}", attributes.concat()));
    let piece = proptest::prop_oneof![
        2 => select(&PIECES[..]).prop_map(str::to_owned),
        1 => tag.clone().prop_map(|tag| format!("{tag}/>")),
        1 => tag.prop_map(|tag| format!("{tag}></a>")),
        1 => of(&["-", " ", "x", "&", "<", "\r"], 4).prop_map(|text| format!("<!--{text}-->")),
        1 => of(&["]", ">", "]]", "&", "\r\n"], 4).prop_map(|text| format!("<![CDATA[{text}]]>")),
    ];
    let pieces = vec(piece, 0..5).prop_map(|pieces| pieces.concat());
    proptest::prop_oneof![
        4 => pieces.clone().prop_map(|pieces| format!("<a>{pieces}</a>")),
        1 => pieces.clone(),
        1 => pieces.prop_map(|pieces| format!("\u{FEFF}{pieces}<a/>")),
    ]
}

/// What expat would tell of a document with one root.
fn events(text: &str) -> Result<Vec<Vec<String>>, Fault> {
    let mut reader = Reader::new(text);
    let mut events: Vec<Vec<String>> = Vec::new();
    let (mut depth, mut roots) = (0_usize, 0_usize);
    let characters = |events: &mut Vec<Vec<String>>, text: &str| match events.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last[0] == "text" => last[1].push_str(text),
        _ => events.push(vec!["text".to_owned(), text.to_owned()]),
    };
    while let Some(token) = reader.read()? {
        match token.kind {
            TokenKind::Start(ref tag) | TokenKind::Empty(ref tag) => {
                roots += usize::from(depth == 0);
                let attributes = tag
                    .attributes
                    .iter()
                    .map(|attribute| format!("{}={}", attribute.name, attribute.value));
                events.push(
                    ["start".to_owned(), tag.name.to_owned()]
                        .into_iter()
                        .chain(attributes)
                        .collect(),
                );
                match token.kind {
                    TokenKind::Start(_) => depth += 1,
                    _ => events.push(vec!["end".to_owned()]),
                }
            }
            TokenKind::End => {
                depth -= 1;
                events.push(vec!["end".to_owned()]);
            }
            // Around the root expat does not tell of it.
            TokenKind::Text(_) if depth == 0 => {}
            TokenKind::Text(text) | TokenKind::CData(text) => {
                characters(&mut events, &line_ends(text));
            }
            TokenKind::Reference(character) => characters(&mut events, &character.to_string()),
            TokenKind::Comment(text) => {
                events.push(vec!["comment".to_owned(), line_ends(text).into_owned()]);
            }
            other => panic!("{other:?}"),
        }
    }
    match roots {
        1 => Ok(events),
        _ => Err(Fault::new(0..0, "one root", devicecert_xml::Found::End)),
    }
}
