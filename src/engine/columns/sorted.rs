//! A sorted map in chunks that snapshots share: a change copies one chunk.
//!
//! Invariant: keys rise strictly, over all chunks; no chunk is empty.
//! Read next: [`super::startups`], which finds its rows with it.

use std::sync::Arc;

const FULL: usize = 512;

/// A sorted map whose clones share every chunk that neither has changed.
#[derive(Clone, Debug)]
pub struct Sorted<K, V> {
    chunks: Vec<Arc<Chunk<K, V>>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Chunk<K, V> {
    keys: Vec<K>,
    values: Vec<V>,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<K: Ord + Copy, V: Clone> Sorted<K, V> {
    /// A map of entries whose keys rise strictly.
    pub fn of(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut entries = entries.into_iter().peekable();
        let mut map = Self::default();
        while entries.peek().is_some() {
            let (keys, values): (Vec<K>, Vec<V>) = entries.by_ref().take(FULL).unzip();
            map.len += keys.len();
            map.chunks.push(Arc::new(Chunk { keys, values }));
        }
        map
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let chunk = self.chunks.get(self.chunk_of(key))?;
        chunk.keys.binary_search(key).ok().map(|at| &chunk.values[at])
    }

    /// Gives a key a value; the one that it had before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let at = self.chunk_of(&key).min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(at).map(Arc::make_mut) else {
            *self = Self::of([(key, value)]);
            return None;
        };
        match chunk.keys.binary_search(&key) {
            Ok(place) => Some(std::mem::replace(&mut chunk.values[place], value)),
            Err(place) => {
                chunk.keys.insert(place, key);
                chunk.values.insert(place, value);
                if chunk.keys.len() > FULL {
                    let (keys, values) = (chunk.keys.split_off(FULL / 2), chunk.values.split_off(FULL / 2));
                    self.chunks.insert(at + 1, Arc::new(Chunk { keys, values }));
                }
                self.len += 1;
                None
            }
        }
    }

    /// Takes a key out; the value that it had.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.chunk_of(key);
        let chunk = self.chunks.get_mut(at)?;
        let place = chunk.keys.binary_search(key).ok()?;
        let chunk = Arc::make_mut(chunk);
        chunk.keys.remove(place);
        let value = chunk.values.remove(place);
        if chunk.keys.is_empty() {
            self.chunks.remove(at);
        }
        self.len -= 1;
        Some(value)
    }

    /// All entries, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.chunks.iter().flat_map(|chunk| chunk.keys.iter().zip(&chunk.values))
    }

    /// The entries from a given key on.
    pub fn entries_from(&self, key: K) -> impl Iterator<Item = (K, &V)> {
        let mut chunks = self.chunks[self.chunk_of(&key)..].iter();
        let first = chunks.next().into_iter().flat_map(move |chunk| {
            let before = chunk.keys.partition_point(|k| *k < key);
            chunk.keys[before..].iter().copied().zip(&chunk.values[before..])
        });
        first.chain(chunks.flat_map(|chunk| chunk.keys.iter().copied().zip(&chunk.values)))
    }

    /// The keys from a given one on.
    pub fn keys_from(&self, key: K) -> impl Iterator<Item = K> {
        self.entries_from(key).map(|(key, _)| key)
    }

    /// About how many bytes the map takes.
    pub fn bytes(&self) -> usize {
        let entries = |chunk: &Arc<Chunk<K, V>>| {
            chunk.keys.capacity() * size_of::<K>() + chunk.values.capacity() * size_of::<V>()
        };
        self.chunks.iter().map(|chunk| entries(chunk) + size_of::<Chunk<K, V>>()).sum()
    }

    /// The first chunk that does not end before the key.
    fn chunk_of(&self, key: &K) -> usize {
        self.chunks.partition_point(|chunk| chunk.keys.last().is_some_and(|last| last < key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn holds_what_a_tree_holds_and_leaves_clones_alone() {
        let mut sorted = Sorted::of((0..1_500u64).map(|k| (k * 3, k)));
        let before = sorted.clone();
        let mut tree: BTreeMap<u64, u64> = (0..1_500).map(|k| (k * 3, k)).collect();
        let mut state = 7u64;
        for _ in 0..6_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let key = (state >> 40) % 6_000;
            if state >> 33 & 1 == 0 {
                assert_eq!(sorted.insert(key, state), tree.insert(key, state));
            } else {
                assert_eq!(sorted.remove(&key), tree.remove(&key));
            }
            assert_eq!((sorted.len(), sorted.get(&key)), (tree.len(), tree.get(&key)));
        }
        assert!(sorted.iter().eq(tree.iter()));
        assert!(sorted.keys_from(2_000).eq(tree.range(2_000..).map(|(k, _)| *k)));
        assert!(before.iter().map(|(k, _)| *k).eq((0..1_500).map(|k| k * 3)));
    }

    #[test]
    fn an_emptied_map_takes_entries_again() {
        let mut sorted = Sorted::default();
        assert_eq!((sorted.insert(1, 'a'), sorted.remove(&1), sorted.len()), (None, Some('a'), 0));
        assert_eq!((sorted.insert(2, 'b'), sorted.get(&2)), (None, Some(&'b')));
        assert_eq!(sorted.keys_from(3).count(), 0);
    }
}
