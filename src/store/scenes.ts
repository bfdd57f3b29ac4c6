import type { Database } from './database.ts';
import type { SceneRecord } from './schema.ts';

/** Scenes by the names of their cameras. Throws what {@link Database.run} throws. */
export class SceneStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In order of the names. */
  list(): Promise<SceneRecord[]> {
    return this.#database.run((db) => db.getAll('scenes'));
  }

  /** Stores a scene in place of the camera's former. */
  put(record: SceneRecord): Promise<void> {
    return this.#database.write(['scenes'], async (tx) => {
      await tx.objectStore('scenes').put(record);
    });
  }

  /** Forgets a camera's scene; nothing where there is none. */
  delete(camera: string): Promise<void> {
    return this.#database.write(['scenes'], (tx) => tx.objectStore('scenes').delete(camera));
  }
}

/** The same in memory, for as long as its page lives. */
export class MemorySceneStore implements Pick<SceneStore, keyof SceneStore> {
  readonly #records = new Map<string, SceneRecord>();

  /** See {@link SceneStore.list}. */
  async list(): Promise<SceneRecord[]> {
    return [...this.#records.values()].sort((a, b) => (a.camera < b.camera ? -1 : 1));
  }

  /** See {@link SceneStore.put}. */
  async put(record: SceneRecord): Promise<void> {
    this.#records.set(record.camera, record);
  }

  /** See {@link SceneStore.delete}. */
  async delete(camera: string): Promise<void> {
    this.#records.delete(camera);
  }
}
