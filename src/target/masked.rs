//! Masks the secret parts of URLs in a command line.

use std::borrow::Cow;

use super::mask::MASK;

/// The text with user, password and query values masked in every URL.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    let Some((before, mut rest)) = text.split_once("://") else {
        return Cow::Borrowed(text);
    };
    let mut out = before.to_owned();
    loop {
        let (url, after) = rest.split_at(rest.find(ends_a_url).unwrap_or(rest.len()));
        out.push_str("://");
        mask_url(url, &mut out);
        let Some((between, next)) = after.split_once("://") else {
            out.push_str(after);
            return Cow::Owned(out);
        };
        out.push_str(between);
        rest = next;
    }
}

fn ends_a_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')
}

/// Masks a URL without its scheme.
fn mask_url(url: &str, out: &mut String) {
    let authority = url.find(['/', '?', '#']).unwrap_or(url.len());
    let (authority, rest) = url.split_at(authority);
    match authority.rsplit_once('@') {
        Some((_, host)) => {
            out.push_str(MASK);
            out.push('@');
            out.push_str(host);
        }
        None => out.push_str(authority),
    }
    let Some((path, query)) = rest.split_once('?') else {
        out.push_str(rest);
        return;
    };
    out.push_str(path);
    let (query, fragment) = query.split_at(query.find('#').unwrap_or(query.len()));
    for (number, pair) in query.split('&').enumerate() {
        out.push(if number == 0 { '?' } else { '&' });
        if let Some((name, _)) = pair.split_once('=') {
            out.push_str(name);
            out.push('=');
        }
        if !pair.is_empty() {
            out.push_str(MASK);
        }
    }
    out.push_str(fragment);
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_a_url_keeps_secret_is_left_out() {
        for (text, shown) in [
            ("indexer:reindex", "indexer:reindex"),
            ("https://shop.example/hook/7", "https://shop.example/hook/7"),
            (
                "--url=https://ci:s3cret@shop.example/x",
                "--url=https://***@shop.example/x",
            ),
            ("https://s3cret@shop.example", "https://***@shop.example"),
            (
                "https://shop.example/hook?token=s3cret&job=s3cret#end",
                "https://shop.example/hook?token=***&job=***#end",
            ),
            ("https://shop.example?s3cret", "https://shop.example?***"),
            (
                "curl -s 'https://a:s3cret@one.example/?k=s3cret' && curl \"https://b:s3@cret@two.example/p\" # done",
                "curl -s 'https://***@one.example/?k=***' && curl \"https://***@two.example/p\" # done",
            ),
            (
                "https://shop.example/?next=https://s3cret@other.example/s3cret",
                "https://shop.example/?next=***",
            ),
            ("app@shop:22", "app@shop:22"),
            ("://", "://"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
