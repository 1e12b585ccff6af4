//! Texts from outside in Markdown: always as code, in which platforms look for no mentions, references, links or HTML.

use spanned_yaml::diag::visible;

/// The text as inline code. Hidden characters are spelt out, backticks cannot end it.
pub(super) fn code(text: &str) -> String {
    let text = visible(text);
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    // Blanks keep a backtick off the fence. A blank of the text itself would be stripped without them.
    let touches = |c: char| c == '`' || c == ' ';
    let pad = if text.is_empty() || text.starts_with(touches) || text.ends_with(touches) {
        " "
    } else {
        ""
    };
    // Markdown takes only blanks for no code.
    if text.chars().all(|c| c == ' ') {
        return "` `".to_owned();
    }
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The same in a table. A bar would end the cell, so it is escaped, and a backslash before it is spelt out.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut slashes = 0;
    for c in text.chars() {
        match c {
            '\\' => {
                slashes += 1;
                continue;
            }
            '|' => out.push_str(&"\\u{5c}".repeat(slashes)),
            _ => out.push_str(&"\\".repeat(slashes)),
        }
        slashes = 0;
        out.push(c);
    }
    out.push_str(&"\\".repeat(slashes));
    code(&out).replace('|', "\\|")
}

fn longest_run(text: &str, of: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::{cell, code};

    #[test]
    fn code_is_never_ended_by_its_text() {
        assert_eq!(code("ne_wh"), "`ne_wh`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb\u{202e}"), "`a\\u{a}b\\u{202e}`");
        assert_eq!(code(" "), "` `");
        assert_eq!(code(""), "` `");
    }

    #[test]
    fn bars_do_not_end_a_cell() {
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(cell(r"a\|b\"), r"`a\u{5c}\|b\`");
    }
}
