#!/usr/bin/env bash
# Measures broadcasts to PEOPLE residents on both engines, at LINE's limit and without one. See ../README.md.
#   run.sh [PEOPLE]   100000 unless given
set -euo pipefail
cd "$(dirname "$0")/../.."

export KAIRAN_BENCH_PEOPLE=${1:-100000}
# KAIRAN names a binary built before, to compare two.
if [[ -z ${KAIRAN:-} ]]; then
  cargo build --profile measured --locked --workspace --bin kairan
  export KAIRAN=$(realpath "${CARGO_TARGET_DIR:-target}")/measured/kairan
fi
echo "| engine | residents | of LINE's limit | first call, s | last answer, s | envelopes/s | memory, MiB | statements an envelope |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
cargo test --profile measured --locked --workspace --quiet --test stories a_broadcast_is_measured -- \
  --ignored --nocapture --test-threads 1 | grep '^|'
