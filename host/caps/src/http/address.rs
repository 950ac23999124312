//! Which addresses a request may connect to. Pure arithmetic on addresses; knows nothing of names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far into the operator's own network requests may reach. Each includes the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Addresses of the public internet.
    #[default]
    Public,
    /// And this machine itself.
    Loopback,
    /// And private networks. Not cloud metadata, link-local, multicast and reserved addresses.
    Private,
    /// Every address.
    Everything,
}

impl Reach {
    /// Whether a connection to `ip` may be made.
    pub fn admits(self, ip: IpAddr) -> bool {
        needed(ip) <= self
    }
}

/// The least reach that `ip` needs.
fn needed(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => needed_v4(ip),
        IpAddr::V6(ip) => needed_v6(ip),
    }
}

fn needed_v4(ip: Ipv4Addr) -> Reach {
    let special = [
        [100, 100, 100, 200], // a cloud's metadata service
        [168, 63, 129, 16],   // another's
    ];
    if special.contains(&ip.octets()) {
        return Reach::Everything;
    }
    match ip.octets() {
        [127, ..] => Reach::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reach::Private,
        [100, 64..=127, ..] => Reach::Private,         // carrier-grade NAT
        [0, ..] | [169, 254, ..] => Reach::Everything, // this network; link-local with metadata services
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Reach::Everything // protocol assignments, documentation, relays, benchmarks
        }
        [224..=255, ..] => Reach::Everything, // multicast, reserved, broadcast
        _ => Reach::Public,
    }
}

fn needed_v6(ip: Ipv6Addr) -> Reach {
    let metadata = [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];
    if metadata.contains(&ip) {
        return Reach::Everything;
    }
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Loopback,
        [0, 0, 0, 0, 0, 0xffff, high, low] => needed_v4(embedded(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => needed_v4(embedded(high, low)), // NAT64
        [0x2002, high, low, ..] => needed_v4(embedded(high, low)),               // 6to4
        [0x2001, 0..=0x1ff, ..] => Reach::Everything,                            // Teredo and other assignments
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Everything,      // documentation
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Reach::Private,
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Everything,
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: Reach, addresses: &[&str]) {
        for text in addresses {
            let ip: IpAddr = text.parse().expect("the test's address");
            assert_eq!(needed(ip), expected, "{text}");
        }
    }

    #[test]
    fn each_range_needs_its_reach() {
        check(Reach::Public, &["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.1.0.1", "2606:4700::1111", "2a00::1"]);
        check(Reach::Public, &["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"]);
        check(Reach::Loopback, &["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]);
        check(Reach::Private, &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fc00::1"]);
        check(Reach::Private, &["fdff::1", "fec0::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::a00:1"]);
        check(Reach::Everything, &["0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254"]);
        check(Reach::Everything, &["224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.0.192"]);
        check(Reach::Everything, &["::", "fe80::1", "ff02::1", "fd00:ec2::254", "fd20:ce::254", "::127.0.0.1"]);
        check(Reach::Everything, &["64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001::1", "2001:db8::1", "100::1"]);
        check(Reach::Everything, &["100.100.100.200", "168.63.129.16", "198.18.0.1", "203.0.113.5", "2002:a9fe:a9fe::"]);
    }

    #[test]
    fn a_reach_includes_the_smaller_ones() {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        assert!(!Reach::Public.admits(loopback));
        assert!(Reach::Loopback.admits(loopback) && Reach::Private.admits(loopback));
        assert!(!Reach::Private.admits(IpAddr::from([169, 254, 169, 254])));
    }
}
