import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { MemoryObjectStore } from '../../src/store/memory-objects.ts';
import { storeContract } from '../fixtures/store-contract.ts';

storeContract(async () => ({
  jobs: new MemoryJobStore(),
  objects: new MemoryObjectStore(),
  async close() {},
}));
