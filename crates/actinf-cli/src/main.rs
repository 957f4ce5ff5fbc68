//! The `actinf` program.
fn main() {}
