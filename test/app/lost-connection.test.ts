import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenApp, runShort } from './open-app.ts';

/** Shorter than what is waited for, longer than one attempt, and than a busy machine takes to look whether the server answers. */
const OUTAGE_MS = 2000;

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());

test.each<[string, RegExp, string?]>([
  ['manifest.json of the model', /\/models\/.*manifest\.json$/],
  ['network of the model', /\/models\/.*\.bin$/],
  ['code of the network', /\/engine\/int8-network-[^/]*\.js$/],
  ['code of a backend', /\/engine\/backend-[^/]*\.js$/, 'wasm'],
  ['backend', /\.wasm$/, 'wasm'],
])('a connection lost at the %s costs no job', async (_name, wanted, backend) => {
  const context = await app.profile({ serviceWorkers: 'block' });
  let downUntil: number | undefined;
  let lost = 0;
  await context.route('**/*', async (route) => {
    if (wanted.test(new URL(route.request().url()).pathname)) downUntil ??= Date.now() + OUTAGE_MS;
    if (Date.now() >= (downUntil ?? 0)) return route.continue();
    lost++;
    await route.abort('connectionreset');
  });
  const { page } = await app.page(context);
  await runShort(page, backend);
  expect(lost).toBeGreaterThan(0);
  await context.close();
});

test.each<[string, RegExp, string?]>([
  ['code of the network', /\/engine\/int8-network-[^/]*\.js$/],
  ['code of a backend', /\/engine\/backend-[^/]*\.js$/, 'wasm'],
])(
  'a connection lost at the %s costs no job, though it is back before anybody looks',
  async (_name, wanted, backend) => {
    const context = await app.profile({ serviceWorkers: 'block' });
    let hasLooked = false;
    let lost = 0;
    await context.route('**/engine/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      hasLooked ||= pathname.endsWith('/files.json');
      if (hasLooked || !wanted.test(pathname)) return route.continue();
      lost++;
      await route.abort('connectionreset');
    });
    const { page } = await app.page(context);
    await runShort(page, backend);
    expect(lost).toBeGreaterThan(0);
    await context.close();
  },
);
