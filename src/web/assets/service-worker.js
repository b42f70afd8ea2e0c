// Shows a call on this device, and opens its page when somebody taps it. No page passes through here, and
// nothing is kept.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (pushed) => {
  let call = {};
  try {
    call = pushed.data.json();
  } catch {
    // Something must be shown: browsers take the permission away from who shows nothing.
  }
  const shown = self.registration.showNotification(call.title ?? "呼び出しがあります", {
    lang: "ja",
    tag: call.tag,
    renotify: "tag" in call,
    requireInteraction: true,
    data: { url: call.url ?? "/" },
  });
  pushed.waitUntil(shown);
});

self.addEventListener("notificationclick", (tapped) => {
  tapped.notification.close();
  const url = new URL(tapped.notification.data.url, self.location.origin);
  // Nobody is led anywhere else.
  if (url.origin === self.location.origin) tapped.waitUntil(self.clients.openWindow(url));
});
