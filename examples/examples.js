/** Puts below each example the code that it runs: of the file itself, so that the two cannot differ. */
const sources = import.meta.glob('./example-*.html', {
  query: '?raw',
  import: 'default',
  eager: true,
});

for (const place of document.querySelectorAll('[data-example]')) {
  const source = sources[`./example-${place.dataset.example}.html`];
  const body = source.slice(source.indexOf('<body>') + 7, source.indexOf('</body>'));
  place.textContent = body.replace(/^ {4}/gm, '').trim();
}
