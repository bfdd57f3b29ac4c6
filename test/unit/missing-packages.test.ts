import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingPackages } from '../../scripts/missing-packages.mjs';

test('a package that was taken away is named, within another too; what only some systems need is not', () => {
  const root = mkdtempSync(join(tmpdir(), 'fp-packages-'));
  try {
    const packages = {
      '': { name: 'all' },
      'node_modules/here': {},
      'node_modules/@scope/gone': {},
      'node_modules/here/node_modules/inner': {},
      'node_modules/other-system': { optional: true },
    };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
    mkdirSync(join(root, 'node_modules/here'), { recursive: true });
    writeFileSync(join(root, 'node_modules/here/package.json'), '{}');
    expect(missingPackages(root)).toEqual(['@scope/gone', 'inner']);
    for (const name of ['@scope/gone', 'here/node_modules/inner']) {
      mkdirSync(join(root, 'node_modules', name), { recursive: true });
      writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}');
    }
    expect(missingPackages(root)).toEqual([]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
