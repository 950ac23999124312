//! Saved machines that were damaged in a way their checksum does not tell.

use loomwork_flow_rt::machine::saved_again;

/// A state after its head and without its checksum. What is restored is saved as what restores to the same.
pub fn state(data: &[u8]) {
    let Some(saved) = saved_again(&whole(data), "") else { return };
    assert_eq!(saved_again(&saved, ""), Some(saved.clone()), "what was saved is restored as another machine");
}

/// With the head of a machine that has no identity, and the checksum that is right.
fn whole(data: &[u8]) -> Vec<u8> {
    let mut bytes = [b"loom\x01\0", data].concat();
    let sum = fnv1a(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
