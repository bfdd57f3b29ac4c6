/**
 * Vite bundles a package anew, and loads the page of tests again in the middle of one, when it first meets it there: on a
 * machine whose cache is empty that fails a test. So all that browser tests may load is named beforehand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';

test('every package that runs in a page is bundled before the browser tests begin', () => {
  const root = inject('root');
  const config = readFileSync(join(root, 'vitest.config.ts'), 'utf8');
  const named = /optimizeDeps: \{\s+include: \[([^\]]+)\]/.exec(config)![1]!;
  const files = ['src', 'workers', 'test/browser'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      // Pages of benches are bundled by the benches.
      .filter((file) => file.endsWith('.ts') && !/^bench[/\\]/.test(file))
      .map((file) => join(folder, file)),
  );
  const missing = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return (
      [
        ...text.matchAll(
          /^(?:import|export) (?!type)[^;]*?from '([^'./][^']*)'|import\('([^'./][^']*)'\)/gm,
        ),
      ]
        .map(([, imported, loaded]) => (imported ?? loaded)!)
        // Types alone, what Vite or Vitest themselves give, and what runs in the service worker.
        .filter((name) => !/^(node:|virtual:|vitest|workbox-precaching)|\?/.test(name))
        .filter((name) => !named.includes(`'${name}'`))
        .map((name) => `${file}: ${name}`)
    );
  });
  expect(missing).toEqual([]);
});
