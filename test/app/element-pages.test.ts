/** One line in pages of others: plain, built with Vite, and of a content management system with a strict policy. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { serveStatic } from '../../cli/serve-static.mjs';
import { PackedProject } from '../fixtures/packed-project.ts';
import { sharedChromium, type WatchedChromium } from '../fixtures/shared-chromium.ts';
import { type Site, startSite } from '../fixtures/site.ts';
import { runWidget, WIDGET, type WidgetEnd } from '../fixtures/widget-page.ts';

const root = inject('root');
const samples = join(root, 'public/samples');
let project: PackedProject;
let chromium: WatchedChromium;
let browser: Browser;
let site: Site;

beforeAll(async () => {
  project = await PackedProject.create();
  chromium = await sharedChromium();
  ({ browser } = chromium);
  site = await startSite({ folders: {} });
  await project.footpath('copy-assets', 'public/footpath');
}, 600_000);

afterAll(async () => {
  await chromium?.close();
  await site?.close();
  await project?.close();
});

const at = (path: string) => join(project.folder, path);

function expectPeople({ event, detail, text, errors, foreign }: WidgetEnd): void {
  expect(detail.message).toBeUndefined();
  expect(event).toBe('footpath-complete');
  expect(detail.status).toBe('SUCCEEDED');
  expect(detail.people).toBeGreaterThan(2);
  expect(text).toContain(`${detail.people} people`);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
}

/** Writes a page without a build. @returns the folders of a site that shows it */
async function plainPage(): Promise<Record<string, string>> {
  await project.write(
    'plain/index.html',
    `<!doctype html><html lang="en"><title>Plain</title>
<script type="module" src="/node_modules/footpath/dist/lib/element-define.js"></script>
${WIDGET}</html>`,
  );
  return {
    '/videos/': samples,
    '/node_modules/': at('node_modules'),
    '/footpath/': at('public/footpath'),
    '/': at('plain'),
  };
}

test('a plain page', async () => {
  site.show({ folders: await plainPage() });
  expectPeople(await runWidget(browser, site.url));
});

test('an app that Vite builds', async () => {
  await project.write('main.js', "import 'footpath/element/define';\n");
  await project.write(
    'index.html',
    `<!doctype html><html lang="en"><title>Vite</title>
<script type="module" src="/main.js"></script>${WIDGET}</html>`,
  );
  await viteBuild({ root: project.folder, configFile: false, logLevel: 'error' });
  site.show({ folders: { '/videos/': samples, '/': at('dist') } });
  expectPeople(await runWidget(browser, site.url));
});

test('a page of a content management system whose policy trusts a nonce and nothing else', async () => {
  await project.write(
    'cms/index.html',
    `<!doctype html><html lang="en"><title>CMS</title>
<article><h1>Opening hours</h1>${WIDGET}</article>
<script type="module" nonce="r4nd0m" src="/static/footpath/element-define.js"></script></html>`,
  );
  site.show({
    folders: {
      '/videos/': samples,
      '/static/footpath/': at('node_modules/footpath/dist/lib'),
      '/footpath/': at('public/footpath'),
      '/': at('cms'),
    },
    headers: {
      'Content-Security-Policy': STRICT_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  });
  expectPeople(await runWidget(browser, site.url));
});

test('a video whose server sends to another site is not fetched from there, though that allows it', async () => {
  const asked: string[] = [];
  const other = await startSite({
    folders: { '/': samples },
    headers: (path) => {
      asked.push(path);
      return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    },
  });
  try {
    site.show({
      folders: await plainPage(),
      redirects: (path) =>
        path.startsWith('/videos/') ? other.url + path.slice('/videos/'.length) : undefined,
    });
    const { event, detail } = await runWidget(browser, site.url);
    expect(event).toBe('footpath-error');
    expect(detail.message).toContain('its server sends to another site');
    expect(asked).toEqual([]);
  } finally {
    await other.close();
  }
});

/** The one that docs/element.md tells. */
const STRICT_POLICY =
  "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic' 'wasm-unsafe-eval'; worker-src 'self'; " +
  "connect-src 'self' blob:; img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; " +
  "require-trusted-types-for 'script'; trusted-types lit-html footpath";

test('the same page without any file of Footpath: the frame of another site', async () => {
  const hosts = at('embed-hosts.json');
  const app = await serveStatic(join(root, 'dist/app'), {
    extra: (path) => (path === '/embed-hosts.json' ? hosts : undefined),
  });
  try {
    const { origin } = new URL(app.url);
    await writeFile(hosts, JSON.stringify([new URL(site.url).origin]));
    await project.write(
      'framed/index.html',
      `<!doctype html><html lang="en"><title>CMS</title>
<script src="${app.url}embed.js"></script>
<footpath-tracker quality="fast" sample-rate="2"></footpath-tracker>
<script src="/page.js"></script></html>`,
    );
    await project.write(
      'framed/page.js',
      `fetch('/videos/footpath-sample.mp4').then(async (answer) => {
  const element = document.querySelector('footpath-tracker');
  element.file = new File([await answer.blob()], 'sample.mp4', { type: 'video/mp4' });
  element.start();
});`,
    );
    site.show({
      folders: { '/videos/': samples, '/': at('framed') },
      headers: {
        'Content-Security-Policy': `default-src 'none'; script-src 'self' ${origin}; frame-src ${origin}; connect-src 'self'`,
      },
    });
    const end = await runWidget(browser, site.url, [new URL(site.url).origin, origin]);
    expect(end.detail.message).toBeUndefined();
    expect(end.detail.people).toBeGreaterThan(2);
    expect(end.errors).toEqual([]);
    expect(end.foreign).toEqual([]);
  } finally {
    await app.close();
  }
});
