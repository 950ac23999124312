//! Which flow a request starts: methods and paths of HTTP triggers, with `{name}` segments and `{*rest}` at the end.

use http::Method;
use std::collections::HashMap;

/// Routes by the parts of their paths: a literal part wins over a parameter, a parameter over all that follows.
#[derive(Debug)]
pub struct Routes<T> {
    root: Place<T>,
}

/// Where the paths are that have begun in one way.
#[derive(Debug)]
struct Place<T> {
    literals: HashMap<String, Place<T>>,
    parameter: Option<Box<Place<T>>>,
    /// Routes that end here.
    here: Vec<Route<T>>,
    /// Routes of which one part or more follow.
    below: Vec<Route<T>>,
}

#[derive(Debug)]
struct Route<T> {
    method: Method,
    /// What the parameters are called, in their order.
    names: Vec<String>,
    target: T,
}

/// A route that a path fits, and the text of its parameters.
type Fit<'a, T> = (&'a Route<T>, Vec<String>);

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
        Self { root: Place::default() }
    }
}

impl<T> Default for Place<T> {
    fn default() -> Self {
        Self { literals: HashMap::new(), parameter: None, here: Vec::new(), below: Vec::new() }
    }
}

impl<T> Routes<T> {
    /// Adds a route, unless one of the same method and shape is there already. What parameters are called does not matter.
    pub fn add(&mut self, method: Method, path: &str, target: T) -> Result<(), String> {
        let (mut place, mut names, mut open) = (&mut self.root, Vec::new(), false);
        for part in split(path) {
            place = match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if name.starts_with('*') => {
                    names.push(name[1..].to_owned());
                    open = true;
                    break;
                }
                Some(name) => {
                    names.push(name.to_owned());
                    place.parameter.get_or_insert_default()
                }
                None => place.literals.entry(part.to_owned()).or_default(),
            };
        }
        let routes = if open { &mut place.below } else { &mut place.here };
        if routes.iter().any(|route| route.method == method) {
            return Err(format!("another trigger already answers {method} {path}"));
        }
        routes.push(Route { method, names, target });
        Ok(())
    }

    /// The most precise route. A route for GET answers HEAD too, where HEAD has none of its own.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_, T> {
        let wanted: Vec<&str> = split(path).collect();
        let mut fitting = Vec::new();
        self.root.fitting(&wanted, &mut Vec::new(), &mut fitting);
        let with = |method: &Method| fitting.iter().position(|(route, _)| route.method == *method);
        let found = with(method).or_else(|| if method == Method::HEAD { with(&Method::GET) } else { None });
        match found {
            Some(found) => {
                let (route, values) = fitting.swap_remove(found);
                Found::Target(&route.target, route.names.iter().map(String::as_str).zip(values).collect())
            }
            None if fitting.is_empty() => Found::Nothing,
            None => Found::OtherMethods(methods(fitting.iter().map(|(route, _)| route.method.as_str()))),
        }
    }
}

impl<T> Place<T> {
    /// Collects the routes that fit the rest of a path, the most precise first.
    fn fitting<'a, 'p>(&'a self, wanted: &[&'p str], bound: &mut Vec<&'p str>, found: &mut Vec<Fit<'a, T>>) {
        let Some((first, rest)) = wanted.split_first() else {
            found.extend(fits(&self.here, bound, None));
            return;
        };
        if let Some(place) = self.literals.get(*first) {
            place.fitting(rest, bound, found);
        }
        if let Some(place) = &self.parameter {
            bound.push(first);
            place.fitting(rest, bound, found);
            bound.pop();
        }
        if !self.below.is_empty() {
            found.extend(fits(&self.below, bound, Some(wanted.join("/"))));
        }
    }
}

/// None of them if a parameter's text is not UTF-8.
fn fits<'a, T>(routes: &'a [Route<T>], bound: &[&str], rest: Option<String>) -> Vec<Fit<'a, T>> {
    let values: Option<Vec<String>> = bound.iter().copied().chain(rest.as_deref()).map(percent_decode).collect();
    values.map_or_else(Vec::new, |values| routes.iter().map(|route| (route, values.clone())).collect())
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
