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
