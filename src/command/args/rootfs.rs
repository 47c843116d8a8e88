//! The options of `unha rootfs`.

use std::ffi::OsString;

use clap::Args as Options;

#[derive(Debug, Options)]
pub struct Rootfs {
    /// list, build, import, show or rm; without it, list.
    #[arg(value_name = "list|build|import|show|rm", value_parser = deed)]
    pub what: Option<Deed>,
    /// import SOURCE: a folder, a tar (also .gz, .xz, .zst), an OCI layout, what `docker save` wrote, or - for what is piped in;
    /// of several images SOURCE:TAG, piped in -- -:TAG. show NAME [PATH]: also which layer PATH comes from. rm NAME...
    #[arg(value_name = "WORD")]
    pub words: Vec<OsString>,
    /// With import: what it shall be called; else as the image or file is.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// With import: take the place of the one that has this name.
    #[arg(long)]
    pub replace: bool,
    /// With list and show: print JSON: {"schema":1,"rootfs":[{"name":…,"os":…,"size":…,"layers":[…],"config":{…}}]}.
    #[arg(long)]
    pub json: bool,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// They are listed.
    List,
    /// The built-in one is built.
    Build,
    /// One is unpacked and gets a name.
    Import,
    /// All that is known of one is told.
    Show,
    /// Some are removed.
    Remove,
}

/// What `unha rootfs` takes.
pub const DEEDS: [&str; 5] = ["list", "build", "import", "show", "rm"];

fn deed(what: &str) -> Result<Deed, &'static str> {
    match what {
        "list" | "ls" => Ok(Deed::List),
        "build" => Ok(Deed::Build),
        "import" => Ok(Deed::Import),
        "show" => Ok(Deed::Show),
        "rm" => Ok(Deed::Remove),
        _ => Err("list, build, import, show, rm"),
    }
}
