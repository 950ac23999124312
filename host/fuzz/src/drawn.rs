//! Flow documents drawn from bytes, most of them right: text that is changed at random seldom stays a flow that can work.
//!
//! The same bytes give the same document. When they run out, the first of each choice is taken, so that any bytes give something
//! finite.

/// A document of up to twelve nodes.
pub fn document(entropy: &[u8]) -> String {
    let mut draw = Draw { entropy: entropy.iter(), sections: vec![Section::default()] };
    let (input, output) = (draw.pick(&TYPES), draw.pick(&TYPES));
    let timeout = draw.maybe(r#""timeout":"1m","#);
    let count = 1 + draw.below(12);
    let mut wires = Vec::new();
    let nodes: Vec<String> = (0..count).map(|number| draw.node(number, &mut wires)).collect();
    format!(
        "{{\"loomwork\":1,\"id\":\"drawn\",\"packages\":{PACKAGES},\"input\":\"{input}\",\"output\":\"{output}\",{timeout}\
         \"nodes\":[{}],\"wires\":[{}]}}",
        nodes.join(","),
        wires.join(",")
    )
}

const PACKAGES: &str =
    r#"{"text":"loom:text@0.1","http":"loom:http@0.1","plain":"acme:plain","list":"loom:list@0.1","number":"loom:number@0.1"}"#;

const TYPES: [&str; 8] = [
    "json",
    "option<string>",
    "option<list<s32>>",
    "option<f64>",
    "option<option<bool>>",
    "option<record { a: option<u64>, b: list<s32> }>",
    "record { a: option<u64>, b: list<s32> }",
    "variant { a, b(u8) }",
];

/// What lives in one section.
#[derive(Default)]
struct Section {
    /// The `in` of its nodes; empty for the flow itself.
    name: String,
    /// Numbers and kinds, in the order in which they are written.
    nodes: Vec<(usize, &'static str)>,
    /// Those that the last one comes after, and itself.
    chain: Vec<usize>,
    /// Those that have `join: any`.
    heads: Vec<usize>,
}

struct Draw<'a> {
    entropy: std::slice::Iter<'a, u8>,
    sections: Vec<Section>,
}

impl Draw<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.entropy.next().map_or(0, |byte| usize::from(*byte) % bound)
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn maybe(&mut self, text: &'static str) -> &'static str {
        if self.below(6) == 5 { text } else { "" }
    }

    fn node(&mut self, number: usize, wires: &mut Vec<String>) -> String {
        let place = self.sections.len() - 1 - self.below(self.sections.len());
        let (kind, form) = USES[self.below(USES.len())];
        let any = self.below(4) == 3;
        self.wires(number, place, any, wires);
        let with = self.fill(form, place);
        let section = &mut self.sections[place];
        section.nodes.push((number, kind));
        section.chain.push(number);
        if any {
            section.heads.push(number);
        }
        let within = if section.name.is_empty() { String::new() } else { format!(",\"in\":\"{}\"", section.name) };
        let sections: &[&str] = match kind {
            "each" | "repeat" => &[""],
            "try" => &["", ".catch", ".finally"],
            _ => &[],
        };
        self.sections.extend(sections.iter().map(|of| Section { name: format!("n{number}{of}"), ..Section::default() }));
        let join = if any { r#","join":"any","max_visits":3"# } else { "" };
        let more = self.more(kind);
        format!("{{\"id\":\"n{number}\",\"use\":\"{kind}\",\"with\":{{{with}}}{within}{join}{more}}}")
    }

    /// From the node before, perhaps from an earlier one, and perhaps back to a head.
    fn wires(&mut self, number: usize, place: usize, any: bool, wires: &mut Vec<String>) {
        let (nodes, heads) = (self.sections[place].nodes.clone(), self.sections[place].heads.clone());
        let Some(last) = nodes.last() else { return };
        if self.below(8) == 7 || !self.wire(last, number, wires) {
            self.sections[place].chain.clear();
        }
        if self.below(3) == 2 {
            let from = nodes[self.below(nodes.len())];
            self.wire(&from, number, wires);
        }
        if self.below(4) == 3
            && let Some(head) = heads.first().copied().or(any.then_some(number))
        {
            self.wire(last, head, wires);
        }
    }

    /// From a port that such a node has. False if there is none.
    fn wire(&mut self, (from, kind): &(usize, &str), to: usize, wires: &mut Vec<String>) -> bool {
        let port = match *kind {
            "return" | "fail" => return false,
            "branch" => self.pick(&[r#","port":"big""#, r#","port":"else""#, r#","port":"error""#]),
            _ => self.pick(&["", "", "", r#","port":"error""#]),
        };
        let wire = format!("{{\"from\":\"n{from}\",\"to\":\"n{to}\"{port}}}");
        if !wires.contains(&wire) {
            wires.push(wire);
        }
        true
    }

    /// What a node of this kind may have besides.
    fn more(&mut self, kind: &str) -> String {
        const RETRY: &str =
            r#","retry":{"attempts":3,"delay":"1s","backoff":"exponential","when":"{{ error.code == 'a' && attempt < 2 }}"}"#;
        let mut more = self.maybe(r#","disabled":true"#).to_owned();
        if kind.contains('#') {
            more += self.maybe(RETRY);
            more += self.maybe(r#","timeout":"5s""#);
        }
        if kind.contains("text#") {
            more += self.maybe(r#","cache":"1h""#);
        }
        if matches!(kind, "each" | "repeat" | "try" | "wait") {
            more += self.maybe(r#","timeout":"5s""#);
        }
        more
    }

    /// Each `$` becomes a template for any value, `#` for a whole number, `?` for a truth value, `@` for a list, `&` for a text.
    fn fill(&mut self, form: &str, place: usize) -> String {
        let mut out = String::new();
        for letter in form.chars() {
            let forms = match letter {
                '$' => &ANY[..],
                '#' => &WHOLE[..],
                '?' => &TRUTH[..],
                '@' => &LISTS[..],
                '&' => &TEXTS[..],
                other => {
                    out.push(other);
                    continue;
                }
            };
            let form = self.pick(forms);
            let before = &self.sections[place].chain;
            let at = before.len().saturating_sub(1 + self.entropy.next().map_or(0, |byte| usize::from(*byte) % 3));
            out += &match before.get(at) {
                Some(node) => form.replace('%', &node.to_string()),
                None if form.contains('%') => forms[0].to_owned(),
                None => form.to_owned(),
            };
        }
        out
    }
}

/// Every kind of node with its parameters.
const USES: [(&str, &str); 26] = [
    ("set", r#""a":$,"b":$"#),
    ("set", ""),
    ("text#trim", r#""text":&"#),
    ("text#split", r#""text":&,"separator":&,"limit":#"#),
    ("text#pad", r#""text":&,"options":{"width":#,"side":"start"}"#),
    ("plain#add", r##""a":#,"b":#"##),
    ("plain#now", ""),
    ("plain#forget", r#""key":&"#),
    ("plain#choose", r#""what":"none","when":"1h""#),
    ("plain#all", r#""a":null,"b":{"ok":1},"c":["x",1.5],"d":["x"]"#),
    ("http/client#get", r#""url":&"#),
    ("http/client#send", r#""url":&,"body":$"#),
    ("list#sum", r#""items":@"#),
    ("number#round", r#""value":#,"digits":#"#),
    ("branch", r#""cases":[{"name":"big","when":?}]"#),
    ("branch", r#""cases":[{"name":"big","when":?},{"name":"small","when":?}]"#),
    ("each", r#""items":@,"concurrency":2,"result":$"#),
    ("each", r#""items":@,"on_error":"collect","break":?"#),
    ("repeat", r#""while":?,"max":3,"result":$"#),
    ("repeat", r#""until":?,"delay":"1s""#),
    ("try", r#""result":$"#),
    ("try", r#""result":$,"catch_result":$"#),
    ("wait", r#""duration":"1s""#),
    ("emit", r#""event":"told","payload":$"#),
    ("return", r#""value":$"#),
    ("fail", r#""code":"a.b","message":&,"data":$"#),
];

const ANY: [&str; 16] = [
    r#""{{ input }}""#,
    "null",
    r#""{{ nodes.n% }}""#,
    r#""{{ nodes.?n%.orValue(1) }}""#,
    r#""{{ has(nodes.n%) ? nodes.n% : 0 }}""#,
    r#""{{ nodes.?n%.error.code }}""#,
    r#""{{ each.item }}""#,
    r#""{{ repeat.last }}""#,
    r#""{{ {'a': run.seed, 'b': vars} }}""#,
    r#"{"a":"{{ input }}","b":["{{ run.id }}",1,2.5,true]}"#,
    r#""{{ [1, 2].map(v, v * 2) }}""#,
    r#""{{ nodes.n%.a }}""#,
    r#""{{ nodes.n%.b }}""#,
    r#""{{{{ {{ run.id }}""#,
    r#""{{ run.started_at + duration('1h') }}""#,
    r#""{{ input.?a }}""#,
];
const WHOLE: [&str; 6] =
    ["1", r#""{{ 1 + 2 }}""#, r#""{{ each.index }}""#, r#""{{ repeat.index }}""#, r#""{{ nodes.n% }}""#, "200"];
const TRUTH: [&str; 6] = [
    "true",
    r#""{{ run.seed > 5u }}""#,
    r#""{{ has(nodes.n%) }}""#,
    r#""{{ each.index > 2 }}""#,
    r#""{{ repeat.index < 2 }}""#,
    r#""{{ nodes.n% == 1 || 'a' in {'a': 1} }}""#,
];
const LISTS: [&str; 6] =
    [r#""{{ [1, 2, 3] }}""#, "[]", "[1,null,3]", r#""{{ nodes.n% }}""#, r#""{{ input }}""#, r#""{{ lists.range(3) }}""#];
const TEXTS: [&str; 6] = [
    r#""plain""#,
    r#""{{ run.id }}""#,
    r#""a {{ 1 + 1 }} b {{ string(1.5) }}""#,
    r#""{{ nodes.n% }}""#,
    r#""{{ string(nodes.?n%.orValue('x')) }}""#,
    r#""item {{ each.index }}: {{ each.item }}""#,
];

#[cfg(test)]
mod tests {
    use super::document;
    use crate::catalog::CATALOG;

    #[test]
    fn many_drawn_documents_can_work() {
        let mut seed = 7u64;
        let mut bytes = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (seed >> 56) as u8
        });
        let (mut right, mut wrong) = (0, std::collections::BTreeMap::new());
        for length in (0..400).map(|case| case % 100) {
            let text = document(&bytes.by_ref().take(length).collect::<Vec<u8>>());
            let (checked, diagnostics) = loomwork_check::check_text(&text, &CATALOG);
            right += usize::from(checked.is_some());
            for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
                wrong.entry(diagnostic.code).or_insert_with(|| (0, diagnostic.message.clone())).0 += 1;
            }
        }
        assert!(right > 100, "{right} of 400 can work; the mistakes are {wrong:#?}");
    }
}
