//! Which flow a request starts: methods and paths of HTTP triggers, with `{name}` segments and `{*rest}` at the end.

use http::Method;

/// Routes in the order of their precision: a literal segment wins over a parameter, a parameter over all that follows.
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

/// In the order in which they are tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter(String),
    /// One segment or more; always the last.
    Rest(String),
}

/// What a path leads to.
#[derive(Debug, PartialEq)]
pub enum Found<'a, T> {
    Target(&'a T, Vec<(&'a str, String)>),
    /// The path exists, with these methods, sorted.
    OtherMethods(Vec<&'a str>),
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
        self.routes.sort_by_cached_key(|route| self::shape(&route.segments));
        Ok(())
    }

    /// The most precise route. A route for GET answers HEAD too, where HEAD has none of its own.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_, T> {
        let wanted: Vec<&str> = split(path).collect();
        let fitting: Vec<_> = self.routes.iter().filter_map(|route| Some((route, bind(&route.segments, &wanted)?))).collect();
        let with = |method: &Method| fitting.iter().position(|(route, _)| route.method == *method);
        let found = with(method).or_else(|| if method == Method::HEAD { with(&Method::GET) } else { None });
        match found {
            Some(found) => {
                let (route, parameters) = fitting.into_iter().nth(found).expect("a position in the list");
                Found::Target(&route.target, parameters)
            }
            None if fitting.is_empty() => Found::Nothing,
            None => Found::OtherMethods(methods(fitting.iter().map(|(route, _)| route.method.as_str()))),
        }
    }
}

/// The methods that are answered: those of the routes, and those that follow from them.
fn methods<'a>(of_routes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut methods: Vec<&str> = of_routes.chain(["OPTIONS"]).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.dedup();
    methods
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn parse(path: &str) -> Vec<Segment> {
    let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => match name.strip_prefix('*') {
            Some(name) => Segment::Rest(name.to_owned()),
            None => Segment::Parameter(name.to_owned()),
        },
        None => Segment::Literal(text.to_owned()),
    };
    split(path).map(segment).collect()
}

/// What parameters are called does not matter.
fn shape(segments: &[Segment]) -> Vec<Segment> {
    let nameless = |segment: &Segment| match segment {
        Segment::Literal(_) => segment.clone(),
        Segment::Parameter(_) => Segment::Parameter(String::new()),
        Segment::Rest(_) => Segment::Rest(String::new()),
    };
    segments.iter().map(nameless).collect()
}

fn bind<'a>(segments: &'a [Segment], wanted: &[&str]) -> Option<Vec<(&'a str, String)>> {
    let open = matches!(segments.last(), Some(Segment::Rest(_)));
    if segments.len() != wanted.len() && !(open && wanted.len() > segments.len()) {
        return None;
    }
    let mut parameters = Vec::new();
    for (place, segment) in segments.iter().enumerate() {
        match segment {
            Segment::Literal(literal) if literal == wanted[place] => {}
            Segment::Literal(_) => return None,
            Segment::Parameter(name) => parameters.push((name.as_str(), percent_decode(wanted[place])?)),
            Segment::Rest(name) => parameters.push((name.as_str(), percent_decode(&wanted[place..].join("/"))?)),
        }
    }
    Some(parameters)
}

/// `%41` → `A`; none if what comes out is not UTF-8.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        match tail.get(..2).filter(|_| byte == b'%').and_then(hex_pair) {
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

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16);
    Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes<u8> {
        let mut routes = Routes::default();
        let table = [
            ("GET", "/files/{*rest}", 5),
            ("GET", "/orders/{id}", 1),
            ("GET", "/orders/new", 2),
            ("POST", "/orders", 3),
            ("GET", "/files/{name}", 4),
            ("HEAD", "/orders/new", 6),
        ];
        for (method, path, target) in table {
            routes.add(method.parse().expect("a method"), path, target).expect("free");
        }
        routes
    }

    #[test]
    fn the_most_precise_route_wins_and_parameters_are_decoded() {
        let routes = routes();
        assert_eq!(routes.find(&Method::GET, "/orders/new"), Found::Target(&2, vec![]));
        assert_eq!(routes.find(&Method::GET, "/orders/a%20b/"), Found::Target(&1, vec![("id", "a b".to_owned())]));
        assert_eq!(routes.find(&Method::GET, "/files/a"), Found::Target(&4, vec![("name", "a".to_owned())]));
        assert_eq!(routes.find(&Method::GET, "/files/a/b%2Fc/d"), Found::Target(&5, vec![("rest", "a/b/c/d".to_owned())]));
        assert_eq!(routes.find(&Method::GET, "/files"), Found::Nothing);
        assert_eq!(routes.find(&Method::GET, "/else"), Found::Nothing);
    }

    #[test]
    fn routes_of_one_shape_are_refused() {
        let mut routes = routes();
        assert!(routes.add(Method::GET, "/orders/{other}", 7).is_err());
        assert!(routes.add(Method::GET, "/files/{*other}", 7).is_err());
    }

    #[test]
    fn other_methods_are_named_and_get_answers_head() {
        let routes = routes();
        assert_eq!(routes.find(&Method::DELETE, "/orders"), Found::OtherMethods(vec!["OPTIONS", "POST"]));
        assert_eq!(routes.find(&Method::POST, "/orders/7"), Found::OtherMethods(vec!["GET", "HEAD", "OPTIONS"]));
        assert_eq!(routes.find(&Method::HEAD, "/orders/7"), Found::Target(&1, vec![("id", "7".to_owned())]));
        assert_eq!(routes.find(&Method::HEAD, "/orders/new"), Found::Target(&6, vec![]));
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent_decode("100%25%zz%+1%4").as_deref(), Some("100%%zz%+1%4"));
        assert_eq!(percent_decode("%ff"), None);
    }
}
