// A classic script, and the first of the page: it speaks where the app's own scripts, which are modules, cannot be loaded.

addEventListener(
  'error',
  (event) => {
    if (!(event.target instanceof HTMLScriptElement)) return;
    const place = document.querySelector('#app');
    const message = document.createElement('p');
    message.className = 'boot';
    message.setAttribute('role', 'alert');
    // A sandbox takes the page its origin, and with it modules, threads and storage.
    message.textContent =
      self.origin === 'null'
        ? 'Footpath cannot work here: the frame that it is shown in has a sandbox without allow-same-origin. Whoever runs the surrounding page can add it: sandbox="allow-scripts allow-same-origin allow-downloads".'
        : 'Footpath could not be loaded. Check the connection, then load the page again.';
    place.replaceChildren(message);
  },
  true,
);
