import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as OwnScripts from '../../src/client/own-scripts.ts';

/** Policies by name, as a browser keeps them; `known` is the page's `trusted-types`. */
function trustedTypes(known: string[]) {
  const policies = new Map<string, { createScriptURL(address: string): string }>();
  return {
    policies,
    createPolicy(name: string, rules: { createScriptURL(address: string): string }) {
      if (!known.includes(name) || policies.has(name))
        throw new TypeError(`Policy ${name} disallowed.`);
      policies.set(name, rules);
      return { createScriptURL: (address: string) => `trusted ${rules.createScriptURL(address)}` };
    },
  };
}

const thread = new URL('https://page.example/footpath/engine/job.worker.js');
let own: typeof OwnScripts;
beforeEach(async () => {
  vi.stubGlobal('location', new URL('https://page.example/app/'));
  vi.stubGlobal('origin', 'https://page.example');
  vi.resetModules();
  own = await import('../../src/client/own-scripts.ts');
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('where there are no threads, as in a service worker, that is said and not that a policy refuses them', () => {
  for (const known of [['footpath'], []]) {
    vi.stubGlobal('trustedTypes', trustedTypes(known));
    expect(() => own.startThread(thread, { type: 'module' })).toThrow(
      /can start no threads here.*service worker.*Call createPersonTracking in a page/,
    );
  }
});

test('where a page trusts nothing by itself, its own origin’s threads are, and no other site’s', () => {
  vi.stubGlobal('trustedTypes', trustedTypes(['footpath']));
  expect(own.ownScript(thread)).toBe(`trusted ${thread.href}`);
  expect(own.ownScript('engine/detector.worker.js')).toBe('trusted engine/detector.worker.js');
  for (const stranger of [
    'https://other.example/x.js',
    'blob:https://other.example/1',
    'data:text/javascript,1',
  ])
    expect(() => own.ownScript(stranger)).toThrow(/is of another site/);
});

test('Footpath’s own pages take plain addresses of their origin, and have no rule for markup or code', () => {
  const browser = trustedTypes(['default']);
  vi.stubGlobal('trustedTypes', browser);
  own.allowOwnScripts();
  own.allowOwnScripts();
  const rules = browser.policies.get('default')!;
  expect(Object.keys(rules)).toEqual(['createScriptURL']);
  expect(rules.createScriptURL('./service-worker.js')).toBe('./service-worker.js');
  expect(() => rules.createScriptURL('//other.example/x.js')).toThrow(TypeError);
});

test('without Trusted Types, or where the page does not name the policy, addresses stay as they are', () => {
  expect(own.ownScript(thread)).toBe(thread);
  vi.stubGlobal('trustedTypes', trustedTypes([]));
  own.allowOwnScripts();
  expect(own.ownScript(thread)).toBe(thread);
});
