//! The program `unha`: hands the command line to the library and returns its exit code.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    unha::command::main()
}

/// Namespaces and cgroups are Linux's: elsewhere there is nothing to show, and the library is empty.
#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    eprintln!("unha: containers are made of Linux's own parts, and this is not Linux. Next: run it in a Linux VM.");
    eprintln!("unha: contêineres são feitos de peças do Linux, e isto não é Linux. Rode numa VM com Linux.");
    std::process::ExitCode::FAILURE
}
