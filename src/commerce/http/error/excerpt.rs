//! Excerpts of pages and broken bodies, as plain text for a person. Pure.

/// Most bytes of a body that are read; a page's message stands at its beginning.
const LOOKED_AT: usize = 32 * 1024;

/// Longest excerpt, in characters.
const LONGEST: usize = 240;

/// Elements of a page without visible text.
const INVISIBLE: [&str; 4] = ["head", "script", "style", "svg"];

/// The mark that some editors put at the start of a file. JSON does not allow it (RFC 8259, 8.1).
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// The message for a body that begins with that mark.
pub const MARKED: &str = "the body begins with a byte order mark, which JSON does not have";

/// Tags that do not separate words.
const INLINE: [&str; 8] = ["a", "b", "code", "em", "i", "small", "span", "strong"];

/// The part of a body that is read.
pub fn beginning(body: &[u8]) -> &[u8] {
    &body[..body.len().min(LOOKED_AT)]
}

/// The text of a body, without tags, folders of paths and stack traces. It is not shortened yet, so that secrets are masked as a
/// whole.
pub fn plain_text(body: &str) -> Option<String> {
    let text = without_tags(body.trim_start_matches(BYTE_ORDER_MARK));
    let text = text
        .split("#0 ")
        .next()
        .unwrap_or_default()
        .trim_end()
        .trim_end_matches("Stack trace:");
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .map(last_part)
        .collect();
    let text = words
        .iter()
        .filter(|word| !word.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    (!text.is_empty()).then_some(text)
}

/// The text, shortened to an excerpt.
pub fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        short + "…"
    } else {
        short
    }
}

/// The title of a page.
pub fn title(body: &[u8]) -> Option<String> {
    const HEAD: usize = 4096;
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD)]).into_owned();
    let lower = head.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    let title = head[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

/// True if a text begins with a message of PHP.
pub fn is_php_notice(text: &str) -> bool {
    [
        "Notice:",
        "Warning:",
        "Deprecated:",
        "Fatal error:",
        "Parse error:",
        "Strict Standards:",
    ]
    .iter()
    .any(|word| text.trim_start().trim_start_matches("PHP ").starts_with(word))
}

fn without_tags(body: &str) -> String {
    let lower = body.to_ascii_lowercase();
    let mut text = String::with_capacity(body.len());
    let mut at = 0;
    while let Some(open) = body[at..].find('<').map(|found| at + found) {
        text.push_str(&body[at..open]);
        let invisible = INVISIBLE.into_iter().find(|name| {
            let rest = lower[open + 1..].strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['>', ' ', '\n', '\t', '\r']))
        });
        let end = match invisible {
            Some(name) => lower[open..]
                .find(&format!("</{name}"))
                .map(|found| open + found + 1),
            None => Some(open + 1),
        };
        let Some(end) = end.and_then(|end| Some(end + body[end..].find('>')? + 1)) else {
            // A `<` without an end is text, unless it opens an invisible element.
            if invisible.is_none() {
                text.push_str(&body[open..]);
            }
            at = body.len();
            break;
        };
        let tag = lower[open + 1..end].trim_start_matches('/');
        let name = tag
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        if !INLINE.contains(&name) {
            text.push(' ');
        }
        at = end;
    }
    text.push_str(&body[at..]);
    unescaped(&text)
}

/// Replaces character references, by number or by the most frequent names.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named = part.split_once(';');
        if let Some((character, rest)) = named.and_then(|(name, rest)| Some((character(name)?, rest))) {
            text.push(character);
            text.push_str(rest);
        } else {
            text.push('&');
            text.push_str(part);
        }
    }
    text
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(number.ok()?);
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "amp" => '&',
        _ => return None,
    })
}

/// The file name of a path with several folders; any other word as it is.
fn last_part(word: &str) -> String {
    let is_path = word.starts_with('/') && word.matches('/').count() > 2;
    match word.rsplit_once('/') {
        Some((_, last)) if is_path => format!("…/{last}"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_php_notice, plain_text, shortened, title};

    #[test]
    fn of_a_page_the_visible_text_is_shown() {
        let page = b"<!DOCTYPE html><html><HEAD><title>Not\n Acceptable!</title><style>p{}</style></HEAD><body class=x>\
            <h1>Not Acceptable!</h1><script>var a = '<p>';</script><p>mod_security &amp; &lt;friends&gt;\x1b[31m</p>";
        assert_eq!(title(page).unwrap(), "Not Acceptable!");
        assert_eq!(
            plain_text(&String::from_utf8_lossy(page)).unwrap(),
            "Not Acceptable! mod_security & <friends> [31m"
        );
        assert_eq!(plain_text(" \r\n<p></p>"), None);
        assert_eq!(plain_text(""), None);
        assert_eq!(plain_text("a < b").unwrap(), "a < b");
        let escaped = "it&#39;s &#x2F; &#43;&amp;amp; &nbsp; &bull; &#xd800; & &#; x";
        assert_eq!(
            plain_text(escaped).unwrap(),
            "it's / +&amp; &bull; &#xd800; & &#; x"
        );
        assert_eq!(plain_text("<script>s3cret").as_deref(), None);
    }

    #[test]
    fn php_messages_before_json_are_shown_without_folders_and_traces() {
        let body = b"\xef\xbb\xbf<br />\n<b>Notice</b>:  Undefined index: x in <b>/var/www/html/vendor/magento/x/File.php</b> on line \
            <b>12</b><br />\n#0 /var/www/html/index.php {\"items\":[]}";
        let text = plain_text(&String::from_utf8_lossy(body)).unwrap();
        assert_eq!(text, "Notice: Undefined index: x in …/File.php on line 12");
        assert!(is_php_notice("Notice: x") && is_php_notice("PHP Warning:  x") && !is_php_notice("[]"));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let short = shortened(&"é".repeat(1_000));
        assert_eq!(short.chars().count(), 241);
        assert!(short.ends_with('…'));
        let deep = "<p>".repeat(20_000);
        assert!(plain_text(&deep).is_none_or(|rest| rest.len() < 8));
    }
}
