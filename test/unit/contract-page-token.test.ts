import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  issuePageToken,
  type PageTokenScope,
  readPageToken,
  type Signer,
} from '../../src/contract/page-token.ts';

const DAY_MS = 24 * 3600_000;
const NOW = Date.UTC(2026, 0, 1);
const signer = (secret: string): Signer => ({
  sign: async (bytes) => createHmac('sha256', secret).update(bytes).digest(),
});
const own = signer('own');
const scope: PageTokenScope = { jobId: 'a'.repeat(64), sortBy: 'TIMESTAMP' };
const AT = { revision: 3, position: 7 };
const refused = (reason: string) => ({
  name: 'InvalidPaginationTokenException',
  message: expect.stringContaining(reason),
});

test('a token brings its result and position back and looks like Rekognition’s', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 2 ** 48 - 1 }),
      fc.integer({ min: 1, max: 2 ** 16 - 1 }),
      fc.constantFrom('TIMESTAMP', 'INDEX'),
      async (position, revision, sortBy) => {
        const start = { revision, position };
        const token = await issuePageToken(start, { ...scope, sortBy }, NOW, own);
        expect(token).toMatch(/^[A-Za-z0-9+/]{64}$/);
        expect(await readPageToken(token, { ...scope, sortBy }, NOW + 1000, own)).toEqual(start);
      },
    ),
  );
});

test('it lives 24 hours, also where the clock was set back', async () => {
  const token = await issuePageToken(AT, scope, NOW, own);
  expect(await readPageToken(token, scope, NOW + DAY_MS, own)).toEqual(AT);
  expect(await readPageToken(token, scope, NOW - 1000, own)).toEqual(AT);
  await expect(readPageToken(token, scope, NOW + DAY_MS + 1, own)).rejects.toMatchObject(
    refused('older than 24 hours'),
  );
  await expect(readPageToken(token, scope, NOW - DAY_MS - 1, own)).rejects.toMatchObject(
    refused('older than 24 hours'),
  );
});

test('it belongs to its job, its order and its store', async () => {
  const token = await issuePageToken(AT, scope, NOW, own);
  const foreign = refused('not one that this job gave out');
  await expect(
    readPageToken(token, { ...scope, jobId: 'b'.repeat(64) }, NOW, own),
  ).rejects.toMatchObject(foreign);
  await expect(readPageToken(token, scope, NOW, signer('other'))).rejects.toMatchObject(foreign);
  await expect(readPageToken(token, { ...scope, sortBy: 'INDEX' }, NOW, own)).rejects.toMatchObject(
    refused('of the order TIMESTAMP, not INDEX'),
  );
});

test('no other text passes', async () => {
  const token = await issuePageToken(AT, scope, NOW, own);
  const read = (text: string) => readPageToken(text, scope, NOW, own);
  const foreign = refused('not one that this job gave out');
  for (const text of ['x', '====', `${token}=`, ` ${token}`, token.slice(4), `${token}AAAA`]) {
    await expect(read(text), text).rejects.toMatchObject(foreign);
  }
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'A' ? 'B' : 'A';
    await expect(read(token.slice(0, at) + other + token.slice(at + 1))).rejects.toMatchObject(
      foreign,
    );
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 255 }), async (text) => {
      await expect(read(text)).rejects.toMatchObject(foreign);
    }),
  );
});

test('one of an earlier release is none', async () => {
  // Version 1: order, time, position in 8 bytes; sealed as now.
  const bytes = Buffer.alloc(48);
  bytes.writeBigUInt64BE(BigInt(NOW), 0);
  bytes.writeUInt8(1, 0);
  bytes.writeBigUInt64BE(7n, 8);
  const head = bytes.subarray(0, 16);
  bytes.set(await own.sign(Uint8Array.from([...head, ...Buffer.from(scope.jobId)])), 16);
  await expect(readPageToken(bytes.toString('base64'), scope, NOW, own)).rejects.toMatchObject(
    refused('not one that this job gave out'),
  );
});
