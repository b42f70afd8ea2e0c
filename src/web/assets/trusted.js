// The one Trusted Types policy there is: what every script of ours hands to the browser goes through it, and no
// other policy can be made. HTML passes, for htmx draws what our own server sent, and the content security policy lets
// no script in it run. Code never passes, and of addresses of code only that of the worker that shows notifications.
// https://www.w3.org/TR/trusted-types/#default-policy-hdr
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => html,
  createScriptURL: (url) => (url === "/service-worker.js" ? url : null),
});
