//! Finds what a CI system would obey in a program's output, written from the runners' own rules.

/// The prefixes that are looked for anywhere in a line: of GitHub, Azure Pipelines and `TeamCity`.
const ANYWHERE: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// The commands in an output, in the runner's order: first that at the start of a line, then that anywhere in it.
pub fn obeyed(output: &str) -> Vec<String> {
    output.split(['\n', '\r']).filter_map(command).collect()
}

fn command(line: &str) -> Option<String> {
    // A comparison by the rules of a language passes over these.
    let line: String = line.chars().filter(|c| !is_ignored(*c)).collect();
    let trimmed = line.trim_start();
    if let Some(rest) = trimmed.strip_prefix("::")
        && rest.contains("::")
        && !rest.starts_with(':')
    {
        return Some(trimmed.to_owned());
    }
    let lower = line.to_ascii_lowercase();
    let found = ANYWHERE.iter().find_map(|prefix| lower.find(prefix))?;
    line[found..].contains(']').then(|| line[found..].to_owned())
}

fn is_ignored(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Texts that would be obeyed where a program prints them as they are.
pub const COMMANDS: [&str; 14] = [
    "x##[set-output name=comment;]forged.md",
    "##[add-mask]a",
    "###[warning]a",
    "##vso[task.setvariable variable=a]b",
    "##TeamCity[publishArtifacts 'a']",
    "::error::a",
    " \u{a0}::stop-commands::a",
    "a\n::add-mask::b",
    "a\r::add-mask::b",
    "a\u{85}::add-mask::b\u{2028}::add-mask::c\u{2029}::add-mask::d",
    "a\u{b}::add-mask::b\u{c}::add-mask::c",
    "#\u{200b}#\u{fe0f}[add-mask]a",
    "\u{ad}:\u{200d}:add-mask::a",
    "section_start:1560896352:a\r\u{1b}[0K",
];

#[test]
fn each_of_them_would_be_obeyed() {
    let harmless = |text: &&str| obeyed(text).is_empty();
    let unseen: Vec<_> = COMMANDS.into_iter().filter(harmless).collect();
    // These break a line elsewhere than this runner does, or speak to another one.
    assert_eq!(
        unseen,
        [
            "a\u{85}::add-mask::b\u{2028}::add-mask::c\u{2029}::add-mask::d",
            "a\u{b}::add-mask::b\u{c}::add-mask::c",
            "section_start:1560896352:a\r\u{1b}[0K",
        ]
    );
}
