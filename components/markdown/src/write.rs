//! Text as Markdown.

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut line_start = true;
    for letter in text.chars() {
        let mark = matches!(letter, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&');
        // These are marks only where a line begins: of lists, rules and headings.
        let mark_at_start = line_start && matches!(letter, '-' | '+' | '=');
        let list_number = matches!(letter, '.' | ')') && number_before(&out);
        if mark || mark_at_start || list_number {
            out.push('\\');
        }
        out.push(letter);
        line_start = letter == '\n' || line_start && letter == ' ';
    }
    out
}

/// Whether the line so far is a number.
fn number_before(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default().trim_start();
    (1..=9).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
}

pub fn list(items: &[String], ordered: bool) -> String {
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        let mark = if ordered { format!("{}. ", at + 1) } else { "- ".to_owned() };
        let indent = " ".repeat(mark.len());
        let mut lines = item.lines();
        out.push_str(&format!("{mark}{}\n", lines.next().unwrap_or_default()));
        for line in lines {
            out.push_str(&if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") });
        }
    }
    out
}
