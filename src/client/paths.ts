import { jobNotFound } from '../contract/exceptions.ts';
import { CHUNK_ELEMENTS, type ResultChunk } from '../engine/results.ts';
import type { JobStore } from '../store/jobs.ts';
import type { PersonPath } from '../track/path.ts';

/**
 * The elements of one result of a job put together by person, in order of Index.
 * @throws ServiceException `ResourceNotFoundException` where the result is deleted meanwhile: a part of it is no answer
 */
export async function collectPaths(
  jobs: Pick<JobStore, 'results'>,
  jobId: string,
  { revision, elements }: { readonly revision: number; readonly elements: number },
): Promise<PersonPath[]> {
  const paths: PersonPath[] = [];
  let parts: ResultChunk[] = [];
  let found = 0;
  const close = () => {
    const path = joinParts(parts);
    if (path) paths.push(path);
    parts = [];
  };
  for (let at = 0; at < elements; at += CHUNK_ELEMENTS) {
    for (const { chunk } of await jobs.results(jobId, revision, 'INDEX', at, at + 1)) {
      found += chunk.indices.length;
      let from = 0;
      while (from < chunk.indices.length) {
        const index = chunk.indices[from]!;
        let to = from + 1;
        while (to < chunk.indices.length && chunk.indices[to] === index) to++;
        if (parts[0] && parts[0].indices[0] !== index) close();
        parts.push(cut(chunk, from, to));
        from = to;
      }
    }
  }
  if (found < elements) throw jobNotFound(jobId);
  close();
  return paths;
}

function cut(chunk: ResultChunk, from: number, to: number): ResultChunk {
  return {
    timestampsMs: chunk.timestampsMs.slice(from, to),
    frames: chunk.frames.slice(from, to),
    indices: chunk.indices.slice(from, to),
    boxes: chunk.boxes.slice(4 * from, 4 * to),
    scores: chunk.scores.slice(from, to),
    flags: chunk.flags.slice(from, to),
  };
}

function joinParts(parts: readonly ResultChunk[]): PersonPath | undefined {
  const first = parts[0];
  if (!first) return undefined;
  const length = parts.reduce((sum, part) => sum + part.indices.length, 0);
  const path = {
    index: first.indices[0]!,
    timestampsMs: new Float64Array(length),
    frames: new Int32Array(length),
    boxes: new Float32Array(4 * length),
    scores: new Float32Array(length),
    flags: new Uint8Array(length),
  };
  let at = 0;
  for (const part of parts) {
    path.timestampsMs.set(part.timestampsMs, at);
    path.frames.set(part.frames, at);
    path.boxes.set(part.boxes, 4 * at);
    path.scores.set(part.scores, at);
    path.flags.set(part.flags, at);
    at += part.indices.length;
  }
  return path;
}
