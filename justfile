# Chores of this repository; `just` lists them. CONTRIBUTING.md tells when to use which.

set shell := ["bash", "-euo", "pipefail", "-c"]

_list:
    @just --list --unsorted

# Compile everything and lint it: the fastest answer.
check:
    cargo fmt --all --check
    cargo clippy --locked --all-targets --all-features -- -D warnings

# Run the unit tests and the tests of the library, without the program.
fast *filter:
    cargo test --locked --workspace --lib
    cargo test --locked --test it {{ filter }}

# Run every test, as the README does.
test:
    cargo test --locked

# Run the whole check that every commit passes.
ci:
    bash .ci/run

# Play random faults against the sandbox; `just campaign 10000 1` is the long form.
campaign runs="300" seed="1":
    cargo xtask campaign --runs {{ runs }} --seed {{ seed }}

# Count the instructions of each step of a plan, against the baseline (needs valgrind).
bench:
    cargo bench --locked --bench steps -- counts

# Write the reference pages and schemas anew from the code, then build the API docs.
docs:
    UPDATE_DOCS=1 UPDATE_SCHEMAS=1 cargo test --locked --test it --test docs -- the_committed_schemas the_reference
    cargo doc --locked --no-deps --workspace
