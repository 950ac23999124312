//! Markdown to text without marks.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

pub fn write(parser: Parser<'_>) -> String {
    let mut writer = Writer::default();
    parser.for_each(|event| writer.event(event));
    writer.out.trim_end().to_owned()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// For each list around: the next number, if it is numbered.
    lists: Vec<Option<u64>>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::List(start)) => {
                self.line();
                self.lists.push(start);
            }
            Event::Start(Tag::Item) => self.item(),
            Event::Start(Tag::TableCell) if !self.out.ends_with('\n') && !self.out.is_empty() => self.out.push('\t'),
            Event::End(TagEnd::List(_)) => drop(self.lists.pop()),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead,
            ) => self.line(),
            Event::Text(text) | Event::Code(text) => self.out.push_str(&text),
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.out.push('\n'),
            Event::TaskListMarker(done) => self.out.push_str(if done { "[x] " } else { "[ ] " }),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.line();
        self.out.extend(std::iter::repeat_n("  ", self.lists.len().saturating_sub(1).min(16)));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number = number.saturating_add(1);
            }
            _ => self.out.push_str("- "),
        }
    }

    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}
