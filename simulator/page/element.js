// Builds an element. Text is always text: nothing a message says becomes markup.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const LINK = /(https?:\/\/[^\s　、。）」】<>"]+|0\d{1,4}-\d{1,4}-\d{3,4})/g;

// A text with its addresses and telephone numbers made clickable, as LINE does.
export function linked(text) {
  return String(text).split(LINK).map((part, n) => {
    if (n % 2 === 0) return document.createTextNode(part);
    const telephone = !part.startsWith("http");
    const href = telephone ? `tel:${part.replaceAll("-", "")}` : part;
    return el("a", { href, target: telephone ? null : "_blank", rel: "noopener noreferrer" }, part);
  });
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

// Only addresses a phone would open; everything else leads nowhere.
export function safeAddress(address) {
  return /^(https?:|tel:|line:)/i.test(address ?? "") ? address : null;
}
