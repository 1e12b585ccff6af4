//! `exit-codes.md`: from the table of exit codes.

use stocktake::run::EXIT_CODES;

use super::markdown::table;

pub fn page() -> String {
    let rows: Vec<Vec<String>> = EXIT_CODES
        .iter()
        .map(|code| {
            vec![
                code.exit.code().to_string(),
                code.meaning.to_owned(),
                code.next.to_owned(),
            ]
        })
        .collect();
    let table = table(&["code", "meaning", "what to do"], &rows);
    format!(
        "# Exit codes\n\n\
         One meaning each, the same for every command.\n\n{table}\n\
         With `--format json` standard output holds one complete document whatever the code: see \
         [documents](documents.md).\n"
    )
}
