//! Types as bytes.

use crate::arbitrary::{cases, ty};
use loomwork_types::wire;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn bytes_read_back_the_same(ty in ty(), more in any::<Vec<u8>>()) {
        let mut bytes = Vec::new();
        wire::write(&ty, &mut bytes);
        let length = bytes.len();
        bytes.extend(more);
        prop_assert_eq!(wire::read(&bytes), Some((ty, length)));
        for end in 0..length {
            prop_assert_eq!(wire::read(&bytes[..end]), None);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>(), ty in ty(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        drop(wire::read(&bytes));
        let mut changed = Vec::new();
        wire::write(&ty, &mut changed);
        let at = at.index(changed.len());
        changed[at] = byte;
        drop(wire::read(&changed));
    }
}

#[test]
fn bytes_cannot_ask_for_more_than_they_are() {
    assert_eq!(wire::read(&[32; 1000]), None);
    assert_eq!(wire::read(&[35, 0xff, 0xff, 0xff, 0x7f]), None);
    assert_eq!(wire::read(&[]), None);
}
