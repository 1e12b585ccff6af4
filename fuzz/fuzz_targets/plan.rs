//! Feeds libFuzzer's inputs to the properties of `plan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| testkit::read_properties::plan::holds(data));
