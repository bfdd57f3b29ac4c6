import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenApp, runShort } from './open-app.ts';

/** Shorter than what is waited for, longer than one attempt, and than a busy machine takes to look whether the server answers. */
const OUTAGE_MS = 2000;

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());

/** Runs a job to its people while some of its requests are lost. @param isLost asked of each request's path, in their order */
async function expectPeople(isLost: (path: string) => boolean, backend?: string): Promise<void> {
  const context = await app.profile({ serviceWorkers: 'block' });
  let lost = 0;
  await context.route('**/*', async (route) => {
    if (!isLost(new URL(route.request().url()).pathname)) return route.continue();
    lost++;
    await route.abort('connectionreset');
  });
  const { page } = await app.page(context);
  await runShort(page, backend);
  expect(lost).toBeGreaterThan(0);
  // A request that is under way when its page goes is no matter.
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  await context.close();
}

test.each<[string, RegExp, string?]>([
  ['manifest.json of the model', /\/models\/.*manifest\.json$/],
  ['network of the model', /\/models\/.*\.bin$/],
  ['code of the network', /\/engine\/int8-network-[^/]*\.js$/],
  ['code of a backend', /\/engine\/backend-[^/]*\.js$/, 'wasm'],
  ['backend', /\.wasm$/, 'wasm'],
])('a connection lost at the %s costs no job', async (_name, wanted, backend) => {
  let downUntil: number | undefined;
  await expectPeople((path) => {
    if (wanted.test(path)) downUntil ??= Date.now() + OUTAGE_MS;
    return Date.now() < (downUntil ?? 0);
  }, backend);
});

test.each<[string, RegExp, string?]>([
  ['code of the network', /\/engine\/int8-network-[^/]*\.js$/],
  ['code of a backend', /\/engine\/backend-[^/]*\.js$/, 'wasm'],
])(
  'a connection lost at the %s costs no job, though it is back before anybody looks',
  async (_name, wanted, backend) => {
    let hasLooked = false;
    await expectPeople((path) => {
      hasLooked ||= path.endsWith('/engine/files.json');
      return !hasLooked && wanted.test(path);
    }, backend);
  },
);
