//! The two texts of real kernels, and what must be found in them.

use super::{Cgroups, Controller, Look, Version, unescape};

/// One way in which cgroups are mounted. The expectations: version and folder of pids, memory and cpu.
struct Case {
    name: &'static str,
    mountinfo: &'static str,
    cgroup: &'static str,
    controllers: &'static str,
    expected: [Option<(Version, &'static str)>; 3],
}

use Version::{V1, V2};

const CASES: &[Case] = &[
    Case {
        name: "version 2, a login of systemd",
        mountinfo: "26 23 0:24 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot",
        cgroup: "0::/user.slice/user-1000.slice/session-1.scope\n",
        controllers: "cpuset cpu io memory hugetlb pids rdma misc\n",
        expected: [Some((V2, "/sys/fs/cgroup/user.slice/user-1000.slice/session-1.scope")); 3],
    },
    Case {
        name: "version 1 per controller beside a version 2 that has none of them",
        mountinfo: "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n\
                    32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n\
                    33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct\n\
                    35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
                    39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n\
                    40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd\n\
                    41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
        cgroup: "9:name=systemd:/\n8:pids:/\n4:memory:/api/af42\n2:cpuacct:/\n1:cpu:/\n0::/\n",
        controllers: "hugetlb\n",
        expected: [
            Some((V1, "/sys/fs/cgroup/pids")),
            Some((V1, "/sys/fs/cgroup/memory/api/af42")),
            Some((V1, "/sys/fs/cgroup/cpu")),
        ],
    },
    Case {
        name: "version 1, cpu and cpuacct in one hierarchy; pids left to version 2",
        mountinfo: "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
                    35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                    41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
        cgroup: "4:memory:/m\n2:cpu,cpuacct:/c\n0::/u\n",
        controllers: "pids\n",
        expected: [
            Some((V2, "/sys/fs/cgroup/unified/u")),
            Some((V1, "/sys/fs/cgroup/memory/m")),
            Some((V1, "/sys/fs/cgroup/cpu,cpuacct/c")),
        ],
    },
    Case {
        name: "WSL: the tree lies deeper and the mount shows a part of it",
        mountinfo: "60 50 0:24 /wsl-user/distro-3 /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
        cgroup: "0::/wsl-user/distro-3/init.scope\n",
        controllers: "cpu memory pids",
        expected: [Some((V2, "/sys/fs/cgroup/init.scope")); 3],
    },
    Case {
        name: "Docker with a private cgroup namespace: everything starts at /",
        mountinfo: "700 690 0:24 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate",
        cgroup: "0::/\n",
        controllers: "cpu memory pids",
        expected: [Some((V2, "/sys/fs/cgroup")); 3],
    },
    Case {
        name: "Docker on version 1 with the host's cgroup namespace: the mount's root is the container's cgroup",
        mountinfo: "35 31 0:32 /docker/c0ffee /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n\
                    36 31 0:33 /docker/c0ffee /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n\
                    37 31 0:34 /docker/c0ffee /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids",
        cgroup: "4:memory:/docker/c0ffee\n3:cpu,cpuacct:/docker/c0ffee\n2:pids:/docker/c0ffee/deep er\n",
        controllers: "",
        expected: [
            Some((V1, "/sys/fs/cgroup/pids/deep er")),
            Some((V1, "/sys/fs/cgroup/memory")),
            Some((V1, "/sys/fs/cgroup/cpu,cpuacct")),
        ],
    },
    Case {
        name: "a cgroup namespace that still has the old mount: that one reaches our siblings too",
        mountinfo: "26 23 0:24 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n\
                    90 23 0:24 / /mnt/cg\\040here rw - cgroup2 cgroup2 rw",
        cgroup: "0::/leaf\n",
        controllers: "cpu memory pids",
        expected: [Some((V2, "/mnt/cg here/leaf")); 3],
    },
    Case {
        name: "a process outside of our cgroup namespace, seen through a mount from before it",
        mountinfo: "26 23 0:24 /.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
        cgroup: "0::/../sibling\n",
        controllers: "cpu memory pids",
        expected: [Some((V2, "/sys/fs/cgroup/sibling")); 3],
    },
    Case {
        name: "a process outside of our cgroup namespace that no mount shows",
        mountinfo: "26 23 0:24 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
        cgroup: "0::/../sibling\n",
        controllers: "cpu memory pids",
        expected: [None; 3],
    },
    Case {
        name: "version 1 that is not mounted here, and a hidden mount (below, as number 66)",
        mountinfo: "66 23 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                    26 23 0:24 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
        cgroup: "4:memory:/\n3:pids:/\n0::/\n",
        controllers: "cpu",
        expected: [None, None, Some((V2, "/sys/fs/cgroup/unified"))],
    },
    Case { name: "no cgroups at all", mountinfo: "", cgroup: "", controllers: "", expected: [None; 3] },
];

#[test]
fn every_way_of_mounting_is_understood() {
    for case in CASES {
        let look = Look { on_top: &|mount| mount.mnt_id != 66, controllers: &|_| case.controllers.to_owned() };
        let found = Cgroups::parse(case.mountinfo, case.cgroup, &look);
        let limits = [Controller::Pids, Controller::Memory, Controller::Cpu];
        let folders =
            limits.map(|c| found.folder(c).map(|folder| (folder.version, folder.dir.to_str().unwrap().to_owned())));
        assert_eq!(folders, case.expected.map(|e| e.map(|(v, dir)| (v, dir.to_owned()))), "{}", case.name);
    }
}

#[test]
fn the_version_is_known_even_where_no_mount_leads() {
    let look = Look { on_top: &|_| true, controllers: &|_| String::new() };
    let found = Cgroups::parse("", "4:memory:/deep\n0::/\n", &look);
    assert_eq!(found.version(Controller::Memory), Some(V1));
    assert_eq!(found.path(Controller::Memory), Some("/deep"));
    assert_eq!((found.version(Controller::Pids), found.version_of_limits()), (None, Some(V1)));
}

#[test]
fn version_2_counts_cpu_time_without_a_controller() {
    let look = Look { on_top: &|_| true, controllers: &|_| "pids".to_owned() };
    let found = Cgroups::parse("26 23 0:24 / /cg rw - cgroup2 cgroup2 rw", "0::/a\n", &look);
    assert_eq!(found.dir(Controller::Cpu), None);
    assert_eq!(found.dir(Controller::Cpuacct).unwrap().to_str(), Some("/cg/a"));
}

#[test]
fn escapes_of_mountinfo_become_characters() {
    assert_eq!(unescape(r"/a\040b\134c\011"), "/a b\\c\t");
    assert_eq!(unescape(r"/odd\9x\04"), r"/odd\9x\04");
    assert_eq!(unescape("/maçã"), "/maçã");
}
