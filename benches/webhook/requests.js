// Writes COUNT signed webhook requests to FILE, each with one event that has its own webhookEventId and is of one of
// a thousand residents. All have the same length, so that a load generator can take the nth without an index.
import { createHmac } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";

const [file, count, kind, secret] = process.argv.slice(2);
const RESIDENTS = 1000;
const STARTED = 1_795_000_000_000;

function event(n) {
  const common = {
    type: kind,
    webhookEventId: "01" + String(n).padStart(24, "0"),
    deliveryContext: { isRedelivery: false },
    timestamp: STARTED + n,
    mode: "active",
    source: { type: "user", userId: "U" + (n % RESIDENTS).toString(16).padStart(32, "0") },
  };
  return kind === "message"
    ? {
        ...common,
        replyToken: n.toString(16).padStart(32, "a"),
        message: { id: String(n).padStart(18, "1"), type: "text", quoteToken: "q".repeat(40), text: "明日のごみは？" },
      }
    : { ...common, [kind]: { messageId: String(n).padStart(18, "1") } };
}

const out = openSync(file, "w");
let length;
let chunk = "";
for (let n = 0; n < Number(count); n += 1) {
  const body = JSON.stringify({ destination: "U" + "b".repeat(32), events: [event(n)] });
  const request =
    "POST /line/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n" +
    `User-Agent: LineBotWebhook/2.0\r\nX-Line-Signature: ${createHmac("sha256", secret).update(body).digest("base64")}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  length ??= Buffer.byteLength(request);
  if (Buffer.byteLength(request) !== length) throw new Error(`request ${n} has another length`);
  chunk += request;
  if (n % 1000 === 999 || n + 1 === Number(count)) {
    writeSync(out, chunk);
    chunk = "";
  }
}
closeSync(out);
console.log(length);
