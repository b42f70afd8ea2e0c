// Asks the browser for a passkey and sends its answer with the form it stands in. A page has at most one
// such form: data-passkey says "create" or "get", data-options what the server asks. Where there is nothing
// to read first (data-at-once), it asks without waiting for the button.
const form = document.querySelector("form[data-passkey]");
const said = form.querySelector("[role=status]");
const button = form.querySelector("button");

async function ask() {
  said.textContent = form.dataset.waiting;
  button.disabled = true;
  try {
    const { publicKey } = JSON.parse(form.dataset.options);
    const answer = form.dataset.passkey === "create"
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    form.elements.answer.value = JSON.stringify(answer);
    form.submit();
  } catch {
    said.textContent = form.dataset.failed;
    button.disabled = false;
  }
}

form.addEventListener("submit", (sent) => {
  sent.preventDefault();
  ask();
});
if ("atOnce" in form.dataset) ask();
