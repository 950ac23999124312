//! The list node: the functions of `loom:list/list`, each in the module of its subject.

mod aggregate;
mod elements;
mod filter;
mod group;
mod join;
mod order;
mod slices;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:%list/node", generate_all });

use exports::loom::list::list::{
    Comparison, Counted, Direction, Error, Grouped, Guest, JoinKind, Measure, Nulls, Operation, SortKey,
};

/// The most elements that a function makes.
const MAX_ITEMS: usize = 1_000_000;

struct Node;
export!(Node);

type Items = Vec<String>;

impl Guest for Node {
    fn sort(items: Items, by: Option<Vec<SortKey>>) -> Result<Items, Error> {
        order::sort(items, &by.unwrap_or_default())
    }
    fn group(items: Items, by: String) -> Result<Vec<Grouped>, Error> {
        group::group(items, &by)
    }
    fn tally(items: Items, by: String) -> Result<Vec<Counted>, Error> {
        let groups = group::group(items, &by)?;
        Ok(groups.into_iter().map(|group| Counted { key: group.key, count: group.items.len() as u32 }).collect())
    }
    fn distinct(items: Items, by: Option<String>) -> Result<Items, Error> {
        group::distinct(items, &by.unwrap_or_default())
    }
    fn chunk(items: Items, size: u32) -> Result<Vec<Items>, Error> {
        slices::chunk(items, size)
    }
    fn flatten(items: Items, depth: Option<u32>) -> Result<Items, Error> {
        slices::flatten(&items, depth.unwrap_or(1))
    }
    fn join(
        left: Items,
        right: Items,
        left_key: String,
        right_key: String,
        kind: Option<JoinKind>,
        prefix: Option<String>,
    ) -> Result<Items, Error> {
        let left = join::Side::new(&left, &left_key, "")?;
        let right = join::Side::new(&right, &right_key, prefix.as_deref().unwrap_or_default())?;
        join::join(&left, &right, kind.unwrap_or(JoinKind::Inner))
    }
    fn aggregate(items: Items, by: Vec<String>, measures: Vec<Measure>) -> Result<Items, Error> {
        aggregate::aggregate(&items, &by, &measures)
    }
    fn zip(lists: Vec<Items>) -> Vec<Items> {
        slices::zip(lists)
    }
    fn take(items: Items, count: i32) -> Items {
        slices::part(items, count).0
    }
    fn skip(items: Items, count: i32) -> Items {
        slices::part(items, count).1
    }
    fn reverse(mut items: Items) -> Items {
        items.reverse();
        items
    }
    fn concat(lists: Vec<Items>) -> Result<Items, Error> {
        few(lists.iter().map(Vec::len).sum())?;
        Ok(lists.into_iter().flatten().collect())
    }
    fn pluck(items: Items, path: String) -> Result<Items, Error> {
        let path = elements::path(&path)?;
        Ok(items.iter().map(|item| elements::at(&elements::read(item), &path).to_string()).collect())
    }
    fn filter(items: Items, path: String, comparison: Comparison, value: Option<String>) -> Result<Items, Error> {
        let test = filter::Test::new(&path, comparison, value)?;
        Ok(items.into_iter().filter(|item| test.holds(item)).collect())
    }
    fn find(items: Items, path: String, comparison: Comparison, value: Option<String>) -> Result<Option<String>, Error> {
        let test = filter::Test::new(&path, comparison, value)?;
        Ok(items.into_iter().find(|item| test.holds(item)))
    }
    fn sum(items: Items, path: Option<String>) -> Result<f64, Error> {
        aggregate::sum(&items, &path.unwrap_or_default())
    }
    fn count(items: Items) -> u32 {
        items.len() as u32
    }
    fn intersection(first: Items, second: Items, by: Option<String>) -> Result<Items, Error> {
        group::among(first, &second, &by.unwrap_or_default(), true)
    }
    fn difference(first: Items, second: Items, by: Option<String>) -> Result<Items, Error> {
        group::among(first, &second, &by.unwrap_or_default(), false)
    }
    fn index(items: Items, by: String) -> Result<String, Error> {
        group::index(&items, &by)
    }
    fn range(start: i64, end: i64, step: Option<i64>) -> Result<Vec<i64>, Error> {
        slices::range(start, end, step.unwrap_or(1))
    }
}

/// Refuses a result of so many elements if that is too many.
fn few(count: usize) -> Result<(), Error> {
    if count > MAX_ITEMS {
        return Err(Error::TooLarge(format!("the result would have {count} elements; at most {MAX_ITEMS} are allowed")));
    }
    Ok(())
}
