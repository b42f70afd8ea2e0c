// One person's phone: follows the chat as it happens and sends what they do.
import { call, listen } from "/page/wire.js";
import { el } from "/page/element.js";
import { body, isWide } from "/page/bubble.js";
import { actor, offerPlace, sendPlace } from "/page/actions.js";
import { openMenu, showMenu, startTyping } from "/page/menu.js";

const user = decodeURIComponent(location.pathname.split("/").pop());
const at = (id) => document.getElementById(id);
const messages = at("messages");
const text = at("text");
const WEBHOOK = { well: "届いています", failed: "失敗しました", unset: "宛先がありません" };
let count = 0;
let account = { displayName: "" };
let lastDay = "";
let lastWriter = "";
let quickShown = "";

const phone = {
  user,
  toast(words) {
    at("toast").textContent = words;
    at("toast").classList.add("shown");
    clearTimeout(phone.timer);
    phone.timer = setTimeout(() => at("toast").classList.remove("shown"), 3500);
  },
  fill(words) { startTyping(); text.value = words; grow(); },
  showMenu: openMenu,
};
const act = actor(phone);
const deed = async (name, content) => {
  try { await call("POST", `/_sim/people/${user}/${name}`, content); } catch (error) { phone.toast(error.message); }
};

const initial = (name) => [...(name || "?")][0];
const inJapan = (ms, options) => new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", ...options }).format(ms);

function dayMark(ms) {
  const day = inJapan(ms, { month: "numeric", day: "numeric", weekday: "short" });
  if (day === lastDay) return [];
  lastDay = day;
  lastWriter = "";
  return [el("div", { class: "day" }, el("span", {}, day))];
}

function bubble(one) {
  const mark = dayMark(one.timestamp);
  const mine = one.from === "me";
  const name = one.message.sender?.name ?? account.displayName;
  const follows = lastWriter === one.from + name;
  lastWriter = one.from + name;
  const time = el("time", { datetime: new Date(one.timestamp).toISOString() }, inJapan(one.timestamp, { hour: "numeric", minute: "2-digit" }));
  const line = el("div", { class: "line" }, body(one.message, act), time);
  const stack = mine
    ? el("div", { class: "stack" }, el("span", { class: "visually-hidden" }, "自分："), line)
    : el("div", { class: "stack" }, el("p", { class: "from" }, name), line);
  const kind = `message ${mine ? "me" : "bot"} ${follows ? "follows" : ""} ${isWide(one.message) ? "wide" : ""}`;
  return [...mark, el("div", { class: kind, "data-id": one.id }, mine ? null : face(one.message.sender), stack)];
}

function face(sender) {
  if (sender?.iconUrl) return el("img", { class: "avatar", src: sender.iconUrl, alt: "" });
  return el("span", { class: "avatar", "aria-hidden": "true" }, initial(sender?.name ?? account.displayName));
}

function showQuickReplies(items) {
  const row = at("quick");
  const key = JSON.stringify(items ?? []);
  if (key === quickShown) return;
  quickShown = key;
  row.hidden = !items?.length;
  row.scrollLeft = 0;
  row.replaceChildren(...(items ?? []).map((item) => el("button", { type: "button", onclick: () => act(item.action) },
    item.imageUrl ? el("img", { src: item.imageUrl, alt: "" }) : null, item.action.label)));
}

function showLoading(loading) {
  const there = at("loading");
  if (loading && !there) {
    messages.append(el("div", { class: "message bot", id: "loading" }, face(), el("div", { class: "stack" },
      el("p", { class: "text dots", role: "img", "aria-label": "入力中" }, el("i"), el("i"), el("i")))));
  }
  if (!loading) there?.remove();
}

async function refresh() {
  const screen = await call("GET", `/_sim/people/${user}?after=${count}`);
  const { person } = screen;
  const talking = person.friend && !person.blocked;
  account = screen.account;
  document.title = `${person.name}｜${account.displayName}`;
  at("title").textContent = account.displayName;
  at("avatar").textContent = at("welcome-avatar").textContent = initial(account.displayName);
  at("holder").textContent = `${person.name}のスマホ`;
  at("who").textContent = person.name;
  at("clock").textContent = inJapan(screen.now, { dateStyle: "short", timeStyle: "medium" });
  at("webhook").textContent = WEBHOOK[screen.webhook];
  at("tools").classList.toggle("trouble", screen.webhook !== "well");
  at("tools").setAttribute("aria-label", screen.webhook === "well" ? "操作パネル" : `操作パネル（Webhook：${WEBHOOK[screen.webhook]}）`);
  at("welcome").hidden = talking;
  at("talk").hidden = at("chatbar").hidden = !talking;
  at("welcome-name").textContent = account.displayName;
  at("welcome-id").textContent = account.basicId;
  at("welcome-text").textContent = person.blocked
    ? "このアカウントをブロックしています。メッセージは届きません。"
    : "友だちに追加すると、トークでお知らせを受け取れます。";
  at("follow").textContent = person.blocked ? "ブロックを解除" : "友だち追加";
  document.querySelector('[data-deed="block"]').hidden = !talking;
  document.querySelector('[data-deed="unblock"]').hidden = !person.blocked;
  offerPlace(screen.home);
  showMenu(talking ? screen.menu : null, act);
  if (screen.bubbles.length) showLoading(false);
  messages.append(...screen.bubbles.flatMap(bubble));
  count = screen.count;
  showQuickReplies(talking ? screen.quickReplies : null);
  showLoading(talking && screen.loading);
  if (screen.bubbles.length) scrollDown();
}

function scrollDown() { messages.scrollTop = messages.scrollHeight; }
new ResizeObserver(scrollDown).observe(messages);
messages.addEventListener("load", scrollDown, true);

function grow() {
  text.style.height = "40px";
  text.style.height = `${Math.min(text.scrollHeight, 104)}px`;
}

at("follow").addEventListener("click", async () => { await deed("follow"); messages.focus(); });
at("chatbar").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  grow();
  await deed("say", { text: words });
});
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("chatbar").requestSubmit();
  }
});
at("place").addEventListener("click", () => sendPlace(deed));

function showOperator(shown) {
  at("operator").hidden = !shown;
  at("tools").setAttribute("aria-expanded", String(shown));
}
at("tools").addEventListener("click", () => showOperator(at("operator").hidden));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || at("operator").hidden || document.querySelector("dialog[open]")) return;
  showOperator(false);
  at("tools").focus();
});
at("operator").addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.deed) await deed(button.dataset.deed);
  if (button.dataset.advance) await call("POST", "/_sim/clock", { advanceSeconds: Number(button.dataset.advance) });
  if (button.id === "sticker") await deed("sticker", { packageId: "446", stickerId: "1988" });
  if (button.id === "redeliver") {
    try { await call("POST", "/_sim/webhooks/redeliver"); phone.toast("再送しました"); } catch (error) { phone.toast(error.message); }
  }
});

// A phone that is not there leads back to the list.
refresh().catch((error) => { at("title").textContent = "見つかりません"; phone.toast(error.message); });
listen(refresh);
