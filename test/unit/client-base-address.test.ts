import { afterEach, expect, test, vi } from 'vitest';
import { baseAddress } from '../../src/client/base-address.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a page’s base goes before its address, which a frame of srcdoc has not', () => {
  vi.stubGlobal('document', { baseURI: 'https://page.example/shop/' });
  vi.stubGlobal('location', new URL('about:srcdoc'));
  expect(baseAddress()).toBe('https://page.example/shop/');
});

test.for([
  ['https://page.example/shop/worker.js', 'https://page.example/shop/'],
  ['blob:https://page.example/5d1c', 'https://page.example/'],
])('a worker of %s takes addresses from %s on', ([own, folder]) => {
  vi.stubGlobal('origin', 'https://page.example');
  vi.stubGlobal('location', new URL(own!));
  expect(new URL('.', baseAddress()).href).toBe(folder);
});

test('a server that renders pages is told to leave it to the browser', () => {
  for (const options of [{}, { assets: '/footpath/' }]) {
    expect(() => createPersonTracking(options)).toThrow(
      /works in a browser: call createPersonTracking there, not on the server/,
    );
  }
});
