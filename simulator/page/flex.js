// Flex messages: boxes in boxes. Default looks are in flex.css; here is what a message says itself.
import { el } from "/page/element.js";

const SPACE = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const FONT = { xxs: "11px", xs: "13px", sm: "14px", md: "16px", lg: "19px", xl: "22px", xxl: "29px", "3xl": "35px", "4xl": "48px", "5xl": "74px" };
const IMAGE = { xxs: "40px", xs: "60px", sm: "80px", md: "100px", lg: "120px", xl: "140px", xxl: "160px", "3xl": "180px", "4xl": "200px", "5xl": "220px", full: "100%" };
const RADIUS = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const BORDER = { none: "0", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const START = { start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };

export function flexMessage(message, act) {
  const contents = message.contents;
  if (contents.type === "carousel") {
    return el("div", { class: "row-of-cards", tabindex: "0", role: "group", "aria-label": message.altText },
      ...contents.contents.map((one) => bubble(one, act)));
  }
  return bubble(contents, act);
}

function bubble(shape, act) {
  const made = el("div", { class: `flex-bubble ${shape.size ?? "mega"}`, dir: shape.direction ?? "ltr" });
  for (const name of ["header", "hero", "body", "footer"]) {
    if (!shape[name]) continue;
    const style = shape.styles?.[name] ?? {};
    const block = component(shape[name], "vertical", act);
    if (name !== "hero") block.classList.add(`flex-${name}`);
    if (style.backgroundColor) block.style.backgroundColor ||= style.backgroundColor;
    if (style.separator && made.children.length) {
      const line = el("div", { class: "flex-block-line" });
      if (style.separatorColor) line.style.borderColor = style.separatorColor;
      made.append(line);
    }
    made.append(block);
  }
  return tappable(made, shape.action, act);
}

// One component within a box of the given layout.
function component(shape, layout, act, spacing) {
  const makers = { box, text, button, image, icon: iconImage, separator, filler, video, spacer: filler };
  const made = (makers[shape.type] ?? unknown)(shape, act, layout);
  made.classList.add("fx");
  const margin = shape.margin ?? spacing;
  if (margin) made.style[layout === "vertical" ? "marginTop" : "marginInlineStart"] = SPACE[margin] ?? margin;
  share(made, shape, layout);
  placed(made, shape);
  if (!["button", "icon"].includes(shape.type)) tappable(made, shape.action, act);
  return made;
}

// How the space of a box is shared among what it holds.
function share(made, shape, layout) {
  if (["separator", "icon", "spacer"].includes(shape.type)) return;
  const along = layout === "vertical" ? 0 : 1;
  const part = shape.flex ?? (shape.type === "filler" ? 1 : shape.width && along ? 0 : along);
  made.style.flex = part === 0 ? "0 0 auto" : `${part} ${part} ${layout === "vertical" ? "auto" : "0"}`;
  if (layout !== "vertical" && shape.gravity) made.style.alignSelf = START[shape.gravity];
}

function placed(made, shape) {
  if (shape.position === "absolute") made.style.position = "absolute";
  const sides = { offsetTop: "top", offsetBottom: "bottom", offsetStart: "insetInlineStart", offsetEnd: "insetInlineEnd" };
  for (const [name, side] of Object.entries(sides)) {
    if (shape[name]) made.style[side] = SPACE[shape[name]] ?? shape[name];
  }
}

function box(shape, act) {
  const made = el("div", { class: `fx-box ${shape.layout}` });
  const style = made.style;
  shape.contents.forEach((child, n) => made.append(component(child, shape.layout, act, n > 0 ? shape.spacing : undefined)));
  if (shape.backgroundColor) style.backgroundColor = shape.backgroundColor;
  if (shape.background?.type === "linearGradient") {
    const { angle, startColor, centerColor, centerPosition, endColor } = shape.background;
    style.backgroundImage = `linear-gradient(${angle ?? "0deg"}, ${startColor}${centerColor ? `, ${centerColor} ${centerPosition ?? "50%"}` : ""}, ${endColor})`;
  }
  if (shape.borderWidth || shape.borderColor) style.border = `${BORDER[shape.borderWidth] ?? shape.borderWidth ?? "1px"} solid ${shape.borderColor ?? "transparent"}`;
  if (shape.cornerRadius) { style.borderRadius = RADIUS[shape.cornerRadius] ?? shape.cornerRadius; style.overflow = "hidden"; }
  const paddings = { paddingAll: "padding", paddingTop: "paddingTop", paddingBottom: "paddingBottom", paddingStart: "paddingInlineStart", paddingEnd: "paddingInlineEnd" };
  for (const [name, side] of Object.entries(paddings)) {
    if (shape[name]) style[side] = SPACE[shape[name]] ?? shape[name];
  }
  for (const name of ["width", "maxWidth", "height", "maxHeight"]) {
    if (shape[name]) style[name] = shape[name];
  }
  if (shape.justifyContent) style.justifyContent = shape.justifyContent;
  if (shape.alignItems) style.alignItems = shape.alignItems;
  return made;
}

function lettering(made, shape, size) {
  made.style.fontSize = FONT[shape.size] ?? shape.size ?? size;
  if (shape.color) made.style.color = shape.color;
  if (shape.weight === "bold") made.style.fontWeight = "700";
  if (shape.style === "italic") made.style.fontStyle = "italic";
  if (shape.decoration && shape.decoration !== "none") made.style.textDecoration = shape.decoration;
  return made;
}

function text(shape) {
  const spans = shape.contents?.map((span) => lettering(el("span", {}, span.text ?? ""), span, "inherit")) ?? [shape.text ?? ""];
  const made = lettering(el("p", { class: `fx-text ${shape.wrap ? "wrap" : ""}` }, ...spans), shape, FONT.md);
  if (shape.align) made.style.textAlign = shape.align;
  if (shape.lineSpacing) made.style.lineHeight = `calc(1.35em + ${shape.lineSpacing})`;
  if (shape.maxLines) { made.classList.add("clamp"); made.style.webkitLineClamp = String(shape.maxLines); }
  return made;
}

function button(shape, act) {
  const style = shape.style === "primary" ? "primary-style" : shape.style ?? "link";
  const press = el("button", { type: "button", class: `fx-button ${style} ${shape.height ?? "md"}`, onclick: () => act(shape.action) }, shape.action.label ?? "");
  if (shape.color) press.style[style === "link" ? "color" : "backgroundColor"] = shape.color;
  return el("div", {}, press);
}

function image(shape) {
  const picture = el("img", { src: shape.url, alt: shape.action?.label ?? "", loading: "lazy" });
  const [width, height] = (shape.aspectRatio ?? "1:1").split(":").map(Number);
  picture.style.width = IMAGE[shape.size ?? "md"] ?? shape.size;
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.objectFit = shape.aspectMode === "cover" ? "cover" : "contain";
  if (shape.backgroundColor) picture.style.backgroundColor = shape.backgroundColor;
  const made = el("div", { class: "fx-image" }, picture);
  made.style.justifyContent = START[shape.align ?? "center"];
  return made;
}

function iconImage(shape) {
  const made = el("img", { src: shape.url, alt: "", class: "fx-icon" });
  made.style.fontSize = FONT[shape.size] ?? shape.size ?? FONT.md;
  return made;
}

function separator(shape) {
  const made = el("div", { class: "fx-separator", role: "presentation" });
  if (shape.color) made.style.backgroundColor = shape.color;
  return made;
}

function filler() { return el("div", { class: "fx-filler", "aria-hidden": "true" }); }

function video(shape, act) { return component(shape.altContent, "vertical", act); }

function unknown(shape) { return el("p", { class: "fx-text" }, `［${shape.type}］`); }

// Makes something that is no button tappable, by finger and by keyboard.
function tappable(made, action, act) {
  if (!action) return made;
  made.classList.add("tappable");
  made.setAttribute("role", "button");
  made.setAttribute("tabindex", "0");
  if (action.label) made.setAttribute("aria-label", action.label);
  made.addEventListener("click", (event) => { event.stopPropagation(); act(action); });
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(action); }
  });
  return made;
}
