#!/usr/bin/env bash
# Measures the webhook's door beside LINE's official Node SDK, in turn, on this machine. See ../README.md.
#   run.sh [KIND [ROUNDS [SECONDS]]]   KIND: message (answered by the worker meanwhile) or unsend (only stored)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

kind=${1:-message} rounds=${2:-3} seconds=${3:-10}
connections=64 warm_up=3
# More than any target takes in warm-up and both loads.
requests=${REQUESTS:-700000}
secret=0123456789abcdef0123456789abcdef
product_port=28480 line_port=28481 peer_port=28482

for program in wrk node npm sqlite3 psql; do
  command -v $program >/dev/null || { echo "needs $program (Debian: wrk nodejs npm sqlite3 postgresql)" >&2; exit 2; }
done
pg_bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1)")

folder=$(mktemp -d "${TMPDIR:-/tmp}/kairan-bench-XXXXXX")
started=() as_server=()
stop() { kill -KILL "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }
clean_up() {
  for pid in "${started[@]}"; do stop "$pid"; done
  (cd / && "${as_server[@]}" "$pg_bin/pg_ctl" -D "$folder/pg" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap clean_up EXIT

until_open() { # PORT
  for _ in {1..200}; do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.05; done
  echo "nobody listens on port $1" >&2; exit 1
}

# KAIRAN names a binary built before, to compare two.
kairan=${KAIRAN:-}
if [[ -z $kairan ]]; then
  cargo build --release --locked --no-default-features --bin kairan
  kairan=${CARGO_TARGET_DIR:-target}/release/kairan
fi
npm ci --prefix "$here" --silent --no-audit --no-fund
length=$(node "$here/requests.js" "$folder/requests" "$requests" "$kind" "$secret")

# A throwaway cluster with PostgreSQL's own settings: fsync is on.
if ((EUID == 0)); then as_server=(runuser -u postgres --); chown postgres "$folder"; chmod 711 "$folder"; fi
(cd / && "${as_server[@]}" "$pg_bin/initdb" -D "$folder/pg" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >/dev/null)
(cd / && exec "${as_server[@]}" "$pg_bin/postgres" -D "$folder/pg" -k "$folder" -c listen_addresses= >"$folder/pg.log" 2>&1) &
for _ in {1..100}; do psql -h "$folder" -U postgres -qc 'select 1' >/dev/null 2>&1 && break; sleep 0.1; done

node "$here/line.js" $line_port & started+=($!)
until_open $line_port

database_url() { # ENGINE ROUND
  case $1 in
    sqlite) echo "sqlite://$folder/round$2.db" ;;
    postgres)
      psql -h "$folder" -U postgres -qc "create database round$2"
      echo "postgres://postgres@localhost/round$2?host=$folder" ;;
  esac
}

count_stored() { # ENGINE ROUND
  local sql="select count(distinct event_id) from webhook_event"
  case $1 in
    sqlite) sqlite3 "$folder/round$2.db" "$sql" ;;
    postgres) psql -h "$folder" -U postgres -d "round$2" -qAtc "$sql" ;;
  esac
}

load() { # PORT FIRST SECONDS [PAUSE]
  wrk -t1 -c$connections -d"$3s" --timeout 10s -s "$here/load.lua" "http://127.0.0.1:$1" -- \
    "$folder/requests" "$length" "$2" ${4:+"$4"} | grep '^requests='
}

cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

measure() { # NAME PORT PID: prints a line, and sets `answered`
  local warm full half requests sent rate p50 p99 failed pause full_requests full_rate full_p50 full_p99 ticks
  warm=$(load "$2" 0 $warm_up); eval "$warm"
  local first=$sent; answered=$requests faults=$failed
  ticks=$(cpu_ticks "$3")
  full=$(load "$2" "$first" "$seconds"); eval "$full"
  ticks=$(($(cpu_ticks "$3") - ticks))
  first=$((first + sent)); answered=$((answered + requests)); faults=$((faults + failed))
  full_requests=$requests full_rate=$rate full_p50=$p50 full_p99=$p99
  # Half the load: each connection pauses so that together they send half of what was answered.
  pause=$(awk -v c=$connections -v r="$full_rate" -v l="$full_p50" 'BEGIN { p = 2000 * c / r - l / 2; printf "%.0f", p < 1 ? 1 : p }')
  half=$(load "$2" "$first" "$seconds" "$pause"); eval "$half"
  answered=$((answered + requests)); faults=$((faults + failed))
  printf '| %-15s | %8d | %6.1f | %6.1f | %8d | %6.1f | %6.1f | %8.0f | %d |\n' \
    "$1" "$full_rate" "$full_p50" "$full_p99" "$rate" "$p50" "$p99" \
    "$(awk -v t="$ticks" -v n="$full_requests" -v hz="$(getconf CLK_TCK)" 'BEGIN { print t / hz / n * 1e6 }')" "$faults"
}

echo "kind $kind, $connections connections, $seconds s, $(nproc) cores shared by load, target, database and LINE's stand-in"
echo "| target          | req/s    | p50 ms | p99 ms | at half  | p50 ms | p99 ms | CPU µs/r | failed |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for ((round = 1; round <= rounds; round++)); do
  node "$here/peer.js" $peer_port $secret & pid=$!; started+=("$pid")
  until_open $peer_port
  measure "Node SDK" $peer_port $pid
  stop $pid
  for engine in sqlite postgres; do
    url=$(database_url $engine $round)
    export DATABASE_URL=$url
    "$kairan" import garbage sample-town/garbage >"$folder/import.log" 2>&1
    "$kairan" import faq sample-town/faq.csv >>"$folder/import.log" 2>&1
    LINE_CHANNEL_SECRET=$secret LINE_CHANNEL_ACCESS_TOKEN=bench LINE_API_BASE=http://127.0.0.1:$line_port \
      LINE_API_DATA_BASE=http://127.0.0.1:$line_port KAIRAN_LISTEN=127.0.0.1:$product_port RUST_LOG=error \
      "$kairan" serve & pid=$!; started+=("$pid")
    until_open $product_port
    measure "Kairan $engine" $product_port $pid
    curl -s "http://127.0.0.1:$product_port/metrics" | grep -E '^kairan_(events|replies)_total' | tr '\n' ';' | sed 's/^/  /; s/;$/\n/'
    # Not a clean stop: what was answered 200 must already be on disk.
    stop $pid
    stored=$(count_stored $engine $round)
    ((stored >= answered)) || { echo "$engine: $answered answered 200, only $stored stored" >&2; exit 1; }
    echo "  $answered answered 200, $stored stored after kill -9"
    rm -f "$folder/round$round.db"*
    [[ $engine == sqlite ]] || psql -h "$folder" -U postgres -qc "drop database round$round with (force)"
  done
done
