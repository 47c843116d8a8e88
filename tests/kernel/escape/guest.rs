//! What reaches the machine when it gets out: in the guest of tests/vm, and nowhere else.
