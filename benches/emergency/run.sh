#!/usr/bin/env bash
# Measures a night on both engines: from the tap to LINE, in a storm, after a stop, after deaths. See ../README.md.
#   run.sh [PEOPLE]   100000 unless given
set -euo pipefail
cd "$(dirname "$0")/../.."

export KAIRAN_BENCH_PEOPLE=${1:-100000}
# KAIRAN names a binary built before, to compare two.
if [[ -z ${KAIRAN:-} ]]; then
  cargo build --profile measured --locked --workspace --bin kairan
  export KAIRAN=$(realpath "${CARGO_TARGET_DIR:-target}")/measured/kairan
fi
echo "| engine | people | what | median, s | longest, s |"
echo "| --- | --- | --- | --- | --- |"
for story in a_night_is_measured first_call it_goes_on_soon; do
  cargo test --profile measured --locked --workspace --quiet --test stories "$story" -- \
    --ignored --nocapture --test-threads 1 | grep '^|'
done
