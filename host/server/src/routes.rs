//! Which flow a request starts: methods and paths of HTTP triggers, with `{name}` segments.

use http::Method;

/// Routes in the order of their precision: a literal segment wins over a parameter.
#[derive(Debug)]
pub struct Routes<T> {
    routes: Vec<Route<T>>,
}

#[derive(Debug)]
struct Route<T> {
    method: Method,
    segments: Vec<Segment>,
    target: T,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter(String),
}

/// What a path leads to.
#[derive(Debug, PartialEq)]
pub enum Found<'a, T> {
    Target(&'a T, Vec<(&'a str, String)>),
    /// The path exists, with these methods.
    OtherMethods(Vec<&'a Method>),
    Nothing,
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self { routes: Vec::new() }
    }
}

impl<T> Routes<T> {
    /// Adds a route, unless one of the same method and shape is there already.
    pub fn add(&mut self, method: Method, path: &str, target: T) -> Result<(), String> {
        let segments = parse(path);
        let shape = shape(&segments);
        if self.routes.iter().any(|route| route.method == method && self::shape(&route.segments) == shape) {
            return Err(format!("another trigger already answers {method} {path}"));
        }
        self.routes.push(Route { method, segments, target });
        self.routes.sort_by(|a, b| self::shape(&a.segments).cmp(&self::shape(&b.segments)));
        Ok(())
    }

    pub fn find(&self, method: &Method, path: &str) -> Found<'_, T> {
        let wanted: Vec<&str> = split(path).collect();
        let mut methods = Vec::new();
        for route in &self.routes {
            let Some(parameters) = bind(&route.segments, &wanted) else { continue };
            if route.method == *method {
                return Found::Target(&route.target, parameters);
            }
            methods.push(&route.method);
        }
        if methods.is_empty() { Found::Nothing } else { Found::OtherMethods(methods) }
    }
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn parse(path: &str) -> Vec<Segment> {
    let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => Segment::Parameter(name.to_owned()),
        None => Segment::Literal(text.to_owned()),
    };
    split(path).map(segment).collect()
}

/// Parameter names do not matter, and literals (`Some`) come first.
fn shape(segments: &[Segment]) -> Vec<(bool, &str)> {
    let part = |segment: &'_ Segment| matches!(segment, Segment::Parameter(_));
    segments
        .iter()
        .map(|segment| (part(segment), if let Segment::Literal(text) = segment { text.as_str() } else { "" }))
        .collect()
}

fn bind<'a>(segments: &'a [Segment], wanted: &[&str]) -> Option<Vec<(&'a str, String)>> {
    if segments.len() != wanted.len() {
        return None;
    }
    let mut parameters = Vec::new();
    for (segment, text) in segments.iter().zip(wanted) {
        match segment {
            Segment::Literal(literal) if literal == text => {}
            Segment::Literal(_) => return None,
            Segment::Parameter(name) => parameters.push((name.as_str(), percent_decode(text)?)),
        }
    }
    Some(parameters)
}

/// `%41` → `A`; none if what comes out is not UTF-8.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let pair = tail.get(..2).filter(|_| byte == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_win_and_parameters_are_decoded() {
        let mut routes = Routes::default();
        routes.add(Method::GET, "/orders/{id}", 1).expect("free");
        routes.add(Method::GET, "/orders/new", 2).expect("free");
        routes.add(Method::POST, "/orders", 3).expect("free");
        assert_eq!(routes.find(&Method::GET, "/orders/new"), Found::Target(&2, vec![]));
        assert_eq!(routes.find(&Method::GET, "/orders/a%20b/"), Found::Target(&1, vec![("id", "a b".to_owned())]));
        assert_eq!(routes.find(&Method::DELETE, "/orders"), Found::OtherMethods(vec![&Method::POST]));
        assert_eq!(routes.find(&Method::GET, "/else"), Found::Nothing);
        assert!(routes.add(Method::GET, "/orders/{other}", 4).is_err());
    }
}
