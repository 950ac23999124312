//! Text as a reader sees it: white space collapsed, a line for each block. And text that can stand in HTML.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

/// The text of an element and all in it.
pub fn of(element: ElementRef<'_>) -> String {
    let mut writer = Writer::default();
    // The mark of an item and the border of a cell are outside of it.
    let skipped = usize::from(matches!(element.value().name(), "li" | "td" | "th"));
    for edge in element.traverse().skip(skipped) {
        match edge {
            Edge::Open(node) => writer.open(node.value()),
            Edge::Close(node) => writer.close(node.value()),
        }
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Elements around that are not shown.
    hidden: usize,
    /// Elements around in which white space counts.
    preformatted: usize,
    /// The mark of a list item has just been written.
    marked: bool,
}

impl Writer {
    fn open(&mut self, node: &Node) {
        match node {
            Node::Text(text) if self.hidden == 0 => self.text(text),
            Node::Element(element) => match element.name() {
                name if is_hidden(name) => self.hidden += 1,
                "br" => self.out.push('\n'),
                "pre" | "textarea" => {
                    self.line();
                    self.preformatted += 1;
                }
                "li" => {
                    self.marked = false;
                    self.line();
                    self.out.push_str("- ");
                    self.marked = true;
                }
                "td" | "th" => self.cell(),
                name if is_block(name) => self.line(),
                _ => {}
            },
            _ => {}
        }
    }

    fn close(&mut self, node: &Node) {
        let Node::Element(element) = node else { return };
        match element.name() {
            name if is_hidden(name) => self.hidden -= 1,
            "pre" | "textarea" => {
                self.preformatted -= 1;
                self.line();
            }
            name if is_block(name) => {
                self.marked &= name != "li";
                self.line();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.marked = false;
            return self.out.push_str(text);
        }
        for letter in text.chars() {
            if !letter.is_ascii_whitespace() {
                self.out.push(letter);
                self.marked = false;
            } else if !self.out.is_empty() && !self.out.ends_with([' ', '\n', '\t']) {
                self.out.push(' ');
            }
        }
    }

    /// Begins a line, unless one has just begun.
    fn line(&mut self) {
        if self.marked {
            return;
        }
        while self.preformatted == 0 && self.out.ends_with(' ') {
            self.out.pop();
        }
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Cells of a row stand beside each other.
    fn cell(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\t');
        }
    }

    fn finish(self) -> String {
        let lines: Vec<&str> = self.out.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').trim_end().to_owned()
    }
}

fn is_hidden(name: &str) -> bool {
    matches!(name, "script" | "style" | "template" | "noscript" | "head")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
}

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
