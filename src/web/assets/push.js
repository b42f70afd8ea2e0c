// Lets this browser receive notifications, and hands over where they go with the form it stands in. What the
// browser cannot do, or was told not to, is said in the form; then nothing is sent.
const form = document.querySelector("form[data-push]");
const said = form.querySelector("[role=status]");
const button = form.querySelector("button");

function hindrance() {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  // On iPhones only what was put on the home screen is able to.
  if (!able) return navigator.standalone === false ? form.dataset.homeScreen : form.dataset.unsupported;
  return Notification.permission === "denied" ? form.dataset.denied : "";
}

function bytes(word) {
  const plain = atob(word.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribed() {
  const worker = await navigator.serviceWorker.register("/service-worker.js");
  await navigator.serviceWorker.ready;
  // One that was made for another key takes nothing of ours.
  const old = await worker.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  return worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(form.dataset.push),
  });
}

async function ask() {
  button.disabled = true;
  said.textContent = form.dataset.waiting;
  try {
    // Before anything else: browsers ask only while the tap is fresh.
    await Notification.requestPermission();
    said.textContent = hindrance() || form.dataset.waiting;
    if (Notification.permission === "granted") {
      const { endpoint, keys } = (await subscribed()).toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
      return;
    }
    said.textContent = hindrance() || form.dataset.unasked;
  } catch {
    said.textContent = form.dataset.failed;
  }
  button.disabled = hindrance() !== "";
}

said.textContent = hindrance();
button.disabled = said.textContent !== "";
form.addEventListener("submit", (sent) => {
  sent.preventDefault();
  ask();
});
