// One message as a bubble.
import { el, icon, linked } from "/page/element.js";
import { flexMessage } from "/page/flex.js";

const PIN = "M12 21s-7-6.5-7-11.5a7 7 0 0 1 14 0C19 14.5 12 21 12 21z";

// The body of a message; `act` performs an action.
export function body(message, act) {
  switch (message.type) {
    case "text": return el("p", { class: "text" }, ...linked(message.text));
    case "textV2": return el("p", { class: "text" }, ...substituted(message));
    case "image": return picture(message);
    case "sticker": return el("div", { class: "sticker", role: "img", "aria-label": "スタンプ" }, `スタンプ ${message.packageId}-${message.stickerId}`);
    case "location": return place(message);
    case "video": return el("p", { class: "media" }, el("a", { href: message.originalContentUrl, target: "_blank", rel: "noopener" }, "▶ 動画を再生"));
    case "audio": return el("p", { class: "media" }, el("a", { href: message.originalContentUrl, target: "_blank", rel: "noopener" }, "♪ 音声を再生"));
    case "template": return template(message, act);
    case "flex": return flexMessage(message, act);
    case "imagemap": return el("div", { class: "card" }, el("div", { class: "words" }, el("p", {}, message.altText)), buttons(message.actions.map((a) => ({ ...a, label: a.label ?? a.text ?? a.linkUri, uri: a.linkUri })), act));
    default: return el("p", { class: "text" }, `［${message.type}］`);
  }
}

// Whether the bubble takes the width of the screen.
export function isWide(message) {
  const kind = message.template?.type ?? message.contents?.type ?? "";
  return kind.includes("carousel") || message.contents?.size === "giga";
}

function substituted(message) {
  const parts = message.text.split(/(\{\{|\}\}|\{[0-9A-Za-z_]{1,20}\})/);
  return parts.flatMap((part) => {
    if (part === "{{") return ["{"];
    if (part === "}}") return ["}"];
    const entry = part.startsWith("{") ? message.substitution?.[part.slice(1, -1)] : null;
    if (!entry) return linked(part);
    if (entry.type === "emoji") return [el("span", { role: "img", "aria-label": "絵文字" }, "🙂")];
    return [el("span", { class: "mention" }, entry.mentionee.type === "all" ? "@すべて" : "@メンバー")];
  });
}

function picture(message) {
  if (!message.originalContentUrl) return el("p", { class: "media" }, "［写真］");
  return el("a", { class: "picture", href: message.originalContentUrl, target: "_blank", rel: "noopener" },
    el("img", { src: message.previewImageUrl, alt: "画像を開く", loading: "lazy" }));
}

function place(message) {
  const { latitude, longitude } = message;
  const href = `https://www.google.com/maps?q=${latitude},${longitude}`;
  return el("a", { class: "place", href, target: "_blank", rel: "noopener noreferrer" },
    el("span", { class: "map" }, icon(PIN)),
    el("span", { class: "words" },
      el("strong", {}, message.title ?? "位置情報"),
      el("small", {}, message.address ?? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`)));
}

function buttons(actions, act) {
  return el("div", { class: "buttons" }, ...actions.map((action) =>
    el("button", { type: "button", onclick: () => act(action) }, action.label ?? "")));
}

function card(part, look, act) {
  const image = part.thumbnailImageUrl
    ? el("img", { src: part.thumbnailImageUrl, alt: "", class: `${look.imageAspectRatio ?? ""} ${look.imageSize ?? ""}`, loading: "lazy" })
    : null;
  const words = el("div", { class: "words" }, part.title ? el("strong", {}, part.title) : null, el("p", {}, ...linked(part.text)));
  return el("div", { class: "card" }, image, words, buttons(part.actions, act));
}

function template(message, act) {
  const shape = message.template;
  if (shape.type === "carousel") {
    return el("div", { class: "row-of-cards", tabindex: "0", role: "group", "aria-label": message.altText },
      ...shape.columns.map((column) => card(column, shape, act)));
  }
  if (shape.type === "image_carousel") {
    return el("div", { class: "row-of-cards", tabindex: "0", role: "group", "aria-label": message.altText },
      ...shape.columns.map((column) => el("button", { type: "button", class: "picture-tile", onclick: () => act(column.action) },
        el("img", { src: column.imageUrl, alt: column.action.label ?? "", loading: "lazy" }),
        column.action.label ? el("span", {}, column.action.label) : null)));
  }
  const made = card({ ...shape, thumbnailImageUrl: shape.thumbnailImageUrl }, shape, act);
  if (shape.type === "confirm") made.querySelector(".buttons").classList.add("pair");
  return made;
}
