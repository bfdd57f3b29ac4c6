/**
 * The store's contract over an IndexedDB in Node (fake-indexeddb), so that the unit run knows all of src/store; over
 * Chromium's own it runs in test/browser/store.test.ts.
 */
import 'fake-indexeddb/auto';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { ObjectStore } from '../../src/store/objects.ts';
import { storeContract } from '../fixtures/store-contract.ts';

storeContract(async () => {
  const database = new Database(`test-${crypto.randomUUID()}`);
  return {
    jobs: new JobStore(database),
    objects: new ObjectStore(database),
    close: () => database.close(),
  };
});
