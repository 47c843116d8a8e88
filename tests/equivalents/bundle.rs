//! `unha export oci`: the folder is whole or not there, and its config.json is the specification's.
