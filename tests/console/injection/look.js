// What stands on the page that is open: `arguments` are none, the answer is `window::Looked`.
const runs = ({name, value}) => /^(on|hx-on)/i.test(name)
  || /^(href|src|action|formaction|data|xlink:href)$/i.test(name) && /^\s*(javascript:|vbscript:|data:text)/i.test(value);
const strange = 'script:not([src]), iframe, object, embed, base, meta[http-equiv], style, [hx-trigger=load], .planted';
const planted = [...document.querySelectorAll('*')]
  .filter(e => e.matches(strange) || [...e.attributes].some(runs));
const written = [...document.querySelectorAll('input, textarea, option')].map(e => e.value);
const forms = [...document.forms].map(form => ({
  action: form.getAttribute('action'),
  method: form.getAttribute('method').toUpperCase(),
  files: form.getAttribute('enctype') === 'multipart/form-data',
  fields: [...form.elements].filter(e => e.name && e.name !== 'token').map(e => ({
    name: e.name, kind: e.type, value: e.value,
    choices: [...(e.options ?? [])].map(option => option.value).filter(value => value || !e.required),
  })),
}));
// Those that are called like one of the words come first.
const worded = a => /[<>"'`{=@\\]/.test(a.textContent);
const links = [...document.querySelectorAll('a[href]')]
  .sort((a, b) => worded(b) - worded(a))
  .filter(a => a.origin === location.origin && !a.hasAttribute('download'))
  .map(a => a.pathname + a.search);
return {
  ran: 'ran' in window,
  refused: window.refused ?? ['nobody was listening'],
  planted: planted.map(e => e.outerHTML.slice(0, 200)),
  text: [document.title, document.body.textContent, ...written].join('\n'),
  forms, links,
};
