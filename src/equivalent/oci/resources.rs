//! What a bundle limits, in the words of cgroup version 1, which runtimes translate.

use oci_spec::runtime::{
    LinuxBlockIo, LinuxCpu, LinuxDeviceCgroup, LinuxDeviceType, LinuxMemory, LinuxPids, LinuxResources,
    LinuxThrottleDeviceBuilder,
};

use crate::equivalent::Wanted;
use crate::kernel::container::cgroup::devices::Device;

/// All limits. A device is allowed that nobody denies: left alone, runtimes allow six and no more.
pub(super) fn all(wanted: &Wanted) -> LinuxResources {
    let limits = &wanted.limits;
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut resources = LinuxResources::default();
    resources.set_devices(Some(devices(&wanted.denied)));
    resources.set_pids(limits.pids.map(|pids| {
        let mut limit = LinuxPids::default();
        limit.set_limit(signed(pids));
        limit
    }));
    resources.set_memory(limits.memory.map(|bytes| {
        let mut limit = LinuxMemory::default();
        // Memory and swap together: no swap.
        limit.set_limit(Some(signed(bytes))).set_swap(Some(signed(bytes)));
        limit
    }));
    if limits.cpu.is_some() || limits.cpu_shares.is_some() {
        let mut limit = LinuxCpu::default();
        limit.set_shares(limits.cpu_shares);
        if let Some(quota) = limits.cpu {
            limit.set_quota(Some(signed(quota))).set_period(Some(100_000));
        }
        resources.set_cpu(Some(limit));
    }
    resources.set_block_io(limits.io.map(|io| {
        let (major, minor) = io.disk;
        let device = LinuxThrottleDeviceBuilder::default().major(major).minor(minor).rate(io.bytes).build();
        let mut limit = LinuxBlockIo::default();
        limit.set_throttle_write_bps_device(device.ok().map(|device| vec![device]));
        limit
    }));
    resources
}

fn devices(denied: &[Device]) -> Vec<LinuxDeviceCgroup> {
    let rule = |allow| {
        let mut rule = LinuxDeviceCgroup::default();
        rule.set_allow(allow).set_access(Some("rwm".to_owned()));
        rule
    };
    let deny = |Device { block, major, minor }: &Device| {
        let mut rule = rule(false);
        rule.set_typ(Some(if *block { LinuxDeviceType::B } else { LinuxDeviceType::C }))
            .set_major(Some((*major).into()))
            .set_minor(Some((*minor).into()));
        rule
    };
    std::iter::once(rule(true)).chain(denied.iter().map(deny)).collect()
}

/// Whether runtimes allow the device whatever is said: null, zero, full, tty, urandom, random.
pub(super) const fn is_usual(Device { block, major, minor }: &Device) -> bool {
    !*block && matches!((*major, *minor), (1, 3 | 5 | 7 | 8 | 9) | (5, 0))
}
