// The list of people: who there is, and a place to add somebody.
import { call, listen } from "/page/wire.js";
import { el } from "/page/element.js";

const list = document.getElementById("people");
const nobody = document.getElementById("nobody");
const problem = document.getElementById("problem");
let shown = "";

function state(person) {
  if (person.blocked) return ["ブロック中", ""];
  return person.friend ? ["友だち", "friend"] : ["未追加", ""];
}

async function refresh() {
  const town = await call("GET", "/_sim/people");
  if (JSON.stringify(town) === shown) return;
  shown = JSON.stringify(town);
  document.getElementById("account").textContent = town.account;
  nobody.hidden = town.people.length > 0;
  list.replaceChildren(...town.people.map((person) => {
    const [word, kind] = state(person);
    return el("li", {},
      el("a", { href: `/phone/${person.id}`, target: person.id },
        el("span", { class: "avatar", "aria-hidden": "true" }, [...person.name][0]),
        el("span", {}, el("strong", {}, person.name), el("small", {}, "スマートフォンを開く")),
        el("span", { class: `state ${kind}` }, word)));
  }));
}

document.getElementById("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = document.getElementById("name");
  problem.textContent = "";
  try {
    const person = await call("POST", "/_sim/people", { name: field.value });
    field.value = "";
    await refresh();
    list.querySelector(`a[href="/phone/${person.id}"]`)?.focus();
  } catch (error) {
    problem.textContent = error.message;
  }
});

refresh();
listen(refresh);
