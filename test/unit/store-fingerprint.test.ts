import { expect, test } from 'vitest';
import { fingerprint } from '../../src/store/fingerprint.ts';

const MIB = 1024 ** 2;

/** A body that is all zeros but for one byte. */
function body(size: number, at: number): Blob {
  const bytes = new Uint8Array(size);
  bytes[at] = 1;
  return new Blob([bytes]);
}

test('the same bytes are one version, and every byte of a file that is copied counts', async () => {
  const size = 9 * MIB + 1;
  const versions = new Set<string>();
  const places = [0, MIB, 4 * MIB - 1, 4 * MIB, 5 * MIB, 8 * MIB, size - 1];
  for (const at of places) {
    const version = await fingerprint(body(size, at));
    expect(version).toMatch(/^[0-9a-f]{32}$/);
    expect(await fingerprint(body(size, at))).toBe(version);
    versions.add(version);
  }
  versions.add(await fingerprint(new Blob([new Uint8Array(size)])));
  versions.add(await fingerprint(new Blob([new Uint8Array(size - 1)])));
  expect(versions.size).toBe(places.length + 2);
  expect(await fingerprint(new Blob([]))).toMatch(/^[0-9a-f]{32}$/);
});

test('a larger file is told by many places and by its last change', async () => {
  // One piece many times over: no more memory than that. As Blobs, of which Node copies none.
  const bytes = new Uint8Array(16 * MIB);
  const parts = new Array<Blob>(17).fill(new Blob([bytes]));
  bytes[8 * MIB] = 1;
  bytes[8 * MIB + 3 * MIB] = 1;
  bytes.fill(1, MIB, 6 * MIB);
  const changed = [...parts.slice(0, 8), new Blob([bytes]), ...parts.slice(9)];
  const file = (content: Blob[], lastModified: number) =>
    new File(content, 'a.mp4', { lastModified });
  const version = await fingerprint(file(parts, 5));
  expect(await fingerprint(file(parts, 5))).toBe(version);
  expect(await fingerprint(file(parts, 6))).not.toBe(version);
  expect(await fingerprint(file(changed, 5))).not.toBe(version);
});
