//! What a page or a broken body says, in a few words for a person. Pure.

/// So much of a body is looked at, in bytes: what a page says stands at its beginning.
const LOOKED_AT: usize = 32 * 1024;

/// The longest excerpt, in characters.
const LONGEST: usize = 240;

/// Parts of a page that nobody reads.
const UNREAD: [&str; 4] = ["head", "script", "style", "svg"];

/// The mark that some editors put before a text, which JSON does not have (RFC 8259, 8.1).
pub(in crate::commerce) const BYTE_ORDER_MARK: char = '\u{feff}';

/// What is said of a body that begins with it.
pub(in crate::commerce) const MARKED: &str =
    "the body begins with a byte order mark, which JSON does not have";

/// Tags that part no words.
const WITHIN_A_LINE: [&str; 8] = ["a", "b", "code", "em", "i", "small", "span", "strong"];

/// So much of a body as is looked at.
pub(in crate::commerce) fn beginning(body: &[u8]) -> &[u8] {
    &body[..body.len().min(LOOKED_AT)]
}

/// The text of a body: without tags, and without what only its programmers read, such as the folders of a path and the steps
/// of a trace. It is longer than what is shown of it, so that what is masked in it is not cut before.
pub(in crate::commerce) fn plain_text(body: &str) -> Option<String> {
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

/// The text as it is shown: cut short.
pub(in crate::commerce) fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        short + "…"
    } else {
        short
    }
}

/// What stands in a page's title.
pub(in crate::commerce) fn title(body: &[u8]) -> Option<String> {
    const HEAD: usize = 4096;
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD)]).into_owned();
    let lower = head.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    let title = head[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

/// Whether a body begins with what PHP prints of its own troubles.
pub(in crate::commerce) fn is_php_notice(text: &str) -> bool {
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
        let unread = UNREAD.into_iter().find(|name| {
            let rest = lower[open + 1..].strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['>', ' ', '\n', '\t', '\r']))
        });
        let end = match unread {
            Some(name) => lower[open..]
                .find(&format!("</{name}"))
                .map(|found| open + found + 1),
            None => Some(open + 1),
        };
        let Some(end) = end.and_then(|end| Some(end + body[end..].find('>')? + 1)) else {
            // What is not closed is text after all, unless it is a part that nobody reads.
            if unread.is_none() {
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
        if !WITHIN_A_LINE.contains(&name) {
            text.push(' ');
        }
        at = end;
    }
    text.push_str(&body[at..]);
    with_characters(&text)
}

/// The text with the characters that its references stand for, by number or by the names that pages need.
fn with_characters(text: &str) -> String {
    let mut parts = text.split('&');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named = part.split_once(';');
        if let Some((character, rest)) = named.and_then(|(name, rest)| Some((character(name)?, rest))) {
            told.push(character);
            told.push_str(rest);
        } else {
            told.push('&');
            told.push_str(part);
        }
    }
    told
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

/// The last part of a path of several folders; any other word as it is.
fn last_part(word: &str) -> String {
    let is_path = word.starts_with('/') && word.matches('/').count() > 2;
    match word.rsplit_once('/') {
        Some((_, last)) if is_path => format!("…/{last}"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_php_notice, shortened, plain_text, title};

    #[test]
    fn a_page_is_told_by_what_a_person_reads_of_it() {
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
        assert_eq!(plain_text(escaped).unwrap(), "it's / +&amp; &bull; &#xd800; & &#; x");
        assert_eq!(plain_text("<script>s3cret").as_deref(), None);
    }

    #[test]
    fn what_php_prints_before_json_is_told_without_folders_and_traces() {
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
