import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';

const root = inject('root');

/** Every guide that a reader of the repository may be sent to. */
const GUIDES = ['.', 'docs', 'dev-docs/decisions'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name)),
);

/** The anchors of a guide's headings, as GitHub makes them: lower case, without marks, hyphens for spaces, numbered when again. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of text.replace(/^```.*?^```/gms, '').matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading!
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

test('every link of the guides leads to a file, and to a heading of it', () => {
  const dead: string[] = [];
  let links = 0;
  for (const guide of GUIDES) {
    const text = readFileSync(guide, 'utf8').replace(/^```.*?^```/gms, '');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      links++;
      const [path, anchor] = target!.split('#') as [string, string?];
      const file = path === '' ? guide : resolve(dirname(guide), path);
      const there =
        existsSync(file) &&
        (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor));
      if (!there) dead.push(`${relative(root, guide)}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(50);
});
