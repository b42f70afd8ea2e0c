// What a tap does: most of it is the simulator's work, some is the phone's own.
import { call } from "/page/wire.js";
import { safeAddress } from "/page/element.js";

const picker = document.getElementById("picker");
const placer = document.getElementById("placer");

// `phone` offers: user, toast(text), fill(text), showMenu(open).
export function actor(phone) {
  const deed = (name, body) => call("POST", `/_sim/people/${phone.user}/${name}`, body);
  return async function act(action) {
    try {
      switch (action.type) {
        case "uri": return open(action.uri, phone);
        case "clipboard": return await copy(action.clipboardText, phone);
        case "datetimepicker": return await pick(action, deed);
        case "location": return await sendPlace(deed);
        case "camera": case "cameraRoll": return phone.toast("シミュレーターではカメラを使えません");
      }
      const todo = await deed("perform", { action });
      if (todo.fillInText) phone.fill(todo.fillInText);
      if (todo.inputOption === "openKeyboard") phone.fill(todo.fillInText ?? "");
      if (todo.inputOption === "openRichMenu") phone.showMenu(true);
      if (todo.inputOption === "closeRichMenu") phone.showMenu(false);
    } catch (error) {
      phone.toast(error.message);
    }
  };
}

function open(address, phone) {
  if (!safeAddress(address)) return phone.toast("この宛先は開けません");
  window.open(address, "_blank", "noopener,noreferrer");
  if (!address.startsWith("http")) phone.toast(address.replace(/^tel:/, "電話をかけます："));
}

async function copy(text, phone) {
  try { await navigator.clipboard.writeText(text); } catch { /* refused by the browser; the toast shows the text */ }
  phone.toast(`コピーしました：${text}`);
}

function closed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

async function pick(action, deed) {
  const input = document.getElementById("picked");
  const names = { date: "日付の選択", time: "時刻の選択", datetime: "日時の選択" };
  document.getElementById("picker-title").textContent = action.label ?? names[action.mode];
  input.type = action.mode === "datetime" ? "datetime-local" : action.mode;
  input.min = action.min ?? "";
  input.max = action.max ?? "";
  input.value = action.initial?.replace("t", "T") ?? "";
  const range = [action.min, action.max].map((bound) => bound?.replace(/[tT]/, " ").replaceAll("-", "/") ?? "");
  document.getElementById("range").textContent = range[0] || range[1] ? `${range[0]} ～ ${range[1]}` : "";
  if (await closed(picker) === "send" && input.value) await deed("pick", { action, value: input.value.slice(0, 16) });
}

let offered = false;

// Fills in, once, the place the simulator was told the phones are at.
export function offerPlace([latitude, longitude]) {
  if (offered) return;
  offered = true;
  document.getElementById("latitude").value = latitude;
  document.getElementById("longitude").value = longitude;
}

export async function sendPlace(deed) {
  if (await closed(placer) !== "send") return;
  const [latitude, longitude] = ["latitude", "longitude"].map((id) => Number(document.getElementById(id).value));
  await deed("location", { latitude, longitude });
}

document.getElementById("here").addEventListener("click", () => {
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    document.getElementById("latitude").value = coords.latitude.toFixed(6);
    document.getElementById("longitude").value = coords.longitude.toFixed(6);
  });
});
