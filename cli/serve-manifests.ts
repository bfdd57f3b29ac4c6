/** A manifest for each result of `footpath serve`, as a file that `footpath verify` reads. */

import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../src/contract/message-of.ts';
import { manifestText, type ResultManifest } from '../src/export/result-manifest.ts';

/** Where manifests are made of. */
export interface ManifestSource {
  /** Jobs that have ended and have looked for people. */
  endedJobs(): Promise<string[]>;
  /** @throws Error that says why there is none */
  manifestOf(jobId: string): Promise<ResultManifest>;
}

/** Writes manifests into a folder, one after the other: each reads its whole video once more. */
export class ManifestFolder {
  readonly #folder: string;
  readonly #source: ManifestSource;
  readonly #log: (text: string) => void;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @param folder that is there; @param log hears of each manifest that could not be made, and why */
  constructor(folder: string, source: ManifestSource, log: (text: string) => void) {
    this.#folder = folder;
    this.#source = source;
    this.#log = log;
  }

  /** Writes those that are missing of every job that has ended, and so of those that ended as the server was ended. */
  complete(): Promise<void> {
    this.#last = this.#last.then(async () => {
      for (const jobId of await this.#source.endedJobs()) await this.#write(jobId);
    });
    return this.#settled();
  }

  /** What is being written is ended with its page; the next start writes it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#settled();
  }

  #settled(): Promise<void> {
    this.#last = this.#last.catch((error) => {
      if (!this.#isClosed) this.#log(`manifests: ${pageMessage(error)}`);
    });
    return this.#last;
  }

  async #write(jobId: string): Promise<void> {
    const path = join(this.#folder, `${jobId}.manifest.json`);
    if (this.#isClosed || existsSync(path)) return;
    const unfinished = `${path}.new`;
    try {
      const manifest = await this.#source.manifestOf(jobId);
      await writeFile(unfinished, manifestText(manifest), { mode: 0o600 });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      if (!this.#isClosed) this.#log(`job ${jobId} has no manifest: ${pageMessage(error)}`);
    }
  }
}

/** What the page said, without the way on which it came. */
function pageMessage(error: unknown): string {
  const [first = ''] = messageOf(error).split('\n');
  return first.replace(/^page\.evaluate: (Error: )?/, '');
}
