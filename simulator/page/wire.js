// Talks to the simulator: JSON calls, and the stream that says when to look again.
export async function call(method, path, body) {
  const request = { method };
  if (method !== "GET") {
    request.headers = { "content-type": "application/json" };
    request.body = JSON.stringify(body ?? {});
  }
  const answer = await fetch(path, request);
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.message ?? `エラー（${answer.status}）`);
  return json;
}

// Calls `look` after changes; several changes in a burst are looked at once.
export function listen(look) {
  let busy = false;
  let again = false;
  const run = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try { await look(); } catch { /* the stream reconnects and asks again */ }
    busy = false;
    if (again) { again = false; run(); }
  };
  new EventSource("/_sim/stream").addEventListener("changed", run);
}
