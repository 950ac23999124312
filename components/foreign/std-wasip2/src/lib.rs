//! A library with the whole standard library, built for `wasm32-wasip2`: it imports WASI through `std`, and one of its exports
//! is a resource, which a node cannot hold from one call to the next.

wit_bindgen::generate!({ path: "wit", world: "survey" });

use exports::survey::routes::routes::{Failure, Guest, GuestPlanner, Leg, PlannerBorrow, Point, Shape};
use std::collections::{BTreeSet, HashMap};

struct Survey;
export!(Survey);

struct Planner {
    legs: Vec<Leg>,
}

impl Guest for Survey {
    type Planner = Planner;

    fn shortest(legs: Vec<Leg>, from: String, to: String) -> Result<(Vec<String>, f64), Failure> {
        shortest(&legs, &from, &to)
    }

    fn length(shape: Shape) -> f64 {
        match shape {
            Shape::Dot(_) | Shape::Unknown => 0.0,
            Shape::Path(points) => path_length(&points),
            Shape::Area(points) => {
                path_length(&points) + points.last().zip(points.first()).map_or(0.0, |(last, first)| distance(*last, *first))
            }
        }
    }

    fn read(text: String) -> Shape {
        let points: Option<Vec<Point>> = text.split_whitespace().map(point).collect();
        match points.as_deref() {
            None | Some([]) => Shape::Unknown,
            Some([dot]) => Shape::Dot(*dot),
            Some([first, middle @ .., last]) if middle.len() > 1 && same(*first, *last) => {
                Shape::Area([&[*first], middle].concat())
            }
            Some(points) => Shape::Path(points.to_vec()),
        }
    }

    fn plan(planner: PlannerBorrow<'_>, stops: Vec<String>) -> Vec<Leg> {
        let legs = &planner.get::<Planner>().legs;
        let pairs = stops.windows(2);
        pairs.filter_map(|pair| legs.iter().find(|leg| leg.from == pair[0] && leg.to == pair[1])).cloned().collect()
    }

    fn surroundings() -> (u32, u32, bool) {
        (std::env::args().count() as u32, std::env::vars().count() as u32, std::fs::read_dir("/").is_ok())
    }
}

impl GuestPlanner for Planner {
    fn new(legs: Vec<Leg>) -> Self {
        Self { legs }
    }

    fn stops(&self, from: String, to: String) -> Vec<String> {
        shortest(&self.legs, &from, &to).map(|(stops, _)| stops).unwrap_or_default()
    }
}

/// Dijkstra's way: the nearest place that is not done yet is done.
fn shortest(legs: &[Leg], from: &str, to: &str) -> Result<(Vec<String>, f64), Failure> {
    let mut roads: HashMap<&str, Vec<(&str, f64)>> = HashMap::new();
    for leg in legs {
        if !(leg.kilometres >= 0.0 && leg.kilometres.is_finite()) {
            return Err(Failure::BadDistance(leg.clone()));
        }
        roads.entry(&leg.from).or_default().push((&leg.to, leg.kilometres));
        roads.entry(&leg.to).or_default().push((&leg.from, leg.kilometres));
    }
    for place in [from, to] {
        if !roads.contains_key(place) {
            return Err(Failure::UnknownPlace(place.to_owned()));
        }
    }
    let mut best: HashMap<&str, (f64, Option<&str>)> = HashMap::from([(from, (0.0, None))]);
    let mut done = BTreeSet::new();
    while let Some((here, so_far)) = nearest(&best, &done) {
        done.insert(here);
        for &(next, kilometres) in &roads[here] {
            let length = so_far + kilometres;
            if best.get(next).is_none_or(|(known, _)| length < *known) {
                best.insert(next, (length, Some(here)));
            }
        }
    }
    let (length, _) = *best.get(to).ok_or(Failure::NoRoute)?;
    Ok((way(&best, to), length))
}

fn nearest<'a>(best: &HashMap<&'a str, (f64, Option<&'a str>)>, done: &BTreeSet<&str>) -> Option<(&'a str, f64)> {
    let open = best.iter().filter(|(place, _)| !done.contains(*place)).map(|(place, (length, _))| (*place, *length));
    open.min_by(|first, second| first.1.total_cmp(&second.1).then(first.0.cmp(second.0)))
}

fn way(best: &HashMap<&str, (f64, Option<&str>)>, to: &str) -> Vec<String> {
    let mut stops = vec![to.to_owned()];
    let mut here = to;
    while let Some((_, Some(before))) = best.get(here) {
        stops.push((*before).to_owned());
        here = before;
    }
    stops.reverse();
    stops
}

fn point(text: &str) -> Option<Point> {
    let (lat, lon) = text.split_once(',')?;
    Some(Point { lat: lat.parse().ok()?, lon: lon.parse().ok()? })
}

fn same(first: Point, second: Point) -> bool {
    first.lat == second.lat && first.lon == second.lon
}

fn path_length(points: &[Point]) -> f64 {
    points.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
}

/// On a sphere, by the haversine formula.
fn distance(first: Point, second: Point) -> f64 {
    let (a, b) = (first.lat.to_radians(), second.lat.to_radians());
    let (lat, lon) = ((b - a) / 2.0, (second.lon - first.lon).to_radians() / 2.0);
    let h = lat.sin().powi(2) + a.cos() * b.cos() * lon.sin().powi(2);
    let kilometres = 2.0 * 6371.0 * h.sqrt().min(1.0).asin();
    (kilometres * 1000.0).round() / 1000.0
}
