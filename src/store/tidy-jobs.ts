import type { Database } from './database.ts';
import { BELONGINGS, isLeftOver } from './job-rules.ts';
import { everythingOf } from './key-range.ts';

/**
 * Removes what a crash left behind: checkpoints, models and room of jobs that have ended and cannot go on, detections
 * that are not kept, results that no record knows, and everything of jobs that are gone.
 */
export function tidyJobs(database: Database): Promise<void> {
  return database.erase(['jobs', ...BELONGINGS], async (tx) => {
    for (const name of BELONGINGS) {
      const store = tx.objectStore(name);
      let cursor = await store.openKeyCursor();
      while (cursor) {
        const key: string | readonly (string | number)[] = cursor.key;
        const parts = typeof key === 'string' ? [key] : key;
        // What belongs together: of a job everything, of results each.
        const group = parts.slice(0, name === 'results' ? 2 : 1);
        const [jobId, revision] = group as [string, number?];
        const isOver = isLeftOver(name, await tx.objectStore('jobs').get(jobId), revision);
        if (isOver) await store.delete(typeof key === 'string' ? key : everythingOf(...group));
        const behind = typeof key === 'string' ? key : [...group, []];
        cursor = await store.openKeyCursor(IDBKeyRange.lowerBound(behind, true));
      }
    }
  });
}
