#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| loomwork_fuzz::schema(data));
