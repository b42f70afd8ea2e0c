// The rich menu: its picture, and a button over every area.
import { el, icon } from "/page/element.js";

const KEYBOARD = "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8";
const MENU = "M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z";

const panel = document.getElementById("menu");
const toggle = document.getElementById("toggle");
const title = document.getElementById("menu-title");
const entry = document.getElementById("entry");
let shown = null;
let open = false;
let typing = false;

// Shows this menu, or none; `act` performs an area's action.
export function showMenu(menu, act) {
  if ((menu?.richMenuId ?? null) !== shown) {
    const first = shown === null;
    shown = menu?.richMenuId ?? null;
    if (menu) {
      if (first) { open = menu.selected; typing = false; }
      panel.replaceChildren(el("img", { src: `/_sim/menus/${menu.richMenuId}/image`, alt: menu.chatBarText }), ...areas(menu, act));
      title.textContent = menu.chatBarText;
    }
  }
  lay();
}

export function openMenu(wanted) {
  open = wanted;
  if (wanted) typing = false;
  lay();
}

function areas(menu, act) {
  const { width, height } = menu.size;
  return menu.areas.map(({ bounds, action }, n) => {
    const name = action.label ?? action.displayText ?? action.text ?? action.uri ?? `エリア${n + 1}`;
    const button = el("button", { type: "button", "aria-label": name, title: name, onclick: () => act(action) });
    button.style.left = `${bounds.x / width * 100}%`;
    button.style.top = `${bounds.y / height * 100}%`;
    button.style.width = `${bounds.width / width * 100}%`;
    button.style.height = `${bounds.height / height * 100}%`;
    return button;
  });
}

function lay() {
  const there = shown !== null;
  panel.hidden = !(there && open && !typing);
  toggle.hidden = !there;
  title.hidden = !there || typing;
  entry.hidden = there && !typing;
  title.setAttribute("aria-expanded", String(open));
  title.setAttribute("aria-controls", "menu");
  toggle.setAttribute("aria-label", typing ? "メニューを表示" : "キーボードを表示");
  toggle.replaceChildren(icon(typing ? MENU : KEYBOARD));
}

title.addEventListener("click", () => { open = !open; lay(); });
toggle.addEventListener("click", () => {
  typing = !typing;
  if (!typing) open = true;
  lay();
  if (typing) document.getElementById("text").focus();
});

export function startTyping() {
  typing = true;
  lay();
  document.getElementById("text").focus();
}
