// Fills the form with the action `arguments[0]` with the words `arguments[1]` and sends it: every field
// that takes words, or with `arguments[2]` every field. What a browser would check first is not checked.
const [action, words, every] = arguments;
const form = [...document.forms].find(form => form.getAttribute('action') === action);
if (!form) return false;
const takesWords = ['text', 'search', 'textarea', 'email', 'url', 'tel', 'password'];
for (const field of form.elements) {
  if (!field.name || field.name === 'token' || field.type === 'file') continue;
  if (field.tagName === 'SELECT') {
    if (every) field.add(new Option(words, words, true, true));
  } else if (every || takesWords.includes(field.type)) {
    if (['date', 'month', 'number', 'time'].includes(field.type)) field.type = 'text';
    field.value = words;
  } else if (field.type === 'radio') {
    field.checked = true;
  }
}
window.left = true;
HTMLFormElement.prototype.submit.call(form);
return true;
