import { expect, test, vi } from 'vitest';
import { ownAddress } from '../../src/element/tracker/own-address.ts';

test('a frame of the text that a page gives it (srcdoc) is of that page’s origin', () => {
  vi.stubGlobal('document', { baseURI: 'https://page.example/shop/' });
  vi.stubGlobal('location', new URL('about:srcdoc'));
  vi.stubGlobal('origin', 'https://page.example');
  expect(ownAddress('src', 'door.mp4').href).toBe('https://page.example/shop/door.mp4');
  expect(() => ownAddress('src', 'https://other.example/door.mp4')).toThrow(
    "src must be an address of this page's own origin (https://page.example)",
  );
});

test('a page without an origin says what it lacks, whatever it was given', () => {
  vi.stubGlobal('document', { baseURI: 'https://page.example/shop/' });
  vi.stubGlobal('location', new URL('https://page.example/shop/'));
  vi.stubGlobal('origin', 'null');
  expect(() => ownAddress('src', 'door.mp4')).toThrow(/sandbox needs allow-same-origin/);
});
