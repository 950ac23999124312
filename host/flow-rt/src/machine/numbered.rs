//! Things by number, each added with a greater number than all before it: frames, and what the host was asked for.
//!
//! A sorted list with gaps. Adding is at its end, finding is by halves, and what is removed leaves a gap until there are more gaps than
//! things. A search tree would do the same in ten times the code, which every flow would carry.

pub(super) struct Numbered<T> {
    entries: Vec<(u32, Option<T>)>,
    gaps: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), gaps: 0 }
    }
}

impl<T> Numbered<T> {
    /// False, and nothing is added, unless the number is greater than all before.
    pub fn push(&mut self, number: u32, thing: T) -> bool {
        let fits = self.entries.last().is_none_or(|(last, _)| *last < number);
        if fits {
            self.entries.push((number, Some(thing)));
        }
        fits
    }

    pub fn get(&self, number: u32) -> Option<&T> {
        self.entries[self.place(number)?].1.as_ref()
    }

    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let place = self.place(number)?;
        self.entries[place].1.as_mut()
    }

    pub fn remove(&mut self, number: u32) -> Option<T> {
        let place = self.place(number)?;
        let thing = self.entries[place].1.take()?;
        if place + 1 == self.entries.len() {
            self.entries.pop();
            return Some(thing);
        }
        self.gaps += 1;
        if self.gaps * 2 > self.entries.len() {
            self.entries.retain(|(_, thing)| thing.is_some());
            self.gaps = 0;
        }
        Some(thing)
    }

    /// In the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.entries.iter().filter_map(|(number, thing)| Some((*number, thing.as_ref()?)))
    }

    pub fn first(&self) -> Option<u32> {
        self.iter().next().map(|(number, _)| number)
    }

    pub fn len(&self) -> usize {
        self.entries.len() - self.gaps
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.entries.binary_search_by_key(&number, |(n, _)| *n).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_a_search_tree_holds() {
        let (mut numbered, mut tree) = (Numbered::default(), std::collections::BTreeMap::new());
        let mut random = 1u64;
        for number in 1..5_000u32 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            assert!(numbered.push(number, random));
            tree.insert(number, random);
            for _ in 0..random % 3 {
                let gone = (random >> 32) as u32 % (number + 2);
                assert_eq!(numbered.remove(gone), tree.remove(&gone));
                random = random.rotate_left(7);
            }
            let asked = (random >> 16) as u32 % (number + 2);
            assert_eq!(numbered.get(asked), tree.get(&asked));
            assert_eq!((numbered.first(), numbered.len()), (tree.keys().next().copied(), tree.len()));
        }
        assert!(numbered.iter().eq(tree.iter().map(|(number, thing)| (*number, thing))));
        assert!(!numbered.push(3, 0), "numbers only grow");
    }
}
